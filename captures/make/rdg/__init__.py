# SPDX-License-Identifier: GPL-2.0-or-later
"""Remote Desktop Gateway: the UDP transport over DTLS."""

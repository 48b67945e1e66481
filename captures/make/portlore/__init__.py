# SPDX-License-Identifier: GPL-2.0-or-later
"""The documented ports, whatever is on them."""

# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets, capture files, and messages of protocols that the plugin does not dissect."""

# SPDX-License-Identifier: GPL-2.0-or-later
"""Other programs that read or write charging records, held against the plugin."""

# SPDX-License-Identifier: GPL-2.0-or-later
"""GTP' messages and charging records."""

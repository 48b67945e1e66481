# SPDX-License-Identifier: GPL-2.0-or-later
"""Random days of CDFs and CGFs, what is true of them, and what may be said of them."""

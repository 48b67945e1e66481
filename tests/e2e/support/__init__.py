"""What the end-to-end tests share, by purpose. The fixtures are in conftest.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""

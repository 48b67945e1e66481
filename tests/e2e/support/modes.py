"""How a capture is read.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest

# As a parameter: tshark's arguments for one pass, and for two.
ALL_MODES = [pytest.param([], id="one-pass"), pytest.param(["-2"], id="two-passes")]
# For tests that compare passes. Without it, Wireshark 4.6 takes a late segment for a retransmission, and hands it on in
# the first pass but not in the second.
IN_ORDER = ("-o", "tcp.reassemble_out_of_order:TRUE")

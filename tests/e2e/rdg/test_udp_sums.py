"""RD Gateway UDP: one set of figures. The table, the tree and the fields are sums of the same packets.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import sys
from pathlib import Path

import pytest
from support.paths import shipped

sys.path.append(str(Path(__file__).resolve().parents[2]))
# pylint: disable=wrong-import-position
from simulate.base import reader  # noqa: E402
from simulate.rdg import agreement  # noqa: E402

FILTERED = ["-2", "-R", "udp.dstport != 3391 || udp.length > 200"]


@pytest.fixture
def read(runner, home, capture, keys):
    """read(NAME, ARGUMENT ...): what tshark says of a capture, with its keys."""
    def run(name, *args):
        return reader.read(runner, capture(name), home, "rdgudp", ["rdgudp,channels", "rdgudp,tree"],
                           [*keys(name), *args], with_addresses=True)
    return run


@pytest.mark.parametrize("name", shipped("rdgudp-*.pcap*"))
def test_the_reports_are_the_sums_of_the_packets(read, name):
    """In one pass, in two, and of what a read filter keeps; and both passes say the same."""
    one, two, kept = read(name), read(name, "-2"), read(name, *FILTERED)
    assert [complaint for reading in (one, two, kept) for complaint in agreement.check_sums(reading)] == []
    assert list(agreement.check_passes(one, two)) == []

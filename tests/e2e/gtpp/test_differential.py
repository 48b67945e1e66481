"""GTP': where Wireshark's own decode is right, ours says the same.

Wireshark's is wrong in known ways: it misreads some forms, and gives up on others. So each value of ours is held
against its value of the same message, wherever it has one, and the exceptions are named.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import datetime
import re

import pytest
from support.modes import ALL_MODES
from support.paths import shipped

CAPTURES = shipped("gtpp-*.pcap")


def digits(octets):
    """TBCD as digits."""
    swapped = re.sub("(.)(.)", r"\2\1", octets)
    return swapped.rstrip("f")


def moment(octets):
    """The nine octets of a TimeStamp as tshark writes a UTC time; reckoned here by other means than in the plugin.
    Wireshark 4.6 writes a time itself."""
    if octets.endswith("UTC"):
        return octets
    text = bytes.fromhex(octets)[6:7].decode()
    zone = datetime.timedelta(hours=int(octets[14:16]), minutes=int(octets[16:18]))
    local = datetime.datetime.strptime("20" + octets[:12], "%Y%m%d%H%M%S")
    utc = local - zone if text == "+" else local + zone
    return f"{utc:%b} {utc.day:2d}, {utc:%Y %H:%M:%S}.000000000 UTC"


def number(base):
    """A whole number in the notation of one of the two."""
    return lambda text: int(text, base)


# Ours, Wireshark's, and how either is read: in the same order, value by value.
HEADER = (("gtpp.seq", "gtp.seq_number", number(10), number(16)), ("gtpp.type", "gtp.message", number(10), number(0)),
          ("gtpp.cause", "gtp.cause", number(10), number(10)),
          ("gtpp.recovery", "gtp.recovery", number(10), number(10)))
RECORD = (("gtpp.cdr.charging_id", "gprscdr.chargingID", str, str),
          ("gtpp.cdr.opening_time", "gprscdr.recordOpeningTime", str, moment),
          ("gtpp.cdr.imsi", "gprscdr.servedIMSI", str, digits), ("gtpp.cdr.node_id", "gprscdr.nodeID", str, str),
          ("gtpp.cdr.local_seq", "gprscdr.localSequenceNumber", int, lambda text: int(text) % 2 ** 32),
          ("gtpp.cdr.duration", "gprscdr.duration", str, str))
# How many values of gtpp-cdr-families.pcap both have: a charging id is in 7 of the 10 records, times in 8.
IN_THE_FAMILIES = 7 + 8 + 10 + 10 + 10 + 8


def both(packets, name, ours, theirs, mode):
    """(frame, our values, their values) of the packets that have both."""
    return [(packet.number, packet.values(ours), packet.values(theirs))
            for packet in packets(name, *mode, "-o", "gtpp.builtin:always") if packet.has(ours) and packet.has(theirs)]


def sequence_of(mine, other):
    """True when OTHER is MINE with some left out."""
    rest = iter(mine)
    return all(each in rest for each in other)


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("name", CAPTURES)
def test_same_values(packets, name, mode):
    """Over every capture. Wireshark may have fewer values, where it gave up on a message or a record."""
    compared = 0
    for packet in packets(name, *mode, "-o", "gtpp.builtin:always"):
        for column in HEADER + RECORD:
            mine, other = packet.values(column[0]), packet.values(column[1])
            if not packet.has("gtpp") or not mine or not other:
                continue
            if column in RECORD and name in ("gtpp-other-domains.pcap", "gtpp-records-ber.pcap"):
                continue  # other domains; containers with fields of the same names
            mine = [column[2](each) for each in mine]
            other = [column[3](each) for each in other]
            assert sequence_of(mine, other), (packet.number, column[0], mine, other)
            compared += column in RECORD
    if name == "gtpp-cdr-families.pcap":
        assert compared == IN_THE_FAMILIES


@pytest.mark.parametrize("mode", ALL_MODES)
def test_imsi_as_e212_has_it(packets, mode):
    for name in ("gtpp-cdr-families.pcap", "gtpp-cdr-values.pcap"):
        found = both(packets, name, "gtpp.cdr.imsi", "e212.imsi", mode)
        assert found
        for number, mine, other in found:
            assert mine == other, (name, number)


@pytest.mark.parametrize("mode", ALL_MODES)
def test_response_times_where_wireshark_matches_rightly(packets, mode):
    """One request, one copy, one answer, under its own number."""
    for name in ("gtpp-rejected.pcap", "gtpp-seq-wrap.pcap", "gtpp-release-later.pcap", "gtpp-cdr-families.pcap"):
        for number, mine, other in both(packets, name, "gtpp.time", "gtp.time", mode):
            assert other[0] in mine, (name, number)

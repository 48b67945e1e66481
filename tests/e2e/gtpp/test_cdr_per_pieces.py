"""Charging records in PER with what is long and what is of a later release: pieces of 16,384 units, and extensions.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import copy

import pytest
from captures.make.base.wire import Capture, End
from captures.make.gtpp import gtpprime, schema_per, schema_records
from support.pdml import packets_of
from test_cdr import EXPERTS, NEVER, differences, row_of, values_of

CDF, CGF = End("192.0.2.10", 49400), End("198.51.100.20", 3386)
REL_18 = gtpprime.format_version(0, 9, extension=18)
FORMS = {False: gtpprime.UNALIGNED_PER, True: gtpprime.ALIGNED_PER}
BROKEN = ("gtpp.cdr.not_decoded", "gtpp.cdr.other_version", "cdr.malformed", "cdr.too_many")


@pytest.fixture
def read(tshark, tmp_path):
    """The packet with a record in PER."""
    def run(row, value, aligned):
        path, capture = tmp_path / f"{row.name}.pcap", Capture()
        octets = schema_per.per(row, value, aligned)
        capture.udp(CDF, CGF, gtpprime.message(240, 1, gtpprime.command(gtpprime.SEND), gtpprime.data_record_packet(
            octets, form=FORMS[aligned], version=REL_18)))
        path.write_bytes(capture.octets())
        path.chmod(0o644)
        packet, = packets_of(tshark(path, *NEVER, "-T", "pdml"))
        return packet
    return run


def parts_below(value):
    """All values in VALUE, itself among them."""
    yield value
    for part in value.parts:
        yield from parts_below(part[1] if isinstance(part, tuple) else part)


def first(name):
    """A record's row, its values, and its first part of the component NAME."""
    for row in schema_records.rows():
        for seed in range(3):
            if row.until:
                continue
            value, shown = schema_records.make(row, 40 + seed, 2)
            for part in parts_below(value):
                for pair in part.parts:
                    if isinstance(pair, tuple) and pair[0].name == name:
                        return row, value, shown, pair[1]
    raise LookupError(name)


@pytest.mark.parametrize("aligned", FORMS)
@pytest.mark.parametrize("size", [16383, 16384, 16385, 32768, 50000])
def test_a_long_text(read, aligned, size):
    """As many characters as a datagram has room for: in one piece, in pieces, in pieces of several sizes."""
    row, value, shown, part = first("serviceReasonReturnCode")
    old = part.octets.decode()
    part.octets = bytes(ord("a") + at % 23 for at in range(size))
    at = shown.index(("serviceReasonReturnCode", old))
    shown[at] = ("serviceReasonReturnCode", part.octets.decode())
    packet = read(row, value, aligned)
    assert not [name for name in BROKEN if packet.has(name)]
    text, = values_of(packet)["serviceReasonReturnCode"]
    # Wireshark shows no more than so much of a text.
    assert part.octets.decode().startswith(text.rstrip("\N{HORIZONTAL ELLIPSIS}")) and len(text) > 200
    del shown[at]
    assert not differences(packet, shown)


@pytest.mark.parametrize("aligned", FORMS)
@pytest.mark.parametrize("size", [16384, 16390, 70001])
def test_a_long_string_of_bits(read, aligned, size):
    row, value, shown, part = first("serviceConditionChange")
    bits = (1 << size - 1) | 0x5A5A5
    name = "serviceConditionChange"
    part.number, part.octets = size, bytes([-size % 8]) + (bits << -size % 8).to_bytes((size + 7) // 8, "big")
    packet = read(row, value, aligned)
    assert not [each for each in BROKEN if packet.has(each)]
    found = next(item for item in packet.within("cdr") if item.get("name") == f"cdr.{name}")
    assert found.get("show").replace(":", "").startswith(part.octets[1:40].hex())
    assert not differences(packet, [pair for pair in shown if pair[0] != name])


@pytest.mark.parametrize("aligned", FORMS)
def test_a_long_list(read, aligned):
    """16,390 numbers in two pieces: what stands behind them is read."""
    row, value, (name, shown), part = longest_list()
    packet = read(row, value, aligned)
    assert not [each for each in BROKEN if packet.has(each)], name
    assert len(values_of(packet)[name]) == len(part.parts)
    assert not differences(packet, [pair for pair in shown if pair[0] != name])


def longest_list():
    """A record whose list of plain numbers has 16,390 of them: (row, value, (name, shown), the list)."""
    for row in schema_records.rows():
        if row.until:
            continue
        value, shown = schema_records.make(row, 3, 2)
        for part in parts_below(value):
            for pair in part.parts:
                if not isinstance(pair, tuple) or not pair[1].use.lists or pair[1].use.size or not pair[1].parts:
                    continue
                item = pair[1].parts[0]
                if item.use.base not in ("INTEGER", "ENUMERATED", "BOOLEAN") or item.use.lists:
                    continue
                pair[1].parts = [copy.copy(item) for _ in range(16390)]
                return row, value, (pair[0].name.replace("-", "_"), shown), pair[1]
    raise LookupError


def extensible(kinds):
    """Records with a part whose type has an extension marker and no component behind it: (row, value, shown, part)."""
    for row in schema_records.rows():
        if row.until or row.domain == "PS":
            continue
        value, shown = schema_records.make(row, 11, 3)
        for part in parts_below(value):
            if "ext" in part.use.flags and part.use.base in kinds and not part.use.lists and not any(
                    "added" in each.use.flags for each in part.type.fields):
                yield row, value, shown, part
                break


@pytest.mark.parametrize("aligned", FORMS)
@pytest.mark.parametrize("size", [3, 20000])
def test_extensions_that_no_table_has(read, aligned, size):
    """Their octets under a note, and all the other fields."""
    count = 0
    for row, value, shown, part in extensible(("SEQUENCE", "SET")):
        octets = bytes((7 * at + 1) % 251 for at in range(size))
        part.extensions = [(0, octets), (2, b"\x12\x34")]
        packet = read(row, value, aligned)
        assert not [each for each in BROKEN if packet.has(each)], row.name
        assert not differences(packet, shown), row.name
        elements = [item.get("show").replace(":", "") for item in packet.within("cdr")
                    if item.get("name") == "cdr.element"]
        assert len(elements) == 2 and elements[1] == "1234", row.name
        assert octets.hex().startswith(elements[0].rstrip("\N{HORIZONTAL ELLIPSIS}")) and elements[0][:6] == "01080f"
        assert packet.has("cdr.unknown")
        count += 1
    assert count >= 2


@pytest.mark.parametrize("aligned", FORMS)
def test_a_value_behind_the_extension_marker(read, aligned):
    """Of an enumeration that has grown: it is a note, and the other fields are read."""
    count = 0
    for row, value, shown, part in extensible(("ENUMERATED",)):
        if count == 4:
            break
        part.extensions = [(40, b"")]
        packet = read(row, value, aligned)
        assert not [each for each in BROKEN if packet.has(each)], row.name
        wrong = differences(packet, shown)
        assert len(wrong) == 1 and len(wrong[0][1]) == len(wrong[0][2]) + 1, row.name
        assert packet.has("cdr.unknown")
        count += 1
    assert count >= 2


@pytest.mark.parametrize("aligned", FORMS)
@pytest.mark.parametrize("number", [2 ** 63 - 1, 2 ** 63, 2 ** 64 - 1])
def test_a_large_number_from_zero_on(read, aligned, number):
    """A number without a largest value, of 64 bits."""
    row = row_of("lCSHGMTRecord")
    value, shown = schema_records.make(row, 1, 2)
    part, = [pair[1] for pair in value.parts if pair[0].name == "resultCode"]
    assert part.use.range == (0, None)
    old, part.number = str(part.number), number
    shown = [(name, str(number) if (name, text) == ("resultCode", old) else text) for name, text in shown]
    packet = read(row, value, aligned)
    assert not differences(packet, shown) and not [name for name in (*EXPERTS, *BROKEN) if packet.has(name)]


def test_nothing_of_this_is_said_of_plain_records(read):
    row = row_of("moCallRecord")
    value, shown = schema_records.make(row, 2, 2)
    packet = read(row, value, True)
    assert not differences(packet, shown) and not [name for name in (*EXPERTS, *BROKEN) if packet.has(name)]

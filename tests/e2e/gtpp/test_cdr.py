"""Charging records in full depth: every type, every value, under the names of TS 32.298.

What a record is to show comes from the program that made it (captures/make/gtpp/schema_records.py).

SPDX-License-Identifier: GPL-2.0-or-later
"""
import datetime
import ipaddress
import re
from collections import Counter

import pytest
from captures.make.base.wire import Capture, End
from captures.make.gtpp import cdr, gtpprime, schema_quirks, schema_records
from support.pdml import packets_of

NEVER = ["-o", "gtpp.builtin:never"]
EXPERTS = {"cdr.unknown", "cdr.malformed", "cdr.too_many"}
OURS = EXPERTS | {"cdr.item", "cdr.element", "cdr.meaning", "cdr.misfit", "cdr.fault"}
KEYS = ("type", "imsi", "msisdn", "imei", "apn", "node_id", "charging_id", "duration", "record_seq", "local_seq",
        "cause_closing", "rat", "opening_time", "closing_time", "session_id", "calling", "called", "pdu_session",
        "rating_group", "node.ipv4", "node.ipv6", "pdp.ipv4", "pdp.ipv6", "uplink", "downlink")
CDF, CGF = End("192.0.2.10", 49400), End("198.51.100.20", 3386)


def epoch(shown):
    """The seconds of a time as this or another version of Wireshark writes it."""
    shown = re.sub(r"\s+", " ", shown).replace(".000000000", "")
    for form in ("%b %d, %Y %H:%M:%S UTC", "%Y-%m-%d %H:%M:%S UTC", "%Y-%m-%dT%H:%M:%SZ"):
        try:
            moment = datetime.datetime.strptime(shown, form)
        except ValueError:
            continue
        return int(moment.replace(tzinfo=datetime.timezone.utc).timestamp())
    raise ValueError(shown)


def alike(expected, shown):
    """What a field shows, in the form of what is expected of it."""
    if isinstance(expected, bool):
        return shown in ("1", "True")
    if isinstance(expected, float):
        return float(shown)
    if isinstance(expected, int):
        return epoch(shown)
    return shown


def values_of(packet):
    """Name without cdr. -> what its items with a value show, in the order of the tree."""
    found = {}
    for item in packet.within("cdr"):
        name = item.get("name") or ""
        if name.startswith("cdr.") and name not in OURS:
            shown = item.get("show") or ""
            found.setdefault(name[4:], []).append(shown.replace(":", "") if re.fullmatch(
                r"([0-9a-f]{2}:)*[0-9a-f]{2}", shown) else shown)
    return found


def differences(packet, expected):
    """What the record is to show and does not, and what of these names is shown beyond it."""
    found, wanted, wrong = values_of(packet), {}, []
    for name, value in expected:
        wanted.setdefault(name, []).append(value)
    for name, values in wanted.items():
        shown = found.get(name, [])
        if len(shown) != len(values) or any(alike(value, text) != value for value, text in zip(values, shown)):
            wrong.append((name, values, shown))
    return wrong


def test_every_value_of_every_type(packets):
    """Nothing is missing, nothing is more, nothing is unknown or malformed."""
    requests = [packet for packet in packets("gtpp-records-ber.pcap", *NEVER) if packet.has("gtpp.cdr")]
    rows = schema_records.rows()
    assert len(requests) == len(rows) == 111
    count = 0
    for seq, (row, packet) in enumerate(zip(rows, requests), 1):
        _, expected = schema_records.make(row, seq)
        assert not differences(packet, expected), row.name
        assert not [name for name in EXPERTS if packet.has(name)], row.name
        names = {name for name, _ in expected}
        parts = {name for name in values_of(packet) if name not in names}
        assert all(not text for name in parts for text in values_of(packet)[name]), row.name
        count += len(expected)
    assert count > 7000
    assert {row.domain for row in rows} >= {"PS", "CS", "IMS", "MMS", "CHF", "SMS", "MBMS", "PoC", "LCS", "ProSe"}


@pytest.mark.parametrize("name", ["gtpp-records-uper.pcap", "gtpp-records-aper.pcap"])
def test_every_value_of_every_type_in_per(packets, name):
    """The same values as in BER, whose tags PER does not have."""
    requests = [packet for packet in packets(name, *NEVER) if packet.has("gtpp.cdr")]
    rows = [row for row in schema_records.rows() if not row.until]
    assert len(requests) == len(rows) == 108
    for seq, (row, packet) in enumerate(zip(rows, requests), 1):
        _, expected = schema_records.make(row, seq)
        assert not differences(packet, expected), row.name
        assert not [each for each in (*EXPERTS, "gtpp.cdr.not_decoded", "gtpp.cdr.other_version") if packet.has(each)]


@pytest.fixture
def read(tshark):
    """The packets of a capture file, with Wireshark's own dissector left out."""
    return lambda path: packets_of(tshark(path, *NEVER, "-T", "pdml"))


@pytest.fixture
def sent(tmp_path):
    """A capture with one message for each record."""
    def write(*records, snap=None):
        path = tmp_path / f"records-{snap}.pcap"
        capture = Capture()
        for seq, record in enumerate(records, 1):
            capture.udp(CDF, CGF, gtpprime.message(240, seq, gtpprime.command(gtpprime.SEND),
                                                   gtpprime.data_record_packet(record)))
        path.write_bytes(capture.octets() if snap is None else cut(capture.octets(), snap))
        path.chmod(0o644)
        return path
    return write


def cut(octets, snap):
    """The capture with no more than so many octets of each frame."""
    order = "big" if octets[0] == 0xA1 else "little"
    out, at = octets[:24], 24
    while at < len(octets):
        size = int.from_bytes(octets[at + 8:at + 12], order)
        kept = min(size, snap)
        out += octets[at:at + 8] + kept.to_bytes(4, order) + octets[at + 12:at + 16] + octets[at + 16:at + 16 + kept]
        at += 16 + size
    return out


def row_of(name):
    return next(row for row in schema_records.rows() if row.name == name)


def key_fields(packet):
    """What the record's key fields show, in any order; not what they have in brackets, or say of the record."""
    return sorted((item.get("name"), item.get("show")) for item in packet.within("gtpp")
                  if (item.get("name") or "").removeprefix("gtpp.cdr.") in KEYS)


def unordered(values, shown):
    return sorted(map(str, values)) == sorted(str(alike(values[0], text)) for text in shown)


def test_odd_octets_have_the_same_values(read, sent):
    """Each type as an odd sender writes it: strings in pieces, long lengths and tags, unknown elements everywhere. The
    values of all fields are the same, and so are the key fields."""
    rows = schema_records.rows()
    made = [schema_records.make(row, 31 * at, 2) for at, row in enumerate(rows)]
    records = [schema_records.ber(row, value) for row, (value, _) in zip(rows, made)]
    odd = [schema_quirks.Writer(at).record(row, value) for at, (row, (value, _)) in enumerate(zip(rows, made))]
    packets = [packet for packet in read(sent(*records, *odd)) if packet.has("gtpp.cdr")]
    assert len(packets) == 2 * len(rows)
    count, wrong = 0, []
    for row, (_, expected), plain, other in zip(rows, made, packets, packets[len(rows):]):
        if key_fields(plain) != key_fields(other):
            wrong.append((row.name, set(key_fields(plain)) ^ set(key_fields(other))))
        count += len(key_fields(plain))
        wrong += [(row.name, each) for each in differences(other, expected) if not unordered(each[1], each[2])]
        if other.has("cdr.malformed") or other.has("gtpp.cdr.malformed"):
            wrong.append((row.name, "malformed"))
    assert not wrong
    assert count > 500


@pytest.mark.parametrize("name", ["sCSCFRecord", "chargingFunctionRecord", "moCallRecord", "mMTelRecord"])
def test_more_values_of_some_types(read, sent, name):
    """Other seeds make other choices and lists; the deepest have fields on every level."""
    row = row_of(name)
    made = [schema_records.make(row, seed, 5 if seed < 1003 else 2) for seed in range(1000, 1020)]
    made = [(schema_records.ber(row, value), expected) for value, expected in made]
    made = [(record, expected) for record, expected in made if len(record) < 60000]
    for (_, expected), packet in zip(made, read(sent(*(record for record, _ in made))), strict=True):
        assert not differences(packet, expected)
        assert not [each for each in EXPERTS if packet.has(each)]


def indefinite(octets, flip):
    """The same elements, those that are constructed with indefinite length, every second level alone if FLIP is 0 or
    1."""
    out, at = b"", 0
    while at < len(octets):
        start = at
        first = octets[at]
        at += 1
        if first & 31 == 31:
            while octets[at] & 128:
                at += 1
            at += 1
        head = octets[start:at]
        length = octets[at]
        at += 1
        if length & 128:
            count = length & 127
            length = int.from_bytes(octets[at:at + count], "big")
            at += count
        content = octets[at:at + length]
        at += length
        if first & 32:
            content = indefinite(content, flip if flip is None else 1 - flip)
        if first & 32 and flip in (None, 1):
            out += head + b"\x80" + content + b"\0\0"
        else:
            out += head + cdr.ber_length(len(content)) + content
    return out


@pytest.mark.parametrize("flip", [None, 0, 1])
def test_indefinite_lengths_change_nothing(read, sent, flip):
    rows = [row for row in schema_records.rows() if row.domain in ("IMS", "PS")]
    made = [schema_records.make(row, 50 + at, 2) for at, row in enumerate(rows)]
    capture = sent(*(indefinite(schema_records.ber(row, value), flip) for row, (value, _) in zip(rows, made)))
    for (_, expected), packet in zip(made, read(capture), strict=True):
        assert not differences(packet, expected)
        assert not [name for name in EXPERTS if packet.has(name)]


def test_cut_records_are_drawn_as_far_as_captured(read, sent):
    """What was captured of them has the same values, nothing of the rest is claimed, and nothing is malformed."""
    row = row_of("pGWRecord")
    value, expected = schema_records.make(row, 7)
    record = schema_records.ber(row, value)
    whole = Counter(name for name, _ in expected)
    seen = []
    for snap in (60, 100, 200, 500, 1000):
        packet, = read(sent(record, snap=snap))
        found = values_of(packet)
        names = [name for name in found if name in whole]
        assert all(len(found[name]) <= whole[name] for name in names)
        assert not packet.has("cdr.malformed") and not packet.has("cdr.unknown")
        assert packet.has("gtpp.cdr.cut_short")
        seen.append(sum(len(found[name]) for name in names))
    assert seen == sorted(seen) and seen[-1] > seen[1] > 0


def ims(session, imsi, seq):
    """An S-CSCF's record: the node, the session and its parties, the subscriber by a type and a text."""
    return cdr.cons(63, cdr.prim(0, b"\x3f"), cdr.cons(4, cdr.cons(0, cdr.ip_address("192.0.2.50"))),
                    cdr.prim(5, session), cdr.cons(6, cdr.prim(0, b"sip:alice@ims.example")),
                    cdr.cons(7, cdr.prim(1, b"tel:+999001")), cdr.prim(15, cdr.integer(seq)),
                    cdr.cons(31, cdr.tag(17, True, True) + b"\x17" + cdr.prim(0, b"\x01") + b"\x81\x12" + imsi))


def test_key_fields_of_other_domains(tshark, sent):
    """They are found in IMS and in 5G, so that records of every domain can be looked for by subscriber."""
    chf = cdr.cons(200, cdr.prim(0, b"\x00\xc8"), cdr.prim(1, b"chf.example"),
                   cdr.cons(2, cdr.prim(0, b"\x01"), cdr.prim(1, b"imsi-001010000000001")),
                   cdr.cons(5, cdr.sequence(cdr.prim(0, b"\x07"), cdr.cons(1, cdr.sequence(
                       cdr.prim(5, cdr.integer(1024)), cdr.prim(6, cdr.integer(2048)))))),
                   cdr.prim(11, b"\x09"), cdr.cons(13, cdr.prim(0, b"\x03"), cdr.prim(6, b"\x05")))
    capture = sent(ims(b"session-1", b"imsi-0010100000000"[:18], 41), ims(b"session-2", b"sip:alice@example.", 42), chf)
    names = ("imsi", "session_id", "calling", "called", "node.ipv4", "node_id", "local_seq", "rating_group", "uplink",
             "downlink", "charging_id", "pdu_session")
    options = [word for name in names for word in ("-e", f"gtpp.cdr.{name}")]
    rows = [line.split("\t") for line in tshark(capture, "-T", "fields", *options)]
    ends = ["sip:alice@ims.example", "tel:+999001", "192.0.2.50", ""]
    assert rows == [["0010100000000", "session-1", *ends, "41", "", "", "", "", ""],
                    ["", "session-2", *ends, "42", "", "", "", "", ""],
                    ["001010000000001", "", "", "", "", "chf.example", "9", "7", "1024", "2048", "3", "5"]]


def number(digits, *front):
    """An ISDN number: octets of type and plan, then TBCD."""
    digits += "" if len(digits) % 2 == 0 else "f"
    pairs = (digits[i + 1] + digits[i] for i in range(0, len(digits), 2))
    return bytes(front) + bytes.fromhex("".join(pairs))


def test_key_fields_of_calls(tshark, sent):
    """Parties and the switch by their digits; a withheld number has none, and is not wrong for that."""
    full = cdr.cons(0, cdr.prim(0, b"\0"), cdr.prim(4, number("99900998877", 0xA1)),
                    cdr.prim(5, number("12345", 0x21, 0x81)), cdr.prim(9, number("99900111", 0x91)))
    withheld = cdr.cons(0, cdr.prim(0, b"\0"), cdr.prim(4, b"\x80"), cdr.prim(5, number("54321", 0x81)))
    capture = sent(full, withheld)
    names = ("calling", "called", "node_id", "malformed")
    options = [word for name in names for word in ("-e", f"gtpp.cdr.{name}")]
    assert [line.split("\t") for line in tshark(capture, *NEVER, "-T", "fields", *options)] == [
        ["99900998877", "12345", "99900111", ""], ["", "54321", "", ""]]


def test_numbers_without_a_limit(tshark, sent):
    """TS 32.298 gives these no largest value: beyond 32 bits they are numbers all the same."""
    long = 0x1_2345_6789
    pgw = cdr.cons(79, cdr.prim(0, b"\x55"), cdr.prim(14, cdr.integer(long)), cdr.prim(15, cdr.integer(long + 1)),
                   cdr.prim(17, cdr.integer(long + 2)),
                   cdr.cons(34, cdr.sequence(cdr.prim(1, cdr.integer(long + 3)), cdr.prim(12, b"\x07"))))
    names = ("duration", "cause_closing", "record_seq", "rating_group", "uplink", "malformed")
    options = [word for name in names for word in ("-e", f"gtpp.cdr.{name}")]
    assert [line.split("\t") for line in tshark(sent(pgw), *NEVER, "-T", "fields", *options)] == [
        [*(str(long + i) for i in range(4)), "7", ""]]


def test_radio_access_of_a_chf(tshark, read, sent):
    """A CHF's rATType has no largest value either, and other numbers than in TS 29.061: 51 is nR, and 8 is nothing."""
    long = 0x1_2345_6789
    records = [cdr.cons(200, cdr.prim(0, b"\0\xc8"),
                        cdr.cons(5, cdr.sequence(cdr.prim(0, cdr.integer(long)),
                                                 cdr.cons(1, cdr.sequence(cdr.prim(5, b"\1"), cdr.prim(6, b"\2"))))),
                        cdr.cons(13, cdr.prim(12, cdr.integer(rat)))) for rat in (51, 8, long)]
    packets = read(sent(*records))
    shown = [[item.get("showname") for item in packet.within("gtpp") if item.get("name") == "gtpp.cdr.rat"]
             for packet in packets]
    assert shown == [["RAT type: nR (51)"], ["RAT type: Unknown (8)"], [f"RAT type: Unknown ({long})"]]
    assert not any(packet.has("gtpp.cdr.malformed") for packet in packets)
    assert any(f"rating group {long}" in item.get("showname", "") for item in packets[0].items["gtpp.cdr.uplink"])
    assert f"|{long} |" in "\n".join(tshark(sent(*records), "-q", "-z", "gtpp,records"))


def test_what_is_rare_is_not_malformed(tshark, read, sent):
    """A number with an octet that extends its type, a vendor's element before an IPv6 address and its prefix, a tag of
    32 bits, a session without characters, a real number that tells its exponent's length."""
    address = "2001:db8::7"
    own = b"\x9f\x86\x05\1\xff"
    packed = cdr.tag(4, False, True) + b"\x10" + ipaddress.ip_address(address).packed
    pgw = cdr.cons(79, cdr.prim(0, b"\x55"), cdr.cons(4, cdr.cons(4, own, packed)), b"\x9f\x8f\xff\xff\xff\x7f\1\1",
                   cdr.prim(22, b"\x11\x83\x94\xf1"), cdr.cons(6, own, cdr.prim(0, b"\xc0\0\2\1")))
    cscf = cdr.cons(63, cdr.prim(0, b"\x3f"), cdr.prim(5, b""))
    capture = sent(pgw, cscf)
    names = ("msisdn", "node.ipv6", "session_id", "malformed")
    options = [word for name in names for word in ("-e", f"gtpp.cdr.{name}")]
    assert [line.split("\t") for line in tshark(capture, *NEVER, "-T", "fields", *options)] == [
        ["491", address, "", ""], ["", "", "", ""]]
    packet, session = read(capture)
    assert not packet.has("cdr.malformed") and not session.has("cdr.malformed")
    assert "Element [context 4294967295], 1 octet: 01" in [
        item.get("showname") or item.get("show") for item in packet.within("cdr")]
    lists = [item.get("showname") for item in packet.items["cdr.servingNodeAddress"]]
    assert "servingNodeAddress: 1" in lists  # the vendor's element is none of its items


def test_a_text_for_an_address_that_is_none(tshark, sent):
    """An IA5String is well-formed whatever it says: it is shown, and is no address to filter for."""
    record = cdr.cons(79, cdr.prim(0, b"\x55"), cdr.cons(4, cdr.prim(2, b"gateway7")),
                      cdr.cons(9, cdr.cons(0, cdr.prim(2, b"192.0.2.77"))), cdr.prim(20, b"\x05"))
    names = ("gtpp.cdr.malformed", "gtpp.cdr.node.ipv4", "gtpp.cdr.pdp.ipv4", "gtpp.cdr.local_seq",
             "cdr.iPTextV4Address")
    options = [word for name in names for word in ("-e", name)]
    assert tshark(sent(record), *NEVER, "-T", "fields", *options) == ["\t\t192.0.2.77\t5\tgateway7,192.0.2.77"]


def test_texts_with_octets_of_zero_are_not_cut(tshark, sent):
    """U+FFFD stands for an octet that is no text; what stands behind it is shown, and can be filtered for."""
    texts = (b"int\0ernet", b"internet\0", "caf\xe9".encode(), b"caf\xe9")
    capture = sent(*(cdr.cons(79, cdr.prim(0, b"\x55"), cdr.prim(7, text), cdr.prim(18, text)) for text in texts))
    names = ("gtpp.cdr.apn", "gtpp.cdr.node_id")
    options = [word for name in names for word in ("-e", name)]
    assert [line.split("\t") for line in tshark(capture, *NEVER, "-T", "fields", *options)] == [
        [shown] * 2 for shown in ("int\ufffdernet", "internet\ufffd", "caf\xe9", "caf\ufffd")]
    assert len(tshark(capture, "-Y", 'gtpp.cdr.apn matches "ernet$"')) == 1
    rows = [line.split("|") for line in tshark(capture, "-q", "-z", "gtpp,records") if "PGW" in line]
    assert [row[13].strip() for row in rows] == ["int\ufffdernet", "internet\ufffd", "caf\xe9", "caf\ufffd"]


# Of a network with three digits, the places that userLocationInformation may have at once, by the flags' bits.
PLACES = (("CGI 001-001 LAC 65534 CI 65533", "fffefffd"), ("SAI 001-001 LAC 65532 SAC 65531", "fffcfffb"),
          ("RAI 001-001 LAC 65530 RAC 249", "fffaf9ff"), ("TAI 001-001 TAC 65528", "fff8"),
          ("ECGI 001-001 ECI 268435447", "0ffffff7"), ("LAI 001-001 LAC 65526", "fff6"),
          ("Macro eNodeB 001-001 ID 1048565", "0ffff5"), ("Extended macro eNodeB 001-001 ID 2097140", "1ffff4"))


def test_a_line_that_has_no_room_for_what_octets_mean(tshark, sent):
    """Wireshark cuts a line of 240 characters. Then the parts stand below, too, to read and to filter for."""
    def of(count):
        return bytes([(1 << count) - 1]) + b"".join(bytes.fromhex("001100" + place) for _, place in PLACES[:count])

    fits, long = (cdr.cons(79, cdr.prim(0, b"\x55"), cdr.prim(32, of(count))) for count in (4, 8))
    capture = sent(fits, long)
    one, other = packets_of(tshark(capture, *NEVER, "-T", "pdml"))
    assert one.items["cdr.userLocationInformation"][0].get("showname").endswith(
        f"({', '.join(text for text, _ in PLACES[:4])})") and not one.has("cdr.meaning")
    assert [item.get("show") for item in other.items["cdr.meaning"]] == [text for text, _ in PLACES]
    assert tshark(capture, *NEVER, "-Y", 'cdr.meaning == "TAI 001-001 TAC 65528"', "-T", "fields", "-e",
                  "frame.number") == ["2"]


def users_tag(*values):
    return "uat:cdr_tags:" + ",".join(f'"{value}"' for value in values)


# Below a PGW's record, in its second list, in an element of the vendor's own, and what is no element of it.
TAGS = [("PGW", "", "600", "vendorPlan", "text"), ("85", "", "601", "vendorCounter", "number"),
        ("pGWRecord", "listOfServiceData", "700", "vendorSlice", "signed"), ("", "", "610", "vendorBox", "octets"),
        ("PGW", "vendorBox", "1", "boxTime", "time"), ("PGW", "620", "2", "inNameless", "ip"),
        ("PGW", "", "602", "vendorImsi", "digits"), ("SGW", "", "603", "notOfThis", "text"),
        ("PGW", "", "604", "notATime", "time")]


def vendor_record():
    service = cdr.prim(1, b"\x07") + cdr.prim(700, b"\xfe")
    service = cdr.tag(16, True, True) + bytes([len(service)]) + service
    return cdr.cons(79, cdr.prim(0, b"\x55"), cdr.cons(34, service), cdr.prim(600, b"gold"),
                    cdr.prim(601, b"\xff\xff\xff\xff"), cdr.prim(602, cdr.tbcd("001010000000001")),
                    cdr.prim(603, b"abc"), cdr.prim(604, b"\x01"),
                    cdr.cons(610, cdr.prim(1, cdr.timestamp(1704164645, 60)), cdr.prim(9, b"\x01")),
                    cdr.cons(620, cdr.prim(2, bytes([192, 0, 2, 9]))))


def test_tags_that_the_user_names(tshark, sent):
    """Names and values of a vendor's elements; the others stay unknown."""
    rows = [argument for row in TAGS for argument in ("-o", users_tag(*row))]
    packet, = packets_of(tshark(sent(vendor_record()), *NEVER, *rows, "-T", "pdml"))
    named = {item.get("show"): item for item in packet.within("cdr") if item.get("name") == "cdr.own.name"}
    assert list(named) == ["vendorSlice", "vendorPlan", "vendorCounter", "vendorImsi", "notATime", "vendorBox",
                           "boxTime", "inNameless"]
    shown = {name: [item.get("show") for item in packet.within("cdr") if item.get("name") == f"cdr.own.{name}"]
             for name in ("number", "signed", "text", "time")}
    assert shown["number"] == ["4294967295"] and shown["signed"] == ["-2"]
    assert shown["text"] == ["gold", "001010000000001", "192.0.2.9"]
    assert [epoch(text) for text in shown["time"]] == [1704164645]
    labels = [item.get("showname") or item.get("show") for item in packet.within("cdr")
              if item.get("name") == "cdr.element"]
    assert "vendorPlan [600]: gold" in labels and "vendorSlice [700]: -2" in labels
    notes = tshark(sent(vendor_record()), *NEVER, *rows, "-Y", "cdr.own.misfit", "-T", "fields",
                   "-e", "_ws.expert.message")
    assert "It is not what your list of tags says: " in "".join(notes)
    # 603 is of another record; 9 is in the vendor's box and 620 has no name.
    unknown = tshark(sent(vendor_record()), *NEVER, *rows, "-T", "fields", "-e", "_ws.expert.message")
    assert "".join(unknown).count("has no element") == 2
    without, = packets_of(tshark(sent(vendor_record()), *NEVER, "-T", "pdml"))
    assert not without.has("cdr.own.name")
    assert tshark(sent(vendor_record()), *rows, "-Y", 'cdr.own.text == "gold"')


@pytest.mark.parametrize("row, problem", [
    (("PGW", "", "600", "", "text"), "needs a name"),
    (("PGX", "", "600", "x", "text"), "neither a record of 3GPP TS 32.298 nor the number of one"),
    (("PGW", "", "70000", "x", "text"), "is not a tag"),
])
def test_tags_that_are_wrong(tshark, row, problem):
    errors = tshark("gtpp-cdr-broken.pcap", "-o", users_tag(*row), "-Y", "cdr", fails=True)
    assert problem in "\n".join(errors)

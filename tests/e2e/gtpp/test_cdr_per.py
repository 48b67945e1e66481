"""Key fields of charging records in PER: those of the same records in BER, in the tree, in rows and in the ledger.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re

import pytest
from captures.make.base.wire import Capture, End
from captures.make.gtpp import gtpprime, schema_per, schema_records
from test_cdr import KEYS, NEVER, cut, row_of

CDF, CGF = End("192.0.2.10", 49400), End("198.51.100.20", 3386)
REL_18 = gtpprime.format_version(0, 9, extension=18)
FORMS = {"unaligned": gtpprime.UNALIGNED_PER, "aligned": gtpprime.ALIGNED_PER}
SHOWN = (*KEYS, "malformed")


def packet(encoding, row, value):
    if encoding == "BER":
        return gtpprime.data_record_packet(schema_records.ber(row, value), version=REL_18)
    octets = schema_per.per(row, value, encoding == "aligned")
    return gtpprime.data_record_packet(octets, form=FORMS[encoding], version=REL_18)


@pytest.fixture
def sent(tmp_path):
    """A capture of records, each (row, value), with an answer to every request, or without."""
    def write(encoding, records, answered=False, snap=None):
        capture, path = Capture(), tmp_path / f"{encoding}-{snap}.pcap"
        for seq, (row, value) in enumerate(records, 1):
            capture.wait(1)
            capture.udp(CDF, CGF, gtpprime.message(240, seq, gtpprime.command(gtpprime.SEND),
                                                   packet(encoding, row, value)))
            if answered:
                capture.udp(CGF, CDF, gtpprime.answer(seq, seq))
        path.write_bytes(capture.octets() if snap is None else cut(capture.octets(), snap))
        path.chmod(0o644)
        return path
    return write


@pytest.fixture
def keys(tshark):
    """The key fields of each packet, by name; several of a name in the order of their octets, which is that of the
    tags in PER alone."""
    def read(path):
        options = [word for name in SHOWN for word in ("-e", f"gtpp.cdr.{name}")]
        lines = tshark(path, *NEVER, "-Y", "gtpp.cdr", "-T", "fields", *options, "-E", "aggregator=|")
        return [{name: sorted(each.split("|")) for name, each in zip(SHOWN, line.split("\t")) if each}
                for line in lines]
    return read


def part_of(value, name):
    return next(part for component, part in value.parts if component.name == name)


def set_number(value, name, number):
    part = part_of(value, name)
    part.number, part.octets = number, schema_records.integer(number)


def test_records_of_every_type_have_the_key_fields_of_ber(sent, keys):
    """The same record in three encodings: whatever the domain, and whatever values stand beside."""
    rows = [row for row in schema_records.rows() if not row.until]
    records = [(row, schema_records.make(row, 300 + 7 * at)[0]) for at, row in enumerate(rows)]
    expected = keys(sent("BER", records))
    assert len(expected) == 108 and all(each["type"] for each in expected)
    found = [name for each in expected for name in each]
    assert len(found) > 600 and set(found) == set(KEYS)
    for encoding in FORMS:
        for row, per, ber in zip(rows, keys(sent(encoding, records)), expected):
            assert per == ber, (encoding, row.name)


def test_rows_of_records(sent, tshark):
    """-z gtpp,records says the same of a record, whichever encoding it travels in; digest and age are of its octets."""
    names = ("pGWRecord", "sGWRecord", "sCSCFRecord", "moCallRecord", "chargingFunctionRecord", "mMTelRecord")
    records = [(row_of(name), schema_records.make(row_of(name), 900 + at)[0]) for at, name in enumerate(names)]

    def rows(encoding):
        lines = tshark(sent(encoding, records, answered=True), "-q", "-z", "gtpp,records")
        cells = [[cell.strip() for cell in line.split("|")[:-1]] for line in lines if line.count("|") > 20]
        return [dict(zip(cells[0], line)) for line in cells[1:]]
    ber = rows("BER")
    digests = [title for title in ber[0] if "igest" in title]
    assert len(ber) == len(names) and len(digests) == 1
    assert sum(bool(cell) for row in ber for cell in row.values()) > 100
    for row in ber:
        del row[digests[0]]
    for encoding in FORMS:
        found = rows(encoding)
        assert [row.pop(digests[0]) for row in found]
        assert found == ber, encoding


@pytest.mark.parametrize("encoding", FORMS)
@pytest.mark.parametrize("name, field", [("pGWRecord", "localSequenceNumber"),
                                         ("sCSCFRecord", "localRecordSequenceNumber")])
def test_gaps_of_local_sequence_numbers(sent, tshark, encoding, name, field):
    row, records = row_of(name), []
    for number in (65535, 65536, 65539, 65540, 65542):
        value = schema_records.make(row, 500)[0]
        set_number(value, field, number)
        records.append((row, value))
    lines = tshark(sent(encoding, records, answered=True), "-2", *NEVER, "-Y", "gtpp.analysis.local_seq_gap", "-T",
                   "fields", "-e", "frame.number", "-e", "_ws.expert.message")
    assert [line.split("\t")[0] for line in lines] == ["5", "9"]
    assert re.search(r"65537.*65538", lines[0])


@pytest.mark.parametrize("encoding", FORMS)
def test_a_record_that_the_capture_cut_has_the_keys_before_the_cut(sent, keys, encoding):
    record = (row_of("pGWRecord"), schema_records.make(row_of("pGWRecord"), 40, 2)[0])
    whole = keys(sent(encoding, [record]))[0]
    seen = []
    for snap in range(120, 420, 60):
        found = keys(sent(encoding, [record], snap=snap))[0]
        assert all(value in whole[name] for name, values in found.items() for value in values), snap
        seen.append(sum(map(len, found.values())))
    assert seen == sorted(seen) and seen[-1] > seen[0]


@pytest.mark.parametrize("encoding", FORMS)
def test_a_value_that_cannot_be_read_is_said_where_it_is(sent, tshark, encoding):
    """The IMSI's last octet is no digits; what stands beside it is read."""
    value = schema_records.make(row_of("pGWRecord"), 40)[0]
    imsi = part_of(value, "servedIMSI")
    imsi.octets = imsi.octets[:-2] + b"\xcd" + imsi.octets[-1:]
    capture = sent(encoding, [(row_of("pGWRecord"), value)])
    line = tshark(capture, *NEVER, "-T", "fields", "-e", "gtpp.cdr.fault", "-e", "gtpp.cdr.imsi", "-e",
                  "gtpp.cdr.local_seq", "-e", "gtpp.cdr", "-e", "cdr.malformed")[0].split("\t")
    found = re.fullmatch(r"At octet (\d+) of the record, servedIMSI cannot be read: .*\.", line[0])
    octets = bytes.fromhex(line[3].replace(":", ""))
    at = int(found[1])
    if encoding == "aligned":
        assert octets[at:at + len(imsi.octets)] == imsi.octets
    else:
        bits = f"{int.from_bytes(octets[at:at + len(imsi.octets) + 1], 'big'):0{8 * len(imsi.octets) + 8}b}"
        assert f"{int.from_bytes(imsi.octets, 'big'):0{8 * len(imsi.octets)}b}" in bits
    assert line[1] == "" and line[2] and line[4] == ""

"""docs/ci/portlore-cdrfile: files of charging records as captures.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import sys

import pytest
from support.cdr_files import cdr_file, pgw, record
from support.paths import CAPTURES, REPOSITORY

sys.path[:0] = [str(REPOSITORY / "docs" / "ci"), str(REPOSITORY / "tests" / "fuzz")]
import cdr_file as cdr_file_fuzzer  # noqa: E402
import portlore_cdr  # noqa: E402  # the module that the program uses

SCRIPT = REPOSITORY / "docs" / "ci" / "portlore-cdrfile"
THREE = [record(pgw(n)) for n in (1, 2, 3)]


@pytest.fixture
def convert(runner, home):
    """convert(octets): the program's answer, and the capture that it writes."""
    def run(octets):
        path, out = home / "file.cdr", home / "out.pcapng"
        path.write_bytes(octets)
        path.chmod(0o644)
        out.write_bytes(b"")
        out.chmod(0o666)
        script = runner.reachable(SCRIPT.parent) / SCRIPT.name
        return runner.run("/usr/bin/python3", "-B", script, path, out, home=home), out
    return run


def numbers(tshark, out):
    return [line.split("\t") for line in tshark(out, "-T", "fields", "-e", "gtpp.cdr.local_seq", "-e",
                                                "frame.time_epoch", "-e", "gtpp.cdr.imsi")]


@pytest.mark.parametrize("octets", [
    cdr_file(THREE), cdr_file(THREE, routeing=b"route", extension=b"vendor"),
    cdr_file(THREE, has_extension_length=False), cdr_file([record(pgw(n), release=9) for n in (1, 2, 3)], release=9),
    cdr_file(THREE, length=0xFFFFFFFF, announced=0xFFFFFFFF), cdr_file(THREE, header_length=0xFFFFFFFF),
], ids=["plain", "filter-and-extension", "without-extension-length", "release-9", "no-length", "no-header-length"])
def test_each_record_is_a_packet(convert, tshark, octets):
    answer, out = convert(octets)
    assert answer.returncode == 0, answer.stderr
    assert [(local, imsi) for local, _, imsi in numbers(tshark, out)] == [
        (str(n), "001010000000001") for n in (1, 2, 3)]


def test_time_is_the_records_own(convert, tshark):
    """12:00 in +02:00 is 10:00 UTC; a record without a time is a packet without one."""
    _, out = convert(cdr_file([record(pgw(1)), record(pgw(2, opened=""))]))
    assert [when.partition(".")[0] for _, when, _ in numbers(tshark, out)] == ["1709632800", ""]


def test_a_record_alone_is_a_protocol_of_the_packet(convert, tshark):
    """So that -O shows it by its name, and JSON has it under this name."""
    _, out = convert(cdr_file(THREE))
    lines = tshark(out, "-c", "1", "-O", "cdr")
    assert any("localSequenceNumber: 1" in line for line in lines)
    layers, = json.loads("\n".join(tshark(out, "-c", "1", "-T", "json")))
    assert layers["_source"]["layers"]["cdr"]["gtpp.cdr_tree"]["cdr"]["cdr.localSequenceNumber"] == "1"


def test_facts_of_the_header_are_text_or_hexadecimal():
    facts = portlore_cdr.read(cdr_file(THREE, routeing=b"route", extension=b"\0\xff" * 40)).facts().splitlines()
    assert "Routeing filter: route" in facts
    assert facts[-1] == "Private extension: " + "00 ff " * 32 + "... (80 octets)"


def test_two_records_of_the_largest_size(convert, tshark):
    big = pgw(1, fill=65535 - len(pgw(1)) - 2)
    big = big + bytes(65535 - len(big))
    answer, out = convert(cdr_file([record(big), record(pgw(2))]))
    assert answer.returncode == 0, answer.stderr
    assert [line[0] for line in numbers(tshark, out)] == ["1", "2"]


WHOLE = cdr_file(THREE)

DAMAGED = {
    "cut": (cdr_file(THREE)[:-5], "1 2", "it was cut", "only"),
    "length-0": (cdr_file(THREE, length=0), "1 2 3", "the header says 0 octets", "the length is wrong"),
    "header": (cdr_file(THREE, header_length=54 + 3)[:54] + b"abc" + b"".join(THREE), "1 2 3", "do not add up", ""),
    "header-too-short": (cdr_file(THREE, header_length=53), "1 2 3", "offset 4: the header would have 53 octets",
                         "its parts end at offset 54, where a record stands"),
    "header-too-long": (cdr_file(THREE, header_length=54 + len(THREE[0])), "1 2 3", "would have 108 octets", ""),
    "header-of-0": (cdr_file(THREE, header_length=0), "1 2 3", "offset 4: the header cannot have 0 octets", ""),
    "header-beyond": (cdr_file(THREE, header_length=0xFFFE0036), "1 2 3", "cannot have 4294836278 octets", ""),
    "appended": (WHOLE + WHOLE, "1 2 3 1 2 3", "offset 216: the header of another file begins here",
                 "its records are read from offset 270; 3 records were read before it"),
    "appended-more": (WHOLE + cdr_file(THREE, routeing=b"route") + cdr_file(THREE, announced=9), "1 2 3 " * 2 + "1 2 3",
                      "offset 437: the header of another file", "the headers announce 15 records, and 9 were read"),
    "fill": (WHOLE + b"\xff" * 40, "1 2 3", "offset 216: 40 octets FF to the end", "3 records were read before it"),
    "octet": (WHOLE + b"\x01", "1 2 3", "offset 216: 1 octet is left, and the header of a record has at least 4", ""),
    "one-of-65535": (cdr_file([record(pgw(1), length=65535)]), "", "offset 54: a record of 65535 octets, but only 49",
                     "the header announces 1 record, and 0 were read"),
    "cut-in-the-first": (cdr_file(THREE)[:60], "", "and the file has 60: it was cut",
                         "a record of 49 octets, but only 1 is"),
    "count": (cdr_file(THREE, announced=9), "1 2 3", "announces 9 records, and 3", ""),
    "format": (cdr_file([THREE[0], record(pgw(2), form=0), THREE[2]]), "1 3", "the format of a record is 0",
               "1 record was read before it"),
    "too-short": (cdr_file([THREE[0], record(pgw(2), length=20), THREE[2]]), "1 3", "leads to no other record", ""),
    "too-long": (cdr_file([THREE[0], record(pgw(2), length=65535), THREE[2]]), "1 3", "a record of 65535 octets",
                 "reading goes on at offset"),
    "empty-record": (cdr_file([THREE[0], record(b""), THREE[2]]), "1 3", "a record of 0 octets", ""),
    "zeros": (cdr_file([THREE[0], bytes(500), THREE[2]]), "1 3", "a record of 0 octets", ""),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_said_and_passed_over(convert, tshark, name):
    octets, read, *said = DAMAGED[name]
    answer, out = convert(octets)
    assert answer.returncode == 1, answer.stderr
    assert all(text in answer.stderr for text in said) and "offset" in answer.stderr, answer.stderr
    assert " ".join(line[0] for line in numbers(tshark, out)) == read


@pytest.mark.parametrize("octets, said", [
    (b"", "the file is empty"), (b"\0\0\1" * 5, "has 15 octets"), (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, ""),
    ((CAPTURES / "gtpp-udp.pcap").read_bytes(), ""), (b"Not a file of records, but a text.\n" * 40, ""),
    (bytes(4000), "offset 4: "), (cdr_file([bytes(300)], header_length=60), "no record stands behind its header"),
    (pgw(1) + pgw(2), "offset 0: a record in BER stands where the header of the file should be"),
], ids=["empty", "short", "picture", "capture", "text", "zeros", "no-records", "records-alone"])
def test_what_is_no_such_file(convert, octets, said):
    answer, out = convert(octets)
    assert answer.returncode == 2 and said in answer.stderr and out.stat().st_size == 0
    assert len(answer.stderr.splitlines()) == 1 and "is no file of TS 32.297: " in answer.stderr


def test_wrong_use(runner, home):
    script = runner.reachable(SCRIPT.parent) / SCRIPT.name
    for args in ([], [home / "none.cdr", home / "out"]):
        assert runner.run("/usr/bin/python3", "-B", script, *args, home=home).returncode == 2


def test_any_octets_will_do():
    """Whatever is changed: what tests/fuzz/cdr_file.py says of it, 20,000 inputs of its 2,000,000."""
    found, _ = cdr_file_fuzzer.run(runs=20000, seed=32297)
    assert found.total() == 20000 and min(found[what] for what in ("whole", "damaged", "none")) > 1000


def test_two_releases_in_one_file(convert, tshark):
    """Headers of four octets and of five, one behind the other."""
    answer, out = convert(cdr_file([record(pgw(1), release=9), THREE[1], record(pgw(3), release=4)]))
    assert (answer.returncode, answer.stderr) == (0, "")
    assert [line[0] for line in numbers(tshark, out)] == ["1", "2", "3"]


def test_damage_takes_no_longer_than_its_octets(monkeypatch):
    """Octets that look like 20,000 headers of records of 65,535 octets: what no record can be is not copied."""
    made = []

    def make(*values):
        made.append(values)
        return plain(*values)

    plain = portlore_cdr.Record
    monkeypatch.setattr(portlore_cdr, "Record", make)
    file = portlore_cdr.read(cdr_file([b"\xff\xff\0\x20\xa0\x84" * 20000, THREE[0]], announced=0xFFFFFFFF))
    assert len(file.records) == 1 and len(made) < 10

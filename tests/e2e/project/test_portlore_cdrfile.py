"""docs/ci/portlore-cdrfile: files of charging records as captures.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import random
import sys

import pytest
from support.cdr_files import cdr_file, pgw, record
from support.paths import CAPTURES, REPOSITORY

sys.path.insert(0, str(REPOSITORY / "docs" / "ci"))
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


def test_two_records_of_the_largest_size(convert, tshark):
    big = pgw(1, fill=65535 - len(pgw(1)) - 2)
    big = big + bytes(65535 - len(big))
    answer, out = convert(cdr_file([record(big), record(pgw(2))]))
    assert answer.returncode == 0, answer.stderr
    assert [line[0] for line in numbers(tshark, out)] == ["1", "2"]


DAMAGED = {
    "cut": (cdr_file(THREE)[:-5], "1 2", "it was cut", "only"),
    "length-0": (cdr_file(THREE, length=0), "1 2 3", "the header says 0 octets", "the length is wrong"),
    "header": (cdr_file(THREE, header_length=54 + 3)[:54] + b"abc" + b"".join(THREE), "1 2 3", "do not add up", ""),
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
    (bytes(4000), "offset 4: "), (cdr_file([bytes(300)]), "no record stands behind its header"),
], ids=["empty", "short", "picture", "capture", "text", "zeros", "no-records"])
def test_what_is_no_such_file(convert, octets, said):
    answer, out = convert(octets)
    assert answer.returncode == 2 and said in answer.stderr and out.stat().st_size == 0
    assert len(answer.stderr.splitlines()) == 1 and "is no file of TS 32.297: " in answer.stderr


def test_wrong_use(runner, home):
    script = runner.reachable(SCRIPT.parent) / SCRIPT.name
    for args in ([], [home / "none.cdr", home / "out"]):
        assert runner.run("/usr/bin/python3", "-B", script, *args, home=home).returncode == 2


def test_any_octets_will_do():
    """Whatever is changed, the reader says that it is no such file, or gives records that lie within it, in order."""
    chance = random.Random(32297)
    seeds = [cdr_file(THREE), cdr_file(THREE, routeing=b"route", extension=b"vendor"), cdr_file(THREE, release=9)]
    read = 0
    for _ in range(20000):
        octets = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 5)):
            octets[chance.randrange(len(octets))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        if chance.random() < 0.2:
            del octets[chance.randrange(len(octets)):]
        try:
            file = portlore_cdr.read(bytes(octets))
        except portlore_cdr.NotCdrFile:
            continue
        read += len(file.records)
        at = file.header_length
        for each in file.records:
            assert each.offset >= at
            at = each.offset + 4 + len(each.octets)
        assert at <= len(octets) and b"".join(portlore_cdr.capture(file))
    assert read > 20000

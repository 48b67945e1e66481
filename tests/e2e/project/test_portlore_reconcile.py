"""docs/ci/portlore-reconcile: the list of a charging gateway against captures.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import sys
import xml.etree.ElementTree as ET

import pytest
from support.cdr_files import cdr_file, record
from support.paths import CAPTURES, REPOSITORY

sys.path.insert(0, str(CAPTURES))
from make.base import files, wire  # noqa: E402
from make.gtpp import cdr, gtpprime  # noqa: E402

SCRIPT = REPOSITORY / "docs" / "ci" / "portlore-reconcile"
NAME = "gtpp-unacknowledged.pcap"
TITLES = "node,local_seq,imsi,octets_up\n"
# The capture has the records 1 to 10 of this node, each with the octets and digits below.
LINES = [f"PGW-EXAMPLE-01,{n}\n" for n in range(1, 11)]


@pytest.fixture
def reconcile(runner, home):
    """reconcile(LIST, ARGUMENT ...): LIST is text or octets; captures are named as in captures/."""
    def run(content, *args, name="list.csv"):
        path = home / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(0o644)
        words = [runner.reachable(CAPTURES / arg) if (CAPTURES / str(arg)).is_file() else arg for arg in args]
        script = runner.reachable(SCRIPT.parent) / SCRIPT.name
        return runner.run("/usr/bin/python3", "-B", script, path, *(words or [runner.reachable(CAPTURES / NAME)]),
                          home=home)
    return run


def found(answer, code=1):
    assert answer.returncode == code, answer.stderr
    return [json.loads(line) for line in answer.stdout.splitlines()]


def kinds(answer):
    return [each["type"] for each in found(answer) if each["type"] not in ("node", "total")]


def test_the_same_on_both_sides(reconcile):
    answer = reconcile("node,local_seq\n" + "".join(LINES))
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "10 records in the list, 10 in the captures" in answer.stdout


def test_what_is_on_one_side_only(reconcile):
    """Record 4 was not acknowledged, 6 was; 11 is behind the capture's end, other nodes are not in it."""
    lines = [line for line in LINES if not line.endswith((",4\n", ",6\n"))]
    answer = reconcile("node,local_seq\n" + "".join(lines) + "PGW-EXAMPLE-01,11\nOTHER,1\n", "--json", NAME)
    first, second, third, fourth, node, other, total = found(answer)
    assert (first["identity"], first["fate"]) == ("PGW-EXAMPLE-01/PGW/4", "Not acknowledged")
    assert (second["local_seq"], second["fate"]) == (6, "Acknowledged") and "frame 8" in second["text"]
    assert (third["reason"], third["place"]) == ("behind-end", "line 10") and "10 (frame 10)" in third["text"]
    assert (fourth["reason"], fourth["node"]) == ("no-node", "OTHER")
    assert [node["node"], other["node"]] == ["OTHER", "PGW-EXAMPLE-01"]
    assert (total["lines"], total["same"], total["only_captured"], total["only_listed"]) == (10, 8, 2, 2)


def test_fields_that_differ(reconcile):
    answer = reconcile(TITLES + "PGW-EXAMPLE-01,1,001010000000001,840\nPGW-EXAMPLE-01,2,001010000000009,\n", "--json",
                       NAME)
    different = [each for each in found(answer) if each["type"] == "different"]
    assert [(each["place"], each["field"], each["listed"]) for each in different] == [
        ("line 3", "imsi", "001010000000009")]


def around(numbers, seqs):
    """A request with a record for each of the local numbers."""
    return [gtpprime.transfer(seq, cdr.pgw(local_seq=local)) for seq, local in zip(seqs, numbers)]


def write(path, messages, snap=None):
    """Messages as a capture, one each second; SNAP: how many octets of a message are captured."""
    near, far = wire.End("192.0.2.10", 49500), wire.End("198.51.100.20", 3386)
    octets = files.pcap_head()
    for at, message in enumerate(messages):
        frame = wire.ethernet(near, far, wire.ip(near, far, wire.PROTO_UDP, wire.udp(near, far, message)))
        kept = frame[:42 + snap[at]] if snap and at in snap else frame
        octets += files.pcap_frame(wire.START * 1000000 + at * 1000000, kept, len(frame))
    path.write_bytes(octets)
    path.chmod(0o644)
    return path


@pytest.mark.parametrize("numbers, seqs, snap, reason", [
    ((10, 12), (1, 2), None, "expected"), ((10, 12), (1, 3), None, "hole"), ((12, 13), (1, 2), None, "before-start"),
    ((9, 10), (1, 2), None, "behind-end"), ((10, 10, 12), (1, 2, 3), {1: 28}, "cut"),
    ((65535, 0, 1), (1, 2, 3), None, "behind-end"),
])
def test_what_the_capture_can_show_of_what_it_lacks(reconcile, home, numbers, seqs, snap, reason):
    path = write(home / "made.pcap", around(numbers, seqs), snap)
    said = found(reconcile("node,local_seq\nPGW-EXAMPLE-01,11\n", "--json", path))
    assert [each["reason"] for each in said if each["type"] == "not-captured"] == [reason], said


def test_what_the_capture_cut_is_not_held_against_the_list(reconcile, home):
    """The record is named, but its MSISDN and volumes are cut off; its IMSI is there, and differs."""
    path = write(home / "made.pcap", around((1,), (1,)), {0: len(around((1,), (1,))[0]) - 60})
    cells = "PGW-EXAMPLE-01,1,9997000000001,5,001010000000009\n"
    said = found(reconcile("node,local_seq,msisdn,octets_up,imsi\n" + cells, "--json", path))
    assert [each["field"] for each in said if each["type"] == "different"] == ["imsi"]


def test_one_identity_twice(reconcile):
    """A line twice is told; so is a record that only has the number of another."""
    answer = reconcile("node,local_seq,imsi\n" + "PGW-EXAMPLE-01,1,001010000000001\n" * 2, "--json", NAME)
    twice, = [each for each in found(answer) if each["type"] == "twice-listed"]
    assert (twice["place"], twice["before"]) == ("line 3", "line 2")


def test_mapping_separator_and_kind(reconcile):
    lines = "".join(f"{n};PGW-EXAMPLE-01;pgwRecord\n" for n in range(1, 11))
    answer = reconcile("Number;Element;kind\n" + lines, "--separator", ";", "--column", "node=Element", "--column",
                       "local_seq=Number", NAME)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_files_of_records(reconcile):
    octets = [record(cdr.pgw(local_seq=n)) for n in (1, 2, 200)]
    said = found(reconcile(cdr_file(octets), "--json", NAME, name="list.cdr"))
    lacking, = [each for each in said if each["type"] == "not-captured"]
    assert lacking["identity"] == "PGW-EXAMPLE-01/PGW/200" and lacking["place"].startswith("record 3 at offset ")
    assert said[-1]["listed"] == 3


@pytest.mark.parametrize("content, code, said", [
    ("", 2, "line 1: the list is empty"), ("node,local_seq\n", 1, "line 1: there are titles, and no line behind them"),
    ("a,b\n1,2\n", 2, "line 1: there is no column node and no column local_seq; there are: a, b"),
    ("node\nX\n", 2, "line 1: there is no column local_seq"),
    ("node,Node,local_seq\nX,Y,1\n", 2, 'line 1: more than one column is called "node"'),
    (b"node,local_seq,apn\nX,1,a\nX,2,\xe4\xff\nX,3,\xe4\n", 1, "line 3: there are octets that are no text"),
    ("node;local_seq\nX;1\n", 2, "line 1: the columns are separated by a semicolon: use --separator ';'"),
    ("node\tlocal_seq\nX\t1\n", 2, "line 1: the columns are separated by a tab"),
    ("\ufeffnode,local_seq\nX,1\n", 1, "line 1: there is a byte order mark, which is passed over"),
    ("node,local_seq\nX,1\n".encode("utf-16"), 2, "line 1: a byte order mark says that this is UTF-16"),
    ("imsi,node,local_seq\n1,X,1\n1,X\n1,X,3\n", 2, "line 3: 2 cells instead of 3: the line was cut"),
    ("node,local_seq\nX,1\nY,2,3\n", 2, "line 3: 3 cells instead of 2: a cell has the separator in it"),
    ("node,local_seq\nX,1", 1, "line 2: the last line has no end: it may have been cut"),
    ("node,local_seq\nX,1\n\"Y,2\n", 2, "line 3: a quotation mark is opened and not closed"),
    ("node,local_seq\nX,one\n", 2, "line 2: the local number is no number: 'one'"),
    ("node,local_seq\n,\n", 2, "line 2: neither node and local number nor a digest"),
    (cdr_file([record(cdr.pgw())])[:-9], 2, "offset"), (cdr_file([]), 1, "the file has no records"),
    (bytes(100), 2, "no file of TS 32.297"), ("sep=;\nnode;local_seq\nX;1\n", 2, "line 1: 'sep=;' is meant for a sp"),
    ("node,local_seq\nX,1\nX\0,2\n", 1, "line 3: there are octets that are 00, which is no text"),
    ("imsi,node,local_seq\n1\n", 2, "line 2: 1 cell instead of 3: the line was cut"),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(80), 2, "no file of TS 32.297"),
], ids=range(23))
def test_what_is_wrong_with_a_list_is_said_with_its_line(reconcile, content, code, said):
    answer = reconcile(content)
    assert answer.returncode == code and said in answer.stderr, answer.stderr
    assert "Traceback" not in answer.stderr


def test_what_cannot_be_read(reconcile, home):
    answer = reconcile("node,local_seq\nPGW-EXAMPLE-01,1\n", "none.pcap", NAME)
    assert answer.returncode == 2 and "none.pcap: there is no such file" in answer.stderr
    assert reconcile("node,local_seq\n", "--column", "nothing=x", NAME).returncode == 2
    assert reconcile("node,local_seq\n", "--column", "node=None", NAME).returncode == 2
    answer = reconcile("node,local_seq\n", "--keys", "/no/such/keys", NAME, NAME)
    assert answer.returncode == 2 and answer.stderr.count("the key log /no/such/keys cannot be read") == 1
    answer = reconcile("node,local_seq\n", "--junit", home / "no" / "folder.xml", NAME)
    assert answer.returncode == 2 and "folder.xml" in answer.stderr


def test_a_picture_is_no_capture_that_lacks_records(reconcile, home):
    picture = home / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    picture.chmod(0o644)
    answer = reconcile("node,local_seq\nPGW-EXAMPLE-01,1\n", "--json", picture)
    assert answer.returncode == 2 and "picture.png: this is not a capture of a network" in answer.stderr
    said = found(answer, 2)[0]
    assert (said["reason"], "as far as they could be read, have no record in GTP'" in said["text"]) == ("unread", True)


def test_what_was_not_read_is_not_said_to_be_absent(reconcile):
    """A capture, or a line of the list, that could not be read may have what the other side has; so may what a filter
    holds back. Of a list of which nothing can be used, nothing is said to be absent either."""
    answer = reconcile("node,local_seq\nOTHER,1\nPGW-EXAMPLE-01,11\n", "--json", "none.pcap", NAME)
    texts = [(each["reason"], each["text"]) for each in found(answer, 2) if each["type"] == "not-captured"]
    assert texts[0][0] == "unread" and "they could be read, have no record of this node in GTP'" in texts[0][1]
    assert texts[1][0] == "behind-end" and "that the captures, as far as they could be read, have of" in texts[1][1]
    answer = reconcile("node,local_seq\nPGW-EXAMPLE-01,5\n", "--json", "--filter", "frame.number == 0", NAME)
    said, = [each for each in found(answer) if each["type"] == "not-captured"]
    assert said["text"] == "line 2: the captures, as far as they pass the filter, have no record in GTP'"
    answer = reconcile("imsi,node,local_seq\n1\n", "--json", NAME)
    assert "it arrived, and is not in what could be read of the list" in found(answer, 2)[0]["text"]


def test_junit_of_a_list_that_cannot_be_used(reconcile, home):
    home.chmod(0o777)
    assert reconcile("a,b\n1,2\n", "--junit", home / "report.xml", NAME).returncode == 2
    suite = ET.parse(home / "report.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("1", "0", "1")


@pytest.mark.parametrize("content, number", [(b"X\xe4,2\nX\0,3\n", 2), ("\ufffd,2\n".encode(), 0)])
def test_octets_that_are_no_text_are_told_apart(reconcile, content, number):
    answer = reconcile(b"node,local_seq\n" + content, NAME)
    assert answer.returncode == 1 and answer.stderr.count("octets that are") == number, answer.stderr


def test_junit(reconcile, home):
    home.chmod(0o777)
    answer = reconcile("node,local_seq\n" + "".join(LINES[1:]), "--junit", home / "report.xml", NAME)
    assert answer.returncode == 1, answer.stderr
    suite = ET.parse(home / "report.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("1", "1", "0")
    failure = suite.find("testcase/failure")
    assert "PGW-EXAMPLE-01/PGW/1 frame 1" in failure.text and failure.get("message") == "1 difference"

"""docs/ci/portlore-records: charging records and channels as data.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv
import io
import json
import os
import pty
import subprocess
import sys

import pytest
from support.cdr_files import cdr_file, pgw, record
from support.paths import CAPTURES, REPOSITORY

SCRIPT = REPOSITORY / "docs" / "ci" / "portlore-records"
NAME = "gtpp-unacknowledged.pcap"


@pytest.fixture
def records(runner, home):
    """records(ARGUMENT ...): runs the program; captures are named as in captures/, or by path."""
    def run(*args, plugins=True):
        words = [runner.reachable(CAPTURES / arg) if (CAPTURES / str(arg)).is_file() else arg for arg in args]
        return runner.run("/usr/bin/python3", "-B", runner.reachable(SCRIPT.parent) / SCRIPT.name, *words, home=home,
                          plugins=plugins)
    return run


def objects(answer):
    assert answer.returncode == 0, answer.stderr
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_json_has_types(records):
    rows = objects(records("--json", NAME))
    assert len(rows) == 10
    first = rows[0]
    assert first["identity"] == "PGW-EXAMPLE-01/PGW/1"
    assert (first["frame"], first["local_seq"], first["octets_up"], first["decided_in"]) == (1, 1, 840, 2)
    assert (first["delay_ms"], first["age_s"]) == (11.0, 60.0)
    assert first["imsi"] == "001010000000001" and first["fate"] == "Acknowledged"
    assert (first["time"], first["opening_time"]) == ("2024-03-05T10:00:00.000000000Z", "2024-03-05T09:59:00Z")
    assert first["record_seq"] is None and first["rating_groups"] is None
    lost = [row for row in rows if row["fate"] == "Not acknowledged"]
    assert len(lost) == 4 and {row["decided_in"] for row in lost} == {None}


def test_csv_says_the_same(records):
    answer = records(NAME)
    rows = list(csv.DictReader(io.StringIO(answer.stdout)))
    for row, same in zip(rows, objects(records("--json", NAME)), strict=True):
        assert row == {name: "" if value is None else str(value) for name, value in same.items()}


def test_a_table_without_rows_has_titles(records):
    """So that a database gets its columns from any file."""
    titles = records(NAME).stdout.splitlines()[0]
    for more in (["port-mysql.pcap"], ["port-mysql.pcap", NAME], ["port-mysql.pcap", "port-mysql.pcap"]):
        lines = records(*more).stdout.splitlines()
        assert lines[0] == titles and lines.count(titles) == 1 and (len(lines) > 1) == (NAME in more)
    assert records("--json", "port-mysql.pcap").stdout == ""


def test_identity_is_that_of_the_record(records):
    """The same record twice, and in two captures; one without a local number by its octets."""
    once = [row["identity"] for row in objects(records("--json", NAME))]
    assert len(set(once)) == 10
    assert [row["identity"] for row in objects(records("--json", NAME, NAME))] == once * 2
    digests = [row["identity"] for row in objects(records("--json", "gtpp-other-domains.pcap"))
               if row["local_seq"] is None]
    assert digests and all(each.startswith("sha256:") for each in digests)


def test_filter(records):
    rows = objects(records("--json", "--filter", "gtpp.cdr.fate == 8 && frame.number in {4, 7}", NAME))
    assert [row["local_seq"] for row in rows] == [4, 5, 7]


def test_channels(records):
    row, = objects(records("--json", "--channels", "rdgudp-alert.pcap"))
    assert row["verdict"] and row["channel"] == 0 and row["packets"] == 4
    assert (row["first"], row["last"]) == ("2024-03-05T10:00:00.000000000Z", "2024-03-05T10:00:01.003000000Z")


def test_what_cannot_be_read_is_said_and_the_rest_is_read(records, home):
    empty, cut, text = home / "empty.pcap", home / "cut.pcap", home / "text.pcap"
    empty.write_bytes(b"")
    cut.write_bytes((CAPTURES / NAME).read_bytes()[:-5])
    text.write_text("This is not a capture, whatever its name says.\n" * 3)
    for path in (empty, cut, text):
        path.chmod(0o644)
    answer = records("--json", "none.pcap", empty, text, cut, NAME)
    assert answer.returncode == 2
    said = answer.stderr.splitlines()
    assert [line.split(": ")[0] for line in said] == ["portlore-records"] * len(said)
    assert "no such file" in said[0] and "empty" in said[1] and "cut short" in said[-1]
    assert [json.loads(line)["capture"] for line in answer.stdout.splitlines()].count(str(cut)) >= 9
    assert sum(line.count(NAME) for line in answer.stdout.splitlines()) == 10


@pytest.mark.parametrize("octets", [b"\x89PNG\r\n\x1a\n" + bytes(100), b"\x7fELF" + bytes(100), b'{"a": 1}\n'],
                         ids=["PNG", "ELF", "JSON"])
@pytest.mark.parametrize("option", ["--csv", "--json", "--channels"])
def test_what_is_no_capture_is_not_one_without_records(records, home, octets, option):
    """tshark reads such files as one packet."""
    path = home / "picture.pcap"
    path.write_bytes(octets)
    path.chmod(0o644)
    answer = records(option, path)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "picture.pcap: this is not a capture of a network" in answer.stderr


def test_output_that_cannot_be_written(runner, home):
    """A full disk is no difference and no finding: exit code 2, and one line."""
    capture, folder = runner.reachable(CAPTURES / NAME), runner.reachable(SCRIPT.parent)
    listed, file = home / "list.csv", home / "night.cdr"
    listed.write_text("node,local_seq\n")
    file.write_bytes(cdr_file([record(pgw(1))]))
    for path in (listed, file):
        path.chmod(0o644)
    for name, *words in (("portlore-records", capture), ("portlore-records", "--json", capture),
                         ("portlore-reconcile", listed, capture), ("portlore-reconcile", "--json", listed, capture),
                         ("portlore-check", capture), ("portlore-check", "--json", capture),
                         ("portlore-cdrfile", file, home / "out.pcapng")):
        with open("/dev/full", "w", encoding="utf-8") as full:
            answer = runner.run("/usr/bin/python3", "-B", folder / name, *words, home=home, capture_output=False,
                                stdout=full, stderr=subprocess.PIPE)
        assert answer.returncode == 2, (name, answer.stderr)
        assert answer.stderr.splitlines()[-1].startswith(f"{name}: reading or writing failed: "), answer.stderr
        assert "Traceback" not in answer.stderr and "Exception" not in answer.stderr


@pytest.mark.parametrize("args, said", [
    (["--filter", "gtpp.no_such_field", NAME], "gtpp.no_such_field"),
    (["--filter", " ", NAME], "the filter is empty"),
    (["--tshark", "/no/such/tshark", NAME], "cannot be run"),
    (["--keys", "/no/such/keys", NAME, NAME], "the key log /no/such/keys cannot be read"),
    (["--csv", "--json", NAME], "not allowed with"),
    ([], "CAPTURE"),
])
def test_wrong_use(records, args, said):
    answer = records(*args)
    assert answer.returncode == 2 and said in answer.stderr and not answer.stdout, answer.stderr
    assert answer.stderr.count("key log") <= 1


def test_without_portlore(records):
    answer = records(NAME, plugins=False)
    assert answer.returncode == 2 and "gtpp,records" in answer.stderr and not answer.stdout


def test_progress_is_shown_on_a_terminal_alone(home):
    """When a capture takes longer than two seconds; a log has no use for it."""
    slow = home / "slow"
    slow.write_text("#!/bin/sh\nsleep 3\nexit 1\n", encoding="utf-8")
    slow.chmod(0o755)
    command = [sys.executable, "-B", SCRIPT, "--tshark", slow, CAPTURES / NAME]
    try:
        terminal, other_end = pty.openpty()
    except OSError as reason:
        pytest.skip(f"this machine has no terminals: {reason}")
    assert subprocess.run(command, stdout=subprocess.DEVNULL, stderr=other_end, check=False).returncode == 2
    os.close(other_end)
    assert f"\rportlore-records: reading {CAPTURES / NAME}, 2 s".encode() in os.read(terminal, 4096)
    os.close(terminal)
    assert "reading" not in subprocess.run(command, capture_output=True, text=True, check=False).stderr

"""IANA's registry: data/iana.tsv, the table that is compiled in, and tools/registry.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv
import os
import subprocess
from pathlib import Path

import pytest
from generator import iana
from generator.checked_json import Fault
from support.paths import REPOSITORY

TSV = REPOSITORY / "data/iana.tsv"
BITS = {"tcp": 1, "udp": 2, "sctp": 4, "dccp": 8, "": 31}
HEAD = ("Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,Registration Date,Modification Date,"
        "Reference,Service Code,Unauthorized Use Reported,Assignment Notes").split(",")


def rows_by_number(lines):
    """What the file says of each number and transport: a second reader, which shares nothing with the generator."""
    for line in lines:
        number, transport, *texts = line.split("\t")
        first, _, last = number.partition("-")
        for port in range(int(first), int(last or first) + 1):
            for bit in (1, 2, 4, 8, 16):
                if BITS[transport] & bit:
                    yield port, bit, tuple(texts)


def test_every_row_is_compiled_in():
    lines = TSV.read_text(encoding="utf-8").splitlines()
    build = Path(os.environ.get("PORTLORE_BUILD", REPOSITORY / "build/default")).resolve()
    program = build / "tests/unit/test_port_registry"
    dumped = subprocess.run([program, "--dump"], capture_output=True, encoding="utf-8", check=True,
                            env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout.split("\n")[:-1]
    assert f"as of {dumped[0]};" in lines[0]
    compiled = []
    for line in dumped[1:]:
        port, bits, *texts = line.split("\t")
        compiled += [(int(port), bit, tuple(texts)) for bit in (1, 2, 4, 8, 16) if int(bits) & bit]
    wanted = set(rows_by_number(lines[2:]))  # a row without a transport may repeat one that has it
    assert len(wanted) > 100000
    assert sorted(compiled) == sorted(wanted)


def test_nobody_is_named():
    assert "@" not in TSV.read_text(encoding="utf-8")


GOOD = "7\ttcp\techo\tEcho\t2002-02\t\t\t\t"


@pytest.mark.parametrize("row, fault", [
    (GOOD + "\t", "line 3: 10 columns, but there are 9"),
    (GOOD.replace("7", "65536"), 'line 3: "65536" is neither a port number nor a range of them'),
    (GOOD.replace("7", "9-7"), 'line 3: "9-7" is neither a port number nor a range of them'),
    (GOOD.replace("tcp", "tpc"), 'line 3: "tpc" is not one of tcp, udp, sctp, dccp'),
    (GOOD.replace("echo", "e cho"), 'line 3: "e cho" is not the name of a service'),
    (GOOD.replace("2002-02", "2002-13"), 'line 3: "2002-13" is not a date as 2002-02 or 2002-02-27'),
    (GOOD.replace("Echo", " Echo"), 'line 3: " Echo" has blanks or characters that do not belong there'),
    (GOOD.replace("echo", "").replace("Echo", ""), "line 3: there is neither a service nor a description"),
    (f"{GOOD}\n{GOOD}", "line 4: this row is there twice, first in line 3"),
    (f"{GOOD}\n{GOOD.replace('7', '6')}", "line 4: 6 comes after 7; the numbers must ascend"),
])
def test_a_broken_row_is_named(row, fault, tmp_path):
    head = "\n".join(TSV.read_text(encoding="utf-8").split("\n")[:2])
    path = tmp_path / "iana.tsv"
    path.write_text(f"{head}\n{GOOD}\n", encoding="utf-8")
    assert len(iana.read(path).rows) == 1
    path.write_text(f"{head}\n{row}\n", encoding="utf-8")
    with pytest.raises(Fault) as caught:
        iana.read(path)
    assert caught.value.lines == (fault,)


@pytest.fixture
def copied(tmp_path):
    """A copy of what tools/registry reads and writes, with three rows in the file."""
    for path in ("data", "tools/registry"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-r", str(REPOSITORY / path), str(tmp_path / path)], check=True)
    lines = TSV.read_text(encoding="utf-8").split("\n")[:2]
    rows = [GOOD, GOOD.replace("tcp", "udp"), "9\ttcp\tdiscard\tDiscard\t\t\t\t\t"]
    (tmp_path / "data/iana.tsv").write_text("\n".join([*lines, *rows, ""]), encoding="utf-8")
    return tmp_path


def run_registry(repository, rows, head=HEAD, *args):
    with open(repository / "iana.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return subprocess.run(["/usr/bin/python3", "-B", "tools/registry", "iana.csv", *args], cwd=repository,
                          capture_output=True, encoding="utf-8", check=False, timeout=60)


def record(name, number, transport, text, **more):
    cells = {"Service Name": name, "Port Number": number, "Transport Protocol": transport, "Description": text,
             "Assignee": "[A_Person]", "Contact": "[A_Person]", **more}
    return [cells.get(column, "") for column in HEAD]


def test_registry_says_what_changed(copied):
    done = run_registry(copied, [
        record("echo", "7", "tcp", "Echo", **{"Registration Date": "2002-02"}),
        record("echo", "7", "udp", "Echo", **{"Registration Date": "2002-02", "Modification Date": "2026-09-01",
                                              "Reference": "[RFC862][Jon_Postel][1]",
                                              "Assignment Notes": "Once by\n  [Jon_Postel], see [RFC862]"}),
        record("", "8-10", "", "Unassigned"),
        record("_by-name-only", "", "tcp", "without a number"),
    ])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["- 9/tcp discard Discard", "~ 7/udp echo Echo", "+ 8-10/all - Unassigned",
                                        "3 rows of 2026-08-17 became 3 rows of 2026-09-01; 3 changes."]
    assert (copied / "data/iana.tsv").read_text(encoding="utf-8").split("\n")[2:] == [
        GOOD, "7\tudp\techo\tEcho\t2002-02\t2026-09-01\tRFC 862; note 1\t\tOnce by (a person), see [RFC862]",
        "8-10\t\t\tUnassigned\t\t\t\t\t", ""]


@pytest.mark.parametrize("rows, head, fault", [
    ([record("echo", "7", "tpc", "Echo")], HEAD, 'line 2: "tpc" is not one of tcp, udp, sctp, dccp'),
    ([["echo", "7"]], HEAD, "line 2: 2 columns, but there are 12"),
    ([], HEAD, "line 3: there is no row"),
    ([], HEAD[1:], "line 1: this is not IANA's file"),
])
def test_registry_refuses_a_broken_file(rows, head, fault, copied):
    before = (copied / "data/iana.tsv").read_bytes()
    done = run_registry(copied, rows, head, "2026-09-01")
    assert done.returncode == 1
    assert fault in done.stderr
    assert (copied / "data/iana.tsv").read_bytes() == before


def test_registry_has_help():
    done = subprocess.run(["/usr/bin/python3", "-B", REPOSITORY / "tools/registry", "--help"], capture_output=True,
                          encoding="utf-8", check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("registry CSV [DATE]: makes data/iana.tsv anew from IANA's")
    assert "SPDX" not in done.stdout

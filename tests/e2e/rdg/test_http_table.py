"""RD Gateway's main channel: each row of the decision table in docs/rdgateway.md can be seen in the capture it names.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).resolve().parents[3] / "docs/rdgateway.md").read_text(encoding="utf-8")
# Number, meaning, what to do, capture.
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]*) \| `(rdghttp-[\w-]+)` \|$", re.M)
ROWS = ROW.findall(PAGE)
NUMBERS = [*range(16), 20, 21, 22, 30]  # binding
NOT_KNOWN = "0"


@pytest.fixture(scope="module")
def words(runner):
    """The verdicts' words by their numbers."""
    lines = runner.run("tshark", "-G", "values").stdout.splitlines()
    found = [line.split("\t") for line in lines if line.startswith("V\trdghttp.udp.verdict\t")]
    return {str(int(number, 0)): text for _, _, number, text in found}


def test_the_table_has_every_verdict(words):
    table = PAGE[PAGE.index("| number | meaning |"):]
    table = table[:table.index("\n\n")].splitlines()[2:]
    assert len(table) == len(ROWS), "a row does not name a capture"
    assert [int(row[0]) for row in ROWS] == NUMBERS == sorted(map(int, words))


@pytest.mark.parametrize("number, name", [(row[0], row[3]) for row in ROWS])
def test_row(tshark, fields, words, number, name):
    """The report has a session of this verdict, with a sentence that says why; and the filter finds its packet."""
    lines = tshark(f"{name}.pcapng", "-2", "-q", "-z", "rdghttp,sessions")
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if re.match(r"[\d.]+:\d+ \|", line)]
    cell = "" if number == NOT_KNOWN else words[number]
    mine = [row for row in rows if row[10] == cell]
    assert mine and all(row[11].endswith(".") for row in mine)
    if number == NOT_KNOWN:
        assert all(row[11].startswith("Cannot be told from here, because ") for row in mine)
    sessions = fields(f"{name}.pcapng", f"rdghttp.udp.verdict == {number}", "rdghttp.session", extra=["-2"])
    assert {row[2] for row in mine} & set(sessions)

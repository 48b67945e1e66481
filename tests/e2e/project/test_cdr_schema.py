"""The table of charging records, data/cdr.schema: what is wrong with one is named with its line.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re

import pytest
from generator import cdr
from generator.checked_json import Fault
from support.paths import REPOSITORY

SCHEMA = (REPOSITORY / "data/cdr.schema").read_text(encoding="ascii")
SMALL = """\
R 1 2 PS aRecord ARecord
N 1 PS A
T ARecord SET
 0 recordType RecordType
 1 parts *Part ?
T Part CHOICE
 0 number INTEGER
 1 text IA5String size=1..63
T RecordType INTEGER
  1 aRecord
"""


def faults(text, folder):
    path = folder / "cdr.schema"
    path.write_text(text, encoding="utf-8")
    try:
        cdr.make(cdr.read(path))
    except Fault as fault:
        return list(fault.lines)
    return []


def test_a_small_table_is_good(tmp_path):
    assert not faults(SMALL, tmp_path)


@pytest.mark.parametrize("old, new, fault", [
    ("*Part ?", "*Parts ?", "line 5: the type Parts is not defined"),
    (" 1 text", " 0 text", "line 8: the tag 0 is there twice in Part, first in line 7"),
    (" 1 parts", " 0 parts", "line 5: the tag 0 is there twice in ARecord, first in line 4"),
    ("1 text", "1 number", "line 8: the name number is there twice in Part, first in line 7"),
    ("T Part CHOICE", "T RecordType CHOICE", "line 9: the type RecordType is there twice, first in line 6"),
    ("  1 aRecord", "  1 aRecord\n  1 other", "line 11: 1 other has the number or the name of 1 aRecord"),
    (" 0 number INTEGER\n 1 text IA5String size=1..63", " - number INTEGER\n - count INTEGER",
     "line 8: count begins like number of line 7"),
    ("N 1 PS A\n", "", "line 1: nothing says what people call recordType 1"),
    ("N 1 PS A", "N 2 PS A", "line 2: there is no record with recordType 2 in PS"),
    ("ARecord SET", "ARecord SET optional", 'line 3: unknown word "optional"'),
    ("size=1..63", "size=63..1", "line 8: size=63..1 ends before it begins"),
    ("size=1..63", "as=txt", 'line 8: unknown word "as=txt"'),
    ("R 1 2", "R 1 70000", "line 1: tag 70000 is not from 0 to 65534"),
    ("T RecordType INTEGER\n  1 aRecord", "T RecordType RecordType", "line 9: the type RecordType is named by itself"),
    ("T Part CHOICE", "T Part INTEGER", "line 7: a component belongs to a SEQUENCE, SET or CHOICE"),
    (" 0 recordType", "X recordType", 'line 4: a line cannot begin with "X"'),
    ("N 1 PS A", "N 1 PS A\nK TYPE recordTyp", "line 3: no record has a field recordTyp"),
    ("N 1 PS A", "N 1 PS A\nK TYPE recordType in bRecord", "line 3: there is no record bRecord"),
    ("aRecord ARecord", "aRecord Record", "line 1: the type Record is not defined"),
])
def test_a_wrong_table_names_the_line(tmp_path, old, new, fault):
    assert old in SMALL
    assert fault in faults(SMALL.replace(old, new, 1), tmp_path)


def test_faults_are_all_named_in_one_run(tmp_path):
    assert len(faults(SMALL.replace("*Part", "*Parts").replace(" 1 text", " 0 text"), tmp_path)) == 2


def test_letters_beyond_ascii_are_named(tmp_path):
    assert faults(SMALL.replace("aRecord A", "aR\u00e9cord A", 1), tmp_path) == ["line 1: this is not ASCII"]


def test_the_table_has_every_record_and_no_prose():
    """112 rows of records that can be decoded, and nothing but names, numbers and words of the table's own."""
    lines = [line for line in SCHEMA.splitlines() if not line.startswith("#")]
    assert sum(line.startswith("R ") and not line.endswith(" -") for line in lines) == 111
    assert sum(line.startswith("T ") for line in lines) == 742
    words = {word for line in lines if not line.startswith("N ") for word in line.split()[3:]}
    assert not [word for word in words if not re.fullmatch(r"[?!*A-Za-z0-9.=_-]+", word)]

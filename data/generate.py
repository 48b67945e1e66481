#!/usr/bin/python3
"""generate.py: makes the tables in C and the pages of docs/ from the files in data/. --check only compares.

The output is committed, so that a build needs neither Python nor jsonschema; the test "generated" runs --check.
A table is one entry in TABLES: its source in data/ and a module of generator/ with two functions. read(path) returns
the content after checking it, and raises Fault where it is wrong; make(content) returns the text of each output by its
path from the top of the repository.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import sys
from pathlib import Path

from generator import cdr, iana, ports, services
from generator.checked_json import Fault

TOP = Path(__file__).resolve().parents[1]
TABLES = [
    ("data/ports.json", ports),
    ("data/cdr.schema", cdr),
    ("data/iana.tsv", iana),
    ("data/services.tsv", services),
]


def outputs(source, table):
    """The text of each output of a table, by the path of the file."""
    return {TOP / path: text for path, text in table.make(table.read(TOP / source)).items()}


def main(args):
    if args not in ([], ["--check"]):
        sys.exit(f"{Path(__file__).name}: only --check may be given.")
    differ = False
    for source, table in TABLES:
        try:
            made = outputs(source, table)
        except Fault as fault:
            sys.exit("\n".join(f"{source}: {line}" for line in fault.lines))
        for path, text in made.items():
            if path.exists() and path.read_text(encoding="utf-8") == text:
                continue
            differ = True
            shown = path.relative_to(TOP)
            if args:
                print(f"{shown} is not what data/generate.py makes of {source}: run data/generate.py.", file=sys.stderr)
            else:
                path.write_text(text, encoding="utf-8")
                print(f"Wrote {shown}.")
    return 1 if args and differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

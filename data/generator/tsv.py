"""Tables with tabs between their cells: a line that says what the file is, one with the columns, then the rows.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from .checked_json import Fault


def read_lines(path):
    """The lines of the file; what stands behind the last line end counts as one."""
    try:
        return path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        raise Fault("there is no such file") from None
    except UnicodeDecodeError as error:
        raise Fault(f"line {path.read_bytes()[:error.start].count(10) + 1}: this is not UTF-8") from None


def take_rows(lines, columns):
    """The rows among the lines, which begin in line 3, after a check of line 2 and of the end."""
    if tuple(lines[1:2]) != ("\t".join(columns),):
        raise Fault(f"line 2: the columns are not {', '.join(columns)}")
    if lines[-1] != "":
        raise Fault(f"line {len(lines)}: the file ends within a row")
    return [tuple(line.split("\t")) for line in lines[2:-1]]

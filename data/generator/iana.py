"""IANA's port registry: data/iana.tsv becomes a constant table in C.

Rows that differ in nothing but the transport are one row of the table. A range that has another row inside is cut
there, so that the rows of a number stand together and a binary search finds them. The texts are in a few strings, and
a row has their places: nothing has to be relocated when the plugin is loaded. plugin/portlore/port_registry.h says
what the numbers mean.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re

from . import tsv
from .checked_json import Fault
from .text import c_rows, c_string

C_FILE = "plugin/portlore/port_registry_table.c"
COLUMNS = ("number", "transport", "service", "description", "registered", "modified", "reference", "unauthorized use",
           "note")
TRANSPORTS = ("tcp", "udp", "sctp", "dccp")  # the bits of a row, from the lowest
EVERY = 0x1F  # all transports, because the row names none
HEAD = re.compile(r"# IANA Service Name and Transport Protocol Port Number Registry, as of (\d{4}-\d\d-\d\d); "
                  r"https://\S+\Z")
NUMBER = re.compile(r"(0|[1-9]\d{0,4})(?:-([1-9]\d{0,4}))?\Z")
SERVICE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9+_./*-]*[A-Za-z0-9+*])?\Z")
DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?\Z")
BLOCK = 0xFFFF  # a compiler need not take a longer string
WIDTH = 118


class Registry:
    """The rows in the order of the file, each a tuple as COLUMNS has it, and the date of the registry."""

    def __init__(self, as_of, rows):
        self.as_of, self.rows = as_of, rows


def span(number):
    """The first and the last number of a row."""
    first, last = NUMBER.match(number).groups()
    return int(first), int(last or first)


def row_fault(row):
    """What is wrong with a row, or None."""
    if len(row) != len(COLUMNS):
        return f"{len(row)} columns, but there are {len(COLUMNS)}"
    number, transport, service, description, registered, modified = row[:6]
    if not NUMBER.match(number) or span(number)[1] > 65535 or span(number)[0] > span(number)[1]:
        return f'"{number}" is neither a port number nor a range of them'
    if transport not in ("", *TRANSPORTS):
        return f'"{transport}" is not one of {", ".join(TRANSPORTS)}'
    if service and not SERVICE.match(service):
        return f'"{service}" is not the name of a service'
    if not service and not description:
        return "there is neither a service nor a description"
    for date in (registered, modified):
        if date and not DATE.match(date):
            return f'"{date}" is not a date as 2002-02 or 2002-02-27'
    for text in row:
        if text != " ".join(text.split()) or not text.isprintable():
            return f'"{text}" has blanks or characters that do not belong there'
    return None


def read(path):
    """The Registry in the file."""
    lines = tsv.read_lines(path)
    head = HEAD.match(lines[0])
    if not head:
        raise Fault("line 1: this does not say which registry it is, of which date, and where it is published")
    rows, faults, seen, before = [], [], {}, 0
    for line, row in enumerate(tsv.take_rows(lines, COLUMNS), 3):
        problem = row_fault(row)
        if not problem and row in seen:
            problem = f"this row is there twice, first in line {seen[row]}"
        if not problem and span(row[0])[0] < before:
            problem = f"{row[0]} comes after {before}; the numbers must ascend"
        if problem:
            faults.append(f"line {line}: {problem}")
            continue
        seen[row] = line
        before = span(row[0])[0]
        rows.append(row)
    if not rows and not faults:
        faults.append("line 3: there is no row")
    if faults:
        raise Fault(*faults)
    return Registry(head[1], rows)


def status(row):
    """What a row says of its number, RFC 6335 section 6. A row without a service may say none of the three."""
    if row[2]:
        return "ASSIGNED"
    for word in ("UNASSIGNED", "RESERVED"):
        if re.match(rf"{word}\b", row[3], re.IGNORECASE):
            return word
    return "STATELESS"


class Blocks:
    """Texts, each there once, one behind the other in blocks; the empty one is at 0."""

    def __init__(self, name, most):
        self.name, self.most = name, most
        self.blocks, self.at, self.used = [[""]], {"": 0}, 1

    def add(self, text):
        if text not in self.at:
            size = len(text.encode("utf-8")) + 1
            if self.used + size > BLOCK:
                if len(self.blocks) == self.most:
                    raise Fault(f"the texts of {self.name} do not fit {self.most} x 64 KiB any more")
                self.blocks.append([])
                self.used = 0
            self.at[text] = (len(self.blocks) - 1) << 16 | self.used
            self.blocks[-1].append(text)
            self.used += size
        return self.at[text]

    def c_text(self):
        """The blocks as strings of C."""
        for i in range(self.most):
            lines, line = [], ""
            for text in self.blocks[i] if i < len(self.blocks) else [""]:
                piece = c_string(text)[1:-1] + "\\000"  # three digits: the next text may begin with one
                if line and len(line) + len(piece) > WIDTH - 8:
                    lines.append(line)
                    line = ""
                line += piece
            body = "".join(f'    "{line}"\n' for line in [*lines, line])
            yield f"const char port_registry_{self.name}{i if self.most > 1 else ''}[] =\n{body}    ;\n\n"


def merged(rows):
    """(first, last, transports, row): ranges are cut where another row begins or ends; equal rows are one."""
    cuts = sorted({edge for row in rows for edge in (span(row[0])[0], span(row[0])[1] + 1)})
    place = {cut: i for i, cut in enumerate(cuts)}
    found = {}  # in the order of the file
    for row in rows:
        first, last = span(row[0])
        bits = 1 << TRANSPORTS.index(row[1]) if row[1] else EVERY
        for i in range(place[first], place[last + 1]):
            key = cuts[i], cuts[i + 1] - 1, row[2:]
            found[key] = found.get(key, 0) | bits
    for (first, last, texts), bits in sorted(found.items(), key=lambda item: item[0][0]):
        yield first, last, bits, ("", "", *texts)


def c_file(registry):
    names, notes, words = Blocks("names", 1), Blocks("notes", 1), Blocks("words", 4)
    rows = [(first, last, words.add(row[3]), names.add(row[2]), *(notes.add(text) for text in row[4:]), bits,
             status(row)[0:2]) for first, last, bits, row in merged(registry.rows)]
    texts = "".join(text for pool in (names, notes, words) for text in pool.c_text())
    letters = "".join(f"#define {name[0:2]} PORT_REGISTRY_{name}\n"
                      for name in ("ASSIGNED", "UNASSIGNED", "RESERVED", "STATELESS"))
    return f"""\
/* port_registry_table.c
 * IANA's Service Name and Transport Protocol Port Number Registry.
 * Generated from data/iana.tsv by data/generate.py: change the facts there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "port_registry_table.h"

#ifdef __GNUC__
#pragma GCC diagnostic ignored "-Woverlength-strings"
#endif

/* clang-format off */
const char port_registry_table_as_of[] = "{registry.as_of}";

{letters}
const port_registry_row_t port_registry_table[] = {{
{c_rows(rows, WIDTH)}}};
const size_t port_registry_table_size = sizeof port_registry_table / sizeof port_registry_table[0];

{texts.rstrip()}
"""


def make(registry):
    return {C_FILE: c_file(registry)}

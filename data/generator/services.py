"""Which protocols belong to a service of IANA's registry: data/services.tsv becomes a constant table in C.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re

from . import iana, tsv
from .checked_json import Fault
from .text import c_string

C_FILE = "plugin/portlore/service_protocols_table.c"
COLUMNS = ("service", "transport", "protocols", "sources")
TRANSPORTS = ("tcp", "udp")  # bits of the table, as in port_registry_table.h
PROTOCOLS = re.compile(r"[a-z0-9_.-]+(,[a-z0-9_.-]+)*")
# What proves a protocol: a line of tshark -G decodes, the RFC to which the registry's row refers, or the C file (of
# Wireshark, or of ours) that hands the connection on to it or recognises it.
SOURCE = re.compile(r"decodes (?:tcp|udp|tls)\.port \d+|RFC \d+|[a-z]+[-_][a-z]+\.c")
LONGEST = {"service": 15, "protocols": 31}  # what the table's members hold


def references(registry):
    """(service, transport) of all rows, each with the documents that it refers to."""
    found = {}
    for row in registry.rows:
        for transport in [row[1]] if row[1] else TRANSPORTS:
            found.setdefault((row[2], transport), set()).update(row[6].split("; "))
    return found


def row_fault(row, known):
    """What is wrong with a row, or None. KNOWN: as references() has it."""
    if len(row) != len(COLUMNS):
        return f"{len(row)} columns, but there are {len(COLUMNS)}"
    service, transport, protocols, sources = row
    if transport not in TRANSPORTS:
        return f'"{transport}" is not one of {", ".join(TRANSPORTS)}'
    if (service, transport) not in known:
        return f'the registry has no service "{service}" on {transport}'
    if not PROTOCOLS.fullmatch(protocols):
        return f'"{protocols}" is not a list of filter names'
    if len(service) > LONGEST["service"] or len(protocols) > LONGEST["protocols"]:
        return "this is longer than the table has room for"
    if len(sources.split("; ")) != len(protocols.split(",")):
        return "there is not one source for each protocol"
    for source in sources.split("; "):
        if not SOURCE.fullmatch(source):
            return f'"{source}" is no source'
        if source.startswith("RFC ") and source not in known[service, transport]:
            return f"the registry does not refer to {source} at this service"
    return None


def read(path):
    """The rows of the file, by service."""
    table = tsv.take_rows(tsv.read_lines(path), COLUMNS)
    known = references(iana.read(path.parent / "iana.tsv"))
    rows, faults, seen = [], [], set()
    for line, row in enumerate(table, 3):
        problem = row_fault(row, known)
        if not problem and row[:2] in seen:
            problem = f"{row[0]} is there twice on {row[1]}"
        seen.add(row[:2])
        rows.append(row)
        if problem:
            faults.append(f"line {line}: {problem}")
    if faults:
        raise Fault(*faults)
    return sorted(rows)


def make(rows):
    lines = "".join(f"    {{ {c_string(service)}, {1 << TRANSPORTS.index(transport)}, {c_string(protocols)} }},\n"
                    for service, transport, protocols, _ in rows)
    return {C_FILE: f"""\
/* service_protocols_table.c
 * Which protocols belong to a service of IANA's registry.
 * Generated from data/services.tsv by data/generate.py: change the facts there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "service_protocols.h"

/* clang-format off */
const service_protocols_row_t service_protocols_table[] = {{
{lines}}};
const size_t service_protocols_table_size = sizeof service_protocols_table / sizeof service_protocols_table[0];
"""}

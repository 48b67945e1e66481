"""The page of charging records: docs/records.md, from data/cdr.schema.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import textwrap

from . import cdr_schema

PAGE = "docs/records.md"
WIDTH = 116
DOMAINS = {
    "PS": "Packet-switched (GPRS, EPS)", "CS": "Circuit-switched", "IMS": "IMS", "MMTel": "MMTel",
    "SMS": "Short messages", "MMS": "Multimedia messages", "LCS": "Location services", "PoC": "Push to talk",
    "MBMS": "Broadcast and multicast", "ProSe": "Proximity services", "MONTE": "Monitoring events",
    "CPDT": "Control plane data transfer", "EFAPI": "Exposure function", "CHF": "5G charging function",
}
HEAD = """\
<!-- SPDX-License-Identifier: GPL-2.0-or-later -->
<!-- Generated from data/cdr.schema by data/generate.py: change the facts there. -->

# Charging records

All records of 3GPP TS 32.298 (releases 16 to 18, and those of GGSNs until release 7) with their fields, in the order of
the specification. A number in brackets is the tag. Every field is a filter: `cdr.` and its name, with `_` for each `-`
(`session-Id` is `cdr.session_Id`). Behind a colon is the type of what has parts of its own; [Parts](#parts) lists these
types, and a star says that there may be several. [gtpprime.md](gtpprime.md) tells how to use them; the key fields
(`gtpp.cdr.*`), which are the same for all records, are in [reference.md](reference.md).

"""


def inner_type(schema, use):
    """Stars and name of the type with parts that a component has, or nothing."""
    stars, found = 0, None
    while True:
        stars += use.lists
        if use.base not in schema.types:
            return None
        found = schema.types[use.base]
        if found.fields:
            return "*" * stars, found.name
        use = found.use


def field_text(schema, component):
    inner = inner_type(schema, component.use)
    tag = f"[{component.tag}] " if component.tag is not None else ""
    part = f": {inner[0]}{inner[1]}" if inner else ""
    return f"{tag}{component.name}{part}"


def fields_text(schema, a_type):
    """The fields as lines of a code block, so that no star is taken for emphasis."""
    text = ", ".join(field_text(schema, component).replace(" ", "\x1f") for component in a_type.fields)
    lines = textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)
    return "```text\n" + "\n".join(lines).replace("\x1f", " ") + "\n```\n"


def reached(schema):
    """Names of the types with parts that records lead to."""
    names, waiting = set(), [record.type for record in schema.records if record.type]
    records = set(waiting)
    while waiting:
        for component in schema.types[waiting.pop()].fields:
            inner = inner_type(schema, component.use)
            if inner and inner[1] not in names:
                names.add(inner[1])
                waiting.append(inner[1])
    return sorted(names - records, key=str.lower)


def make(schema):
    assert isinstance(schema, cdr_schema.Schema)
    text = HEAD
    for domain in dict.fromkeys(record.domain for record in schema.records):
        text += f"## {DOMAINS.get(domain, domain)}\n\n"
        for record in schema.records:
            if record.domain != domain:
                continue
            old = ", until release 7" if record.until else ""
            tag = "not known" if record.tag is None else record.tag
            text += f"### {record.name}\n\n{record.called}: recordType {record.number}, outermost tag {tag}{old}\n\n"
            text += fields_text(schema, schema.types[record.type]) + "\n" if record.type else ""
    text += "## Parts\n\n"
    for name in reached(schema):
        text += f"### {name}\n\n{fields_text(schema, schema.types[name])}\n"
    return {PAGE: text.rstrip() + "\n"}

"""The table of charging records: data/cdr.schema becomes constant tables in C.

The tables point to one another by numbers, and to texts by their place in one pool: nothing in them has to be relocated
when the plugin is loaded. plugin/cdr/cdr_schema.h says what the numbers mean.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from . import cdr_page, cdr_schema
from .checked_json import Fault
from .text import c_rows, c_string

C_FILE = "plugin/cdr/cdr_schema_table.c"
NAME_FILE = "plugin/cdr/cdr_schema_names.c"
FIELD_FILE = "plugin/cdr/cdr_schema_fields.c"
TEXT_FILE = "plugin/cdr/cdr_schema_text.c"
NONE = 0xFFFF
WIDTH = 118
TEXT_KINDS = ("UTF8String", "IA5String", "GraphicString")
SHAPES = {"SEQUENCE": "SET", "SET": "SET", "CHOICE": "CHOICE", "INTEGER": "INTEGER", "ENUMERATED": "ENUMERATED",
          "BOOLEAN": "BOOLEAN", "NULL": "NULL", "OCTET-STRING": "OCTETS", "BIT-STRING": "BITS",
          "OBJECT-IDENTIFIER": "OID", "REAL": "REAL", "ANY": "ANY", **dict.fromkeys(TEXT_KINDS, "TEXT")}
# What a field of Wireshark's holds, by shape, and for octets by what they are.
HOLDS = {"INTEGER": "NUMBER", "ENUMERATED": "NUMBER", "BOOLEAN": "BOOLEAN", "NULL": "NULL", "TEXT": "TEXT",
         "BITS": "OCTETS", "OID": "OID", "REAL": "REAL", "ANY": "OCTETS"}
OCTETS_HOLD = {"timestamp": "TIME", "ipv4": "IPV4", "ipv6": "IPV6", "uint": "NUMBER", **dict.fromkeys(
    ("tbcd", "address", "number", "plmn", "timezone", "text", "rai", "smsaddress", "isup"), "TEXT")}
FLAG_LETTERS = {"optional": "O", "explicit": "E", "added": "A", "untagged": "U", "since_17": "S17", "since_18": "S18",
                "until_16": "U16", "until_17": "U17", "open": "P", "ext": "X", "signed": "N", "unordered": "T",
                "ia5": "I"}
# Where a name holds two things, the first of these has the name, and the others the suffix beside them.
SUFFIXES = (("NUMBER", ""), ("OCTETS", "_octets"), ("IPV4", "_ipv4"), ("IPV6", "_ipv6"), ("TIME", "_time"),
            ("OID", "_oid"),
            ("REAL", "_real"), ("BOOLEAN", "_flag"), ("NULL", "_null"), ("PARTS", "_parts"), ("TEXT", "_text"))


# Fields of the plugin's own, and its expert items: plugin/cdr/cdr_parts.c.
RESERVED = {"item", "element", "misfit", "unknown", "malformed", "too_many", "own"}


class Pool:
    """All texts, one behind the other; a text is there once. The empty one is at 0."""

    def __init__(self):
        self.at, self.size = {"": 0}, 1

    def add(self, text):
        if text not in self.at:
            self.at[text] = self.size
            self.size += len(text) + 1
            if self.size > 0xFFFF:
                raise Fault("the texts do not fit 16 bits any more")
        return self.at[text]


class Table:
    def __init__(self, schema):
        self.schema, self.pool = schema, Pool()
        self.types, self.type_at = [], {}  # rows
        self.fields, self.values, self.value_at = [], [], {}
        self.limits, self.limit_at = [(None, None)], {(None, None): 0}
        self.names, self.name_at = [], {}  # [text, what it holds, values, signed]
        self.collect_names()
        self.keys = []
        self.records = sorted((self.record(record) for record in schema.records), key=lambda row: row[:2])
        self.choices, self.alternatives = [], []  # rows
        self.add_choices()

    # What a name holds

    def holds(self, use):
        """What an item of this name holds. A list of plain values is so many items of one value."""
        end, _ = self.schema.follow(use)
        if end.lists:
            inner = self.holds(element(end))
            return inner if end.lists == 1 and inner != "PARTS" and not self.is_parts(element(end)) else "PARTS"
        shape = SHAPES[end.base]
        if shape == "OCTETS":
            return OCTETS_HOLD.get(end.format, "OCTETS")
        return HOLDS.get(shape, "PARTS")

    def is_parts(self, use):
        end, _ = self.schema.follow(use)
        return bool(end.lists) or SHAPES[end.base] in ("SET", "CHOICE")

    def collect_names(self):
        """Names are sorted, so that a new one moves as few numbers as can be."""
        seen = {}
        for a_type in self.schema.types.values():
            for component in a_type.fields:
                key = component.name, self.holds(component.use)
                end, found = self.schema.follow(component.use)
                if end.lists:
                    end, found = self.schema.follow(element(end))
                named = tuple(found.values) if found and end.base in ("INTEGER", "ENUMERATED") else ()
                lists, signed = seen.setdefault(key, (set(), set()))
                lists.add(named)
                signed.add("signed" in end.flags)
        for name, what in sorted(seen):
            lists, signed = seen[name, what]
            values = self.value_list(next(iter(lists))) if len(lists) == 1 else 0
            self.name_at[name, what] = len(self.names)
            others = [other for other, _ in SUFFIXES if (name, other) in seen]
            suffix = "" if others[0] == what else dict(SUFFIXES)[what]
            self.pool.add(suffix)
            self.names.append((self.pool.add(name), values, what, suffix, any(signed)))
        for name in RESERVED & {name for name, _ in seen}:
            raise Fault(f"cdr.{name} is a field of the plugin's own")
        spelled = [name.replace("-", "_") + suffix for (name, _), (*_, suffix, _) in zip(self.name_at, self.names)]
        for name in {name for name in spelled if spelled.count(name) > 1}:
            raise Fault(f"two fields would be called cdr.{name}")

    # Rows

    def value_list(self, named):
        """One more than the place of the first value; the list ends with the text 0."""
        key = tuple(sorted(named))
        if not key:
            return 0
        if key not in self.value_at:
            self.value_at[key] = len(self.values) + 1
            self.values += [(value, self.pool.add(name)) for value, name in key] + [(0, 0)]
        return self.value_at[key]

    def limit(self, limits):
        if limits not in self.limit_at:
            self.limit_at[limits] = len(self.limits)
            self.limits.append(limits)
        return self.limit_at[limits]

    def type(self, use):
        """The number of a type's row. Equal plain types share one."""
        end, found = self.schema.follow(use)
        flags = [flag for flag in ("open", "ext", "signed") if flag in end.flags]
        if end.lists:
            inner = element(end)
            key = "LIST", self.type(inner), end.size, *flags
        elif SHAPES[end.base] in ("SET", "CHOICE"):
            key = SHAPES[end.base], found.name
        else:
            key = end.base, end.format, tuple(found.values) if found else (), end.size, end.range, end.root, *flags
        if key in self.type_at:
            return self.type_at[key]
        number = self.type_at[key] = len(self.types)
        self.types.append(None)
        if end.lists:
            row = ("LIST", "OCTETS", flags, 0, key[1], self.limit(end.size or (None, None)), "")
        elif SHAPES[end.base] in ("SET", "CHOICE"):
            if end.base == "SET":
                flags.append("unordered")
            first, count = self.add_fields(found)
            row = (SHAPES[end.base], "OCTETS", flags, count, first, 0, found.name)
        else:
            if end.base == "IA5String":
                flags.append("ia5")
            named = found.values if found else []
            root = 0 if end.root is None else end.root
            row = (SHAPES[end.base], (end.format or "octets").upper(), flags, root, self.value_list(named),
                   self.limit(end.size or end.range or (None, None)), "")
        self.types[number] = (*row[:6], self.pool.add(row[6]))
        return number

    def add_fields(self, a_type):
        """The first of a type's rows, and their number. They stand together: those of inner types come behind."""
        first = len(self.fields)
        self.fields += [None] * len(a_type.fields)
        for i, component in enumerate(a_type.fields):
            use = component.use
            flags = [flag for flag in ("optional", "explicit", "added") if flag in use.flags]
            flags += ["untagged"] if component.tag is None else []
            flags += [f"since_{use.since}"] if use.since else []
            flags += ["until_16"] if use.until == "16" else ["until_17"] if use.until == "17" else []
            name = self.name_at[component.name, self.holds(use)]
            self.fields[first + i] = (component.tag or 0, flags, name, self.type(use))
        return first, len(a_type.fields)

    def record(self, record):
        row_type = NONE if record.type is None else self.type(cdr_schema.Use(record.line, record.type))
        return (record.number, NONE if record.tag is None else record.tag, row_type, self.pool.add(record.name),
                self.pool.add(record.domain), self.pool.add(record.called), *self.add_keys(record),
                int(record.until is not None))

    def add_choices(self):
        """The CHOICE of each domain: what a record in PER begins with is the place of its alternative."""
        at = {(number, name): i for i, (number, _, _, name, *_) in enumerate(self.records)}
        for domain in dict.fromkeys(record.domain for record in self.schema.records):
            rows = [(record.tag, at[record.number, self.pool.add(record.name)]) for record in self.schema.records
                    if record.domain == domain and record.tag is not None and not record.until]
            rows += [(tag, NONE) for _, tag, of, _ in self.schema.others if of == domain]
            self.choices.append((self.pool.add(domain), len(self.alternatives), len(rows)))
            self.alternatives += [row for _, row in sorted(rows)]

    def add_keys(self, record):
        """The place of a record's first key field, and their number. Records with the same ones share them."""
        rows = []
        for component in self.schema.types[record.type].fields if record.type else ():
            if component.name in record.keys and component.tag is not None and component.use.until is None:
                end, found = self.schema.follow(component.use)
                values = found.values if found and end.base in ("INTEGER", "ENUMERATED") and not end.lists else ()
                wrapped = end.base == "CHOICE" and not end.lists and found.fields[0].tag is not None
                rows.append((component.tag, self.value_list(values), f"CDR_{record.keys[component.name]}",
                             int(wrapped)))
        rows.sort()
        for first in range(len(self.keys) - len(rows) + 1):
            if self.keys[first:first + len(rows)] == rows:
                return first, len(rows)
        self.keys += rows
        return len(self.keys) - len(rows), len(rows)


def element(use):
    """What a list is a list of."""
    return cdr_schema.Use(use.line, use.base, use.lists - 1, set(), use.format)


def c_flags(flags):
    return "|".join(FLAG_LETTERS[flag] for flag in flags) or 0


def c_letters(*flags):
    """The letters that a file has for its flags, so that a row is short."""
    return "".join(f"#define {FLAG_LETTERS[flag]} CDR_IS_{flag.upper()}\n" for flag in flags) + "\n"


def c_limits(limits):
    low, high = limits
    has = [name for name, value in (("CDR_HAS_LOW", low), ("CDR_HAS_HIGH", high)) if value is not None]
    return [low or 0, high or 0, " | ".join(has) or 0]


def c_head(name, what):
    return f"""\
/* {name}
 * {what}
 * Generated from data/cdr.schema by data/generate.py: change the facts there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
"""


def c_table(kind, name, rows):
    return f"const {kind} {name}[] = {{\n{c_rows(rows, WIDTH)}}};\n\n"


def c_text(pool):
    """The pool as one string. ISO C compilers may stop at 4,095 characters; those that build Wireshark do not."""
    lines, line = [], ""
    for text in pool.at:
        piece = c_string(text)[1:-1] + "\\0"
        if len(line) + len(piece) > WIDTH - 8:
            lines.append(line)
            line = ""
        line += piece
    return "".join(f'    "{line}"\n' for line in [*lines, line])


def c_file(table):
    return c_head("cdr_schema_table.c", "What 3GPP TS 32.298 says of charging records: records and types.") + """\
#include "cdr_schema.h"

#include <glib.h>

#include "cdr_key.h"

/* clang-format off */
""" + c_letters("open", "ext", "signed", "unordered", "ia5") \
        + c_table("cdr_schema_record_t", "cdr_schema_records", table.records) \
        + c_table("cdr_schema_type_t", "cdr_schema_types",
                  ((f"CDR_{shape}", f"CDR_AS_{form}", c_flags(flags), count, first, limit, name)
                   for shape, form, flags, count, first, limit, name in table.types)) \
        + c_table("cdr_schema_key_t", "cdr_schema_keys", table.keys) \
        + c_table("cdr_schema_limit_t", "cdr_schema_limits", map(c_limits, table.limits)) \
        + c_table("cdr_schema_choice_t", "cdr_schema_choices", table.choices) \
        + c_table("uint16_t", "cdr_schema_alternatives", table.alternatives) \
        + c_sizes("records", "types", "choices")


def name_file(table):
    return c_head("cdr_schema_names.c", "The names of the fields of charging records, and of their values.") + """\
#include "cdr_schema.h"

#include <glib.h>

/* clang-format off */
""" + c_table("cdr_schema_name_t", "cdr_schema_names",
              ((text, values, table.pool.add(suffix), f"CDR_HOLDS_{what}", int(signed))
               for text, values, what, suffix, signed in table.names)) \
        + c_table("cdr_schema_value_t", "cdr_schema_values", table.values) + c_sizes("names", "values")


def c_sizes(*names):
    return "".join(f"const size_t cdr_schema_num_{name} = G_N_ELEMENTS(cdr_schema_{name});\n" for name in names)


def field_file(table):
    letters = c_letters("optional", "explicit", "added", "untagged", "since_17", "since_18", "until_16", "until_17")
    rows = ((tag, c_flags(flags), name, a_type) for tag, flags, name, a_type in table.fields)
    return c_head("cdr_schema_fields.c", "The fields of charging records and their parts.") + f"""\
#include "cdr_schema.h"

/* clang-format off */
{letters}""" + c_table("cdr_schema_field_t", "cdr_schema_fields", rows).rstrip() + "\n"


def text_file(table):
    return c_head("cdr_schema_text.c", "The texts of the table of charging records.") + f"""\
#include "cdr_schema.h"

#ifdef __GNUC__
#pragma GCC diagnostic ignored "-Woverlength-strings"
#endif

/* clang-format off */
const char cdr_schema_text[] =
{c_text(table.pool)}    ;
"""


def read(path):
    return cdr_schema.read(path)


def make(schema):
    table = Table(schema)
    return {C_FILE: c_file(table), NAME_FILE: name_file(table), FIELD_FILE: field_file(table),
            TEXT_FILE: text_file(table), **cdr_page.make(schema)}

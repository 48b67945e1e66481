"""Reads data/cdr.schema, the table of charging records, and says in words what is wrong with it, and in which line.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
from dataclasses import dataclass, field

from .checked_json import Fault

# What ASN.1 has. The names are those of the file: a hyphen for a space.
KINDS = ("SEQUENCE", "SET", "CHOICE", "INTEGER", "ENUMERATED", "BOOLEAN", "NULL", "OCTET-STRING", "BIT-STRING",
         "UTF8String", "IA5String", "GraphicString", "OBJECT-IDENTIFIER", "REAL", "ANY")
WITH_FIELDS = ("SEQUENCE", "SET", "CHOICE")
FORMATS = ("timestamp", "tbcd", "address", "number", "plmn", "ipv4", "ipv6", "timezone", "uint", "text", "rai", "uli",
           "qos", "pdptype", "characteristics", "ntp", "smsaddress", "isup", "amf", "cgi",
           "lai", "sai", "ra", "tai", "ecgi")
RELEASES = ("16", "17", "18", "Rel-7")
FLAGS = {"?": "optional", "!": "explicit", "open": "open", "ext": "ext", "added": "added", "signed": "signed",
         "twice": "twice"}
NAME = re.compile(r"[A-Za-z][A-Za-z0-9.-]*\Z")
LARGEST_TAG = 0xFFFE


@dataclass
class Use:
    """A type as a line uses it: by its name or kind, with what the line adds."""
    line: int
    base: str  # without the stars
    lists: int = 0  # stars in front
    flags: set = field(default_factory=set)
    format: str = None
    size: tuple = None
    range: tuple = None
    root: int = None
    since: str = None
    until: str = None


@dataclass
class Field:
    tag: int  # None: the type's own
    name: str
    use: Use


@dataclass
class Type:
    name: str
    use: Use
    fields: list = field(default_factory=list)
    values: list = field(default_factory=list)  # (number, name)


@dataclass
class Record:
    line: int
    number: int  # recordType
    tag: int  # None: not known
    domain: str
    name: str
    type: str  # None: not known
    until: str = None
    called: str = None
    keys: dict = field(default_factory=dict)  # key field by the name of a component


@dataclass
class Schema:
    records: list = field(default_factory=list)
    others: list = field(default_factory=list)  # (line, tag, domain, name): alternatives that are no records
    keys: list = field(default_factory=list)  # (line, key field, names, records or None)
    types: dict = field(default_factory=dict)  # Type by name

    def follow(self, use):
        """The Use at the end of a chain of names, and the Type that has its fields or values: None for a plain one.
        A list ends the chain. What a line nearer to the start says of format and limits goes first."""
        last, found = None, use
        merged = Use(use.line, use.base, use.lists, set(use.flags), use.format, use.size, use.range, use.root)
        while not found.lists and found.base in self.types:
            last = self.types[found.base]
            found = last.use
            merged.base, merged.lists = found.base, found.lists
            merged.format = merged.format or found.format
            for what in ("size", "range", "root"):
                if getattr(merged, what) is None:
                    setattr(merged, what, getattr(found, what))
                    merged.flags |= found.flags & {"open"}
            merged.flags |= found.flags & {"ext", "signed"}
        return merged, last


class Reader:
    """Reads the lines. Every fault is kept, so that one run names them all."""

    def __init__(self):
        self.schema, self.faults, self.line, self.type = Schema(), [], 0, None
        self.uses, self.called = [], {}

    def fault(self, problem, line=None):
        self.faults.append(f"line {line or self.line}: {problem}")

    def number(self, text, what, largest=None):
        if not re.fullmatch(r"-?\d+", text):
            self.fault(f'{what} "{text}" is not a number')
            return 0
        if int(text) < 0 and largest is not None or largest is not None and int(text) > largest:
            self.fault(f"{what} {text} is not from 0 to {largest}")
        return int(text)

    def name(self, text):
        if not NAME.match(text):
            self.fault(f'"{text}" is not a name')
        return text

    def limits(self, key, text):
        match = re.fullmatch(r"(-?\d*)\.\.(-?\d*)", text)
        if not match or match[0] == "..":
            self.fault(f'{key}="{text}" is not a range a..b')
            return None
        low, high = (int(part) if part else None for part in match.groups())
        if low is not None and high is not None and low > high:
            self.fault(f"{key}={text} ends before it begins")
        return low, high

    def use(self, text, words):
        """A type with the words behind it."""
        base = text.lstrip("*")
        use = Use(self.line, base, len(text) - len(base))
        for word in words:
            key, equals, value = word.partition("=")
            if word in FLAGS:
                use.flags.add(FLAGS[word])
            elif key in ("size", "range") and equals:
                setattr(use, key, self.limits(key, value))
            elif key == "as" and value in FORMATS:
                use.format = value
            elif key in ("since", "until") and value in RELEASES:
                setattr(use, key, value)
            elif key == "root" and equals:
                use.root = self.number(value, "root")
            else:
                self.fault(f'unknown word "{word}"')
        self.uses.append(use)
        return use

    def record(self, number, tag, domain, name, type_name, *words):
        record = Record(self.line, self.number(number, "recordType", LARGEST_TAG),
                        None if tag == "-" else self.number(tag, "tag", LARGEST_TAG), domain, self.name(name),
                        None if type_name == "-" else type_name)
        for word in words:
            key, _, value = word.partition("=")
            if key != "until" or value not in RELEASES:
                self.fault(f'unknown word "{word}"')
            record.until = value
        for other in self.schema.records:
            if (other.number, other.tag, other.domain) == (record.number, record.tag, domain):
                self.fault(f"recordType {number} with the tag {tag} is there twice, first in line {other.line}")
        self.schema.records.append(record)

    def other(self, tag, domain, name):
        self.schema.others.append((self.line, self.number(tag, "tag", LARGEST_TAG), domain, self.name(name)))

    def new_type(self, name, kind, *words):
        self.type = Type(self.name(name), self.use(kind, words))
        if name in self.schema.types:
            self.fault(f"the type {name} is there twice, first in line {self.schema.types[name].use.line}")
        if name in KINDS:
            self.fault(f"{name} is a kind of ASN.1")
        self.schema.types[name] = self.type

    def new_field(self, tag, name, kind, *words):
        if self.type is None or self.type.use.base not in WITH_FIELDS or self.type.use.lists:
            self.fault("a component belongs to a SEQUENCE, SET or CHOICE")
            return
        number = None if tag == "-" else self.number(tag, "tag", LARGEST_TAG)
        new = Field(number, self.name(name), self.use(kind, words))
        for other in self.type.fields:
            if other.name == name and "twice" not in new.use.flags:
                self.fault(f"the name {name} is there twice in {self.type.name}, first in line {other.use.line}")
            if other.tag == new.tag is not None and not other.use.until and not new.use.until:
                self.fault(f"the tag {tag} is there twice in {self.type.name}, first in line {other.use.line}")
        self.type.fields.append(new)

    def new_value(self, number, name):
        use = self.type.use if self.type is not None else None
        if use is None or use.lists or use.base not in ("INTEGER", "ENUMERATED", "BIT-STRING"):
            self.fault("names of values belong to an INTEGER, ENUMERATED or BIT-STRING")
            return
        value = self.number(number, "value")
        for other, other_name in self.type.values:
            if other == value or other_name == name:
                self.fault(f"{value} {name} has the number or the name of {other} {other_name}")
        self.type.values.append((value, self.name(name)))

    def new_key(self, key, *words):
        names, _, records = " ".join(words).partition(" in ")
        self.schema.keys.append((self.line, key, names.split(), records.split() or None))

    def read_line(self, text):
        forms = (("R ", self.record, 5, None), ("T ", self.new_type, 2, None), ("  ", self.new_value, 2, 2),
                 (" ", self.new_field, 3, None), ("K ", self.new_key, 2, None),
                 ("O ", self.other, 3, 3))
        if text.startswith("N "):
            match = re.fullmatch(r"N (\d+) (\S+) (\S.*)", text)
            if match:
                self.called[int(match[1]), match[2]] = (self.line, match[3])
            else:
                self.fault("a name of a record is: N recordType domain words")
            return
        for start, take, least, most in forms:
            if text.startswith(start):
                words = text[len(start):].split()
                if len(words) < least or most and len(words) > most:
                    self.fault("too few or too many words")
                else:
                    take(*words)
                return
        self.fault(f'a line cannot begin with "{text.split()[0]}"')

    def check(self):
        """What takes the whole file to see."""
        types = self.schema.types
        for use in self.uses:
            if use.base not in KINDS and use.base not in types:
                self.fault(f"the type {use.base} is not defined", use.line)
        for record in self.schema.records:
            if record.type is not None and record.type not in types:
                self.fault(f"the type {record.type} is not defined", record.line)
            _, record.called = self.called.get((record.number, record.domain), (0, None))
            if record.called is None:
                self.fault(f"nothing says what people call recordType {record.number}", record.line)
        self.check_others()
        there = {(record.number, record.domain) for record in self.schema.records}
        for (number, domain), (line, _) in self.called.items():
            if (number, domain) not in there:
                self.fault(f"there is no record with recordType {number} in {domain}", line)
        if self.faults:
            return
        self.check_keys()
        for a_type in types.values():
            self.check_circle(a_type)
            self.check_root(a_type)
            if a_type.use.base in WITH_FIELDS and "ext" not in a_type.use.flags and not a_type.fields:
                self.fault(f"{a_type.name} has no components", a_type.use.line)
        if not self.faults:
            for a_type in types.values():
                self.check_tags(a_type)

    def check_others(self):
        for line, tag, domain, _ in self.schema.others:
            same = [record for record in self.schema.records if record.domain == domain]
            if not same:
                self.fault(f"no record is of the domain {domain}", line)
            if tag in {record.tag for record in same}:
                self.fault(f"the tag {tag} of {domain} is there twice", line)

    def check_root(self, a_type):
        """The names before an extension marker are the smallest values: the table keeps their number alone."""
        root, values = a_type.use.root, [value for value, _ in a_type.values]
        if root is not None and sorted(values)[:root] != sorted(values[:root]):
            self.fault(f"a value of {a_type.name} behind the extension marker is below one before it", a_type.use.line)

    def check_keys(self):
        """Gives each record its key fields. A name or a record that there is not is a fault."""
        for line, key, names, only in self.schema.keys:
            used = set()
            for record in self.schema.records:
                if record.type is None or only and record.name not in only:
                    continue
                there = {component.name for component in self.schema.types[record.type].fields} & set(names)
                record.keys.update(dict.fromkeys(there, key))
                used |= there
            for name in set(names) - used:
                self.fault(f"no record has a field {name}", line)
            for name in set(only or ()) - {record.name for record in self.schema.records}:
                self.fault(f"there is no record {name}", line)

    def check_circle(self, a_type):
        seen = []
        while not a_type.use.lists and a_type.use.base in self.schema.types:
            if a_type.name in seen:
                self.fault(f"the type {a_type.name} is named by itself", a_type.use.line)
                return
            seen.append(a_type.name)
            a_type = self.schema.types[a_type.use.base]

    def tags_of(self, component, depth=0):
        """The tags by which a component of a CHOICE is told; an empty set for one that is told by nothing."""
        if component.tag is not None:
            return {component.tag}
        use, a_type = self.schema.follow(component.use)
        if use.lists:
            return {"SEQUENCE"}
        if use.base == "CHOICE" and a_type is not None and depth < 8:
            return set().union(*(self.tags_of(inner, depth + 1) for inner in a_type.fields))
        return set() if use.base == "ANY" else {use.base}

    def check_tags(self, a_type):
        """A CHOICE whose components have tags of their own type: two that begin alike cannot be told apart."""
        if a_type.use.base != "CHOICE":
            return
        seen = {}
        for component in a_type.fields:
            for tag in self.tags_of(component):
                if component.tag is None and tag in seen:
                    self.fault(f"{component.name} begins like {seen[tag].name} of line {seen[tag].use.line}",
                               component.use.line)
                seen.setdefault(tag, component)


def read(path):
    """The Schema in the file."""
    try:
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        raise Fault("there is no such file") from None
    except UnicodeDecodeError as error:
        raise Fault(f"line {path.read_bytes()[:error.start].count(10) + 1}: this is not ASCII") from None
    reader = Reader()
    for reader.line, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            reader.read_line(line.rstrip())
    reader.check()
    if reader.faults:
        raise Fault(*reader.faults)
    return reader.schema

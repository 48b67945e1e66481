# SPDX-License-Identifier: GPL-2.0-or-later
"""Charging records of every type, made by the table data/cdr.schema, and what their fields are to show.

A record is first a tree of values, which is then encoded: in BER, or in PER, aligned or not. The values follow from
counters alone, so that a record comes out the same each time.
"""
import ipaddress
from dataclasses import dataclass, field
from pathlib import Path

from data.generator import cdr_schema
from data.generator.cdr import NONE, SHAPES, Table, element

from .cdr import ber_length, integer, tag, tbcd, timestamp

SCHEMA = cdr_schema.read(Path(__file__).resolve().parents[3] / "data" / "cdr.schema")
TABLE = Table(SCHEMA)
UNIVERSAL = {"BOOLEAN": 1, "INTEGER": 2, "BIT-STRING": 3, "OCTET-STRING": 4, "NULL": 5, "OBJECT-IDENTIFIER": 6,
             "REAL": 9, "ENUMERATED": 10, "UTF8String": 12, "SEQUENCE": 16, "SET": 17, "IA5String": 22,
             "GraphicString": 25}
COUNTS = (0, 1, 42, 127, 128, 255, 256, 65535, 123456789, 4294967295, 1099511627776)
EPOCH = 1704164645  # 2024-01-02 03:04:05 UTC
DEEPEST = 9
OID = bytes.fromhex("2b0601040181fd5901")  # 1.3.6.1.4.1.32473.1, for documentation
ANY = bytes.fromhex("0c0474657374")


@dataclass
class Value:
    """A value: of a plain kind (octets as in BER, number), or of parts."""
    use: object  # at the end of the chain of names
    type: object
    parts: list = field(default_factory=list)  # (Field, Value); of a list Values; of a CHOICE one pair
    octets: bytes = b""
    number: int = None
    extensions: list = field(default_factory=list)  # of PER: (place behind the marker, octets) that no table has


def printable(count, letters):
    return "".join(chr(ord("a") + (letters + 7 * i) % 26) for i in range(count))


class Maker:
    """Makes the values of one record. FULL levels have all their fields, those below only what must be there and some
    of the others."""

    def __init__(self, seed, full=3):
        self.count, self.full, self.shown = seed, full, []

    def next(self):
        self.count += 1
        return self.count

    def show(self, component, text):
        """Notes what a field is to show: its filter name without cdr. in front, and its text."""
        number = TABLE.name_at[component.name, TABLE.holds(component.use)]
        _, _, _, suffix, _ = TABLE.names[number]
        self.shown.append((component.name.replace("-", "_") + suffix, text))

    def value(self, component, use, depth):
        end, found = SCHEMA.follow(use)
        if end.lists:
            inner = element(end)
            low, high = end.size or (None, None)
            count = max(low or 0, min(high or 2, 1 + self.next() % 2 if depth < 6 else 1))
            return Value(end, found, [self.value(component, inner, depth + 1) for _ in range(count)])
        if SHAPES[end.base] == "SET":
            return Value(end, found, [(each, self.value(each, each.use, depth + 1)) for each in found.fields
                                      if self.is_there(each, depth)])
        if SHAPES[end.base] == "CHOICE":
            choices = [each for each in found.fields if not each.use.until]
            # Deep down the plainest one, so that records end.
            plain = [each for each in choices if not TABLE.is_parts(each.use)]
            choices = plain if depth > DEEPEST and plain else choices
            chosen = choices[self.next() % len(choices)]
            return Value(end, found, [(chosen, self.value(chosen, chosen.use, depth + 1))])
        return self.plain(component, end, found)

    def is_there(self, component, depth):
        use = component.use
        if use.until or "added" in use.flags:
            return False
        if "optional" not in use.flags or depth < self.full:
            return True
        return depth < DEEPEST and self.next() % 3 == 0

    def plain(self, component, end, found):
        value = Value(end, found)
        kind, number = end.base, self.next()
        values = found.values if found else []
        if kind in ("INTEGER", "ENUMERATED"):
            value.number = self.pick_number(end, values, kind)
            value.octets = integer(value.number)
            self.show(component, str(value.number))
        elif kind == "BOOLEAN":
            value.number = number % 2
            value.octets = bytes([255 * value.number])
            self.show(component, value.number == 1)
        elif kind == "NULL":
            self.show(component, "")
        elif kind == "BIT-STRING":
            low, _ = end.size or (None, None)
            bits = low or (max(place for place, _ in values) + 1 if values else 8)
            number = (0x5A5A5A5A5A << number % 7) & ((1 << bits) - 1)
            unused = -bits % 8
            value.number = bits
            value.octets = bytes([unused]) + (number << unused).to_bytes((bits + 7) // 8, "big")
            self.show(component, value.octets[1:].hex())
        elif kind == "OBJECT-IDENTIFIER":
            value.octets = OID
            self.show(component, "1.3.6.1.4.1.32473.1")
        elif kind == "REAL":
            value.octets = bytes([0x80, 0xFF, 2 * (number % 60) + 1])
            self.show(component, (2 * (number % 60) + 1) / 2)
        elif kind == "ANY":
            value.octets = ANY
            self.show(component, ANY.hex())
        elif kind == "OCTET-STRING":
            value.octets, text = self.octets(end, number)
            self.show(component, text)
        else:
            low, high = end.size or (None, None)
            text = {"iPTextV4Address": f"192.0.2.{number % 256}", "iPTextV6Address": f"2001:db8::{number:x}"}.get(
                component.name) or printable(max(low or 0, min(high or 6, 6)), number)
            value.octets = text.encode()
            self.show(component, text)
        return value

    def pick_number(self, end, values, kind):
        low, high = end.range or (None, None)
        if values and (kind == "ENUMERATED" or self.next() % 4):
            root = values[:end.root] if end.root else values
            fits = [number for number, _ in root if (low or 0) <= number and (high is None or number <= high)]
            return fits[self.next() % len(fits)]
        if "signed" in end.flags and self.next() % 2:
            return -(self.next() % 300)
        fits = [number for number in COUNTS if (low or 0) <= number and (high is None or number <= high)]
        return fits[self.next() % len(fits)] if fits else low

    def octets(self, end, number):
        """Octets of a form, and what they show."""
        form = end.format
        digits = f"99900{number % 100000:05d}"
        if form == "timestamp":
            offset = (0, 60, 330, -210)[number % 4]
            return timestamp(EPOCH + number, offset), EPOCH + number
        if form == "tbcd":
            return tbcd("00101" + f"{number:010d}"), "00101" + f"{number:010d}"
        if form in ("address", "number"):
            return b"\x91" + tbcd(digits), digits
        if form == "smsaddress":
            return bytes([len(digits), 0x91]) + tbcd(digits), digits
        if form == "isup":
            return b"\x04\x10" + tbcd(digits), digits
        if form == "plmn":
            return (b"\x00\xf1\x10", "001-01") if number % 2 else (b"\x00\x11\x10", "001-011")
        if form == "ipv4":
            address = ipaddress.ip_address(f"192.0.2.{number % 256}")
            return address.packed, str(address)
        if form == "ipv6":
            address = ipaddress.ip_address(f"2001:db8::{number % 65536:x}")
            return address.packed, str(address)
        if form == "timezone":
            return b"\x80\x01", "+02:00, daylight saving 1 h"
        if form == "rai":
            return b"\x00\xf1\x10\x12\x34" + bytes([number % 256]), f"001-01 LAC 4660 RAC {number % 256}"
        low, high = end.size or (None, None)
        if form == "uint":
            made = (number * 263).to_bytes(8, "big")[-(low or 4):]
            return made, str(int.from_bytes(made, "big"))
        if form == "text":
            text = printable(max(low or 0, min(high or 6, 6)), number)
            return text.encode(), text
        made = {"uli": b"\x18\x00\xf1\x10\x12\x34\x00\xf1\x10\x01\x23\x45\x67", "qos": b"\x0b\x92\x1f\x03",
                "pdptype": b"\xf1\x21", "characteristics": b"\x08\x00",
                "ntp": (2208988800 + EPOCH).to_bytes(4, "big") + bytes(4)}.get(form)
        if made is None:
            made = bytes((number + 17 * i) % 256 for i in range(max(low or 0, min(high or 4, 4))))
        return made, made.hex()


# BER


def with_tag(number, constructed, content, universal=False):
    return tag(number, constructed, universal) + ber_length(len(content)) + content


def ber_content(value):
    """Whether the content is made of elements, and the content."""
    if value.use.lists:
        return True, b"".join(ber_element(part, None) for part in value.parts)
    if value.use.base in ("SEQUENCE", "SET"):
        return True, b"".join(ber_element(part, component) for component, part in value.parts)
    return False, value.octets


def ber_element(value, component):
    """The element of a value, under the tag of its field if it has one."""
    explicit = component is not None and "explicit" in component.use.flags
    number = component.tag if component is not None else None
    if value.use.base in ("CHOICE", "ANY") and not value.use.lists:
        inner = value.octets if value.use.base == "ANY" else ber_element(value.parts[0][1], value.parts[0][0])
        return inner if number is None else with_tag(number, True, inner)
    constructed, content = ber_content(value)
    kind = "SEQUENCE" if value.use.lists else value.use.base
    plain = with_tag(UNIVERSAL[kind], constructed, content, True)
    if number is None:
        return plain
    return with_tag(number, True, plain) if explicit else with_tag(number, constructed, content)


def make(row, seed=0, full=3):
    """The values of a record of a row of the table, and what it shows."""
    maker = Maker(seed, full)
    use = cdr_schema.Use(row.line, row.type)
    value = maker.value(None, use, 0)
    component, kind = next((component, part) for component, part in value.parts if component.tag == 0)
    # The record's type comes first, and is what the row says.
    kind.number, kind.octets = row.number, integer(row.number)
    maker.shown[0] = (component.name.replace("-", "_"), str(row.number))
    return value, maker.shown


def ber(row, value):
    return with_tag(row.tag, True, ber_content(value)[1])


def rows():
    """The records that the table knows in full, in its order."""
    return [row for row in SCHEMA.records if row.type is not None and row.tag not in (None, NONE)]

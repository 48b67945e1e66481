# SPDX-License-Identifier: GPL-2.0-or-later
"""Charging records of schema_records in BER as odd senders write it: the same values in other octets.

Strings in pieces, of definite or indefinite length, pieces in pieces; lengths of more octets than they need; low tags
in the form of high ones; integers with octets in front that say nothing; components of a SET in any order; elements
that the table does not have, of any class, in containers and lists and behind the others; a SET for a SEQUENCE and the
other way round; truth values of any octet; counters without the octet 00 in front; fill behind the record.
"""
import random

from .cdr import ber_length
from .schema_records import UNIVERSAL

STRINGS = {"OCTET-STRING", "BIT-STRING", "UTF8String", "IA5String", "GraphicString"}
OCTET_STRING = 4
UNKNOWN_TAG = 30000  # and the next hundred: no release has them


class Writer:
    """Writes records; SEED decides on every oddity. ODD is how many elements of ten have one."""

    def __init__(self, seed, odd=4):
        self.dice, self.odd = random.Random(seed), odd

    def chance(self):
        return self.dice.randrange(10) < self.odd

    def tag(self, number, constructed, universal):
        first = (0 if universal else 0x80) | (0x20 if constructed else 0)
        if number < 31 and not self.chance():
            return bytes([first | number])
        octets = [number & 0x7F]
        while number >= 128:
            number >>= 7
            octets.append(0x80 | number & 0x7F)
        return bytes([first | 31] + octets[::-1])

    def element(self, number, constructed, content, universal=False):
        front = self.tag(number, constructed, universal)
        if constructed and self.chance():
            return front + b"\x80" + content + b"\0\0"
        if self.chance():
            count = self.dice.choice((2, 3, 4, 7))
            return front + bytes([0x80 | count]) + len(content).to_bytes(count, "big") + content
        return front + ber_length(len(content)) + content

    def cut(self, octets):
        """Two or three parts, some of which may be empty."""
        cuts = sorted(self.dice.randrange(len(octets) + 1) for _ in range(self.dice.choice((1, 2))))
        return [octets[start:end] for start, end in zip([0] + cuts, cuts + [len(octets)])]

    def pieces(self, kind, octets, deep=0):
        """A string's pieces."""
        unused, bits = (octets[:1], octets[1:]) if kind == "BIT-STRING" else (b"", octets)
        parts = self.cut(bits)
        out = b""
        for at, part in enumerate(parts):
            mark = (unused if at == len(parts) - 1 else b"\0") if unused else b""
            if deep < 2 and part and self.chance():
                out += self.element(UNIVERSAL[kind], True, self.pieces(kind, mark + part, deep + 1), True)
            else:
                out += self.element(UNIVERSAL[kind] if unused or self.chance() else OCTET_STRING, False, mark + part,
                                    True)
        return out

    def unknown(self):
        """An element that no table has, or none."""
        if self.dice.randrange(40) >= self.odd:
            return b""
        kind, octets = self.dice.randrange(4), self.dice.choice((b"\x01\x02", b"", b"abc", b"\x30\x00"))
        if kind < 2:
            return self.element(UNKNOWN_TAG + self.dice.randrange(100), kind == 1, octets if kind == 0 else b"")
        first = (0x40, 0xC0)[kind - 2] | self.dice.randrange(31)  # of an application, private
        return bytes([first, len(octets)]) + octets

    def content(self, value):
        """Whether the content is made of elements, and the content."""
        kind = value.use.base
        if value.use.lists:
            return True, b"".join(self.unknown() + self.value(part, None) for part in value.parts) + self.unknown()
        if kind in ("SEQUENCE", "SET"):
            parts = list(value.parts)
            if kind == "SET":
                self.dice.shuffle(parts)
            out = b""
            for component, part in parts:
                out += self.unknown() + self.value(part, component)
            return True, out + self.unknown()
        if kind in STRINGS and self.chance():
            return True, self.pieces(kind, value.octets)
        if kind == "BOOLEAN" and value.number:
            return False, bytes([self.dice.choice((0x01, 0x80, 0xFF))])
        is_count = kind == "INTEGER" and "signed" not in value.use.flags and value.octets[0] == 0
        if is_count and len(value.octets) > 1 and self.chance():
            return False, value.octets[1:]
        if kind in ("INTEGER", "ENUMERATED") and len(value.octets) < 9 and self.chance():
            lead = b"\xff" if value.octets[0] & 0x80 else b"\0"
            return False, lead * self.dice.randint(1, 9 - len(value.octets)) + value.octets
        return False, value.octets

    def value(self, value, component):
        explicit = component is not None and "explicit" in component.use.flags
        number = component.tag if component is not None else None
        if value.use.base in ("CHOICE", "ANY") and not value.use.lists:
            inner = (value.octets if value.use.base == "ANY"
                     else self.value(value.parts[0][1], value.parts[0][0]))
            return inner if number is None else self.element(number, True, inner)
        constructed, content = self.content(value)
        plain = UNIVERSAL["SEQUENCE" if value.use.lists else value.use.base]
        if constructed and plain in (UNIVERSAL["SEQUENCE"], UNIVERSAL["SET"]) and self.chance():
            plain = self.dice.choice((UNIVERSAL["SEQUENCE"], UNIVERSAL["SET"]))
        if number is None:
            return self.element(plain, constructed, content, True)
        if explicit:
            return self.element(number, True, self.element(plain, constructed, content, True))
        return self.element(number, constructed, content)

    def record(self, row, value):
        fill = self.dice.choice((b"", b"", b"\0" * 3, b"\xff" * 5))
        return self.element(row.tag, True, self.content(value)[1]) + fill

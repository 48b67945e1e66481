"""The whole tree of each packet, as tshark writes it in PDML.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
from functools import cached_property
from xml.etree import ElementTree

from support.versions import same_everywhere

NUMBER = re.compile(r'<field name="frame\.number".* show="(\d+)"')


def text_of(item):
    """An item's value as -T fields has it: octets without the colons of PDML."""
    shown, octets = item.get("show") or "", item.get("value")
    return octets if octets == shown.replace(":", "") else same_everywhere(shown)


class Packet:
    """A packet: its protocols and fields, wherever in the tree they are. LINES are those that tshark wrote."""

    def __init__(self, lines):
        self.lines = lines
        self.number = int(next(filter(None, map(NUMBER.search, lines)))[1])

    @cached_property
    def items(self):
        """Name of a field or protocol -> its items, in the order of the tree."""
        found = {}
        for item in ElementTree.fromstring("\n".join(self.lines)).iter():
            found.setdefault(item.get("name"), []).append(item)
        return found

    def has(self, name):
        """Whether the packet has the field or the protocol."""
        return name in self.items

    def values(self, name):
        """The field's values, in the order of the tree."""
        return [text_of(item) for item in self.items.get(name, ())]

    def value(self, name):
        """The field's values as the fixture "fields" gives them."""
        return "|".join(self.values(name))

    def within(self, *protocols):
        """All items of these protocols, and the protocols themselves."""
        return [each for protocol in protocols for item in self.items.get(protocol, ()) for each in item.iter()]


def packets_of(lines):
    """The packets in the lines of a PDML document."""
    begins = [number for number, line in enumerate(lines) if line == "<packet>"]
    ends = [number for number, line in enumerate(lines) if line == "</packet>"]
    return [Packet(lines[begin:end + 1]) for begin, end in zip(begins, ends, strict=True)]

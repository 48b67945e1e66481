# SPDX-License-Identifier: GPL-2.0-or-later
"""Charging records of schema_records in packed encoding (PER, ITU-T X.691), unaligned and aligned.

The records are those of the table's last release. Numbers in brackets are clauses of X.691.
"""
from .schema_records import SCHEMA, SHAPES, UNIVERSAL

NO_LIMITS = (None, None)
PIECE = 16384


class Bits:
    def __init__(self, aligned):
        self.text, self.aligned = [], aligned
        self.count = 0

    def put(self, number, count):
        if count:
            self.text.append(f"{number:0{count}b}")
            self.count += count

    def octets(self, octets):
        for octet in octets:
            self.put(octet, 8)

    def align(self):
        if self.aligned:
            self.put(0, -self.count % 8)

    def whole(self, number, low, high):
        """A number between limits (11.5)."""
        span = high - low
        if not self.aligned or span < 255:
            self.put(number - low, span.bit_length())
        elif span < 65536:
            self.align()
            self.put(number - low, 8 if span == 255 else 16)
        else:
            size = max(1, ((number - low).bit_length() + 7) // 8)
            self.whole(size, 1, (span.bit_length() + 7) // 8)
            self.align()
            self.put(number - low, 8 * size)

    def length(self, count, limits=NO_LIMITS):
        """A length (11.9)."""
        low, high = limits
        if high is not None and high < 65536:
            self.whole(count, low or 0, high)
            return
        self.align()
        assert count < PIECE, "longer ones are sent in pieces"
        self.put(count if count < 128 else 0x8000 | count, 8 if count < 128 else 16)

    def counted(self, units, limits, write):
        """A length and as many units, which WRITE writes; in pieces if they are many (11.9.3.8)."""
        if limits[1] is None or limits[1] >= 65536:
            limits = NO_LIMITS
            while len(units) >= PIECE:
                count = min(4, len(units) // PIECE)
                self.align()
                self.put(0xC0 | count, 8)
                write(units[:count * PIECE])
                units = units[count * PIECE:]
        self.length(len(units), limits)
        write(units)

    def open_type(self, octets):
        """What stands behind an extension marker (19.9)."""
        self.counted(octets, NO_LIMITS, self.octets)

    def done(self):
        text = "".join(self.text) or "0"
        text += "0" * (-len(text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big")


def order(component):
    """Where a component stands in the order of tags (X.680, 8.6)."""
    if component.tag is not None:
        return 1, component.tag
    end, found = SCHEMA.follow(component.use)
    if end.base == "CHOICE" and not end.lists:
        return min(order(each) for each in found.fields)
    return 0, UNIVERSAL["SEQUENCE" if end.lists else end.base]


def root(kind, a_type):
    """The components before the extension marker, in the order in which they are sent."""
    fields = [each for each in a_type.fields if "added" not in each.use.flags and not each.use.until]
    return sorted(fields, key=order) if kind in ("SET", "CHOICE") else fields


def put_limits(bits, use):
    """The bit that says whether limits are kept, if they may be broken; the values that are made keep them."""
    if "open" in use.flags:
        bits.put(0, 1)


def put_parts(bits, value):
    kind = value.use.base
    fields = root(kind, value.type)
    if "ext" in value.use.flags:
        bits.put(int(bool(value.extensions)), 1)
    if kind == "CHOICE" and value.extensions:
        place, octets = value.extensions[0]
        bits.put(place, 7)
        bits.open_type(octets)
        return
    if kind == "CHOICE":
        chosen, part = value.parts[0]
        bits.whole([id(each) for each in fields].index(id(chosen)), 0, len(fields) - 1)
        put(bits, part)
        return
    there = {id(component): part for component, part in value.parts}
    for component in fields:
        if "optional" in component.use.flags:
            bits.put(int(id(component) in there), 1)
    for component in fields:
        if id(component) in there:
            put(bits, there[id(component)])
    if value.extensions:
        count = max(place for place, _ in value.extensions) + 1
        bits.put(count - 1, 7)
        for at in range(count):
            bits.put(int(any(place == at for place, _ in value.extensions)), 1)
        for _, octets in value.extensions:
            bits.open_type(octets)


def put_string(bits, value, width):
    limits = value.use.size or NO_LIMITS
    units = value.octets
    put_limits(bits, value.use)
    low, high = limits
    fixed = high is not None and low == high
    if width == 8 and value.use.base == "OCTET-STRING":
        short = fixed and high <= 2
    else:
        short = high is not None and (high * 8 < 16 or fixed and high * 8 == 16)

    def write(units):
        if not short:
            bits.align()
        for unit in units:
            bits.put(unit, width)
    bits.counted(units, limits, write)


def put_number(bits, value):
    low, high = value.use.range or NO_LIMITS
    put_limits(bits, value.use)
    if low is not None and high is not None:
        bits.whole(value.number, low, high)
        return
    if low is None:
        octets = value.octets
    else:
        octets = (value.number - low).to_bytes(max(1, ((value.number - low).bit_length() + 7) // 8), "big")
    bits.length(len(octets))
    bits.octets(octets)


def put_enumerated(bits, value):
    names = value.type.values
    known = sorted(number for number, _ in (names[:value.use.root] if value.use.root else names))
    if "ext" in value.use.flags:
        bits.put(int(bool(value.extensions)), 1)
    if value.extensions:
        bits.put(value.extensions[0][0], 7)
        return
    bits.whole(known.index(value.number), 0, len(known) - 1)


def put_bit_string(bits, value):
    low, high = limits = value.use.size or NO_LIMITS
    put_limits(bits, value.use)

    def write(units):
        if not (high is not None and low == high <= 16):
            bits.align()
        for unit in units:
            bits.put(int(unit), 1)
    number = int.from_bytes(value.octets[1:], "big") >> value.octets[0]
    bits.counted(f"{number:0{value.number}b}"[:value.number], limits, write)


def put(bits, value):
    kind = value.use.base
    if value.use.lists:
        put_limits(bits, value.use)

        def write(parts):
            for part in parts:
                put(bits, part)
        bits.counted(value.parts, value.use.size or NO_LIMITS, write)
    elif SHAPES[kind] in ("SET", "CHOICE"):
        put_parts(bits, value)
    elif kind == "INTEGER":
        put_number(bits, value)
    elif kind == "ENUMERATED":
        put_enumerated(bits, value)
    elif kind == "BOOLEAN":
        bits.put(value.number, 1)
    elif kind == "BIT-STRING":
        put_bit_string(bits, value)
    elif kind == "OCTET-STRING":
        put_string(bits, value, 8)
    elif kind == "IA5String":
        put_string(bits, value, 8 if bits.aligned else 7)
    elif kind != "NULL":  # other strings, OBJECT IDENTIFIER, REAL, what may be anything
        bits.counted(value.octets, NO_LIMITS, bits.octets)


def alternatives(domain):
    """The tags of a domain's CHOICE, in their order."""
    return sorted([row.tag for row in SCHEMA.records if row.domain == domain and row.tag is not None and not row.until]
                  + [tag for _, tag, of, _ in SCHEMA.others if of == domain])


def per(row, value, aligned):
    """The octets of a record that schema_records.make() made."""
    bits = Bits(aligned)
    tags = alternatives(row.domain)
    bits.whole(tags.index(row.tag), 0, len(tags) - 1)
    put_parts(bits, value)
    return bits.done()

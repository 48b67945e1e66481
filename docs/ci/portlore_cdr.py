"""Files of charging records as 3GPP TS 32.297 has them: read, and written as a capture of exported PDUs.

No two programs write the header alike, so that little of it is believed: the records begin where the header's length
says, and what a record is, its own tag says. Numbers are big-endian.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from __future__ import annotations

import struct
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Iterator, Optional

UNKNOWN = 0xFFFFFFFF
FIXED = 50
FORMATS = {1: "BER", 2: "unaligned PER", 3: "aligned PER", 4: "XER"}
SPECIFICATIONS = dict(enumerate(
    ("32.005 32.015 32.205 32.215 32.225 32.235 32.250 32.251 - 32.260 32.270 32.271 32.272 32.273 32.275 32.274 "
     "32.277 32.296 32.278 32.253 32.255 32.254 32.256 28.201 28.202 32.257").split()))
CLOSED = {0: "normally", 1: "by size", 2: "by time", 3: "by number of records", 4: "by hand",
          5: "for another release, version or encoding", 128: "abnormally", 129: "by an error of the file system",
          130: "because the storage was full", 131: "by an integrity error"}


class NotCdrFile(Exception):
    """The octets are no file of TS 32.297."""


@dataclass
class Fault:
    """What is wrong, and where. NOTE: nothing is lost by it."""

    offset: int
    text: str
    is_note: bool = False

    def __str__(self) -> str:
        return f"offset {self.offset}: {self.text}"


@dataclass
class Record:
    """One record. Release and specification are the header's, and may be wrong."""

    offset: int
    release: int
    version: int
    format: int
    specification: int
    octets: bytes

    def __str__(self) -> str:
        name = SPECIFICATIONS.get(self.specification, "-")
        about = f"TS {name}" if name != "-" else f"specification {self.specification}"
        return f"at offset {self.offset}: {FORMATS[self.format]}, release {self.release}, {about}"


@dataclass
class CdrFile:
    """What a file holds."""

    file_length: int = 0
    header_length: int = 0
    sequence: int = 0
    closed: int = 0
    announced: int = 0
    lost: int = 0
    address: str = ""
    opened: str = ""
    appended: str = ""
    releases: str = ""
    routeing_filter: bytes = b""
    extension: Optional[bytes] = None
    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_damaged(self) -> bool:
        return any(not fault.is_note for fault in self.faults)

    def facts(self) -> str:
        """What the header says, a line for each fact."""
        lines = ["CDR file (3GPP TS 32.297)", f"Sequence number: {self.sequence}", f"Releases: {self.releases}",
                 f"Closed: {CLOSED.get(self.closed, f'reason {self.closed}')}",
                 f"Records: {len(self.records)} read, " + (
                     "number not given" if self.announced == UNKNOWN else f"{self.announced} announced")]
        for name, value in (("Node", self.address), ("Opened", self.opened), ("Last record", self.appended)):
            if value:
                lines.append(f"{name}: {value}")
        if self.lost:
            lines.append(f"Lost records indicator: {self.lost}")
        if self.routeing_filter:
            lines.append(f"Routeing filter: {self.routeing_filter!r}"[:200])
        if self.extension:
            lines.append(f"Private extension: {self.extension!r}"[:200])
        return "\n".join(lines)


def count_of(count: int) -> str:
    return f"{count} record" + ("s" if count != 1 else "")


def were_read(count: int, what: Optional[str] = None) -> str:
    return f"{count_of(count) if what is None else count} {'was' if count == 1 else 'were'} read"


def number(octets: bytes, at: int, size: int) -> int:
    return int.from_bytes(octets[at:at + size], "big")


def release_of(octet: int, rest: Optional[int]) -> int:
    """0 is Release 99, 1 to 6 are Releases 4 to 9, 7 has ten less than the release in a further octet."""
    bits = octet >> 5
    if bits == 7:
        return 10 + (rest or 0)
    return bits + 3 if bits else 99


def header_time(value: int) -> str:
    """Month, day, hour, minute and offset; it has no year. Nothing for one that no clock shows."""
    month, day, hour, minute = value >> 28, value >> 23 & 31, value >> 18 & 31, value >> 12 & 63
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60):
        return ""
    sign = "+" if value >> 11 & 1 else "-"
    return f"{month:02d}-{day:02d} {hour:02d}:{minute:02d} {sign}{value >> 6 & 31:02d}:{value & 63:02d}"


def header_address(octets: bytes) -> str:
    """Four octets FF, then IPv6, with IPv4 inside."""
    if octets[:4] != b"\xff" * 4 or not any(octets[4:]):
        return ""
    if octets[4:16] == bytes(10) + b"\xff\xff":
        return ".".join(map(str, octets[16:]))
    return ":".join(f"{number(octets, at, 2):x}" for at in range(4, 20, 2))


def split_rest(file: CdrFile, octets: bytes) -> None:
    """What stands behind the routeing filter: perhaps the private extension with its length, then up to two octets with
    the rest of a release. One program leaves the length out when there is no extension."""
    high, low = octets[8], octets[9]
    behind = octets[FIXED + len(file.routeing_filter):file.header_length]
    extra = (high >> 5 == 7) + (low >> 5 == 7)
    rests = list(behind[len(behind) - extra:]) if len(behind) >= extra else []
    if len(behind) >= extra + 2 and number(behind, 0, 2) == len(behind) - extra - 2:
        file.extension = behind[2:len(behind) - extra]
    elif len(behind) != extra:
        file.faults.append(Fault(FIXED + len(file.routeing_filter), "the parts of the header do not add up to its "
                                 "length; the records are read from where the length says"))
    high_rest = rests.pop(0) if high >> 5 == 7 and rests else None
    low_rest = rests.pop(0) if low >> 5 == 7 and rests else None
    file.releases = f"{release_of(low, low_rest)} to {release_of(high, high_rest)}"


def guess_header_length(octets: bytes, filter_length: int) -> int:
    """The length of a header that does not know it: the first one behind which a record stands."""
    extra = (octets[8] >> 5 == 7) + (octets[9] >> 5 == 7)
    least = FIXED + filter_length
    for length in (least + 2 + number(octets, least, 2) + extra, least + extra):
        if length <= len(octets) and (length == len(octets) or is_certain(octets, length)):
            return length
    raise NotCdrFile("offset 4: it says that the length of its header is not known, and no record stands behind it")


def read_header(octets: bytes) -> CdrFile:
    size = len(octets)
    if size == 0:
        raise NotCdrFile("the file is empty")
    if size < FIXED:
        raise NotCdrFile(f"it has {size} octets, and the header of such a file has at least {FIXED}")
    file = CdrFile(file_length=number(octets, 0, 4), header_length=number(octets, 4, 4))
    filter_length = number(octets, 48, 2)
    if FIXED + filter_length > size:
        raise NotCdrFile(f"offset 48: its header would have {FIXED + filter_length} octets or more, and the file has "
                         f"{size}")
    if file.header_length == UNKNOWN:
        file.header_length = guess_header_length(octets, filter_length)
        file.faults.append(Fault(4, "the length of the header is not given; it was found by the first record", True))
    if file.header_length > size:
        raise NotCdrFile(f"offset 4: its header would have {file.header_length} octets, and the file has {size}")
    if FIXED + filter_length > file.header_length:
        raise NotCdrFile("offset 4: its header would be shorter than the parts of it")
    if 0 < file.file_length < file.header_length:
        raise NotCdrFile("offset 0: its length would be less than that of its header")
    file.routeing_filter = octets[FIXED:FIXED + filter_length]
    file.opened, file.appended = header_time(number(octets, 10, 4)), header_time(number(octets, 14, 4))
    file.announced, file.sequence, file.closed = number(octets, 18, 4), number(octets, 22, 4), octets[26]
    file.address, file.lost = header_address(octets[27:47]), octets[47]
    split_rest(file, octets)
    if file.file_length == UNKNOWN:
        file.faults.append(Fault(0, "the length of the file is not given", True))
    elif file.file_length != size:
        what = ("it was cut" if file.file_length > size else "the length is wrong" if file.file_length == 0
                else "there is more behind its end, or the length is wrong")
        file.faults.append(Fault(0, f"the header says {file.file_length} octets, and the file has {size}: {what}"))
    return file


def record_at(octets: bytes, at: int) -> Optional[Record]:
    """The record whose header is at AT, if it can be one that is all there."""
    if at + 4 > len(octets):
        return None
    length, release, what = number(octets, at, 2), octets[at + 2], octets[at + 3]
    size = 5 if release >> 5 == 7 else 4
    if length == 0 or what >> 5 not in FORMATS or at + size + length > len(octets):
        return None
    return Record(at, release_of(release, octets[at + 4] if size == 5 else None), release & 31, what >> 5, what & 31,
                  octets[at + size:at + size + length])


def end_of(record: Record, octets: bytes) -> int:
    return record.offset + (5 if octets[record.offset + 2] >> 5 == 7 else 4) + len(record.octets)


def ber_extent(octets: bytes) -> Optional[int]:
    """How many octets the first BER element has, if it is constructed with a context tag; 0: its end is marked."""
    if len(octets) < 2 or not 0xA0 <= octets[0] <= 0xBF:
        return None
    at = 1
    if octets[0] & 31 == 31:
        while at < len(octets) and octets[at] & 0x80:
            at += 1
        at += 1
    if at >= len(octets):
        return None
    first = octets[at]
    if first < 0x80:
        return at + 1 + first
    count = first & 0x7F
    if count == 0:
        return 0
    return at + 1 + count + number(octets, at + 1, count) if count <= 4 and at + 1 + count <= len(octets) else None


def is_certain(octets: bytes, at: int) -> bool:
    """True when a record in BER stands at AT whose own length agrees with that in front of it."""
    record = record_at(octets, at)
    if record is None or record.format != 1:
        return False
    extent = ber_extent(record.octets)
    return extent is not None and (extent == len(record.octets) or extent == 0 and record.octets[-2:] == bytes(2))


def find_next(octets: bytes, at: int) -> Optional[int]:
    """Where the next record begins that is one for certain."""
    for offset in range(at, len(octets) - 5):
        # The third octet behind a header's first begins with the format: 001 is BER.
        if octets[offset + 3] >> 5 == 1 and is_certain(octets, offset):
            return offset
    return None


def damage_at(octets: bytes, at: int) -> str:
    left = len(octets) - at
    if left < 4:
        return f"{left} octets are left, and the header of a record has at least 4"
    length, what = number(octets, at, 2), octets[at + 3]
    if length == 0:
        return "a record of 0 octets"
    if what >> 5 not in FORMATS:
        return f"the format of a record is {what >> 5}; there are 1 to 4"
    return f"a record of {length} octets, but only {left - (5 if octets[at + 2] >> 5 == 7 else 4)} are left"


def read_records(file: CdrFile, octets: bytes) -> None:
    at = file.header_length
    while at < len(octets):
        record = record_at(octets, at)
        # A length that is wrong leads into the middle of a record.
        is_lost = record is not None and not is_certain(octets, at) and record.format == 1 and (
            end_of(record, octets) < len(octets) and record_at(octets, end_of(record, octets)) is None)
        if record is not None and not is_lost:
            file.records.append(record)
            at = end_of(record, octets)
            continue
        text = "the length of a record leads to no other record" if is_lost else damage_at(octets, at)
        found = find_next(octets, at + 1)
        if found is None and not file.records and file.announced not in (0, UNKNOWN):
            raise NotCdrFile(f"no record stands behind its header (offset {at}: {text})")
        where = f"; reading goes on at offset {found}" if found is not None else "; no record was found behind it"
        file.faults.append(Fault(at, f"{text}{where}; {were_read(len(file.records))} before it"))
        if found is None:
            break
        at = found
    if file.announced not in (UNKNOWN, len(file.records)):
        file.faults.append(Fault(18, f"the header announces {count_of(file.announced)}, and "
                                 f"{were_read(len(file.records), '')}"))


def read(octets: bytes) -> CdrFile:
    """Reads a file. Raises NotCdrFile for what is none; any octets will do."""
    file = read_header(octets)
    read_records(file, octets)
    return file


def elements(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """The identifiers' first octets and the values of the primitive elements right inside the outermost element."""
    at = 1
    if octets and octets[0] & 31 == 31:
        while at < len(octets) and octets[at] & 0x80:
            at += 1
        at += 1
    at += 1 + (octets[at] & 0x7F if at < len(octets) and octets[at] & 0x80 else 0)
    while at + 1 < len(octets):
        tag, at = octets[at], at + 1
        if tag & 31 == 31:
            while at < len(octets) and octets[at] & 0x80:
                at += 1
            at += 1
        if at >= len(octets) or octets[at] == 0x80:
            return
        length, size = octets[at], 1
        if length & 0x80:
            size = 1 + (length & 0x7F)
            length = number(octets, at + 1, size - 1)
        if at + size + length > len(octets):
            return
        if not tag & 0x20:
            yield tag, octets[at + size:at + size + length]
        at += size + length


def time_of(record: Record) -> Optional[datetime]:
    """The first time in the record (nine octets: local time in BCD, sign, offset), with its offset applied."""
    if record.format != 1:
        return None
    for _, value in elements(record.octets):
        digits = (value[:6] + value[7:]).hex()
        if len(value) != 9 or value[6] not in b"+-" or not digits.isdecimal():
            continue
        try:
            local = datetime.strptime("20" + digits[:12], "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc)
        except ValueError:
            continue
        offset = timedelta(hours=int(digits[12:14]), minutes=int(digits[14:16]))
        return local - offset if value[6] == ord("+") else local + offset
    return None


def block(kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def option(code: int, text: str) -> bytes:
    octets = text.encode("utf-8", "replace")[:65000]
    return struct.pack("<HH", code, len(octets)) + octets + bytes(-len(octets) % 4)


def capture(file: CdrFile) -> Iterator[bytes]:
    """The file as pcapng: each record an exported PDU for the dissector cdr. A record without a time is a packet
    without one."""
    end = bytes(4)
    yield block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + option(1, file.facts()) + end)
    yield block(1, struct.pack("<HHI", 252, 0, 0))
    for index, record in enumerate(file.records, 1):
        name = {1: b"cdr\0", 4: b"xml\0"}.get(record.format, b"data")
        packet = struct.pack(">HH", 12, len(name)) + name + end + record.octets
        when = time_of(record)
        if when is None or when.timestamp() < 0:
            yield block(3, struct.pack("<I", len(packet)) + packet)
            continue
        stamp = int(when.timestamp()) * 1000000
        front = struct.pack("<IIIII", 0, stamp >> 32, stamp & UNKNOWN, len(packet), len(packet))
        yield block(6, front + packet + bytes(-len(packet) % 4) + option(1, f"Record {index} {record}") + end)

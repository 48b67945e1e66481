"""Files of charging records as 3GPP TS 32.297 has them: read, and written as a capture of exported PDUs.

No two programs write the header alike, so that little of it is believed: the records begin where the header's length
says, and what a record is, its own tag says. Numbers are big-endian.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Iterator, Optional

UNKNOWN = 0xFFFFFFFF
FIXED = 50
TAG_OCTETS = 3  # of a long tag, behind its first one
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


def shown(octets: bytes) -> str:
    """As text where all octets are printable ASCII, otherwise in hexadecimal; of many, the first 64."""
    start = octets[:64]
    text = start.decode("ascii") if all(0x20 <= octet < 0x7f for octet in start) else start.hex(" ")
    return text + (f" ... ({len(octets)} octets)" if len(octets) > len(start) else "")


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
    adds_up: bool = True  # the parts of the header
    routeing_filter: bytes = b""
    extension: Optional[bytes] = None
    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_damaged(self) -> bool:
        return any(not fault.is_note for fault in self.faults)

    def facts(self) -> str:
        """What the header says, a line for each fact."""
        lines = ["CDR file (3GPP TS 32.297)", f"Sequence number: {self.sequence}",
                 f"Closed: {CLOSED.get(self.closed, f'reason {self.closed}')}",
                 f"Records: {len(self.records)} read, " + (
                     "number not given" if self.announced == UNKNOWN else f"{self.announced} announced")]
        for name, value in (("Releases", self.releases), ("Node", self.address), ("Opened", self.opened),
                            ("Last record", self.appended)):
            if value:
                lines.append(f"{name}: {value}")
        if self.lost:
            lines.append(f"Lost records indicator: {self.lost}")
        if self.routeing_filter:
            lines.append(f"Routeing filter: {shown(self.routeing_filter)}")
        if self.extension:
            lines.append(f"Private extension: {shown(self.extension)}")
        return "\n".join(lines)


def count_of(count: int) -> str:
    return f"{count} record" + ("s" if count != 1 else "")


def count_octets(count: int) -> str:
    return f"{count} octet" + ("s" if count != 1 else "")


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
        file.adds_up = False
        return
    high_rest = rests.pop(0) if high >> 5 == 7 and rests else None
    low_rest = rests.pop(0) if low >> 5 == 7 and rests else None
    file.releases = f"{release_of(low, low_rest)} to {release_of(high, high_rest)}"


def find_first(octets: bytes) -> Optional[int]:
    """Where the parts of the header end, if a record stands there, or nothing."""
    extra = (octets[8] >> 5 == 7) + (octets[9] >> 5 == 7)
    least = FIXED + number(octets, 48, 2)
    for at in (least + 2 + number(octets, least, 2) + extra, least + extra):
        if at <= len(octets) and (at == len(octets) or is_certain(octets, at)):
            return at
    return None


def find_header_length(octets: bytes) -> int:
    """The length of a header that does not know it."""
    length = find_first(octets)
    if length is None:
        raise NotCdrFile("offset 4: it says that the length of its header is not known, and no record stands behind it")
    return length


def check_parts(file: CdrFile, octets: bytes) -> None:
    """Of a header that does not add up, one of its lengths is wrong: the records begin where one stands."""
    if file.adds_up:
        return
    said, first = file.header_length, find_first(octets)
    at = FIXED + len(file.routeing_filter)
    if first is not None and first < len(octets) and (first < said or not is_certain(octets, said)):
        file.header_length = first
        file.faults.append(Fault(4, f"the header would have {count_octets(said)}, and its parts end at offset {first}, "
                                 "where a record stands; the records are read from there"))
    else:
        file.faults.append(Fault(at, "the parts of the header do not add up to its length; the records are read from "
                                 "where the length says"))


def is_record(octets: bytes) -> bool:
    """True when a record in BER stands at the beginning, without any header, and another one, or nothing, behind it."""
    end = ber_end(octets, 0, len(octets))
    return end is not None and end <= len(octets) and number(octets, 0, 4) != len(octets) and (
        end == len(octets) or ber_end(octets, end, len(octets)) is not None)


def read_header(octets: bytes) -> CdrFile:
    size = len(octets)
    if size == 0:
        raise NotCdrFile("the file is empty")
    if size < FIXED:
        raise NotCdrFile(f"it has {size} octets, and the header of such a file has at least {FIXED}")
    if is_record(octets):
        raise NotCdrFile("offset 0: a record in BER stands where the header of the file should be")
    file = CdrFile(file_length=number(octets, 0, 4), header_length=number(octets, 4, 4))
    filter_length = number(octets, 48, 2)
    if FIXED + filter_length > size:
        raise NotCdrFile(f"offset 48: its header would have {FIXED + filter_length} octets or more, and the file has "
                         f"{size}")
    if file.header_length == UNKNOWN:
        file.header_length = find_header_length(octets)
        file.faults.append(Fault(4, "the length of the header is not given; it was found by the first record", True))
    first = find_first(octets)
    if not FIXED + filter_length <= file.header_length <= size and first is not None and first < size:
        file.faults.append(Fault(4, f"the header cannot have {count_octets(file.header_length)}; the records are read "
                                 f"from offset {first}, where its parts end"))
        file.header_length = first
    if file.header_length > size:
        raise NotCdrFile(f"offset 4: its header would have {file.header_length} octets, and the file has {size}")
    if FIXED + filter_length > file.header_length:
        raise NotCdrFile("offset 4: its header would be shorter than the parts of it")
    if 0 < file.file_length < file.header_length and (first is None or first == size):
        raise NotCdrFile("offset 0: its length would be less than that of its header")
    file.routeing_filter = octets[FIXED:FIXED + filter_length]
    file.opened, file.appended = header_time(number(octets, 10, 4)), header_time(number(octets, 14, 4))
    file.announced, file.sequence, file.closed = number(octets, 18, 4), number(octets, 22, 4), octets[26]
    file.address, file.lost = header_address(octets[27:47]), octets[47]
    split_rest(file, octets)
    check_parts(file, octets)
    if file.file_length == UNKNOWN:
        file.faults.append(Fault(0, "the length of the file is not given", True))
    elif file.file_length != size:
        what = ("it was cut" if file.file_length > size else "the length is wrong" if file.file_length == 0
                else "there is more behind its end, or the length is wrong")
        file.faults.append(Fault(0, f"the header says {file.file_length} octets, and the file has {size}: {what}"))
    return file


def extent_at(octets: bytes, at: int) -> Optional[tuple[int, int]]:
    """Where the record whose header is at AT begins and ends, if it can be one that is all there."""
    if at + 4 > len(octets):
        return None
    length = number(octets, at, 2)
    start = at + (5 if octets[at + 2] >> 5 == 7 else 4)
    if length == 0 or octets[at + 3] >> 5 not in FORMATS or start + length > len(octets):
        return None
    return start, start + length


def record_at(octets: bytes, at: int) -> Optional[Record]:
    """The record whose header is at AT, if it can be one that is all there."""
    extent = extent_at(octets, at)
    if extent is None:
        return None
    start, end = extent
    release, what = octets[at + 2], octets[at + 3]
    return Record(at, release_of(release, octets[at + 4] if start == at + 5 else None), release & 31, what >> 5,
                  what & 31, octets[start:end])


def ber_end(octets: bytes, at: int, end: int) -> Optional[int]:
    """Where the BER element at AT ends, if it is constructed with a context tag; END if its last octets mark it. It
    may be beyond END."""
    if at + 2 > end or not 0xA0 <= octets[at] <= 0xBF:
        return None
    is_long = octets[at] & 31 == 31
    at += 1
    if is_long:
        last = min(at + TAG_OCTETS, end)
        while at < last and octets[at] & 0x80:
            at += 1
        at += 1
    if at >= end:
        return None
    count = octets[at] & 0x7F
    if octets[at] < 0x80:
        return at + 1 + count
    if count == 0:
        return end if octets[end - 2:end] == bytes(2) else None
    return at + 1 + count + number(octets, at + 1, count) if count <= 4 and at + 1 + count <= end else None


def is_certain(octets: bytes, at: int) -> bool:
    """True when a record in BER stands at AT whose own length agrees with that in front of it. It takes the same time
    whatever the length is, so that damage is passed over in a time that grows as it does."""
    extent = extent_at(octets, at)
    return extent is not None and octets[at + 3] >> 5 == 1 and ber_end(octets, *extent) == extent[1]


# A header of four octets or five for a record in BER, and the first octet of one.
CANDIDATE = re.compile(rb"(?s)(?=..(?:[\x00-\xdf][\x20-\x3f]|[\xe0-\xff][\x20-\x3f].)[\xa0-\xbf])")


def find_next(octets: bytes, at: int) -> Optional[int]:
    """Where the next record begins that is one for certain."""
    return next((found.start() for found in CANDIDATE.finditer(octets, at) if is_certain(octets, found.start())), None)


def announced_at(octets: bytes, at: int) -> Optional[int]:
    """How many records the header announces that stands at AT in place of a record: that of another file, which was
    appended. Nothing if there is none, or no record behind it."""
    if len(octets) - at < FIXED:
        return None
    length, header = number(octets, at, 4), number(octets, at + 4, 4)
    if header < FIXED + number(octets, at + 48, 2) or header > min(length, len(octets) - at):
        return None
    return number(octets, at + 18, 4) if is_certain(octets, at + header) else None


def damage_at(octets: bytes, at: int) -> str:
    left = len(octets) - at
    if left < 4:
        return f"{left} octet{'s are' if left != 1 else ' is'} left, and the header of a record has at least 4"
    length, what = number(octets, at, 2), octets[at + 3]
    if length == 0:
        return "a record of 0 octets"
    if what >> 5 not in FORMATS:
        return f"the format of a record is {what >> 5}; there are 1 to 4"
    left = max(left - (5 if octets[at + 2] >> 5 == 7 else 4), 0)
    return f"a record of {count_octets(length)}, but only {left} {'are' if left != 1 else 'is'} left"


def fill_at(octets: bytes, at: int) -> Optional[str]:
    """What is to be said when one octet, 00 or FF, is repeated from AT to the end of the file."""
    count = len(octets) - at
    is_fill = octets[at] in (0, 0xFF) and octets.count(octets[at:at + 1], at) == count
    return f"{count_octets(count)} {octets[at]:02X} to the end" if is_fill else None


def read_records(file: CdrFile, octets: bytes) -> None:
    at = file.header_length
    announced = file.announced
    while at < len(octets):
        record, extent = record_at(octets, at), extent_at(octets, at)
        end = extent[1] if extent is not None else at
        sure = is_certain(octets, at)
        more = announced_at(octets, at) if not sure else None
        # A length that is wrong leads into the middle of a record.
        is_lost = record is not None and not sure and record.format == 1 and (
            end < len(octets) and extent_at(octets, end) is None and announced_at(octets, end) is None)
        if record is not None and not is_lost and more is None:
            file.records.append(record)
            at = end
            continue
        before = f"{were_read(len(file.records))} before it"
        if more is not None:
            first = at + number(octets, at + 4, 4)
            file.faults.append(Fault(at, f"the header of another file begins here; its records are read from offset "
                                     f"{first}; {before}"))
            announced = UNKNOWN if UNKNOWN in (announced, more) else announced + more
            at = first
            continue
        text = "the length of a record leads to no other record" if is_lost else damage_at(octets, at)
        found = find_next(octets, at + 1)
        if found is None and not file.records and announced not in (0, UNKNOWN) and not file.adds_up:
            raise NotCdrFile(f"no record stands behind its header (offset {at}: {text})")
        if found is None:
            file.faults.append(Fault(at, f"{fill_at(octets, at) or text}; no record was found behind it; {before}"))
            break
        file.faults.append(Fault(at, f"{text}; reading goes on at offset {found}; {before}"))
        at = found
    if announced not in (UNKNOWN, len(file.records)):
        headers = "the header announces" if announced == file.announced else "the headers announce"
        file.faults.append(Fault(18, f"{headers} {count_of(announced)}, and {were_read(len(file.records), '')}"))


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

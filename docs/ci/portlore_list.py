"""Lists of charging records for portlore-reconcile: CSV of a charging gateway, and files of 3GPP TS 32.297.

Nothing is passed over in silence: what cannot be read is a fault with its line, or its offset in the file.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from __future__ import annotations

import argparse
import csv
import os
import re
import struct
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Iterator, NamedTuple, Optional

import portlore_cdr
import portlore_rows

# What a list and a capture may both say of a record, besides node and local number.
FIELDS = ("kind", "record_seq", "imsi", "msisdn", "apn", "charging_id", "opening_time", "duration_s", "octets_up",
          "octets_down", "rating_groups", "cause_for_closing", "digest")
COLUMNS = ("node", "local_seq", *FIELDS)
ALL = {name: at for at, name in enumerate(COLUMNS)}
NUMBERS = portlore_rows.INTEGERS
SEPARATORS = {";": "a semicolon", "\t": "a tab", "|": "a bar", ",": "a comma"}
UTF16 = (b"\xff\xfe", b"\xfe\xff")
LARGEST = 65000  # octets of a record that fit into a packet; a GTP' message has 65,535 at most
# An octet that is no text in UTF-8, as Python's "surrogateescape" reads it.
FOREIGN = re.compile("[\udc80-\udcff]")
DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{16})[0-9a-f]{0,48}", re.IGNORECASE)


class Unusable(Exception):
    """Nothing of a list can be used."""


class Cells:
    """What a line of a list says. There may be millions: the lines of a list share the names of its columns."""

    __slots__ = ("names", "values")

    def __init__(self, names: dict[str, int], values: tuple[Any, ...]) -> None:
        self.names, self.values = names, values

    def get(self, name: str) -> Any:
        at = self.names.get(name)
        return None if at is None else self.values[at]

    def items(self) -> Iterator[tuple[str, Any]]:
        return zip(self.names, self.values)


class Listed(NamedTuple):
    """A record of the list. PLACE: "line 7", or "record 7 at offset 1200"."""

    file: str
    place: str
    cells: Cells

    @property
    def where(self) -> str:
        return f"{self.file}, {self.place}"


@dataclass
class Lists:
    """What is read, and what could not be. Faults make that the comparison is not complete; notes do not."""

    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def time_text(text: str) -> Optional[str]:
    """A time in UTC, to the second, as the captures' rows have it; one without an offset is UTC. None for what is no
    time."""
    try:
        when = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", text.strip()))
    except ValueError:
        return None
    if when.tzinfo is not None:
        when = when.astimezone(timezone.utc)
    return f"{when:%Y-%m-%dT%H:%M:%S}Z"


def cell_of(name: str, text: str) -> Any:
    """A cell as the captures' rows have it; as it stands, when it cannot be."""
    text = text.strip()
    if not text:
        return None
    if name in NUMBERS:
        return int(text) if re.fullmatch(r"\d{1,20}", text) else text
    if name == "rating_groups":
        parts = re.split(r"[,; ]+", text)
        return [int(part) for part in parts] if all(part.isdecimal() for part in parts) else text
    if name == "opening_time":
        return time_text(text) or text
    if name == "digest":
        found = DIGEST.fullmatch(text)
        return found[1].lower() if found else text
    return sys.intern(text)


def columns_of(titles: list[str], mapping: dict[str, str]) -> dict[str, int]:
    """Where the columns are that can be compared. A mapping names the title of a column as it stands in the list."""
    plain = [title.strip().lower() for title in titles]
    names = [portlore_rows.name_of(title) for title in titles]
    found = {}
    for name in COLUMNS:
        wanted = mapping.get(name)
        if wanted is not None and wanted.strip().lower() in plain:
            found[name] = plain.index(wanted.strip().lower())
        elif wanted is None and name in names:
            found[name] = names.index(name)
    return found


def is_enough(found: dict[str, int]) -> bool:
    return "local_seq" in found and "node" in found or "digest" in found


class CsvList:
    """A CSV file with a line of titles."""

    def __init__(self, path: str, options: argparse.Namespace, lists: Lists) -> None:
        self.path, self.lists = path, lists
        self.separator: str = options.separator
        self.mapping: dict[str, str] = dict(options.column)
        self.foreign: set[str] = set()

    def check_titles(self, titles: list[str], line: str) -> dict[str, int]:
        """Where the columns are. Raises Unusable when they are not."""
        found = columns_of(titles, self.mapping)
        plain = [title.strip().lower() for title in titles]
        twice = [f'"{titles[at]}"' for at in found.values() if plain.count(plain[at]) > 1]
        if twice:
            raise Unusable(f"line 1: more than one column is called {', '.join(twice)}: which one is meant "
                           "cannot be told")
        absent = [f'"{title}"' for name, title in self.mapping.items() if name not in found]
        if is_enough(found) and not absent:
            return found
        for other, name in SEPARATORS.items():
            if other != self.separator and is_enough(columns_of(line.split(other), self.mapping)):
                raise Unusable(f"line 1: the columns are separated by {name}: use --separator '{other}'")
        if absent:
            raise Unusable(f"line 1: there is no column {', '.join(absent)}, which --column names; there are: "
                           f"{', '.join(titles)}")
        missing = [name for name in ("node", "local_seq") if name not in found]
        raise Unusable(f"line 1: there is no column {' and no column '.join(missing)}; there are: "
                       f"{', '.join(titles)}. --column NAME=TITLE says which one it is")

    def read(self) -> Iterator[Listed]:
        """The records of the list, in its order. Raises Unusable."""
        with open(self.path, "rb") as raw:
            start = raw.read(4)
            if start[:2] in UTF16:
                raise Unusable(f"line 1: a byte order mark says that this is UTF-16 ({start[:2].hex(' ')}): convert it "
                               "to UTF-8")
        has_mark = start[:3] == b"\xef\xbb\xbf"
        if has_mark:
            self.lists.notes.append(f"{self.path}, line 1: there is a byte order mark, which is passed over")
        with open(self.path, encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
            line = self.as_text(text.readline(), 1)
            if line.lower().startswith("sep="):
                raise Unusable(f"line 1: {line.strip()!r} is meant for a spreadsheet: remove this line, so that the "
                               "titles of the columns are the first one")
            if not line.strip():
                raise Unusable("line 1: the list is empty" if not line else "line 1: there are no titles of columns")
            titles = next(csv.reader([line], delimiter=self.separator))
            found = self.check_titles(titles, line.rstrip("\r\n"))
            yield from self.read_lines(text, found, len(titles))

    def as_text(self, line: str, number: int) -> str:
        """The line with a mark for each octet that is no text. The first one of each kind is said."""
        found = {"no text in UTF-8": FOREIGN.search(line), "00, which is no text": "\0" in line}
        for what in found:
            if found[what] and what not in self.foreign:
                self.foreign.add(what)
                self.lists.notes.append(f"{self.path}, line {number}: there are octets that are {what}: the cells with "
                                        "such octets are not what was written")
        return FOREIGN.sub("\ufffd", line).replace("\0", "\ufffd") if any(found.values()) else line

    def read_lines(self, text: Any, found: dict[str, int], count: int) -> Iterator[Listed]:
        ended, number = True, 1

        def lines() -> Iterator[str]:
            nonlocal ended
            for line in text:
                ended = line.endswith(("\n", "\r"))
                yield self.as_text(line, reader.line_num + 2)

        names = {name: at for at, name in enumerate(found)}
        reader, records = csv.reader(lines(), delimiter=self.separator, strict=True), 0
        while True:
            number = reader.line_num + 2
            try:
                row = next(reader)
            except StopIteration:
                break
            except csv.Error as reason:
                self.fault(number, f"{reason}: this line and all behind it are not read" if "end of data" not in
                           str(reason) else "a quotation mark is opened and not closed: the line was cut, or all "
                           "behind it belongs to one cell; nothing from here on is read")
                break
            if not row:
                continue
            records += 1
            if len(row) != count:
                self.fault(number, f"{len(row)} cell{'s' if len(row) != 1 else ''} instead of {count}: " + (
                    "the line was cut" if len(row) < count else "a cell has the separator in it") + "; it is not read")
                continue
            cells = Cells(names, tuple(cell_of(name, row[at]) for name, at in found.items()))
            if self.is_usable(number, cells):
                yield Listed(self.path, f"line {number}", cells)
        if records == 0:
            self.lists.notes.append(f"{self.path}, line 1: there are titles, and no line behind them: the list is "
                                    "empty")
        elif not ended:
            self.lists.notes.append(f"{self.path}, line {reader.line_num + 1}: the last line has no end: it may have "
                                    "been cut")

    def is_usable(self, number: int, cells: Cells) -> bool:
        local = cells.get("local_seq")
        if isinstance(local, str):
            self.fault(number, f"the local number is no number: {local[:40]!r}; the line is not read")
            return False
        if (local is None or cells.get("node") is None) and cells.get("digest") is None:
            self.fault(number, "neither node and local number nor a digest: the record cannot be looked for")
            return False
        return True

    def fault(self, number: int, text: str) -> None:
        self.lists.faults.append(f"{self.path}, line {number}: {text}")


def message(number: int, record: bytes) -> bytes:
    """A record in a frame of its own: Ethernet, IPv4, UDP and GTP', as a CDF would send it. Each 60,000 records have
    their own address, so that no two have the same ends and number."""
    head, seq = divmod(number, 60000)
    body = b"\x7e\x01\xfc" + struct.pack(">HBBHH", len(record) + 6, 1, 1, 0x1C06, len(record)) + record
    payload = struct.pack(">BBHH", 0x4E, 240, len(body), seq) + body
    udp = struct.pack(">HHHH", 3386, 3386, len(payload) + 8, 0) + payload
    address = struct.pack(">I", 0xC6120001 + head)
    ip = struct.pack(">BBHHHBBH", 0x45, 0, len(udp) + 20, 0, 0, 64, 17, 0) + address + b"\xc0\0\2\1"
    return bytes(12) + b"\x08\0" + ip + udp


class CdrList:
    """A file of charging records. Its records are read by the plugin itself, as those of the captures are."""

    def __init__(self, path: str, options: argparse.Namespace, lists: Lists) -> None:
        self.path, self.lists = path, lists
        self.reader = portlore_rows.Reader(argparse.Namespace(
            program=options.program, tshark=options.tshark, channels=False, filter=None, option=[], keys=None))

    def read(self) -> Iterator[Listed]:
        """The records of the file, in its order. Raises Unusable."""
        try:
            with open(self.path, "rb") as source:
                file = portlore_cdr.read(source.read())
        except portlore_cdr.NotCdrFile as reason:
            raise Unusable(f"this is no file of TS 32.297: {reason}") from None
        for fault in file.faults:
            (self.lists.notes if fault.is_note else self.lists.faults).append(f"{self.path}, {fault}")
        if not file.records:
            self.lists.notes.append(f"{self.path}, offset {file.header_length}: the file has no records")
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            path = os.path.join(folder, "records.pcap")
            places = self.write(path, file)
            try:
                rows = list(self.reader.read(path)) if places else []
            except portlore_rows.Unable as reason:
                raise Unusable(str(reason)) from None
        seen = set()
        for row in rows:
            index = places[row["frame"] - 1]
            seen.add(index)
            place = f"record {index + 1} at offset {file.records[index].offset}"
            if row["local_seq"] is None and row["digest"] is None:
                self.lists.faults.append(f"{self.path}, {place}: the record cannot be read")
                continue
            cells = Cells(ALL, tuple(row[name] or None if name == "node" else row[name] for name in COLUMNS))
            yield Listed(self.path, place, cells)
        for index in places:
            if index not in seen:
                self.lists.faults.append(f"{self.path}, offset {file.records[index].offset}: the record cannot be read")

    def write(self, path: str, file: portlore_cdr.CdrFile) -> list[int]:
        """Writes the records as packets; which record each packet has."""
        places = []
        with open(path, "wb") as target:
            target.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
            for index, record in enumerate(file.records):
                if record.format != 1 or len(record.octets) > LARGEST:
                    what = portlore_cdr.FORMATS[record.format] if record.format != 1 else f"{len(record.octets)} octets"
                    self.lists.faults.append(f"{self.path}, offset {record.offset}: a record of {what} is not compared")
                    continue
                frame = message(index, record.octets)
                target.write(struct.pack("<IIII", index, 0, len(frame), len(frame)) + frame)
                places.append(index)
        return places


def is_line_of_text(start: bytes) -> bool:
    """True when the octets begin with a line of text that has an end."""
    line, end, _ = start.partition(b"\n")
    try:
        return bool(end) and line.decode("utf-8-sig").rstrip("\r").replace("\t", " ").isprintable() and len(line) > 1
    except UnicodeDecodeError:
        return False


def files_of(name: str) -> list[str]:
    """The file, or all files in the folder. Raises Unusable."""
    if os.path.isdir(name):
        inside = sorted(entry.path for entry in os.scandir(name) if entry.is_file())
        if not inside:
            raise Unusable("there are no files in this folder")
        return inside
    return [name]


def read(name: str, options: argparse.Namespace, lists: Lists) -> Iterator[Listed]:
    """All records of a list, which may be a folder. Raises Unusable, with the file's name."""
    try:
        for path in files_of(name):
            with open(path, "rb") as source:
                start = source.read(50)
            if not start:
                raise Unusable(f"{path}, line 1: the list is empty")
            is_cdr = b"\0" in start and start[:2] not in UTF16 and not is_line_of_text(start)
            try:
                yield from (CdrList if is_cdr else CsvList)(path, options, lists).read()
            except Unusable as reason:
                raise Unusable(f"{path}, {reason}" if str(reason).startswith("line") else f"{path}: {reason}") from None
    except OSError as reason:
        raise Unusable(f"{name}: {reason.strerror}") from None

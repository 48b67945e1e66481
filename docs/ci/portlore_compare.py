"""Holds a list of charging records against what captures have of them, for portlore-reconcile.

Records are the same when node, kind and local number are; without a local number, when their octets are. Of several
records with one identity (a counter began again) a line belongs to the one that differs from it least.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from __future__ import annotations

import bisect
import re
import sys
from collections import defaultdict
from functools import lru_cache
from typing import Any, Iterable, Optional, Sequence

from portlore_list import FIELDS, Listed

# Rows of one identity that differ in these are different records.
OWN = ("imsi", "charging_id", "opening_time", "record_seq")
# A node that counts nothing may say 0, or leave the field out.
NONE_OR_ZERO = {"octets_up", "octets_down", "duration_s"}
SUMS = {"octets_up", "octets_down", "rating_groups"}
ALIKE = {"apn", "digest"}
COMPARED = frozenset(FIELDS)
ARRIVED = ("Acknowledged", "Acknowledged elsewhere", "Accepted twice", "Released")
NOT_TAKEN = ("Rejected", "Cancelled")


@lru_cache(maxsize=1000)
def plain_kind(kind: Optional[str]) -> Optional[str]:
    """A kind of record without what differs between programs: "pgwRecord", "PGW-CDR" and "PGW" are one."""
    if not kind:
        return None
    return re.sub(r"(record|cdr)$", "", re.sub(r"[^a-z0-9]", "", str(kind).lower())) or None


# What is kept of a row.
KEPT = ("capture", "frame", "time", "cdf", "path", "request", "position", "node", "local_seq", *FIELDS, "fate",
        "decided_in", "cut")
PLACES = {name: at for at, name in enumerate(KEPT)}


class Row:
    """A row of a capture. There may be millions: no dictionary for each, and a text that many have only once."""

    __slots__ = ("values",)

    def __init__(self, row: dict[str, Any]) -> None:
        self.values = tuple(sys.intern(value) if isinstance(value, str) and name != "time" else value
                            for name, value in ((name, row[name]) for name in KEPT))

    def __getitem__(self, name: str) -> Any:
        return self.values[PLACES[name]]


class Captured:
    """A record of the captures, and all rows that it has there."""

    __slots__ = ("node", "rows", "line", "differences")

    def __init__(self, node: str, row: Row) -> None:
        self.node = node
        self.rows: tuple[Row, ...] = (row,)
        self.line: Optional[Listed] = None
        self.differences: Sequence[tuple[str, Any, Any]] = ()

    @property
    def first(self) -> Row:
        return self.rows[0]

    @property
    def fate(self) -> str:
        """What became of it: that it arrived, if one of its rows says so."""
        fates = [str(row["fate"]) for row in self.rows]
        return next((fate for fate in fates if fate in ARRIVED), fates[-1])

    @property
    def frames(self) -> str:
        return ", ".join(f"frame {row['frame']} of {row['capture']}" for row in self.rows)


def name_of(node: Any, kind: Any, local: Any, digest: Any) -> str:
    """A record by its identity, for people and machines."""
    if local is not None:
        return f"{node or '?'}/{kind or '?'}/{local}"
    return f"sha256:{digest}"


def host_of(end: Optional[str]) -> str:
    return (end or "").rpartition(":")[0]


def compare(row: Row, line: Listed) -> list[tuple[str, Any, Any]]:
    """(field, in the capture, in the list) for each that both have and that differs."""
    found = []
    for name, listed in line.cells.items():
        if listed is None or name not in COMPARED:
            continue
        here = row[name]
        if row["cut"] and (here is None or name in SUMS):
            continue
        if name == "kind":
            is_same = plain_kind(here) == plain_kind(listed)
        elif name == "digest":
            is_same = here is None or str(here).lower() == listed
        elif name in ALIKE:
            is_same = str(here).lower() == str(listed).lower()
        elif name in NONE_OR_ZERO:
            is_same = (here or 0) == listed
        else:
            is_same = here == listed
        if not is_same:
            found.append((name, here, listed))
    return found


class Captures:
    """The rows of all captures, by identity."""

    def __init__(self) -> None:
        self.records: list[Captured] = []
        self.uncertain: list[Row] = []  # rows of records that the captures cut
        self.by_number: dict[tuple[str, int], list[Captured]] = defaultdict(list)
        self.by_digest: dict[str, list[Captured]] = defaultdict(list)
        self.nameless: dict[int, list[Captured]] = defaultdict(list)  # without a node of their own
        self.rows = 0
        self.limit = ""  # "could be read" or "pass the filter" where these may not be all records

    def add(self, values: dict[str, Any]) -> None:
        """Takes in one row; rows come in the order of time."""
        self.rows += 1
        row = Row(values)
        node, local, digest = row["node"] or host_of(row["cdf"]), row["local_seq"], row["digest"]
        if local is None and digest is None:
            self.uncertain.append(row)
            return
        same = self.by_digest[digest] if local is None else self.by_number[(node, local)]
        for record in same:
            first = record.first
            if plain_kind(first["kind"]) == plain_kind(row["kind"]) and all(first[name] == row[name] for name in OWN):
                record.rows += (row,)
                return
        record = Captured(sys.intern(node), row)
        self.records.append(record)
        same.append(record)
        if local is not None and not row["node"]:
            self.nameless[local].append(record)

    def candidates(self, line: Listed) -> list[Captured]:
        """The records that may be that of a line, by its number, or by its digest."""
        node, local, digest = (line.cells.get(name) for name in ("node", "local_seq", "digest"))
        if local is not None and node is not None:
            return self.by_number.get((node, local), [])
        if local is not None:
            return self.nameless.get(local, [])
        return self.by_digest.get(digest, [])


class Comparison:
    """What comes of it."""

    def __init__(self, captures: Captures) -> None:
        self.captures = captures
        self.is_whole = True  # every line of the list was read
        self.lines = 0
        self.kinds = {plain_kind(record.first["kind"]) for record in captures.records}
        self.only_listed: list[Listed] = []
        self.repeated: list[tuple[Listed, Listed]] = []   # a line, and the earlier one of the same record
        self.seen: dict[tuple[Any, Any, Any], list[int]] = {}  # their places in only_listed, by identity

    def add_all(self, lines: Iterable[Listed]) -> None:
        for line in lines:
            self.lines += 1
            self.add(line)

    def fits(self, record: Captured, line: Listed) -> bool:
        """True when the kind of record agrees. A kind that the captures do not have may be another word for one of
        theirs: then nothing else that is a record's own may disagree."""
        kind = plain_kind(line.cells.get("kind"))
        if kind is None or plain_kind(record.first["kind"]) == kind:
            return True
        return kind not in self.kinds and not any(name in OWN for name, _, _ in compare(record.first, line))

    def add(self, line: Listed) -> None:
        """Finds the record of a line."""
        best: Optional[Captured] = None
        differences: list[tuple[str, Any, Any]] = []
        candidates = [record for record in self.captures.candidates(line) if self.fits(record, line)]
        for record in candidates:
            found = compare(record.first, line)
            if record.line is not None and len(found) >= len(record.differences):
                continue
            if best is None or len(found) < len(differences):
                best, differences = record, found
        if best is not None:
            ousted, best.line, best.differences = best.line, line, differences or ()
            if ousted is not None:
                self.add(ousted)
            return
        for record in candidates:
            if record.line is not None and not self.are_different(record.line, line):
                self.repeated.append((line, record.line))
                return
        self.note_unmatched(line)

    @staticmethod
    def are_different(one: Listed, other: Listed) -> bool:
        """True when the lines say themselves that they are of different records."""
        pairs = [(one.cells.get(name), other.cells.get(name)) for name in ("kind", *OWN)]
        return any(a is not None and b is not None and a != b for a, b in pairs)

    def note_unmatched(self, line: Listed) -> None:
        cells = line.cells
        number = cells.get("local_seq")
        key = cells.get("node"), plain_kind(cells.get("kind")), number if number is not None else cells.get("digest")
        same = self.seen.setdefault(key, [])
        for at in same:
            before = self.only_listed[at]
            if all(before.cells.get(name) == cells.get(name) for name in OWN):
                self.repeated.append((line, before))
                return
        same.append(len(self.only_listed))
        self.only_listed.append(line)

    @property
    def only_captured(self) -> list[Captured]:
        return [record for record in self.captures.records if record.line is None]

    @property
    def different(self) -> list[Captured]:
        return [record for record in self.captures.records if record.line is not None and record.differences]

    @property
    def is_same(self) -> bool:
        return not (self.only_listed or self.repeated or self.only_captured or self.different
                    or self.captures.uncertain)

    def by_node(self) -> dict[str, dict[str, int]]:
        """Counts by node."""
        counts: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTS, 0))
        for record in self.captures.records:
            of = counts[record.node]
            of["captured"] += 1
            if record.line is None:
                of["only_captured"] += 1
            else:
                of["listed"] += 1
                of["different" if record.differences else "same"] += 1
        for line in self.only_listed:
            of = counts[str(line.cells.get("node") or "?")]
            of["listed"] += 1
            of["only_listed"] += 1
        for line, _ in self.repeated:
            counts[str(line.cells.get("node") or "?")]["repeated"] += 1
        for row in self.captures.uncertain:
            counts[row["node"] or host_of(row["cdf"])]["uncertain"] += 1
        return dict(sorted(counts.items()))


COUNTS = ("captured", "listed", "same", "different", "only_captured", "only_listed", "repeated", "uncertain")


def why_not_listed(record: Captured, is_whole: bool) -> str:
    """What the record's fate says of its absence from the list, which was read whole, or not."""
    fate = record.fate
    decided = next((row["decided_in"] for row in record.rows if row["fate"] == fate and row["decided_in"]), None)
    where = f" in frame {decided}" if decided else ""
    if fate in ARRIVED:
        what = "the list" if is_whole else "what could be read of the list"
        return f"{fate}{where}: it arrived, and is not in {what}"
    if fate in NOT_TAKEN:
        return f"{fate}{where}: so it need not be in the list"
    return f"{fate}{where}"


class Evidence:
    """What the captures can show of a record that they do not have, by the numbers of the same node's records."""

    def __init__(self, captures: Captures) -> None:
        self.of_node: dict[str, list[Row]] = defaultdict(list)
        self.of_kind: dict[tuple[str, Optional[str]], list[Row]] = defaultdict(list)
        self.requests: dict[tuple[str, int], set[int]] = defaultdict(set)
        self.cut: dict[str, list[Row]] = defaultdict(list)
        self.begins = self.ends = ""
        self.limit = captures.limit
        self.they = f"the captures, as far as they {self.limit}," if self.limit else "the captures"
        self.ordered: dict[Any, tuple[list[int], list[Row], int]] = {}
        rows = [(record.node, row) for record in captures.records for row in record.rows]
        for node, row in rows:
            self.note(row)
            if row["local_seq"] is not None:
                self.of_node[node].append(row)
                self.of_kind[(node, plain_kind(row["kind"]))].append(row)
        for row in captures.uncertain:
            self.note(row)
            self.cut[host_of(row["cdf"])].append(row)

    def note(self, row: Row) -> None:
        self.requests[(row["capture"], row["path"])].add(row["request"])
        self.begins = min(self.begins or row["time"], row["time"])
        self.ends = max(self.ends, row["time"])

    def order(self, key: Any, rows: list[Row]) -> tuple[list[int], list[Row], int]:
        """Numbers of a counter in order, unrolled where they came round, their rows, and the counter's modulus."""
        if key not in self.ordered:
            rows = sorted(rows, key=lambda row: row["time"])
            modulus = 1 << 16 if max(row["local_seq"] for row in rows) < 1 << 16 else 1 << 32
            at, found = rows[0]["local_seq"], {}
            for row in rows:
                at += (row["local_seq"] - at + modulus // 2) % modulus - modulus // 2
                found.setdefault(at, row)
            numbers = sorted(found)
            self.ordered[key] = numbers, [found[each] for each in numbers], modulus
        return self.ordered[key]

    def why(self, line: Listed) -> tuple[str, str]:
        """A word for programs, and a sentence."""
        if self.limit and not self.ends:
            return "unread", f"{self.they} have no record in GTP'"
        node, local, opened = (line.cells.get(name) for name in ("node", "local_seq", "opening_time"))
        if isinstance(opened, str) and self.ends and re.match(r"\d{4}-", opened) and opened[:19] > self.ends[:19]:
            return "behind-end", (f"it was opened at {opened}, behind the last record that {self.they} have "
                                  f"({self.ends[:19]}Z)")
        if local is None:
            return "unknown", "it has no local number, so that the captures cannot tell whether it should be there"
        if node is None:
            return "unknown", "the list does not say of which node it is"
        if node not in self.of_node:
            return "unread" if self.limit else "no-node", f"{self.they} have no record of this node in GTP'"
        kind = (node, plain_kind(line.cells.get("kind")))
        key, rows = (kind, self.of_kind[kind]) if kind in self.of_kind else (node, self.of_node[str(node)])
        numbers, rows, modulus = self.order(key, rows)
        number = min((local + turn * modulus for turn in (-1, 0, 1, 2)),
                     key=lambda each: max(numbers[0] - each, each - numbers[-1], 0))
        at = bisect.bisect(numbers, number)
        if at == 0:
            return "before-start", (f"its number lies before the first that {self.they} have of this node, "
                                    f"{rows[0]['local_seq']} (frame {rows[0]['frame']}): it was sent before that "
                                    "one, if the counter did not begin again")
        if at == len(numbers):
            return "behind-end", (f"its number lies behind the last that {self.they} have of this node, "
                                  f"{rows[-1]['local_seq']} (frame {rows[-1]['frame']}): it was sent behind that one, "
                                  "if the counter did not begin again")
        if numbers[at - 1] == number:
            return "other-record", (f"the captures have another record with this number (frame {rows[at - 1]['frame']}"
                                    "): the counter began again, or the list is wrong")
        return self.between(rows[at - 1], rows[at])

    def between(self, low: Row, high: Row) -> tuple[str, str]:
        """Of a record whose number lies between those of two records of the captures."""
        around = f"between {low['local_seq']} (frame {low['frame']}) and {high['local_seq']} (frame {high['frame']})"
        begin, end = sorted((low["time"], high["time"]))
        cut = next((row for row in self.cut.get(host_of(low["cdf"]), []) if begin <= row["time"] <= end), None)
        if cut is not None:
            return "cut", (f"its number lies {around}, and frame {cut['frame']} between them has a record that the "
                           "capture cut off: it may be this one")
        if low["capture"] != high["capture"] or low["path"] != high["path"]:
            return "unknown", f"its number lies {around}, which went different ways: the captures may lack a third"
        span = (high["request"] - low["request"]) % 65536
        if span > 32768:
            return "unknown", f"its number lies {around}, which were not sent in this order"
        sent = self.requests[(low["capture"], low["path"])]
        missing = [each % 65536 for each in range(low["request"] + 1, low["request"] + span)
                   if each % 65536 not in sent]
        if missing:
            text = str(missing[0]) if len(missing) == 1 else f"{missing[0]} to {missing[-1]}"
            return "hole", (f"its number lies {around}, and {self.they} have no Data Record Transfer Request with the "
                            f"number {text}: a packet may be missing there")
        return "expected", (f"its number lies {around}, and {self.they} have every request between them: it should "
                            "be there, if it was sent then, and this way")

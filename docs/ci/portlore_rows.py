"""Runs tshark over captures, for the rows of -z gtpp,records and -z rdgudp,channels: what portlore-records writes, and
what portlore-reconcile compares.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from array import array
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Iterator, Optional

import portlore_keys

REPORTS = {False: "gtpp,records", True: "rdgudp,channels"}
# Names of columns whose titles do not make good ones.
NAMES = {"Duration (s)": "duration_s", "Delay (ms)": "delay_ms", "Age (s)": "age_s"}
INTEGERS = {"frame", "path", "request", "position", "local_seq", "record_seq", "charging_id", "duration_s", "octets_up",
            "octets_down", "cause_for_closing", "decided_in", "channel", "hellos", "target_port", "packets"}
FLOATS = {"delay_ms", "age_s"}
LISTS = {"rating_groups"}
ESCAPE = re.compile(r"\\x([0-9a-f]{2})")
EPOCH = datetime(1970, 1, 1)
RULE = b"=" * 20
PROGRESS_AFTER = 2.0
# How a file begins that is a capture for certain: pcap in both orders, in micro- and nanoseconds, and pcapng.
MAGIC = (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d", b"\x0a\x0d\x0d\x0a")


class Unable(Exception):
    """A capture cannot be read, or not to its end."""


def name_of(title: str) -> str:
    return NAMES.get(title) or re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")


def value_of(name: str, cell: str) -> Any:
    """A cell as the type that its column has; None for an empty one."""
    text = cell.strip()
    if not text:
        return None
    try:
        if name in INTEGERS:
            return int(text)
        if name in FLOATS:
            return float(text)
        if name in LISTS:
            return [int(each) for each in text.split(",")]
    except ValueError:
        pass
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)), cell)


def identity_of(row: dict[str, Any]) -> Optional[str]:
    """What names the record in any capture; None for one that was cut off before its end."""
    if row["local_seq"] is not None:
        host = (row["cdf"] or "").rpartition(":")[0]
        return f"{row['node'] or host}/{row['kind']}/{row['local_seq']}"
    return f"sha256:{row['digest']}" if row["digest"] else None


def time_of(seconds: Decimal) -> str:
    """Seconds since 1970 as ISO 8601, in UTC."""
    whole = int(seconds // 1)
    return f"{EPOCH + timedelta(seconds=whole):%Y-%m-%dT%H:%M:%S}.{int((seconds - whole) * 1000000000):09d}Z"


class Table:
    """The lines of a report. They are kept in a file: a large capture has more of them than fit well into memory."""

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile("w+b")
        self.titles: list[str] = []
        self.starts = array("q")
        self.size = 0
        self.time_at = -1
        self.last = b""
        self.is_ordered = True

    def add(self, line: bytes) -> None:
        """Takes in a line without its end; the first one has the titles."""
        if not self.titles:
            self.titles = line.decode("utf-8", "replace").split(" |")[:-1]
            self.time_at = self.titles.index("Time") if "Time" in self.titles else -1
            return
        when = self.time_of(line)
        self.is_ordered = self.is_ordered and self.last <= when
        self.last = when
        self.starts.append(self.size)
        self.file.write(line + b"\n")
        self.size += len(line) + 1

    def time_of(self, line: bytes) -> bytes:
        return line.split(b" |", self.time_at + 1)[self.time_at] if self.time_at >= 0 else b""

    def lines(self) -> Iterator[str]:
        """In the order of time, where the report says it; those of one time in their own order."""
        self.file.seek(0)
        if self.is_ordered:
            for line in self.file:
                yield line.rstrip(b"\n").decode("utf-8", "replace")
            return
        times = [self.time_of(line) for line in self.file]
        for at in sorted(range(len(times)), key=times.__getitem__):
            self.file.seek(self.starts[at])
            yield self.file.readline().rstrip(b"\n").decode("utf-8", "replace")


class Progress:
    """While a capture is read, on a terminal, how long it has taken."""

    def __init__(self, program: str, capture: str) -> None:
        self.program, self.capture, self.began, self.drawn = program, capture, time.monotonic(), False
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.draw, daemon=True)

    def draw(self) -> None:
        pause = PROGRESS_AFTER
        while not self.over.wait(pause):
            seconds = time.monotonic() - self.began
            print(f"\r{self.program}: reading {self.capture}, {seconds:.0f} s", end="", file=sys.stderr, flush=True)
            self.drawn, pause = True, 0.5

    def __enter__(self) -> Progress:
        if sys.stderr.isatty():
            self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        if self.drawn:
            self.thread.join()
            print("\r\033[K", end="", file=sys.stderr, flush=True)


class Reader:
    """Runs tshark over captures. Making one raises Unable when the key log cannot be read."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.program: str = options.program
        self.tshark: str = options.tshark
        self.has_channels: bool = options.channels
        self.report = REPORTS[options.channels] + (f",{options.filter}" if options.filter else "")
        self.columns: list[str] = []  # those of the rows that were read last
        self.settings = [word for value in options.option for word in ("-o", value)]
        self.settings += portlore_keys.settings(options.keys)
        try:
            portlore_keys.check(options.keys)
        except portlore_keys.Unreadable as reason:
            raise Unable(str(reason)) from None

    def read(self, capture: str) -> Iterator[dict[str, Any]]:
        """The rows of a capture, in the order of time. Raises Unable behind the last one when it was not read to its
        end."""
        if not os.path.exists(capture):
            raise Unable("there is no such file")
        if os.path.isdir(capture):
            raise Unable("this is a folder")
        if os.path.getsize(capture) == 0:
            raise Unable("the file is empty")
        with Progress(self.program, capture):
            table, complaint = self.run(capture)
        if not table.titles:
            raise Unable(complaint or f"tshark has no report {self.report}: is Portlore installed?")
        names = [name_of(title) for title in table.titles]
        if not table.size and not complaint and not self.is_of_network(capture):
            raise Unable("this is not a capture of a network")
        self.columns = ["capture", *([] if self.has_channels else ["identity"]), *names]
        start = self.start(capture) if self.has_channels and table.size else None
        with table.file:
            for line in table.lines():
                row = self.row(capture, names, line)
                for name in ("first", "last"):
                    if start is not None and row.get(name) is not None:
                        row[name] = time_of(start + Decimal(row[name]))
                yield row
        if complaint:
            raise Unable(complaint)

    def is_of_network(self, capture: str) -> bool:
        """False when tshark reads as one packet what was never on a wire: texts and pictures have no time of
        arrival."""
        try:
            with open(capture, "rb") as file:
                if file.read(4) in MAGIC:
                    return True
        except OSError as reason:
            raise Unable(str(reason.strerror)) from None
        answer = subprocess.run([self.tshark, "-n", "-r", capture, "-c", "1", "-T", "fields", "-e", "frame.number",
                                 "-e", "frame.time_epoch"],
                                capture_output=True, encoding="utf-8", errors="replace", check=False)
        return not re.fullmatch(r"1\t?\n", answer.stdout)

    def start(self, capture: str) -> Decimal:
        """When the first packet was captured: tshark counts a channel's times from there."""
        answer = subprocess.run([self.tshark, "-n", "-r", capture, "-c", "1", "-T", "fields", "-e", "frame.time_epoch"],
                                capture_output=True, encoding="utf-8", errors="replace", check=False)
        try:
            return Decimal(answer.stdout.strip())
        except InvalidOperation:
            raise Unable("the time of its first packet cannot be read") from None

    def row(self, capture: str, names: list[str], line: str) -> dict[str, Any]:
        cells = line.split(" |")[:-1]
        if len(cells) != len(names):
            raise Unable(f"a row has {len(cells)} cells instead of {len(names)}: {line}")
        row: dict[str, Any] = {"capture": capture}
        values = {name: value_of(name, cell) for name, cell in zip(names, cells)}
        if not self.has_channels:
            row["identity"] = identity_of(values)
        row.update(values)
        return row

    def run(self, capture: str) -> tuple[Table, str]:
        """The table, and what tshark complains about. Two passes: a filter may name what is known from later packets
        only."""
        command = [self.tshark, "-2", "-n", "-r", capture, *self.settings, "-q", "-z", self.report]
        table = Table()
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
            try:
                process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors)
            except OSError as reason:
                raise Unable(f"{self.tshark} cannot be run: {reason.strerror}") from None
            with process:
                assert process.stdout is not None
                for line in process.stdout:
                    line = line.rstrip(b"\r\n")
                    if not line.startswith(RULE) and line.endswith(b" |"):
                        table.add(line)
            if process.returncode == 0:
                return table, ""
            errors.seek(0)
            said = [text.strip() for text in errors if text.strip() and not text.startswith("Running as user")]
            return table, re.sub(r"^tshark: ", "", said[0]) if said else f"tshark ended with {process.returncode}"


def filter_text(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("the filter is empty")
    return text


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that say how tshark reads captures."""
    parser.set_defaults(program=parser.prog)
    parser.add_argument("--filter", type=filter_text, metavar="FILTER",
                        help="display filter: only what packets brought that pass it")
    portlore_keys.add_option(parser)
    parser.add_argument("-o", "--option", action="append", default=[], metavar="NAME:VALUE",
                        help="preference for tshark")
    parser.add_argument("--tshark", default=os.environ.get("TSHARK", "tshark"), help="which tshark (%(default)s)")

"""cdr_file.py [--runs N | --seconds N] [--seed N]: changed CDR files (3GPP TS 32.297) for the reader of
docs/ci/portlore_cdr.py.

Whatever the octets are, it says that they are no such file, or gives records that lie within it, one behind the other,
and what is wrong at offsets within it; the capture that is made of them is whole. Prints a line of figures; an input
that it fails on is printed as base64.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from __future__ import annotations

import argparse
import base64
import random
import struct
import sys
import time
from collections import Counter
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY / "docs" / "ci"), str(REPOSITORY / "tests" / "e2e")]

import portlore_cdr  # noqa: E402
from support.cdr_files import cdr_file, pgw, record  # noqa: E402

NUMBERS = (0, 1, 4, 49, 50, 52, 0x7F, 0x80, 0xFF, 0x100, 0xFFFE, 0xFFFF, 0xFFFF0000, 0xFFFFFFFF)


def make_seeds() -> list[bytes]:
    three = [record(pgw(n)) for n in (1, 2, 3)]
    plain = cdr_file(three)
    return [
        plain, cdr_file([]), cdr_file(three, routeing=b"route", extension=b"vendor"), plain + plain,
        cdr_file(three, release=9), cdr_file(three, has_extension_length=False),
        cdr_file(three, length=0xFFFFFFFF, header_length=0xFFFFFFFF, announced=0xFFFFFFFF),
        cdr_file([three[0], record(pgw(2), release=9), record(pgw(3), release=99 - 96), record(pgw(4, opened=""))]),
        cdr_file([record(bytes(range(40)), form=2), three[0], record(b"<r/>", form=4)]),
    ]


def change(dice: random.Random, octets: bytearray) -> bytearray:
    """One change: an octet, a bit, a number, octets less, octets more, the rest cut off, or a part once more."""
    at, kind = dice.randrange(len(octets)), dice.randrange(7)
    if kind == 0:
        octets[at] = dice.randrange(256)
    elif kind == 1:
        octets[at] ^= 1 << dice.randrange(8)
    elif kind == 2:
        size, value = dice.choice((2, 4)), dice.choice(NUMBERS)
        octets[at:at + size] = (value & (1 << 8 * size) - 1).to_bytes(size, "big")
    elif kind == 3:
        del octets[at:at + dice.choice((1, 2, 5, 20))]
    elif kind == 4:
        octets[at:at] = dice.randbytes(dice.choice((1, 2, 9)))
    elif kind == 5:
        del octets[at:]
    else:
        octets[at:at] = octets[dice.randrange(len(octets)):][:dice.choice((4, 30, 200))]
    return octets


def blocks_of(octets: bytes) -> int:
    """How many blocks a pcapng file has whose blocks follow one another to its end."""
    at = count = 0
    while at < len(octets):
        size, = struct.unpack_from("<I", octets, at + 4)
        assert size >= 12 and size % 4 == 0 and octets[at + size - 4:at + size] == octets[at + 4:at + 8]
        at, count = at + size, count + 1
    assert at == len(octets)
    return count


def check(octets: bytes, with_capture: bool = True) -> str:
    """What the reader made of OCTETS: none, damaged or whole, and how many records. AssertionError for what no octets
    may bring about."""
    try:
        file = portlore_cdr.read(octets)
    except portlore_cdr.NotCdrFile as reason:
        assert str(reason) and "\n" not in str(reason)
        return "none"
    end = file.header_length
    for each in file.records:
        start = each.offset + (5 if octets[each.offset + 2] >> 5 == 7 else 4)
        assert each.offset >= end and each.octets and octets[start:start + len(each.octets)] == each.octets
        end = start + len(each.octets)
    assert end <= len(octets)
    assert all(0 <= fault.offset <= len(octets) and fault.text for fault in file.faults)
    # What no record has taken was said to be damaged.
    assert file.is_damaged or end == len(octets)
    if with_capture:
        assert blocks_of(b"".join(portlore_cdr.capture(file))) == 2 + len(file.records)
    return "damaged" if file.is_damaged else "whole"


def inputs(seed: int):
    """Inputs without end."""
    dice, seeds = random.Random(seed), make_seeds()
    while True:
        octets = bytearray(dice.choice(seeds))
        for _ in range(dice.choice((1, 1, 2, 3, 8))):
            if octets:
                octets = change(dice, octets)
        yield bytes(octets)


def run(runs: int | None = None, seconds: float | None = None, seed: int = 1) -> tuple[Counter, float]:
    """Tries so many inputs, or for so long: how many were what, and the longest time of one, in seconds."""
    found: Counter = Counter()
    longest, start = 0.0, time.monotonic()
    for count, octets in enumerate(inputs(seed)):
        before = time.monotonic()
        if count == runs or (seconds is not None and before - start > seconds):
            return found, longest
        try:
            found[check(octets, count % 8 == 0)] += 1
        except Exception:
            print(f"cdr_file: seed {seed}, input {count}, as base64:\n{base64.b64encode(octets).decode()}", flush=True)
            raise
        longest = max(longest, time.monotonic() - before)
    return found, longest


def main() -> int:
    parser = argparse.ArgumentParser(description="Fuzzes the reader of CDR files.")
    parser.add_argument("--runs", type=int, help="so many inputs (20,000)")
    parser.add_argument("--seconds", type=float, help="for so long instead")
    parser.add_argument("--seed", type=int, default=1, help="of the random numbers (1)")
    given = parser.parse_args()
    runs = given.runs or (20000 if given.seconds is None else None)
    found, longest = run(runs, given.seconds, given.seed)
    print(f"cdr_file: {sum(found.values())} inputs: {found['whole']} whole, {found['damaged']} damaged, "
          f"{found['none']} no such file; the longest took {1000 * longest:.0f} ms; no finding")
    return 0


if __name__ == "__main__":
    sys.exit(main())

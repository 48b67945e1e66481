#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""reconcile [LAST | FIRST-LAST] [--keep DIR]: what portlore-reconcile says of random days' captures and of the lists
and files that their CGFs would have, and what of it is not true. A line for each day with a complaint; exit code 1 when
there is one."""
import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[1]
sys.path[:0] = [str(TOP / "captures"), str(TOP / "tools"), str(TOP / "tests"), str(TOP / "tests/e2e")]

# pylint: disable=wrong-import-position
from support.quick_runner import QuickRunner  # noqa: E402

from simulate.gtpp import listing  # noqa: E402
from simulate.gtpp.day import make_day  # noqa: E402
from simulate.gtpp.truth import Truth  # noqa: E402

CHOICES = ("as it is", "as it is", "lines gone", "lines wrong", "lines twice")


class Given:
    """The list of a day, and what is wrong with it on purpose."""

    def __init__(self, day, dice):
        self.records = listing.taken(day)
        self.wrong = set()  # places of lines whose IMSI is changed
        choice = dice.choice(CHOICES)
        if choice == "lines gone":
            self.records = [record for record in self.records if dice.random() < 0.7]
        elif choice == "lines twice":
            self.records = [record for record in self.records for _ in range(dice.choice((1, 1, 2)))]
        self.is_file = dice.random() < 0.5
        if self.is_file:
            self.octets = listing.as_file(self.records)
            return
        lines = listing.as_csv(self.records).decode().splitlines(keepends=True)
        if choice == "lines wrong" and len(set(self.records)) == len(self.records):
            self.wrong = {at for at in range(len(self.records)) if dice.random() < 0.3}
            for at in self.wrong:
                lines[at + 1] = lines[at + 1].replace(",00101", ",00199")
        self.octets = "".join(lines).encode()

    def place(self, text):
        """Which of the records a place names."""
        word = text.split(" ")
        return int(word[1]) - (1 if self.is_file else 2)


def sight_of(truth, record):
    """As truth.record_sight(), but "maybe" where only a TCP stream with holes has it."""
    sight = truth.record_sight(record)
    copies = [copy for request in record.requests for copy in request.copies if truth.is_visible(copy)]
    return "maybe" if sight == "whole" and all(truth.sight(copy).holed for copy in copies) else sight


def judge(day, capture, given, said):
    """What is not true of what was said, as lines."""
    truth, found = Truth(day, capture), []
    listed, sights = Counter(given.records), {}
    everything = {record for request in truth.requests for record in request.records}
    for record in everything:
        sights[record] = sight_of(truth, record)
    same_name = Counter((record.counter.owner.node_id, record.local_seq) for record in everything)

    def name(record):
        return record.counter.owner.node_id, record.local_seq

    absent = Counter((each["node"], each["local_seq"]) for each in said if each["type"] == "not-listed")
    for key in set(absent) | set(map(name, everything)):
        of = [record for record in everything if name(record) == key and not listed[record]]
        least, most = sum(sights[each] == "whole" for each in of), sum(sights[each] != "" for each in of)
        if not least <= absent[key] <= most:
            found.append(f"{key}: {absent[key]} said to be captured and not listed; true: {least} to {most}")
    told = {}
    for kind in ("not-captured", "twice-listed", "different"):
        told[kind] = [given.place(each["place"]) for each in said if each["type"] == kind]
    if len(set(told["not-captured"])) != len(told["not-captured"]):
        found.append("a line is named twice")
    for at in told["not-captured"]:
        if sights.get(given.records[at]) == "whole":
            found.append(f"{name(given.records[at])}: said not to be captured")
    seen = Counter()
    for at, record in enumerate(given.records):
        seen[record] += 1
        if seen[record] == 1 and sights[record] == "" and not set(told["not-captured"]) & {
                i for i, other in enumerate(given.records) if other is record}:
            found.append(f"{name(record)}: not captured, and that is not said")
    repeats = sum(count - 1 for count in listed.values())
    if len(told["twice-listed"]) != repeats:
        found.append(f"{len(told['twice-listed'])} lines said to be repeated; true: {repeats}")
    for at in told["different"]:
        if at not in given.wrong:
            found.append(f"{name(given.records[at])}: said to differ")
    for at in given.wrong:
        record = given.records[at]
        if sights[record] == "whole" and same_name[name(record)] == 1 and at not in told["different"]:
            found.append(f"{name(record)}: not said to differ")
    for each in said:
        if each["type"] == "not-captured" and each["reason"] == "expected":
            record = given.records[given.place(each["place"])]
            ways = {copy.ends for request in record.requests for copy in request.copies}
            if sights[record] == "" and not capture.faults:
                found.append(f"{name(record)}: should be there, on {ways}, in a capture without a fault")
    total = said[-1] if said else {}
    if total.get("lines") != len(given.records):
        found.append(f"{total.get('lines')} lines read of {len(given.records)}")
    return found


def main():
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, prog="reconcile")
    parser.add_argument("seeds", nargs="?", default="10")
    parser.add_argument("--keep", metavar="DIR")
    asked = parser.parse_args()
    first, dash, last = asked.seeds.partition("-")
    seeds = range(int(first), int(last) + 1) if dash else range(1, int(first) + 1)
    runner = QuickRunner(os.environ.get("PORTLORE_BUILD", TOP / "build/default"))
    started, failed, reasons, lines = time.time(), 0, Counter(), 0
    try:
        home = runner.new_home()
        runner.check_loaded()
        program = runner.reachable(TOP / "docs/ci") / "portlore-reconcile"
        for seed in seeds:
            day, capture = make_day(seed)
            given = Given(day, random.Random(f"list {seed}"))
            folder = Path(asked.keep or runner.stage)
            paths = folder / f"list-{seed}.{'cdr' if given.is_file else 'csv'}", folder / f"day-{seed}.pcap"
            for path, octets in zip(paths, (given.octets, capture.octets())):
                path.write_bytes(octets)
                path.chmod(0o644)
            answer = runner.run("/usr/bin/python3", "-B", program, "--json", *paths, home=home)
            said = [json.loads(line) for line in answer.stdout.splitlines()]
            complaints = judge(day, capture, given, said)
            differs = any(each["type"] not in ("node", "total", "note") for each in said)
            if answer.returncode != (1 if differs else 0):
                complaints.append(f"exit code {answer.returncode}: {answer.stderr.strip()}")
            failed += bool(complaints)
            lines += len(given.records)
            reasons.update(each.get("reason", each["type"]) for each in said)
            if complaints:
                print(f"seed {seed} ({', '.join(day.traits)}; {', '.join(capture.faults) or 'no fault'}; "
                      f"{paths[0].suffix}): {'; '.join(complaints[:3])}", flush=True)
            if not asked.keep:
                for path in paths:
                    path.unlink()
    finally:
        runner.close()
    print(f"{len(seeds)} days, {lines} lines, {failed} with complaints, {time.time() - started:.0f} s. {dict(reasons)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

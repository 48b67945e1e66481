#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""simulate PROTOCOL [SEEDS ...] [--keep DIR] [--all] [--quick] [--jobs N]: random days, and what tshark says that is
not true.

A number N alone stands for the seeds 1 to N; SEED, (with a comma) or FIRST-LAST for these seeds. Seeds that failed once
(seeds.txt) are run, too, but for those that still fail, unless only single seeds were asked for. One line for each day
with a complaint; exit code 1 when there is one.
"""
import argparse
import os
import pickle
import random
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[1]
sys.path[:0] = [str(TOP / "captures"), str(TOP / "tools"), str(TOP / "tests"), str(TOP / "tests/e2e")]

# pylint: disable=wrong-import-position
from runner import NotLoaded  # noqa: E402
from support.quick_runner import QuickRunner  # noqa: E402

from simulate.base import reader  # noqa: E402
from simulate.gtpp import day as gtpp_day  # noqa: E402
from simulate.gtpp import oracle as gtpp_oracle  # noqa: E402
from simulate.rdg import day as rdg_day  # noqa: E402
from simulate.rdg import oracle as rdg_oracle  # noqa: E402


@dataclass
class Simulator:
    """What a protocol's simulator brings: MAKE_DAY(seed) gives a day and its capture; JUDGE(day, capture, whole,
    one_pass, filtered) the complaints."""

    make_day: object
    judge: object
    layer: str      # the protocol whose fields are read
    reports: list   # of -z
    filters: list   # read filters, of which each day tries one
    options: list   # alternatives of arguments for tshark, of which each day takes one


SIMULATORS = {
    "gtpp": Simulator(
        gtpp_day.make_day, gtpp_oracle.judge, "gtpp", ["gtpp,ledger", "gtpp,tree", "gtpp,srt"],
        ["gtpp.type == 240", "gtpp.type == 241", "ip.src == 192.0.2.10", "ip.dst == 192.0.2.10",
         "ip.addr == 198.51.100.20", "!(ip.addr == 198.51.100.21)", "gtpp.type < 240", "tcp || ip.id & 1"],
        [[], ["-o", "tcp.reassemble_out_of_order:TRUE"]]),
    "fragments": Simulator(
        gtpp_day.make_day_in_fragments, gtpp_oracle.judge, "gtpp", ["gtpp,ledger", "gtpp,tree", "gtpp,srt"],
        ["gtpp.type == 240", "gtpp.type == 241", "ip.src == 192.0.2.10", "ip.addr == 198.51.100.20", "gtpp.type < 240"],
        [[]]),
    "rdg": Simulator(
        rdg_day.make_day, rdg_oracle.judge, "rdgudp", ["rdgudp,channels", "rdgudp,tree"],
        ["udp", "tcp", "icmp || icmpv6 || udp", "udp.srcport == 3391", "udp.dstport == 3391", "udp.port == 50200",
         "udp.port == 50201", "rdgudp", "frame.len < 150", "rdgudp.verdict > 4"], [[]]),
}


class Session:
    """tshark with the plugin, and a folder for captures."""

    def __init__(self, protocol, keep):
        self.protocol, self.keep = protocol, keep
        self.simulator = SIMULATORS[protocol]
        self.runner = QuickRunner(os.environ.get("PORTLORE_BUILD", TOP / "build/default"))
        self.home = self.runner.new_home()

    def read(self, path, *options):
        """One run of tshark."""
        return reader.read(self.runner, path, self.home, self.simulator.layer, self.simulator.reports, options,
                           with_addresses=self.protocol == "rdg")

    def try_seed(self, seed, quick=False):
        """The complaints about a day, the day and its capture. QUICK: two passes only."""
        day, capture = self.simulator.make_day(seed)
        path = Path(self.keep or self.runner.stage, f"{self.protocol}-{seed}.pcap")
        path.write_bytes(capture.octets())
        path.chmod(0o644)
        readable = self.runner.reachable(path)
        dice = random.Random(f"options {seed}")
        options = dice.choice(self.simulator.options)
        whole = self.read(readable, "-2", *options)
        one_pass = None if quick else self.read(readable, *options)
        chosen = [] if quick else dice.sample(self.simulator.filters, 1)
        filtered = [(name, self.read(readable, "-2", "-R", name, *options)) for name in chosen]
        self.runner.copies.pop(path.resolve(), None)
        if not self.keep:
            path.unlink()
        return self.simulator.judge(day, capture, whole, one_pass, filtered), day, capture


def listed_seeds(protocol):
    """The seeds that failed once and are clean now, and those that still fail."""
    lines = [line.split() for line in (HERE / "seeds.txt").read_text(encoding="utf-8").splitlines()]
    return ([int(line[1]) for line in lines if line and line[0] == protocol],
            [int(line[2]) for line in lines if line[:2] == ["open", protocol]])


def chosen_seeds(protocol, words):
    """Those that were asked for, and those that failed once, unless single seeds were asked for."""
    chosen, alone = [], False
    clean, still_open = listed_seeds(protocol)
    for word in words or ["50"]:
        if "-" in word:
            first, last = map(int, word.split("-"))
            chosen += range(first, last + 1)
        elif "," in word:
            alone = True
            chosen += [int(part) for part in word.split(",") if part]
        else:
            chosen += [seed for seed in range(1, int(word) + 1) if seed not in still_open]
    return list(dict.fromkeys(chosen if alone else clean + chosen))


@dataclass
class Outcome:
    """What came of a day."""

    seed: int
    about: str
    is_faultless: bool
    complaints: list  # (rule, sentence)


def try_day(session, seed, quick):
    """One day."""
    complaints, day, capture = session.try_seed(seed, quick)
    about = f"{', '.join(dict.fromkeys(day.traits))}; {', '.join(capture.faults) or 'no fault'}"
    return Outcome(seed, about, not capture.faults, [(each.rule, str(each)) for each in complaints])


def try_days(asked, seeds):
    """What came of each day, in the order of SEEDS, in this process."""
    session = Session(asked.protocol, asked.keep)
    try:
        session.runner.check_loaded()
        for seed in seeds:
            yield try_day(session, seed, asked.quick)
    finally:
        session.runner.close()


def start_share(asked, seeds):
    """A process of its own for these days: the pipe from which its outcomes are read. The pool of multiprocessing needs
    semaphores in shared memory, which a chroot may lack."""
    reading, writing = os.pipe()
    if os.fork() != 0:
        os.close(writing)
        return os.fdopen(reading, "rb")
    status = 1
    try:
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            for outcome in try_days(asked, seeds):
                pickle.dump(outcome, pipe)
                pipe.flush()
        status = 0
    except NotLoaded as reason:
        print(reason, file=sys.stderr)
    except BaseException:  # pylint: disable=broad-exception-caught  # said here: what called fork() goes on elsewhere
        traceback.print_exc()
    os._exit(status)


def outcomes(asked, seeds):
    """What came of each day, in the order of SEEDS."""
    if asked.jobs == 1:
        yield from try_days(asked, seeds)
        return
    pipes = [start_share(asked, seeds[job::asked.jobs]) for job in range(asked.jobs)]
    for place in range(len(seeds)):
        try:
            yield pickle.load(pipes[place % asked.jobs])
        except EOFError:
            sys.exit("A process that simulates days has ended early.")
    for _ in pipes:
        os.wait()


def main():
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, prog="simulate")
    parser.add_argument("protocol", choices=sorted(SIMULATORS))
    parser.add_argument("seeds", nargs="*")
    parser.add_argument("--keep", metavar="DIR", help="keep the captures there")
    parser.add_argument("--all", action="store_true", help="all complaints of a day, not the first alone")
    parser.add_argument("--quick", action="store_true", help="two passes only")
    parser.add_argument("--jobs", type=int, default=1, help="how many days at a time")
    asked = parser.parse_intermixed_args()
    if asked.keep:
        Path(asked.keep).mkdir(parents=True, exist_ok=True)
    seeds = chosen_seeds(asked.protocol, asked.seeds)
    started, failed, rules, faultless = time.time(), 0, Counter(), [0, 0]
    for outcome in outcomes(asked, seeds):
        failed += bool(outcome.complaints)
        if outcome.is_faultless:
            faultless[0] += 1
            faultless[1] += bool(outcome.complaints)
        rules.update(rule.split(" ")[0] for rule, _ in outcome.complaints)
        for i, (_, complaint) in enumerate(outcome.complaints):
            if i == 0:
                others = len(outcome.complaints) - 1
                more = f" (and {others} more: --all)" if others and not asked.all else ""
                print(f"seed {outcome.seed} ({outcome.about}): {complaint}{more}", flush=True)
            elif asked.all:
                print(f"    {complaint}", flush=True)
    print(f"{len(seeds)} days, {failed} with complaints ({faultless[1]} of {faultless[0]} days without faults of the "
          f"capture), {time.time() - started:.0f} s. {dict(rules) or ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except NotLoaded as reason:
        sys.exit(str(reason))

"""./dev bench [ROW...]: speed and memory with the plugin and without, as one table.

Each row holds two commands against each other. They run in turn, so that both meet the same machine; the figure is the
median. Time is the processor's. Instructions are counted by callgrind on shorter captures, less those of the start: a
figure that hardly varies; medians, too. Nothing is judged here.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tools"))

import inputs  # noqa: E402  (found only now)
from runner import NotLoaded, Runner  # noqa: E402

IMSI = "001011000000007"
OURS = ["-Y", f'gtpp.cdr.imsi == "{IMSI}"']
STOCK = ["-Y", f'e212.imsi == "{IMSI}"']
DTLS = ["-d", "udp.port==3391,dtls"]
ALL_PORTS = ["-o", "portlore.all_ports:TRUE"]
NOBODYS = ["-d", "udp.port==40000,data"]
TWICE = ["-2", "-q", "-z"]
FIELDS = ["-T", "fields", "-e", "gtpp.seq", "-e", "gtpp.cdr.imsi", "-e", "gtpp.cdr.local_seq"]
STOCK_FIELDS = ["-T", "fields", "-e", "gtp.seq_number", "-e", "e212.imsi", "-e", "gprscdr.localSequenceNumber"]
MAIN = 140000  # frames of a main channel, or of HTTPS: 200 MB
GROWING = "tests/fuzz/growing"
# Packets under callgrind where the plugin adds little to each: the start of Wireshark varies by a million instructions.
MANY = 20000
COUNTS = 3  # runs under callgrind, of which the median counts, unless --repeats says otherwise
NOT_MEASURED = ("", "", "")
LAYOUT = "{:<40} {:>8} {:>8} {:>6}  {:>7} {:>7} {:>6}  {:>9} {:>9} {:>6}"


class Side:
    """One of the two commands: what it reads, with which arguments, and whether with the plugin. PROGRAM stands for one
    of the build's in place of tshark."""

    def __init__(self, kind, count, *args, plugins=True, short=4000, program=None):
        self.kind, self.count, self.args, self.plugins, self.short = kind, count, args, plugins, short
        self.program = program


class Row:
    """Two sides, what is compared, and how often."""

    def __init__(self, title, first, second, repeats=5, counted=True):
        self.title, self.first, self.second, self.repeats, self.counted = title, first, second, repeats, counted


ROWS = {
    "other": Row("Other traffic: with / without", Side("other", 300000, short=MANY),
                 Side("other", 300000, plugins=False, short=MANY)),
    "all_ports": Row("Other traffic, all_ports: with / without", Side("other", 300000, *ALL_PORTS, short=MANY),
                     Side("other", 300000, plugins=False, short=MANY)),
    "imsi": Row("CDRs of an IMSI: our field / stock's", Side("gtpp", 200000, *OURS),
                Side("gtpp", 200000, *STOCK, plugins=False)),
    "reports": Row("-z gtpp,ledger / stock -z gtp,srt", Side("gtpp", 200000, "-q", "-z", "gtpp,ledger"),
                   Side("gtpp", 200000, "-q", "-z", "gtp,srt", plugins=False)),
    "records": Row("-2 -z gtpp,records / -2 -z gtpp,ledger", Side("gtpp", 400000, *TWICE, "gtpp,records"),
                   Side("gtpp", 400000, *TWICE, "gtpp,ledger")),
    "tree": Row("-V: with / without", Side("gtpp", 200000, "-V", short=1000),
                Side("gtpp", 200000, "-V", plugins=False, short=1000), repeats=3),
    "fields": Row("-T fields, three of ours / of stock's", Side("gtpp", 200000, *FIELDS, short=1000),
                  Side("gtpp", 200000, *STOCK_FIELDS, plugins=False, short=1000), repeats=3),
    "fields_few": Row("The same with -Y IMSI", Side("gtpp", 200000, *OURS, *FIELDS, short=1000),
                      Side("gtpp", 200000, *STOCK, *STOCK_FIELDS, plugins=False, short=1000), repeats=3),
    "fields_cost": Row("-T fields: with -Y IMSI / without it", Side("gtpp", 200000, *OURS, *FIELDS, short=1000),
                       Side("gtpp", 200000, *FIELDS, short=1000), repeats=3),
    "json": Row("-T json: with / without", Side("gtpp", 20000, "-T", "json", short=400),
                Side("gtpp", 20000, "-T", "json", plugins=False, short=400), repeats=3),
    "json_part": Row("-T json -j gtpp / -j 'gtp gprscdr'", Side("gtpp", 20000, "-T", "json", "-j", "gtpp", short=400),
                     Side("gtpp", 20000, "-T", "json", "-j", "gtp gprscdr", plugins=False, short=400), repeats=3),
    "ek": Row("-T ek: with / without", Side("gtpp", 20000, "-T", "ek", short=400),
              Side("gtpp", 20000, "-T", "ek", plugins=False, short=400), repeats=3),
    "list": Row("GTP' packet list: with / without", Side("gtpp", 200000), Side("gtpp", 200000, plugins=False)),
    "large": Row("GTP' 1,600,000 / 200,000 packets", Side("gtpp", 1600000), Side("gtpp", 200000), repeats=3,
                 counted=False),
    "large_stock": Row("The same without the plugin", Side("gtpp", 1600000, plugins=False),
                       Side("gtpp", 200000, plugins=False), repeats=3, counted=False),
    "twice": Row("GTP' in two passes: with / without", Side("gtpp", 200000, "-2"),
                 Side("gtpp", 200000, "-2", plugins=False)),
    "twice_large": Row("The same, 1,600,000 / 200,000 packets", Side("gtpp", 1600000, "-2"),
                       Side("gtpp", 200000, "-2"), repeats=3, counted=False),
    "twice_stock": Row("The same without the plugin", Side("gtpp", 1600000, "-2", plugins=False),
                       Side("gtpp", 200000, "-2", plugins=False), repeats=3, counted=False),
    # With the sanitizers of the fuzzer's harness.
    "growing": Row("Rows drawn amid reading, 80,000 / 10,000", Side("gtpp", 80000, program=GROWING),
                   Side("gtpp", 10000, program=GROWING), repeats=3, counted=False),
    "rdg": Row("RD Gateway: with / stock DTLS", Side("rdg", 200000, short=MANY),
               Side("rdg", 200000, *DTLS, plugins=False, short=MANY)),
    "main": Row("Main channel, no keys: with / without", Side("closed", MAIN), Side("closed", MAIN, plugins=False),
                repeats=3),
    "main_keys": Row("Main channel, opened: with / stock", Side("main", MAIN),
                     Side("main", MAIN, plugins=False), repeats=3),
    "main_large": Row(f"Main channel, opened: {MAIN} / {MAIN // 4}", Side("main", MAIN),
                      Side("main", MAIN // 4), repeats=3, counted=False),
    "https": Row("Other HTTPS, opened: with / without", Side("https", MAIN),
                 Side("https", MAIN, plugins=False), repeats=3),
    "start": Row("Start-up: with / without", Side("gtpp", 2), Side("gtpp", 2, plugins=False), repeats=21),
    "bare": Row("GTP' / bare UDP of the same sizes", Side("gtpp", 200000),
                Side("bare", 200000, *NOBODYS, plugins=False)),
}


class Bench:
    """Runs the rows."""

    def __init__(self, runner, folder, counts):
        self.runner, self.folder, self.counts = runner, folder, counts
        self.starts = {}

    def command(self, side, count):
        capture = str(inputs.make(self.folder, side.kind, count))
        if side.program:
            return [str(self.runner.reachable(Path(os.environ["PORTLORE_BUILD"]) / side.program)), capture]
        return ["tshark", "-n", "-r", capture, *side.args]

    def environment(self, plugins):
        return self.runner.environment(self.runner.new_home(), plugins)

    def run(self, command, plugins):
        """Runs a command: seconds of processor time, and the largest memory in MB."""
        env = self.environment(plugins)
        with subprocess.Popen(command, env=env, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              **self.runner.identity()) as child:
            complaint = child.stderr.read()
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit(f"{' '.join(command)}: {complaint.decode()}")
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

    def measure(self, first, second, repeats):
        """Both in turn; medians of time and memory of each."""
        results = ([], [])
        for _ in range(repeats):
            for result, side in zip(results, (first, second)):
                result.append(self.run(self.command(side, side.count), side.plugins))
        return [tuple(statistics.median(values) for values in zip(*result)) for result in results]

    def count(self, command, plugins):
        """Instructions of a command: the median, since Wireshark's start varies by some millions now and then."""
        return statistics.median(self.callgrind(command, plugins) for _ in range(self.counts))

    def callgrind(self, command, plugins):
        """Instructions of a command in one run."""
        answer = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
                                env=self.environment(plugins), cwd="/", stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, encoding="utf-8", check=True, **self.runner.identity())
        return int(re.search(r"Collected : (\d+)", answer.stderr)[1])

    def instructions(self, side):
        """Instructions per packet: those of a capture, less those of one with two packets."""
        start = Side(side.kind, 2, *side.args, plugins=side.plugins)
        key = (side.kind, side.args, side.plugins)
        if key not in self.starts:
            self.starts[key] = self.count(self.command(start, 2), side.plugins)
        if side.count == 2:
            return self.starts[key]
        return (self.count(self.command(side, side.short), side.plugins) - self.starts[key]) / (side.short - 2)


def compare(layout, one, two):
    """Two figures and their ratio, as the table prints them."""
    return format(one, layout), format(two, layout), f"{one / two:.3f}"


def print_row(bench, row, repeats, timed, counted):
    """Measures a row and prints it; the medians: seconds and MB of either side, or None when these are not measured."""
    first, second = row.first, row.second
    times = memories = counts = NOT_MEASURED
    medians = None
    if timed:
        (time1, memory1), (time2, memory2) = medians = bench.measure(first, second, repeats)
        times, memories = compare(".2f", time1, time2), compare(".0f", memory1, memory2)
    if counted:
        counts = compare(".0f", bench.instructions(first), bench.instructions(second))
    print(LAYOUT.format(row.title, *times, *memories, *counts), flush=True)
    return medians


def print_remarks(measured):
    """What the table does not say: how much a packet takes."""
    if "bare" in measured:
        (ours, _), (bare, _) = measured["bare"]
        print(f"GTP' above bare UDP: {(ours - bare) / ROWS['bare'].first.count * 1e6:.2f} microseconds a packet.")
    if {"large", "start"} <= set(measured):
        start = measured["start"][0][1]
        for (_, memory), side in zip(measured["large"], (ROWS["large"].first, ROWS["large"].second)):
            print(f"Memory above start-up, {side.count} packets: {(memory - start) * 2**20 / side.count:.0f} octets a "
                  "packet.")


def main():
    parser = argparse.ArgumentParser(description="Measures speed and memory.")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(ROWS)} (all)")
    parser.add_argument("--repeats", type=int,
                        help="of each row, and of each count of instructions, in place of their own numbers")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--no-callgrind", action="store_true", help="time and memory only")
    only.add_argument("--only-callgrind", action="store_true",
                      help="instructions only: for a machine with other work, and rows that have them")
    options = parser.parse_args()
    unknown = set(options.rows) - set(ROWS)
    if unknown:
        parser.error(f"there is no row {', '.join(sorted(unknown))}")
    folder = Path(tempfile.gettempdir()) / "portlore-bench"
    began = time.monotonic()
    try:
        with Runner(os.environ["PORTLORE_BUILD"]) as runner:
            runner.check_loaded()
            print(LAYOUT.format("row", "s", "s", "ratio", "MB", "MB", "ratio", "instr", "instr", "ratio"), flush=True)
            bench = Bench(runner, folder, options.repeats or COUNTS)
            measured = {}
            for name in options.rows or ROWS:
                row = ROWS[name]
                medians = print_row(bench, row, options.repeats or row.repeats, not options.only_callgrind,
                                    row.counted and not options.no_callgrind)
                if medians:
                    measured[name] = medians
    except NotLoaded as reason:
        sys.exit(f"bench: {reason}")
    print_remarks(measured)
    print("Processor time and largest memory: medians. Instructions: a packet's, by callgrind (start-up: all).")
    print(f"Took {time.monotonic() - began:.0f} s. The captures are in {folder}.")


if __name__ == "__main__":
    main()

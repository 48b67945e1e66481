"""Adversaries: floods of two sizes, one four times the other, read by tshark in two passes with every report of ours.

What is linear takes four times as long; memory is bounded when an additional packet costs no more in the large one.
The same captures without the plugin show Wireshark's own part.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import subprocess
from pathlib import Path

import floods

TIMES = 4
REPORTS = ("gtpp,ledger", "gtpp,tree", "gtpp,srt", "conv,gtpp", "rdgudp,channels", "rdgudp,tree", "portlore,tree")
# Each with the packets of the smaller flood, and whether the details of all packets are printed, too.
CASES = {
    "numbers": (250000, False),
    "paths": (25000, False),
    "answered": (100000, False),
    "held": (80004, False),
    "lists": (400, True),
    "elements": (10, True),
    "records": (40, True),
    "stream": (20, True),
    "trickle": (25000, False),
    "channels": (10000, False),
    "siblings": (10000, False),
    "fragments": (50000, False),
    "scan": (50000, False),
}
ROW = "{:<11} {:>9} {:>8} {:>8} {:>6} {:>9} {:>8} {:>6} {:>9}  {}"
# Time may exceed the proportion by this factor, because measurements vary.
SLACK = 1.35


class Run:
    """One tshark: seconds of processor time, and its largest size."""

    def __init__(self, runner, path, arguments, plugins):
        env = runner.environment(runner.new_home(), plugins)
        with open(os.devnull, "wb") as nowhere, open(path.with_suffix(".err"), "w+b") as complaints:
            process = subprocess.Popen(["tshark", "-2", "-r", path, *arguments], env=env, stdout=nowhere,
                                       stderr=complaints, cwd="/", **runner.identity())
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            complaints.seek(0)
            self.complaints = complaints.read().decode(errors="replace").strip()
        self.seconds = usage.ru_utime + usage.ru_stime
        self.kilobytes = usage.ru_maxrss
        if process.returncode != 0:
            self.complaints = f"tshark ended with {process.returncode}. {self.complaints}"


def arguments(details, plugins):
    """-z io,phs makes tshark dissect each packet, also without the plugin."""
    if details:
        return ["-V"]
    return ["-q", *(word for report in ["io,phs", *REPORTS * plugins] for word in ("-z", report))]


def measure(runner, name, folder, scale):
    """Runs: one packet, a small flood, a large one, and the same without the plugin."""
    packets, details = CASES[name]
    runs = {}
    counts = []
    for size in (0, 1, TIMES):
        path = folder / f"{name}.pcap"
        # The first run measures the start only.
        frames = getattr(floods, name)(max(packets * size // scale, 4 * size)) if size > 0 else floods.scan(1)
        counts.append(floods.write(path, frames, floods.GAPS.get(name, 100)))
        path.chmod(0o644)
        for plugins in (True, False):
            runs[size, plugins] = Run(runner, path, arguments(details, plugins), plugins)
        path.unlink()
    return counts, runs


def judge(name, counts, runs):
    """Prints the row. The number of findings."""
    small, large = runs[1, True], runs[TIMES, True]
    ratio = {}
    octets = {}
    for plugins in (True, False):
        start, one, four = (runs[size, plugins] for size in (0, 1, TIMES))
        # Without the time that tshark takes to start.
        ratio[plugins] = (four.seconds - start.seconds) / max(one.seconds - start.seconds, 0.01)
        octets[plugins] = (four.kilobytes - one.kilobytes) * 1024 / (counts[2] - counts[1])
    wrong = small.complaints or large.complaints
    # Wireshark's own part may be worse than linear; the plugin must not be worse than that.
    if ratio[True] > max(TIMES, ratio[False]) * SLACK:
        wrong = wrong or "more than linear"
    print(ROW.format(name, counts[2], f"{small.seconds:.2f}", f"{large.seconds:.2f}", f"{ratio[True]:.1f}",
                     f"{octets[True]:.0f}", f"{runs[TIMES, False].seconds:.2f}", f"{ratio[False]:.1f}",
                     f"{octets[False]:.0f}", wrong[:200]), flush=True)
    return 1 if wrong else 0


def run(runner, names, scale):
    """The named floods, or all. The number of findings."""
    folder = Path(runner.new_home())
    print(ROW.format("flood", "packets", "s at 1/4", "s", "ratio", "octets/p", "without", "ratio", "octets/p",
                     "complaints"), flush=True)
    return sum(judge(name, *measure(runner, name, folder, scale)) for name in names or CASES)

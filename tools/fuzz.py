"""./dev fuzz [SECONDS] [--runs N] [TARGET...]: fuzzes each target and prints what came of it.

Each target starts from inputs that are made of the shipped captures, and from what earlier runs added to them (in the
build folder). What makes the plugin fail is kept in tests/fuzz/regressions/TARGET, where a test replays it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
TARGETS = ("gtpp_udp", "gtpp_tcp", "rdgudp_udp", "rdgudp_inner", "cdr", "frames")
ROW = "{:<13} {:>9} {:>7} {:>6} {:>8} {:>9}  {}"
LONGEST_INPUT = 4096
MEMORY_LIMIT = 2048
# Where memory was allocated is not worth half of the speed; a finding is replayed with all details.
SANITIZER = "malloc_context_size=0:quarantine_size_mb=16:detect_leaks=0:allocator_may_return_null=1"


def number(pattern, text):
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


class Fuzzer:
    """One target."""

    def __init__(self, target, build):
        self.target = target
        self.program = build / "tests/fuzz/fuzz"
        self.seeds = build / "seeds" / target
        self.grown = build / "grown" / target
        self.history = build / "history" / target
        self.regressions = REPOSITORY / "tests/fuzz/regressions" / target
        for folder in (self.grown, self.history, self.regressions):
            folder.mkdir(parents=True, exist_ok=True)

    def run(self, limits):
        """Fuzzes until a limit or a finding, and prints the table's row. The number of findings."""
        before = set(self.regressions.iterdir())
        answer = subprocess.run(
            [self.program, *limits, f"-max_len={LONGEST_INPUT}", f"-rss_limit_mb={MEMORY_LIMIT}", "-timeout=20",
             "-print_final_stats=1", "-verbosity=1", f"-artifact_prefix={self.regressions}/", self.grown, self.seeds,
             self.regressions],
            env={**os.environ, "PORTLORE_FUZZ_TARGET": self.target, "PORTLORE_FUZZ_HISTORY": str(self.history),
                 "ASAN_OPTIONS": SANITIZER},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace", check=False)
        found = sorted(path.name for path in set(self.regressions.iterdir()) - before)
        if answer.returncode != 0 and not found:
            found = ["(nothing saved)"]
        inputs = number(r"stat::number_of_executed_units: +(\d+)", answer.stdout)
        if inputs == 0:
            inputs = number(r"^#(\d+)", answer.stdout)
        print(ROW.format(self.target, inputs, number(r"stat::average_exec_per_sec: +(\d+)", answer.stdout),
                         number(r"cov: (\d+)", answer.stdout), number(r"corp: (\d+)", answer.stdout),
                         number(r"stat::peak_rss_mb: +(\d+)", answer.stdout), ", ".join(found) or "none"), flush=True)
        if found:
            report = self.history.with_suffix(".log")
            report.write_text(answer.stdout, encoding="utf-8")
            print(f"  The report: {report}; the session's inputs: {self.history}", flush=True)
        return len(found)


def main():
    parser = argparse.ArgumentParser(description="Fuzzes the plugin.")
    parser.add_argument("seconds", nargs="?", type=int, default=60, help="for each target (60)")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)} (all)")
    parser.add_argument("--runs", type=int, help="inputs for each target, in place of seconds")
    options = parser.parse_args()
    unknown = set(options.targets) - set(TARGETS)
    if unknown:
        parser.error(f"there is no target {', '.join(sorted(unknown))}")
    build = Path(os.environ["PORTLORE_BUILD"])
    subprocess.run([sys.executable, "-B", REPOSITORY / "tests/fuzz/corpus.py", build / "seeds"],
                   stdout=subprocess.DEVNULL, check=True)
    limits = [f"-runs={options.runs}"] if options.runs else [f"-max_total_time={options.seconds}"]
    print(ROW.format("target", "inputs", "per s", "edges", "corpus", "peak MB", "findings"), flush=True)
    findings = sum(Fuzzer(target, build).run(limits) for target in options.targets or TARGETS)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())

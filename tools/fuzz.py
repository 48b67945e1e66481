"""./dev fuzz [SECONDS] [--runs N] [--blocks] [TARGET...]: fuzzes each target and prints the results.

Each target starts from inputs that are made of the shipped captures, and from what earlier runs added to them (in the
build folder). What makes the plugin fail is kept in tests/fuzz/regressions/TARGET, where a test replays it, and printed
as text, for a machine whose files are gone afterwards.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import base64
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
TARGETS = ("gtpp_udp", "gtpp_tcp", "rdgudp_udp", "rdgudp_inner", "rdghttp_plain", "rdghttp_steps", "cdr", "cdr_per",
           "frames", "registry_csv")
# What needs nothing of Wireshark has programs of its own.
ALONE = ("registry_csv",)
# The reader of CDR files is Python; its inputs are made by a program of its own.
PYTHON = ("cdr_file",)
ROW = "{:<13} {:>9} {:>7} {:>6} {:>8} {:>9} {:>7}  {}"
LONGEST_INPUT = 4096
MEMORY_LIMIT = 2048
# Stacks of allocations, filled memory and a large quarantine would cost half of the speed; a finding is replayed with
# all details.
SANITIZER = ("malloc_context_size=0:max_malloc_fill_size=0:quarantine_size_mb=2:detect_leaks=0:"
             "allocator_may_return_null=1")
# GLib allocates each piece of memory alone, too. It reads this before main().
SLICES = {"G_SLICE": "always-malloc"}
REPORT_LINES = 40


def number(pattern, text):
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def as_text(path):
    """An input as base64, to be copied from a log."""
    return "\n".join(textwrap.wrap(base64.b64encode(path.read_bytes()).decode(), 100))


class Fuzzer:
    """One target."""

    def __init__(self, target, build):
        self.target = target
        programs = build / "tests/fuzz"
        self.program = programs / (f"fuzz_{target}" if target in ALONE else "fuzz")
        self.replay = [programs / f"replay_{target}"] if target in ALONE else \
            [programs / "replay", "--keys", build / "seeds.keys", target]
        self.seeds = build / "seeds" / target
        self.keys = build / "seeds.keys"
        self.grown = build / "grown" / target
        self.history = build / "history" / target
        self.regressions = REPOSITORY / "tests/fuzz/regressions" / target
        for folder in (self.grown, self.history):
            folder.mkdir(parents=True, exist_ok=True)

    def run(self, limits, blocks):
        """Fuzzes until a limit or a finding, and prints the table's row. The number of findings."""
        self.regressions.mkdir(parents=True, exist_ok=True)
        before = set(self.regressions.iterdir())
        env = {**os.environ, "PORTLORE_FUZZ_TARGET": self.target, "PORTLORE_FUZZ_HISTORY": str(self.history),
               "PORTLORE_FUZZ_KEYS": str(self.keys), "ASAN_OPTIONS": SANITIZER,
               "UBSAN_OPTIONS": "print_stacktrace=1", **SLICES}
        if blocks:
            env["WIRESHARK_DEBUG_WMEM_OVERRIDE"] = "block"
        answer = subprocess.run(
            [self.program, *limits, f"-max_len={LONGEST_INPUT}", f"-rss_limit_mb={MEMORY_LIMIT}",
             "-timeout=20", "-detect_leaks=0", "-reload=0", "-print_final_stats=1", "-verbosity=1",
             f"-artifact_prefix={self.regressions}/", self.grown, self.seeds, self.regressions],
            env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace", check=False)
        found = sorted(set(self.regressions.iterdir()) - before)
        inputs = number(r"stat::number_of_executed_units: +(\d+)", answer.stdout)
        if inputs == 0:
            inputs = number(r"(?m)^#(\d+)", answer.stdout)
        memory = re.findall(r"rss: (\d+)Mb", answer.stdout) or ["?"]
        start = re.findall(r"INITED.* rss: (\d+)Mb", answer.stdout) or memory
        names = ", ".join(path.name for path in found)
        failed = answer.returncode != 0 or bool(found)
        print(ROW.format(self.target, inputs, number(r"stat::average_exec_per_sec: +(\d+)", answer.stdout),
                         number(r"cov: (\d+)", answer.stdout), number(r"corp: (\d+)", answer.stdout), start[0],
                         memory[-1], names or ("none" if not failed else "failed, and saved nothing")), flush=True)
        self.history.with_suffix(".log").write_text(answer.stdout, encoding="utf-8")
        if failed:
            self.report(found, answer.stdout)
        if not any(self.regressions.iterdir()):
            self.regressions.rmdir()
        return failed

    def report(self, found, output):
        """All that is needed to reproduce a finding from the text alone."""
        seed = re.findall(r"INFO: Seed: (\d+)", output)
        print(f"\n{self.target}: the report (all of it is in {self.history.with_suffix('.log')}; seed "
              f"{seed[0] if seed else 'unknown'})")
        lines = output.splitlines()
        first = next((i for i, line in enumerate(lines) if re.search(r"ERROR:|runtime error:|Dissector bug:", line)),
                     max(len(lines) - REPORT_LINES, 0))
        last = next((i for i, line in enumerate(lines) if i > first and line.startswith("SUMMARY:")), len(lines))
        print("\n".join(lines[first:last + 1]))
        for path in found:
            alone = subprocess.run([*self.replay, path], env={**os.environ, **SLICES}, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, check=False).returncode != 0
            print(f"\n{path.relative_to(REPOSITORY)}, {path.stat().st_size} octets, as base64:\n{as_text(path)}")
            if alone:
                print("It fails alone: base64 -d >INPUT; G_SLICE=always-malloc "
                      f"{' '.join(map(str, self.replay))} INPUT")
            else:
                print(f"It fails only after the inputs before it, which are in {self.history}.")
        print(flush=True)


def run_python(target, options, seconds):
    """Fuzzes what is written in Python, and prints a line of figures. True when there was a finding."""
    limits = [f"--runs={options.runs}"] if options.runs else [f"--seconds={seconds}"]
    seed = [f"--seed={options.seed}"] if options.seed is not None else []
    program = REPOSITORY / "tests/fuzz" / f"{target}.py"
    return subprocess.run([sys.executable, "-B", program, *limits, *seed], check=False).returncode != 0


def main():
    parser = argparse.ArgumentParser(description="Fuzzes the plugin.")
    parser.add_argument("words", nargs="*", metavar="SECONDS | TARGET",
                        help=f"seconds for each target (60); targets, of {', '.join(TARGETS + PYTHON)} (all)")
    parser.add_argument("--runs", type=int, help="inputs for each target, in place of seconds")
    parser.add_argument("--seed", type=int, help="of the random numbers, to repeat a run")
    parser.add_argument("--blocks", action="store_true",
                        help="Wireshark allocates in blocks, as in normal use: three times as fast, but finds less")
    options = parser.parse_intermixed_args()
    seconds = int(options.words.pop(0)) if options.words and options.words[0].isdecimal() else 60
    unknown = set(options.words) - set(TARGETS + PYTHON)
    if unknown:
        parser.error(f"there is no target {', '.join(sorted(unknown))}")
    build = Path(os.environ["PORTLORE_BUILD"])
    if not (build / "tests/fuzz/fuzz").exists():
        sys.exit("fuzz: the harness was not built: it is not written for the Wireshark that is installed.")
    subprocess.run([sys.executable, "-B", REPOSITORY / "tests/fuzz/corpus.py", build / "seeds"],
                   stdout=subprocess.DEVNULL, check=True)
    limits = [f"-runs={options.runs}"] if options.runs else [f"-max_total_time={seconds}"]
    if options.seed is not None:
        limits.append(f"-seed={options.seed}")
    print(ROW.format("target", "inputs", "per s", "edges", "corpus", "MB: start", "end", "findings"), flush=True)
    failed = [target for target in options.words or TARGETS + PYTHON
              if (run_python(target, options, seconds) if target in PYTHON
                  else Fuzzer(target, build).run(limits, options.blocks))]
    if failed:
        print(f"Findings in: {', '.join(failed)}. Each input that is kept in tests/fuzz/regressions is replayed by the "
              "test fuzz_replay from here on.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/python3
"""test.py PRESET [NAME...]: runs the tests of a build, and says how far it has come.

A NAME selects: a test of CTest by a part of its name (ledger: every test whose name has it), a file of tests by its
name, a part of that or its path (test_framing.py, test_fram), one end-to-end test by a part of its name
(segments_out_of_order), one unit test by a part of its path (/gtpp_pdu/header). Options of ctest are handed on: -R, -E,
-L, -j and others that begin with a hyphen, and their values.

Exit code: 0 when every test passed, 1 when one failed, 2 when a NAME selects nothing.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
END_TO_END = REPOSITORY / "tests" / "e2e"
# What ctest prints when a test has ended.
ENDED = re.compile(r"\s*(\d+)/(\d+) Test +#\d+: (\S+) [.\s]*(\*\*\*)?(.*?)\s+([\d.]+) sec")
STARTED = re.compile(r"\s*Start +\d+: ")


def tests_of(preset):
    """The names of CTest's tests, and the command of each."""
    answer = subprocess.run(["ctest", "--preset", preset, "--show-only=json-v1"], cwd=REPOSITORY, capture_output=True,
                            text=True, check=True)
    listing = json.loads(answer.stdout[answer.stdout.find("{"):])
    return {test["name"]: test["command"] for test in listing["tests"]}


def earlier_costs(build):
    """Name -> seconds that the test took before, as ctest keeps them."""
    path = build / "Testing" / "Temporary" / "CTestCostData.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    parts = (line.split() for line in lines[:lines.index("---")] if line) if "---" in lines else ()
    return {name: float(cost) for name, _, cost in parts}


def left(seconds):
    """How long, in words."""
    return f"about {seconds / 60:.0f} min left" if seconds >= 90 else f"about {max(seconds, 1):.0f} s left"


class Progress:
    """Says after each test which one it was, how many there are, and how long the rest takes."""

    def __init__(self, names, costs, jobs):
        self.costs, self.jobs = costs, jobs
        self.waiting = set(names)
        self.began = time.monotonic()
        self.ended = self.failed = 0

    def remaining(self):
        """Seconds: by what each test took before, where that is known, and by what those so far took otherwise."""
        passed = time.monotonic() - self.began
        mean = passed * self.jobs / max(self.ended, 1)
        rest = [self.costs.get(name, mean) for name in self.waiting]
        return max(sum(rest) / self.jobs, max(rest, default=0))

    def line(self, match):
        """What is said of a test that has ended."""
        name, stars, result, took = match.group(3, 4, 5, 6)
        # ctest adds tests that others need; where the names are not known, each stands for any.
        if name in self.waiting:
            self.waiting.remove(name)
        elif self.waiting:
            self.waiting.pop()
        self.ended += 1
        self.failed += stars is not None
        rest = left(self.remaining()) if self.waiting else "the last one"
        failures = f", {self.failed} failed" if self.failed else ""
        width = max(map(len, [*self.waiting, name, "x" * 36]))
        outcome = result.strip().lower() or "failed"
        return (f"{self.ended:3}/{match.group(2)} {name:{width}} {outcome:8} {float(took):6.1f} s   {rest}{failures}")


def run_ctest(preset, build, names, options):
    """Runs CTest's tests NAMES, or all that OPTIONS select, and prints as they end."""
    jobs = os.cpu_count() or 1
    command = ["ctest", "--preset", preset, *(() if "-j" in options else ("-j", str(jobs))), *options]
    if names is not None:
        command += ["-R", f"^({'|'.join(map(re.escape, sorted(names)))})$"]
    costs = earlier_costs(build)
    progress = None
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            match = ENDED.match(line)
            if match:
                if progress is None:
                    known = names or costs
                    progress = Progress(known if len(known) == int(match.group(2)) else
                                        [f"#{i}" for i in range(int(match.group(2)))], costs, jobs)
                print(progress.line(match), flush=True)
            elif not STARTED.match(line):
                print(line, end="", flush=True)
    return process.returncode != 0


def collected():
    """The end-to-end tests, as pytest names them."""
    answer = subprocess.run(["/usr/bin/python3", "-B", "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider",
                             str(END_TO_END)], cwd=END_TO_END, capture_output=True, text=True, check=False)
    return [line for line in answer.stdout.splitlines() if "::" in line]


def functions_of(tests, word):
    """Commands that run the end-to-end tests and the unit tests that have WORD in their names."""
    nodes = sorted({node.split("[")[0] for node in collected() if word in node.partition("::")[2]})
    if nodes:
        yield ["/usr/bin/python3", "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", *nodes], END_TO_END
    for name, command in tests.items():
        if name.startswith("unit_"):
            listing = subprocess.run([command[0], "-l"], capture_output=True, text=True, check=False).stdout
            paths = [path for path in listing.split() if path.startswith("/") and word in path]
            if paths:
                yield [command[0], *(part for path in paths for part in ("-p", path))], REPOSITORY


def file_of(name):
    """The name of the file of a unit test or of end-to-end tests, without its ending; of others, nothing."""
    plain = re.sub(r"^(unit|e2e_[a-z]+)_", "", name)
    return f"test_{plain}" if plain != name else ""


def select(tests, word):
    """CTest's tests that WORD names: by a part of their names, or by their file."""
    path = Path(word)
    plain = re.sub(r"^test_", "", path.stem) if path.suffix in (".py", ".c") else word
    if path.suffix in (".py", ".c"):
        ends = [name for name in tests if re.fullmatch(rf"(unit_|e2e_[a-z]+_)?{re.escape(plain)}", name)]
        return {name for name in ends
                if len(path.parts) == 1 or name.startswith("unit_") or f"_{path.parts[-2]}_" in name}
    return {name for name in tests if word in name or word in file_of(name)}


def split(args):
    """Options of ctest with their values, and names."""
    options, names = [], []
    for arg in args:
        if arg.startswith("-") or (options and options[-1] in ("-R", "-E", "-L", "-LE", "-I", "-j", "--timeout")):
            options.append(arg)
        else:
            names.append(arg)
    return options, names


def main(args):
    """See above."""
    if not args or args[0] in ("-h", "--help"):
        print(__doc__.partition("\n\nSPDX")[0])
        return 0 if args else 2
    preset, *rest = args
    build = REPOSITORY / "build" / preset
    options, words = split(rest)
    if not words:
        return run_ctest(preset, build, None, options)
    tests = tests_of(preset)
    chosen, commands = set(), []
    for word in words:
        found = select(tests, word)
        more = [] if found else list(functions_of(tests, word))
        if not found and not more:
            print(f"dev: no test has \"{word}\" in its name. ./dev test -N lists the tests.", file=sys.stderr)
            return 2
        chosen |= found
        commands += more
    failed = bool(chosen) and run_ctest(preset, build, chosen, options)
    env = dict(os.environ, PORTLORE_BUILD=str(build))
    for command, folder in commands:
        failed |= subprocess.run(command, cwd=folder, env=env, check=False).returncode != 0
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""./dev robust [--passes N] [PART...] [CAPTURE...]: tries to break the plugin from outside, with Wireshark's programs.

filters      the captures with read filters and display filters, under the sanitizers
mutated      captures with octets changed at random, the same way: at least 2,000 passes
memcheck     the captures under valgrind, and sharkd that loads file after file
adversaries  captures that are made to exhaust time or memory, in two sizes

Without a PART: all. CAPTUREs are read in place of the shipped ones, by the first three.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import sys
from pathlib import Path

from runner import NotLoaded, Runner

REPOSITORY = Path(__file__).resolve().parents[1]
BUILD = REPOSITORY / "build"
sys.path.insert(0, str(REPOSITORY / "tests/robust"))

import adversaries  # noqa: E402  (found only now)
import memcheck  # noqa: E402
import mutated  # noqa: E402

PARTS = ("filters", "mutated", "memcheck", "adversaries")


def run_filters(options):
    with Runner(BUILD / "asan") as runner:
        return mutated.run_filters(runner, options.captures)


def run_mutated(options):
    with Runner(BUILD / "asan") as runner:
        return mutated.run(runner, options.captures, options.passes, BUILD / "robust")


def run_memcheck(options):
    with Runner(BUILD / "default") as runner:
        runner.check_loaded()
        return memcheck.run(runner, options.captures)


def run_adversaries(options):
    with Runner(BUILD / "default") as runner:
        runner.check_loaded()
        return adversaries.run(runner, options.floods, options.scale)


def main():
    parser = argparse.ArgumentParser(description="Tries to break the plugin from outside.")
    parser.add_argument("words", nargs="*", metavar="PART|CAPTURE", help=f"parts: {', '.join(PARTS)}")
    parser.add_argument("--passes", type=int, default=2000, help="over mutated captures, at least (2000)")
    parser.add_argument("--floods", nargs="*", choices=adversaries.CASES, metavar="FLOOD",
                        help=f"of the adversaries: {', '.join(adversaries.CASES)} (all)")
    parser.add_argument("--scale", type=int, default=1, help="divides the adversaries' packets")
    options = parser.parse_args()
    parts = [word for word in options.words if word in PARTS] or PARTS
    options.captures = [word for word in options.words if word not in PARTS]
    missing = [name for name in options.captures if not Path(name).is_file()]
    if missing:
        parser.error(f"neither a part nor a capture: {', '.join(missing)}")
    findings = 0
    try:
        for part in parts:
            findings += globals()[f"run_{part}"](options)
    except NotLoaded as reason:
        sys.exit(str(reason))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())

"""Mutated captures: every capture with octets changed at random (editcap -E, fixed seeds), read with a plugin that is
built with AddressSanitizer and UndefinedBehaviorSanitizer, in Wireshark's strict memory.

A pass is one capture that one tshark read to its end. Each mutated capture is read twice: in one pass of tshark's, and
in two (-2); the packet details are printed both times, so that every tree is built.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
CAPTURES = REPOSITORY / "captures"
# How likely each octet is changed, and how many octets of each packet stay as they are. 42 are the headers of Ethernet,
# IPv4 and UDP: behind them, what is changed still gets to our dissectors.
ERRORS = (("0.02", "42"), ("0.002", "42"), ("0.02", "0"), ("0.1", "50"))
WAYS = ((), ("-2",))
# What tshark tells us on its standard output; whatever it says on the other is bad news, too.
BAD_NEWS = re.compile(r"\[Dissector bug")


def shipped():
    return sorted([*CAPTURES.glob("*.pcap"), *CAPTURES.glob("*.pcapng")])


def sanitizer_library():
    """The runtime that tshark, built without it, must have loaded before it loads the plugin."""
    return subprocess.run(["gcc", "-print-file-name=libasan.so"], check=True, capture_output=True,
                          encoding="utf-8").stdout.strip()


def variables():
    return {"LD_PRELOAD": os.path.realpath(sanitizer_library()), "WIRESHARK_DEBUG_WMEM_OVERRIDE": "strict",
            "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1", "UBSAN_OPTIONS": "print_stacktrace=1"}


def mutate(capture, seed, folder):
    """The capture with changed octets; how is told by the seed alone."""
    probability, offset = ERRORS[seed % len(ERRORS)]
    mutated = folder / f"{capture.stem}-{seed}.pcapng"
    subprocess.run(["editcap", "-E", probability, "-o", offset, "--seed", str(seed), capture, mutated], check=True,
                   capture_output=True)
    mutated.chmod(0o644)
    return mutated


def key_options(runner, capture):
    keys = capture.with_suffix(".keys")
    return ["-o", f"tls.keylog_file:{runner.reachable(keys)}"] if keys.exists() else []


class Passes:
    """Reads captures and counts."""

    def __init__(self, runner, folder, keep):
        self.runner = runner
        self.folder = folder
        self.keep = keep
        self.home = runner.new_home()
        self.variables = variables()
        self.clean = self.packets = 0
        self.findings = []

    def read(self, path, options, way):
        """One pass: (packets, what went wrong)."""
        answer = self.runner.run("tshark", *way, "-r", path, *options, "-V", home=self.home, variables=self.variables)
        packets = len(re.findall(r"^Frame \d+:", answer.stdout, re.MULTILINE))
        wrong = [line for line in answer.stderr.splitlines() if line]
        wrong += [line.strip() for line in answer.stdout.splitlines() if BAD_NEWS.search(line)]
        if answer.returncode != 0:
            wrong.append(f"tshark ended with {answer.returncode}")
        if packets == 0:
            wrong.append("tshark printed no packet")
        return packets, wrong

    def run_one(self, capture, seed):
        mutated = mutate(capture, seed, self.folder)
        for way in WAYS:
            packets, wrong = self.read(mutated, key_options(self.runner, capture), way)
            self.packets += packets
            if wrong:
                self.findings.append((capture.name, seed, way, wrong[:5]))
            else:
                self.clean += 1
        if not any(finding[:2] == (capture.name, seed) for finding in self.findings):
            mutated.unlink()
        else:
            self.keep.mkdir(parents=True, exist_ok=True)
            mutated.replace(self.keep / mutated.name)


def check_sanitizer(passes):
    """Stops when the sanitizers are not in force: a run would be clean whatever happens."""
    answer = passes.runner.run("tshark", "-v", home=passes.home,
                               variables={**passes.variables, "ASAN_OPTIONS": "help=1:detect_leaks=0"})
    if "AddressSanitizer" not in answer.stdout + answer.stderr:
        raise SystemExit("mutated: AddressSanitizer is not in tshark's process.")


def run(runner, names, wanted, keep):
    """WANTED passes or more over the shipped captures, or those that are named. Those that failed stay in KEEP. The
    number of findings."""
    captures = [Path(name).resolve() for name in names] or shipped()
    seeds = -(-wanted // (len(captures) * len(WAYS)))
    folder = Path(runner.new_home())
    folder.chmod(0o755)
    passes = Passes(runner, folder, keep)
    check_sanitizer(passes)
    started = time.monotonic()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(lambda job: passes.run_one(*job), [(c, s) for s in range(1, seeds + 1) for c in captures]):
            pass
    print(f"mutated: {len(captures)} captures, {seeds} seeds, {passes.clean + len(passes.findings)} passes, "
          f"{passes.clean} clean, {passes.packets} packets, {time.monotonic() - started:.0f} s")
    for name, seed, way, wrong in passes.findings:
        print(f"  {name}, seed {seed} {' '.join(way)}(kept in {keep}):")
        print("\n".join(f"    {line}" for line in wrong))
    return len(passes.findings)

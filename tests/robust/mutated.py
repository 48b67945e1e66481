"""Mutated captures: every capture with octets changed at random (editcap -E, fixed seeds), read with a plugin that is
built with AddressSanitizer and UndefinedBehaviorSanitizer, in Wireshark's strict memory.

A pass is one capture that one program read to its end. Each mutated copy is read in one pass of tshark's, in two (-2),
in two with each of four read filters (-2 -R), and by sharkd with the four as display filters. The packet details are
printed, so that every tree is built. With read filters and sharkd, the reports are made as well.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import filters

REPOSITORY = Path(__file__).resolve().parents[2]
CAPTURES = REPOSITORY / "captures"
# The probability that an octet is changed, and how many octets at the start of each packet are not. 42 are the headers
# of Ethernet, IPv4 and UDP: a packet with these still reaches our dissectors.
ERRORS = (("0.02", "42"), ("0.002", "42"), ("0.02", "0"), ("0.1", "50"))
WAYS = ((), ("-2",))
# Of each mutated copy: without a filter, one for each read filter, one of sharkd's.
PASSES = len(WAYS) + filters.COUNT + 1
REPORTS = tuple(word for report in ("gtpp,tree", "gtpp,ledger", "gtpp,srt", "rdgudp,tree", "rdgudp,channels",
                                    "portlore,tree") for word in ("-z", report))
TAPS = ("stat:gtpp", "nstat:gtpp,ledger", "srt:gtpp", "stat:rdgudp", "nstat:rdgudp,channels", "stat:portlore")
# A finding on tshark's standard output. Anything on its standard error is one, too.
DISSECTOR_BUG = re.compile(r"\[Dissector bug")


def shipped():
    return sorted([*CAPTURES.glob("*.pcap"), *CAPTURES.glob("*.pcapng")])


def sanitizer_library():
    """The runtime library, which must be in tshark before the plugin, because tshark was built without it."""
    return subprocess.run(["gcc", "-print-file-name=libasan.so"], check=True, capture_output=True,
                          encoding="utf-8").stdout.strip()


def variables():
    return {"LD_PRELOAD": os.path.realpath(sanitizer_library()), "WIRESHARK_DEBUG_WMEM_OVERRIDE": "strict",
            "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1", "UBSAN_OPTIONS": "print_stacktrace=1"}


def mutate(capture, seed, folder):
    """The capture with changed octets, the same for the same seed."""
    probability, offset = ERRORS[seed % len(ERRORS)]
    mutated = folder / f"{capture.stem}-{seed}.pcapng"
    subprocess.run(["editcap", "-E", probability, "-o", offset, "--seed", str(seed), capture, mutated], check=True,
                   capture_output=True)
    mutated.chmod(0o644)
    return mutated


def key_file(runner, capture):
    """The key log that a capture comes with, or None."""
    keys = capture.with_suffix(".keys")
    return runner.reachable(keys) if keys.exists() else None


def key_options(runner, capture):
    keys = key_file(runner, capture)
    return ["-o", f"tls.keylog_file:{keys}"] if keys else []


class Passes:
    """Reads captures and counts."""

    def __init__(self, runner, folder, keep):
        self.runner = runner
        self.folder = folder
        self.keep = keep
        self.home = runner.new_home()
        self.variables = variables()
        self.clean = self.packets = 0
        self.kept = self.unfiltered = 0
        self.findings = []
        self.fields = {}
        self.values = {}

    def run(self, *words, **how):
        """A program under the sanitizers."""
        return self.runner.run(*words, home=self.home, variables=self.variables, **how)

    def learn(self, captures):
        """The fields and values that filters are drawn from."""
        self.fields = filters.known_fields(self.run)
        for capture in captures:
            self.values[capture.name] = filters.values_of(self.run, self.runner.reachable(capture), self.fields,
                                                          key_options(self.runner, capture))

    def read(self, path, options, way):
        """One pass of tshark's: (packets, what went wrong)."""
        answer = self.run("tshark", *way, "-r", path, *options, "-V")
        packets = len(re.findall(r"^Frame \d+:", answer.stdout, re.MULTILINE))
        wrong = [line for line in answer.stderr.splitlines() if line]
        wrong += [line.strip() for line in answer.stdout.splitlines() if DISSECTOR_BUG.search(line)]
        if answer.returncode != 0:
            wrong.append(f"tshark ended with {answer.returncode}")
        if packets == 0 and "-R" not in way:
            wrong.append("tshark printed no packet")
        return packets, wrong

    def ask_sharkd(self, path, keys, drawn):
        """One pass of sharkd's: what went wrong."""
        requests, count = filters.sharkd_requests(path, keys, drawn, TAPS)
        answer = self.run("sharkd", "-", input=requests)
        replies = [line for line in answer.stdout.splitlines() if line.startswith("{")]
        wrong = [line for line in answer.stderr.splitlines() if re.search("ERROR|runtime error|CRITICAL", line)]
        wrong += [line[:200] for line in replies if '"error"' in line or DISSECTOR_BUG.search(line)]
        if answer.returncode != 0 or len(replies) != count:
            wrong.append(f"sharkd ended with {answer.returncode}, {len(replies)} replies to {count} requests")
        return wrong

    def count(self, capture, seed, what, wrong):
        if wrong:
            self.findings.append((capture.name, seed, what, wrong[:5]))
        else:
            self.clean += 1

    def run_one(self, capture, seed):
        """All ways of one mutated copy; seed 0 is the capture itself, with filters only."""
        path = mutate(capture, seed, self.folder) if seed != 0 else self.runner.reachable(capture)
        options = key_options(self.runner, capture)
        before = 0
        for way in WAYS if seed != 0 else WAYS[1:]:
            before, wrong = self.read(path, options, way)
            self.packets += before
            self.count(capture, seed, " ".join(way), wrong)
        drawn = filters.draw(self.fields, self.values[capture.name], f"{capture.name} {seed}")
        for text in drawn:
            kept, wrong = self.read(path, options, ("-2", "-R", text, *REPORTS))
            self.kept += kept
            self.unfiltered += before
            self.count(capture, seed, f"-2 -R '{text}'", wrong)
        self.count(capture, seed, f"sharkd, {drawn}", self.ask_sharkd(path, key_file(self.runner, capture), drawn))
        if seed == 0:
            return
        if not any(finding[:2] == (capture.name, seed) for finding in self.findings):
            path.unlink()
        else:
            self.keep.mkdir(parents=True, exist_ok=True)
            path.replace(self.keep / path.name)


def check_sanitizer(passes):
    """Stops when the sanitizers do not work: every run would be clean."""
    answer = passes.runner.run("tshark", "-v", home=passes.home,
                               variables={**passes.variables, "ASAN_OPTIONS": "help=1:detect_leaks=0"})
    if "AddressSanitizer" not in answer.stdout + answer.stderr:
        raise SystemExit("mutated: AddressSanitizer is not in tshark's process.")


def run_passes(runner, title, captures, seeds, keep):
    """All ways for each capture and seed. The number of findings."""
    folder = Path(runner.new_home())
    folder.chmod(0o755)
    passes = Passes(runner, folder, keep)
    check_sanitizer(passes)
    started = time.monotonic()
    passes.learn(captures)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(lambda job: passes.run_one(*job), [(c, s) for s in seeds for c in captures]):
            pass
    print(f"{title}: {len(captures)} captures, {len(seeds)} seeds, {passes.clean + len(passes.findings)} passes, "
          f"{passes.clean} clean, {passes.packets} packets; of {passes.unfiltered} packets, read filters kept "
          f"{passes.kept}; {time.monotonic() - started:.0f} s")
    for name, seed, what, wrong in passes.findings:
        print(f"  {name}, seed {seed}, {what}" + (f" (kept in {keep})" if seed != 0 else "") + ":")
        print("\n".join(f"    {line}" for line in wrong))
    return len(passes.findings)


def captures_of(names):
    return [Path(name).resolve() for name in names] or shipped()


def run(runner, names, wanted, keep):
    """WANTED passes or more over mutated copies of the shipped captures, or of those that are named. Those that failed
    stay in KEEP. The number of findings."""
    captures = captures_of(names)
    return run_passes(runner, "mutated", captures, range(1, -(-wanted // (len(captures) * PASSES)) + 1), keep)


def run_filters(runner, names):
    """The captures as they are, with filters. The number of findings."""
    return run_passes(runner, "filters", captures_of(names), [0], None)

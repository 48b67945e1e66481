#!/usr/bin/python3
"""What a tshark with the plugin prints of every shipped capture, on one platform and on another.

outputs.py print LIBRARY OUT TSHARK...: asks TSHARK, a command of one or more words, about each capture: details after
    two passes, and behind them every report. What it prints is written into OUT. LIBRARY is that of
    tests/e2e/support/prefork.c for TSHARK's machine: with it, the protocols are registered once, which takes most of
    the time.
outputs.py compare ONE OTHER: says where the outputs in two folders differ. Exit code 1 when anything differs.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
CAPTURES = HERE / "captures"
sys.path.insert(0, str(HERE / "tests/e2e"))
from support.prefork import Prefork  # noqa: E402

REPORTS = ("conv,gtpp", "endpoints,gtpp", "gtpp,ledger", "gtpp,records", "gtpp,srt", "gtpp,tree", "portlore,ports",
           "portlore,tree", "rdghttp,sessions", "rdghttp,srt", "rdghttp,tree", "rdgudp,channels", "rdgudp,tree")
EARLY = ["-V"]
WORDS = ["-2", *EARLY, *(word for report in REPORTS for word in ("-z", report))]
SUFFIXES = {".pcap", ".pcapng"}
# Seconds that one answer may take: emulators are slow.
PATIENCE = 1800
# After how many answers it says how far it has come.
STRIDE = 25


def words_for(capture):
    """tshark's arguments for a capture, with its keys where it has some."""
    keys = capture.with_suffix(".keys")
    return [*WORDS, *(["-o", f"tls.keylog_file:{keys}"] if keys.exists() else []), "-r", str(capture)]


def print_all(library, out, tshark):
    """Each answer ends with the exit code: it is part of what is compared."""
    out.mkdir(parents=True)
    captures = sorted(path for path in CAPTURES.iterdir() if path.suffix in SUFFIXES)
    # A server is asked one thing at a time: each processor has its own, which a thread takes and gives back.
    jobs = int(os.environ.get("PORTLORE_JOBS") or os.cpu_count())
    servers = [Prefork(library, "tshark", EARLY, os.environ, command=tshark) for _ in range(jobs)]
    idle = list(servers)

    def ask(capture):
        server = idle.pop()
        name = out / capture.name
        with open(name, "wb") as answer, open(f"{name}.errors", "wb") as errors, open(os.devnull, "rb") as empty:
            files = [empty.fileno(), answer.fileno(), errors.fileno()]
            code = server.run(words_for(capture), str(capture), "/", files, PATIENCE)
        with open(name, "ab") as answer:
            answer.write(f"exit code {code}\n".encode())
        idle.append(server)

    began = time.monotonic()
    with ThreadPoolExecutor(jobs) as workers:
        for done, _ in enumerate(workers.map(ask, captures), 1):
            if done % STRIDE == 0 or done == len(captures):
                print(f"{done} of {len(captures)} after {time.monotonic() - began:.0f} s", flush=True)
    for server in servers:
        server.close()


def lines_of(path):
    return path.read_bytes().decode("utf-8", errors="replace").removesuffix("\n").split("\n")


def compare(one, other):
    """Says what differs; how many outputs and lines there are, and how many outputs differ."""
    names = sorted(path.name for path in one.iterdir() if path.suffix != ".errors")
    different = sorted(set(names) ^ {path.name for path in other.iterdir() if path.suffix != ".errors"})
    for name in different:
        print(f"{name} is on one side only")
    lines = 0
    for name in sorted(set(names) - set(different)):
        texts = [lines_of(folder / name) for folder in (one, other)]
        lines += len(texts[0])
        if texts[0] != texts[1]:
            different.append(name)
            at = next((at for at, (a, b) in enumerate(zip(*texts)) if a != b), min(map(len, texts)))
            print(f"{name} differs in line {at + 1}:")
            for text in texts:
                print(f"  {text[at] if at < len(text) else '(ends)'}")
    return len(names), lines, len(different)


def main(verb, *words):
    if verb == "print":
        print_all(Path(words[0]), Path(words[1]), list(words[2:]))
        return 0
    outputs, lines, different = compare(Path(words[0]), Path(words[1]))
    print(f"{outputs} captures, {lines} lines" + (f", {different} DIFFERENT" if different else ""))
    return 1 if different or not outputs else 0


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[1] not in ("print", "compare"):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))

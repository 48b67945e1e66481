#!/usr/bin/python3
"""What a tshark with the plugin prints of every shipped capture, on one platform and on another.

outputs.py cut OUT -- EDITCAP...: writes the captures into OUT whose packets are cut to 70 and to 110 octets. EDITCAP,
    as TSHARK below, is a command of one or more words.
outputs.py print [--prefork LIBRARY] [--modes MODES] [--every N] OUT FOLDER... -- TSHARK...: asks TSHARK about each
    capture in the folders, or every Nth, in each mode, and writes what it prints into OUT. With a LIBRARY (that of
    tests/e2e/support/prefork.c, for TSHARK's machine) the protocols are registered once, which takes most of the time.
outputs.py compare [--windows] ONE OTHER: says where the outputs differ. With --windows, what Windows does otherwise by
    itself is passed over (WINDOWS). Exit code 1 when anything differs.

The modes are "once" (details after one pass, and behind them every report) and "twice" (the same after two passes).

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import os
import re
import subprocess
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
WORDS = [*EARLY, *(word for report in REPORTS for word in ("-z", report))]
MODES = {"once": WORDS, "twice": ["-2", *WORDS]}
# Octets of a packet that a cut capture has: the header of UDP or TCP with little behind it, and more.
LENGTHS = (70, 110)
SUFFIXES = {".pcap", ".pcapng"}
# Seconds that one answer may take: emulators are slow.
PATIENCE = 1800
# Characters of a line that differs, around the difference.
WIDTH = 200
# After how many answers it says how far it has come.
STRIDE = 25

# What is otherwise on Windows and not the plugin's: the ends of lines; the name of the zone in Wireshark's times; its
# distance from UTC in the filters that Wireshark makes of times, which its C library writes with the other sign; the
# separators of thousands, and with them the width of columns, in Wireshark's own tables of conversations and endpoints.
TABLE = re.compile(r"(?ms)^={20,}\n\S.* (?:Conversations|Endpoints)$.*?^={20,}$")
WINDOWS = ((re.compile(r"\r\n"), "\n"), (re.compile(r"(?<=\d UT)C?\b"), ""),
           (re.compile(r'(:\d\d(?:\.\d+)?)\+0000(?=\\")'), r"\1-0000"),
           (TABLE, lambda table: re.sub(r" {2,}", " ", re.sub(r"(?<=\d),(?=\d{3}\b)", "", table.group()))))


def captures(folders):
    return [path for folder in folders for path in sorted(Path(folder).resolve().iterdir()) if path.suffix in SUFFIXES]


def cut(out, editcap):
    out.mkdir(parents=True)
    for path in captures([CAPTURES]):
        for length in LENGTHS:
            subprocess.run([*editcap, "-s", str(length), path, out / f"{path.stem}-{length}{path.suffix}"], check=True)


def keys_of(path):
    """The file with the keys of a capture, or None; a cut one has those of the whole one."""
    stem = path.stem if path.parent == CAPTURES else path.stem.rpartition("-")[0]
    keys = CAPTURES / f"{stem}.keys"
    return keys if keys.exists() else None


def print_all(out, folders, modes, tshark, prefork, every=1):
    """Each answer ends with the exit code: it is part of what is compared."""
    out.mkdir(parents=True, exist_ok=True)
    # A server is asked one thing at a time: each processor has its own, which a thread takes and gives back.
    jobs = int(os.environ.get("PORTLORE_JOBS") or os.cpu_count())
    servers = [Prefork(prefork, "tshark", EARLY, os.environ, command=tshark) for _ in range(jobs)] if prefork else []
    idle = list(servers)

    def run(words, path, files):
        if not prefork:
            return subprocess.run([*tshark, *words], stdin=files[0], stdout=files[1], stderr=files[2], check=False,
                                  timeout=PATIENCE).returncode
        server = idle.pop()
        code = server.run(words, str(path), "/", files, PATIENCE)
        idle.append(server)
        return code

    def ask(path, mode):
        name = out / f"{path.name}.{mode}"
        keys = keys_of(path)
        words = [*MODES[mode], *(["-o", f"tls.keylog_file:{keys}"] if keys else []), "-r", str(path)]
        with open(name, "wb") as answer, open(f"{name}.errors", "wb") as errors, open(os.devnull, "rb") as empty:
            code = run(words, path, [empty.fileno(), answer.fileno(), errors.fileno()])
        with open(name, "ab") as answer:
            answer.write(f"exit code {code}\n".encode())

    todo = [(path, mode) for path in captures(folders)[::every] for mode in modes]
    began = time.monotonic()
    with ThreadPoolExecutor(jobs) as workers:
        for done, _ in enumerate(workers.map(lambda each: ask(*each), todo), 1):
            if done % STRIDE == 0 or done == len(todo):
                print(f"{done} of {len(todo)} after {time.monotonic() - began:.0f} s", flush=True)
    for server in servers:
        server.close()


def lines_of(path, exceptions):
    text = path.read_bytes().decode("utf-8", errors="replace")
    for pattern, instead in exceptions:
        text = pattern.sub(instead, text)
    return text.removesuffix("\n").split("\n")


def compare(one, other, exceptions=()):
    """Says what differs; how many outputs and lines there are, and how many outputs differ."""
    names = sorted(path.name for path in one.iterdir() if path.suffix != ".errors")
    different = sorted(set(names) ^ {path.name for path in other.iterdir() if path.suffix != ".errors"})
    for name in different:
        print(f"{name} is on one side only")
    lines = 0
    for name in sorted(set(names) - set(different)):
        texts = [lines_of(folder / name, exceptions) for folder in (one, other)]
        lines += len(texts[0])
        if texts[0] != texts[1]:
            different.append(name)
            at = next((at for at, (a, b) in enumerate(zip(*texts)) if a != b), min(map(len, texts)))
            print(f"{name} differs in line {at + 1}:")
            both = [text[at] if at < len(text) else "(ends)" for text in texts]
            # Answers of sharkd are long lines.
            start = max(0, len(os.path.commonprefix(both)) - WIDTH // 2)
            for text in both:
                print(f"  {text[start:start + WIDTH]}")
    return len(names), lines, len(different)


def main(words):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("cut")
    verb.add_argument("out", type=Path)
    verb = verbs.add_parser("print")
    verb.add_argument("--prefork", type=Path)
    verb.add_argument("--modes", default="once,twice")
    verb.add_argument("--every", type=int, default=1)
    verb.add_argument("out", type=Path)
    verb.add_argument("folders", nargs="+")
    verb = verbs.add_parser("compare")
    verb.add_argument("one", type=Path)
    verb.add_argument("other", type=Path)
    verb.add_argument("--windows", action="store_true")
    # Behind "--" stands a command, whose options are not ours.
    at = words.index("--") if "--" in words else len(words)
    command = words[at + 1:]
    options = parser.parse_args(words[:at])
    if options.verb == "cut":
        cut(options.out, command)
    elif options.verb == "print":
        print_all(options.out, options.folders, options.modes.split(","), command, options.prefork,
                  options.every)
    else:
        outputs, lines, different = compare(options.one, options.other, WINDOWS if options.windows else ())
        print(f"{outputs} outputs, {lines} lines" + (f", {different} DIFFERENT" if different else ""))
        return 1 if different or not outputs else 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

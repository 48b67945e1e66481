"""What Portlore finds in captures: for each a sentence (of the shipped ones), a summary, and the packet list with
Portlore's columns, aligned. Names of captures are bold on a terminal.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import sys
from pathlib import Path

CAPTURES = Path(__file__).resolve().parents[1] / "captures"
SUFFIXES = (".pcap", ".pcapng", ".cap", ".pcap.gz", ".pcapng.gz")
COLUMNS = ('"No.","%m","Time","%t","Source","%s","Destination","%d","Protocol","%p","IANA service",'
           '"%Cus:portlore.iana.service","Match","%Cus:portlore.match","Info","%i"')
README_ROW = re.compile(r"^\| `([^`]+)` \| (.+?) \| [^|]+ \|$")
EXPERT_HEADING = re.compile(r"^(Errors|Warns|Notes|Chats) \((\d+)\)$")
# Filter, and the name that the protocol has in the list of expert items.
OURS = {"gtpp": "GTP'", "rdghttp": "RDGHTTP", "rdgudp": "RDGUDP", "portlore": "Port Lore"}


def bold(text):
    return f"\033[1m{text}\033[0m" if sys.stdout.isatty() else text


def shipped():
    """The captures of the repository with their sentences, in the README's order."""
    rows = map(README_ROW.match, (CAPTURES / "README.md").read_text(encoding="utf-8").splitlines())
    return [(CAPTURES / row[1], row[2]) for row in rows if row and (CAPTURES / row[1]).exists()]


def captures_of(runner, names):
    """The captures that the names stand for, and a sentence for each name that stands for none."""
    captures, faults = [], []
    for path in map(Path, names):
        inside = sorted(each for each in path.iterdir() if each.name.endswith(SUFFIXES)) if path.is_dir() else [path]
        if not path.exists():
            faults.append(f"{path}: there is no such file or folder.")
        elif not inside:
            faults.append(f"{path}: no capture is in this folder ({', '.join(SUFFIXES)}).")
        for each in inside if path.exists() else []:
            fault = capture_fault(runner, each)
            if fault:
                faults.append(f"{each}: {fault}")
            else:
                captures.append((each, None))
    return captures, faults


def capture_fault(runner, path):
    """Why this is no capture with packets; None when it is one."""
    if path.stat().st_size == 0:
        return "the file is empty."
    # Of a picture or of JSON, which Wireshark reads as well, file type and link type have one name.
    kind = runner.run("capinfos", "-T", "-r", "-t", "-E", runner.reachable(path)).stdout.strip().split("\t")
    if len(kind) == 3 and kind[1] == kind[2]:
        return f"this is no capture: Wireshark takes it for {kind[1].upper()}."
    answer = runner.run("tshark", "-r", runner.reachable(path), "-c", "1")
    if answer.returncode == 0 and answer.stdout:
        return None
    if answer.returncode == 0:
        return "the capture holds no packet."
    lines = answer.stderr.strip().splitlines()
    if not lines:
        return "tshark cannot read it, and gives no reason."
    # The copy that tshark may have read has another name.
    return re.sub(r'The file "[^"]*"', "it", lines[-1].split(": ", 1)[-1])


def tables_start(lines):
    """Where the packet list ends and the first table begins."""
    for i, line in enumerate(lines):
        if EXPERT_HEADING.match(line) or (line and not line.strip("=")):
            return i
    return len(lines)


def experts(lines):
    """The expert items of our protocols, worst first: severity, how often, protocol, text."""
    found, severity = [], None
    for line in lines:
        heading = EXPERT_HEADING.match(line)
        if heading:
            severity = heading[1][:-1].replace("Warn", "Warning")
        elif not line:
            severity = None
        elif severity:
            for name in OURS.values():
                row = re.match(rf"\s*(\d+)\s+\w+\s+{re.escape(name)}\s+(.+)$", line)
                if row:
                    found.append((severity, int(row[1]), name, row[2]))
    return found


def summary(runner, path, options):
    """Lines: packets of each protocol of ours that is there, and what was found."""
    answer = runner.run("tshark", "-2", "-r", path, *options, "-q", "-z", f"io,stat,0,{','.join(OURS)}",
                        "-z", "expert,note")
    # One interval, the whole capture: frames and octets of each filter.
    cells = next((line.split("|")[2:-1] for line in answer.stdout.splitlines() if "<>" in line), [])
    counts = {name: int(cell) for name, cell in zip(OURS.values(), cells[0::2])}
    lines = [f"  {name:<10} {count:>6} packet{'' if count == 1 else 's'}"
             for name, count in counts.items() if count]
    lines = lines or [f"  No packet of {', '.join(list(OURS.values())[:-1])}, or of a port that Port Lore annotates."]
    found = experts(answer.stdout.splitlines())
    return lines + [f"  {severity:<8} {count:>6}x  {name}: {text}" for severity, count, name, text in found]


def aligned(lines):
    """tshark's packet list with a tab between cells, in columns. tshark by itself aligns its own columns, but no custom
    ones. Number, time and source stand on the right; the last column is as long as it is."""
    rows = [line.split("\t") for line in lines]
    count = min(map(len, rows), default=0)
    # A text in the last column may have tabs of its own.
    rows = [[*map(str.strip, row[:count - 1]), " ".join(row[count - 1:])] for row in rows]
    widths = [max(len(row[i]) for row in rows) for i in range(count - 1)]
    columns = [(str.rjust if i < 3 else str.ljust, width) for i, width in enumerate(widths)]
    return [" ".join([*(adjust(cell, width) for cell, (adjust, width) in zip(row, columns) if width), row[-1]]).rstrip()
            for row in rows]


def show(runner, path, sentence, with_summary):
    """One capture. False when tshark could not read it to its end."""
    print(bold(f"== {path.name}"))
    if sentence:
        print(sentence)
    keys, options = path.with_suffix(".keys"), []
    if keys.exists():
        options = ["-o", f"tls.keylog_file:{runner.reachable(keys)}"]
    if with_summary:
        print(*summary(runner, runner.reachable(path), options), "", sep="\n")
    answer = runner.run("tshark", "-2", "-r", runner.reachable(path), *options, "-T", "tabs",
                        "-o", f"gui.column.format:{COLUMNS}", "-z", "expert,note")
    lines = answer.stdout.splitlines()
    end = tables_start(lines)
    print(*aligned([line for line in lines[:end] if line]), sep="\n")
    if not with_summary:
        for severity, count, name, text in experts(lines[end:]):
            print(f"  {severity:<8} {count:>6}x  {name}: {text}")
    print(flush=True)
    if answer.returncode != 0:
        print(f"{path}: {answer.stderr.strip()}", file=sys.stderr, flush=True)
    return answer.returncode == 0


def read_all(runner, captures, summary=False):
    """Shows each capture, (path, sentence). 1 when tshark could not read one to its end, otherwise 0."""
    failed = [path for path, sentence in captures if not show(runner, path, sentence, summary)]
    return 1 if failed else 0

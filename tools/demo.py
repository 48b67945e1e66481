"""Shows what Portlore finds: ./dev demo for the shipped captures, ./dev demo CAPTURE ... for your own.

For each capture a sentence (of the shipped ones), the packet list with Portlore's columns, then statistics and what is
worth a look. Colour on a terminal, plain text otherwise.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import sys
from pathlib import Path

from runner import NotLoaded, Runner

CAPTURES = Path(__file__).resolve().parents[1] / "captures"
COLUMNS = ('"No.","%m","Time","%t","Source","%s","Destination","%d","Protocol","%p","IANA service",'
           '"%Cus:portlore.iana.service","Match","%Cus:portlore.match","Info","%i"')
README_ROW = re.compile(r"^\| `([^`]+)` \| (.+?) \| [^|]+ \|$")


def bold(text):
    return f"\033[1m{text}\033[0m" if sys.stdout.isatty() else text


def shipped():
    """The captures of the repository with their sentences, in the README's order."""
    rows = map(README_ROW.match, (CAPTURES / "README.md").read_text(encoding="utf-8").splitlines())
    return [(CAPTURES / row[1], row[2]) for row in rows if row and (CAPTURES / row[1]).exists()]


EXPERT_HEADING = re.compile(r"^(Errors|Warns|Notes|Chats) \(\d+\)$")


def tables_start(lines):
    """Where the packet list ends and the first table begins."""
    for i, line in enumerate(lines):
        if EXPERT_HEADING.match(line) or (line and not line.strip("=")):
            return i
    return len(lines)


def statistics(lines):
    """The rows of -z portlore,tree with their counts, if there are any."""
    header = next((i for i, line in enumerate(lines) if line.startswith("Topic / Item")), None)
    if header is None:
        return []
    count_at = lines[header].index("Count")
    rows = []
    for line in lines[header + 2:]:
        if not line.strip("- "):
            break
        rows.append(f"{line[:count_at]}{line[count_at:].split()[0]:>6}")
    return rows if len(rows) > 1 else []


def experts(lines):
    """The tables of expert items: those worth a note or more."""
    rows = []
    inside = False
    for line in lines:
        if EXPERT_HEADING.match(line):
            inside = True
            rows.append("")
        elif inside and not line:
            inside = False
        if inside:
            rows.append(line)
    return rows


def show(runner, path, sentence):
    """One capture. False when tshark could not read it to its end."""
    print(bold(f"== {path.name}"))
    if sentence:
        print(sentence)
    args = ["-2", "-r", runner.reachable(path)]
    keys = path.with_suffix(".keys")
    if keys.exists():
        args += ["-o", f"tls.keylog_file:{runner.reachable(keys)}"]
    if sys.stdout.isatty():
        args.append("--color")
    answer = runner.run("tshark", *args, "-o", f"gui.column.format:{COLUMNS}", "-z", "portlore,tree",
                        "-z", "expert,note")
    lines = answer.stdout.splitlines()
    end = tables_start(lines)
    for line in [*lines[:end], *statistics(lines[end:]), *experts(lines[end:])]:
        print(line)
    print(flush=True)
    if answer.returncode != 0:
        print(f"{path}: {answer.stderr.strip()}", file=sys.stderr, flush=True)
    return answer.returncode == 0


def main(names):
    captures = [(Path(name), None) for name in names] or shipped()
    build = os.environ.get("PORTLORE_BUILD", CAPTURES.parent / "build" / "default")
    failed = 0
    try:
        with Runner(build) as runner:
            runner.check_loaded()
            for path, sentence in captures:
                if not path.is_file():
                    print(f"{path}: there is no such file.", file=sys.stderr)
                    failed += 1
                elif not show(runner, path, sentence):
                    failed += 1
    except NotLoaded as reason:
        sys.exit(f"demo: {reason}")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BrokenPipeError:
        os._exit(0)

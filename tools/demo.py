"""Shows what Portlore finds.

./dev demo               answers questions from the shipped captures, each with the command that answers it
./dev demo --all         reads every shipped capture
./dev demo CAPTURE...    reads your own captures, and those in a folder: a summary first, then the packets

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import shlex
import sys
import textwrap

from demo_captures import CAPTURES, bold, captures_of, read_all, shipped
from demo_questions import QUESTIONS
from runner import NotLoaded, Runner

WIDTH = 100
NEXT = """What next?
  ./dev demo YOUR.pcapng    reads your own captures, or all in a folder
  ./dev install             lets your Wireshark and tshark load the plugin from their next start on
  docs/questions.md         more questions, with commands and pictures of the GUI and its profile
  ./dev demo --all          reads every shipped capture
"""


def table(lines):
    """Lines of tabulated cells, aligned as column -t does it."""
    rows = [line.split("\t") for line in lines]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]


def command(question):
    """As a user types it, in lines of up to WIDTH columns."""
    parts = ["tshark -2", f"-r captures/{question.capture}", f"-Y {shlex.quote(question.filter)}",
             "-T fields -E header=y", *(f"-e {field}" for field in question.fields), "| column -t -s $'\\t'"]
    lines, line = [], "$ " + parts[0]
    for part in parts[1:]:
        if len(line) + len(part) + 3 > WIDTH:
            lines.append(line + " \\")
            line = "   "
        line += f" {part}"
    return [*lines, line]


def answer(runner, question):
    """One question, the command, what it prints and what follows. False when tshark failed."""
    fields = [word for field in question.fields for word in ("-e", field)]
    result = runner.run("tshark", "-2", "-r", runner.reachable(CAPTURES / question.capture), "-Y", question.filter,
                        "-T", "fields", "-E", "header=y", *fields)
    if result.returncode != 0:
        print(f"demo: captures/{question.capture}: {result.stderr.strip()}", file=sys.stderr)
        return False
    lines = result.stdout.splitlines()
    rows = [line.split("\t") for line in lines[1:]]
    print(bold(question.text), *command(question), *table(lines), *textwrap.wrap(question.answer(rows), WIDTH), "",
          sep="\n", flush=True)
    return True


def usage_fault(names):
    """What is wrong with the command line, or None."""
    unknown = [name for name in names if name.startswith("-") and name not in ("--all", "--help", "-h")]
    if unknown:
        return f"there is no option {unknown[0]}; ./dev demo --help lists them."
    if "--all" in names and len(names) > 1:
        return "--all is for the shipped captures: name either captures of your own, or --all."
    return None


def main(names):
    fault = usage_fault(names)
    if fault:
        print(f"demo: {fault}", file=sys.stderr)
        return 2
    if "--help" in names or "-h" in names:
        print(__doc__.split("\n\nSPDX")[0])
        return 0
    build = os.environ.get("PORTLORE_BUILD", CAPTURES.parent / "build" / "default")
    try:
        with Runner(build) as runner:
            runner.check_loaded()
            if names == ["--all"]:
                return read_all(runner, shipped())
            if names:
                captures, faults = captures_of(runner, names)
                for each in faults:
                    print(f"demo: {each}", file=sys.stderr)
                return max(read_all(runner, captures, summary=True), 2 if faults else 0)
            # Every question is asked, also when one cannot be answered.
            failed = [question for question in QUESTIONS if not answer(runner, question)]
            print(NEXT, end="")
            return 1 if failed else 0
    except NotLoaded as reason:
        sys.exit(f"demo: {reason}")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BrokenPipeError:
        os._exit(0)

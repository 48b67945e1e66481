"""manpage_program.py VERSION PROGRAM... --out FOLDER: makes a manual page of what each program says with --help.

The programs are those of docs/ci: Python, with argparse. What they do is the first sentence of their description, up to
a colon; what the page has is in their help alone, so that both say the same.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import subprocess
import sys
from pathlib import Path

from manpage import plain

WIDE = "1000000"  # columns: no line of an option is folded
OPTION = re.compile(r"  (\S.*?)(?:\s{2,}(\S.*))?")


def help_of(program):
    """What the program says with --help."""
    return subprocess.run([sys.executable, "-B", program, "--help"], env={**os.environ, "COLUMNS": WIDE}, check=True,
                          stdout=subprocess.PIPE, encoding="utf-8").stdout


def options(block):
    """The roff of a list of arguments, each in a line, or with its text in the next one."""
    out = []
    for line in block.split("\n")[1:]:
        found = OPTION.fullmatch(line)
        if line.startswith("     "):
            out.append(plain(line.strip()))
        elif found:
            out += [".TP", f"\\fB{plain(found[1])}\\fR", *([plain(found[2])] if found[2] else [])]
    return out


def page(name, version, text):
    """The page of a program that says TEXT."""
    usage, *blocks = re.split(r"\n\n+", text.strip())
    what = re.match(r"(.*?)(?:[:.])(?:\s|$)", blocks[0], re.S)[1]
    out = [f'.TH {name.upper()} 1 "" "Portlore {version}" "User commands"', ".SH NAME",
           plain(f"{name} - {what[0].lower()}{' '.join(what[1:].split())}"), ".SH SYNOPSIS",
           plain(usage.split("usage: ", 1)[1]), ".SH DESCRIPTION"]
    titles = {"positional arguments:": "ARGUMENTS", "options:": "OPTIONS", "optional arguments:": "OPTIONS"}
    for block in blocks:
        title = titles.get(block.split("\n")[0])
        if title:
            out += [f".SH {title}", *options(block)]
        else:
            out += [".PP", *(plain(line) for line in block.split("\n"))]
    return "\n".join([*out, ".SH SEE ALSO", "\\fBportlore\\fR(7), \\fBtshark\\fR(1)"]) + "\n"


def main(args):
    version, *programs = args[:args.index("--out")]
    folder = Path(args[args.index("--out") + 1])
    for program in map(Path, programs):
        (folder / f"{program.name}.1").write_text(page(program.name, version, help_of(program)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

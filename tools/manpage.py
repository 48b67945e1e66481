"""manpage.py VERSION PAGE.md [MORE.md...] --out FILE: makes a manual page of Markdown; "See also" comes last.

The Markdown may have headings, paragraphs, definition lists ("term", then ": text"), code (indented by four) and, in
the reference, tables: each row becomes a term (its first cell) with the rest below it. Nothing else.

pandoc would take 168 MB in every Debian that makes a package, and a filter of its own for these tables, which are too
wide for a terminal; asciidoctor does not read Markdown.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import sys
from pathlib import Path

COMMENT = re.compile(r"<!--.*?-->\n?", re.S)


def plain(text):
    """Text as roff wants it: no control character at the start of a line, backslashes and minus signs as such."""
    text = text.replace("\\|", "|").replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in (".", "'") else text


def inline(text):
    """Code becomes bold; links become their text."""
    text = re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", text)
    parts = re.split(r"`([^`]+)`", text)
    return plain("".join(f"\0{part}\1" if i % 2 else part for i, part in enumerate(parts))) \
        .replace("\0", "\\fB").replace("\1", "\\fR")


def row(line):
    """The cells of a line of a table: a bar with a backslash is text."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]


def blocks(text):
    """The blank-line-separated blocks of a page, without its comments."""
    return [block.strip("\n").rstrip() for block in re.split(r"\n\n+", COMMENT.sub("", text)) if block.strip()]


def roff(block):
    """The roff of one block."""
    lines = block.split("\n")
    if block.startswith("    "):
        return [".RS", ".nf", *(plain(line[4:]) for line in lines), ".fi", ".RE"]
    if lines[0].startswith("#"):
        depth, title = lines[0].split(" ", 1)
        return [f".{'SH' if depth == '#' else 'SS'} {plain(title)}"]
    if lines[0].startswith("|"):
        out = []
        for line in lines[2:]:
            term, *rest = row(line)
            out += [".TP", inline(term), inline("; ".join(cell for cell in rest if cell)) or "\\&"]
        return out
    if len(lines) > 1 and lines[1].startswith(": "):
        return [".TP", inline(lines[0]), inline(" ".join(line.strip() for line in lines[1:])[2:])]
    return [".PP", inline(" ".join(line.strip() for line in lines))]


def main(args):
    version, page, *more = args[:args.index("--out")]
    out = [f'.TH PORTLORE 7 "" "Portlore {version}" "Wireshark plugins"']
    text = "\n\n".join(Path(name).read_text(encoding="utf-8") for name in [page, *more])
    section = []
    last = []
    for block in blocks(text):
        title = re.fullmatch(r"# (.*)", block)
        if title:
            section = last if title[1].upper() == "SEE ALSO" else out
        section += roff(f"# {title[1].upper()}" if title else block)
    out += last
    Path(args[args.index("--out") + 1]).write_text("\n".join(out) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

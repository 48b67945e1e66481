"""Texts as C and Markdown write them.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re


def c_string(text):
    """The C string literal for a text; NULL for None. What is not ASCII becomes octal escapes of UTF-8."""
    if text is None:
        return "NULL"
    text = re.sub(r'([\\"?])', r"\\\1", text)  # "??" would begin a trigraph
    return '"' + "".join(chr(octet) if octet < 128 else f"\\{octet:03o}" for octet in text.encode("utf-8")) + '"'


def c_rows(rows, width):
    """The rows of a C table, as many as fit on each line of WIDTH characters. A number alone stands without braces."""
    lines, line = [], "   "
    for row in rows:
        text = f" {row}," if isinstance(row, int) else " {" + ",".join(map(str, row)) + "},"
        if len(line) + len(text) > width:
            lines.append(line)
            line = "   "
        line += text
    return "\n".join([*lines, line]) + "\n"


def md_text(text):
    """A text in a cell of a Markdown table; nothing for None. Inside a word an underscore means nothing."""
    text = re.sub(r"([\\*`|\[\]]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))", r"\\\1", text or "")
    return text.replace("&", "&amp;").replace("<", "&lt;")


def md_code(text):
    """A name or a command, which has no backquote, in the type of code; nothing for None."""
    return "`" + text.replace("|", "\\|") + "`" if text else ""


def md_table(*rows):
    """A Markdown table, whose first row is the heading."""
    return "".join("| " + " | ".join(row) + " |\n" + ("|---" * len(row) + "|\n" if not i else "")
                   for i, row in enumerate(rows))

"""What Wireshark's versions print differently, as Wireshark 4.0 prints it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import calendar
import re

ISO_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d\.\d{9})(?:Z|\+0000)")


def time_in_words(match):
    year, month, day, clock = match.groups()
    return f"{calendar.month_abbr[int(month)]} {int(day):2d}, {year} {clock} UTC"


def same_everywhere(text):
    """A field's values. Truth values are words since 4.2, backslashes doubled since 4.4, times ISO 8601 since 4.6."""
    words = {"True": "1", "False": "0"}
    values = (words.get(value, value).replace("\\\\", "\\") for value in text.split("|"))
    return "|".join(ISO_TIME.sub(time_in_words, value) for value in values)

# SPDX-License-Identifier: GPL-2.0-or-later
"""DNS messages."""
import struct

A, IN = 1, 1


def name(text):
    """A name as DNS writes it."""
    return b"".join(bytes([len(part)]) + part.encode() for part in text.split(".")) + b"\0"


def question(text):
    """The question for an A record."""
    return name(text) + struct.pack("!HH", A, IN)


def query(ident, text="www.example"):
    """A query for an A record."""
    return struct.pack("!HHHHHH", ident, 0x0100, 1, 0, 0, 0) + question(text)


def answer(ident, text="www.example"):
    """The answer to it: 203.0.113.80."""
    record = struct.pack("!HHHIH", 0xC00C, A, IN, 300, 4) + bytes([203, 0, 113, 80])
    return struct.pack("!HHHHHH", ident, 0x8180, 1, 1, 0, 0) + question(text) + record

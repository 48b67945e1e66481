"""What the expert items say reads as a sentence: it begins as one and ends as one.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
from pathlib import Path

import pytest
from support.paths import shipped

OURS = ("gtpp", "rdgudp", "rdghttp", "portlore")
SENTENCE = re.compile(r"(?:[A-Z0-9]|recordType ).*[.?]")


@pytest.mark.parametrize("name", shipped())
def test_expert_items_are_sentences(packets, name):
    """All within our protocols, but for what Wireshark says of a protocol inside them."""
    texts = {item.get("show") for packet in packets(name, "-2") for item in packet.within(*OURS)
             if item.get("name") == "_ws.expert.message" and not item.get("show").startswith("Malformed Packet")}
    assert [text for text in sorted(texts) if not SENTENCE.fullmatch(text)] == []
    assert " 1 octets" not in " ".join(texts) and " 1 records" not in " ".join(texts)


TOP = Path(__file__).resolve().parents[3]
WORDS = re.compile(r"\b(never|nobody|lost|none)\b", re.I)
# A comment, which is passed over, or a string.
TOKENS = re.compile(r'/\*.*?\*/|//[^\n]*|"((?:[^"\\\n]|\\.)*)"', re.S)
# What a text says with one of these words, of the packet itself or of a setting, and not of what is not in the capture.
ALLOWED = {
    "none", "never", "Never",  # values of settings and of fields
    "Minutes; 0 for none",
    "octets where none should be",
    "The record cannot be read because it begins like none of version %s of 3GPP TS ",
    "The message is to send a Data Record Packet, and has none.",
    "The message is to release packets, and names none.",
    "The message is to cancel packets, and names none.",
    "This is not an RD Gateway's channel: what DTLS decrypts is none of its packets.",
    "it: a reflection, if the host sent none.",
}


def strings_of(path):
    """The strings of a C file; those of tables that are generated are facts, with sources of their own."""
    return [found[1] for found in TOKENS.finditer(path.read_text(encoding="utf-8")) if found[1]]


def test_no_text_says_more_than_a_capture_proves():
    """A capture does not prove that something never happened, or is lost: each use of such a word is looked at."""
    sources = [path for path in sorted((TOP / "plugin").rglob("*.c"))
               if not re.search("_table|cdr_schema", path.name)]
    used = {text for path in sources for text in strings_of(path) if WORDS.search(text)}
    assert len(sources) > 100
    assert used == ALLOWED

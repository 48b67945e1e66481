"""What the expert items say reads as a sentence: it begins as one and ends as one.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re

import pytest
from support.paths import shipped

OURS = ("gtpp", "rdgudp", "portlore")
SENTENCE = re.compile(r"(?:[A-Z0-9]|recordType ).*[.?]")


@pytest.mark.parametrize("name", shipped())
def test_expert_items_are_sentences(packets, name):
    """All within our protocols, but for what Wireshark says of a protocol inside them."""
    texts = {item.get("show") for packet in packets(name, "-2") for item in packet.within(*OURS)
             if item.get("name") == "_ws.expert.message" and not item.get("show").startswith("Malformed Packet")}
    assert [text for text in sorted(texts) if not SENTENCE.fullmatch(text)] == []
    assert " 1 octets" not in " ".join(texts) and " 1 records" not in " ".join(texts)

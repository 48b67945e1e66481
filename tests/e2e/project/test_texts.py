"""What the expert items say reads as a sentence: it begins as one and ends as one.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re

import pytest
from support.paths import CAPTURES, shipped

# Of ours; a protocol inside of ours may have its own.
EXPERT = re.compile(r"^ *\[Expert Info \(\w+/\w+\): (?!Malformed Packet)(.*)\]$", re.M)
SENTENCE = re.compile(r"(?:[A-Z0-9]|recordType ).*[.?]")


@pytest.mark.parametrize("name", shipped())
def test_expert_items_are_sentences(runner, capture, name):
    keys = CAPTURES / re.sub(r"\.pcap\w*$", ".keys", name)
    settings = ["-o", f"tls.keylog_file:{runner.reachable(keys)}"] if keys.exists() else []
    answer = runner.run("tshark", "-2", "-r", capture(name), *settings, "-O", "gtpp,rdgudp,portlore")
    texts = set(EXPERT.findall(answer.stdout))
    assert [text for text in sorted(texts) if not SENTENCE.fullmatch(text)] == []
    assert " 1 octets" not in " ".join(texts) and " 1 records" not in " ".join(texts)

"""GTP': missing local sequence numbers of which the capture cannot tell whether they are missing.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest
from captures.make.base.wire import Capture, End
from captures.make.gtpp import cdr, gtpprime

CLIENT, SERVER = End("192.0.2.10", 49500), End("198.51.100.20", 3386)
OTHER = End("198.51.100.21", 3386)
COUNTERS = ("Whether local sequence numbers {} are missing cannot be told: records with lower numbers came after "
            "records with higher ones, so that two counters may be at work.")
HIDDEN = ("Whether local sequence numbers {} are missing cannot be told: parts of messages that may have held them are "
          "not in this capture.")


def transfers(*numbers, servers=(SERVER,)):
    """A record of each local number in a request of its own, which is answered at once."""
    capture = Capture()
    for i, number in enumerate(numbers):
        server = servers[i % len(servers)]
        capture.wait(1)
        capture.udp(CLIENT, server, gtpprime.transfer(i, cdr.pgw(local_seq=number)))
        capture.udp(server, CLIENT, gtpprime.answer(i, i))
    return capture


def said(fields, path):
    """Frame -> what is said of numbers on it."""
    rows = fields(path, "gtpp", "frame.number", "_ws.expert.message", "gtpp.analysis.local_seq_gap",
                  "gtpp.analysis.undecided", extra=["-2"])
    found = {}
    for number, texts, gap, undecided in rows:
        texts = [text for text in texts.split("|") if "local sequence number" in text]
        if texts:
            found[int(number)] = (texts, bool(gap), bool(undecided))
    return found


@pytest.mark.parametrize("numbers, servers, frame, missing", [
    ((100, 101, 202, 203, 204, 102, 103, 205), [SERVER], 5, "104 to 201"),
    ((100, 101, 202, 203, 204, 102, 103, 205), [SERVER, OTHER], 5, "104 to 201"),
    ((700, 1000, 701, 1001, 702, 1002), [SERVER], 3, "703 to 999"),
])
def test_filled_from_below(fields, written, numbers, servers, frame, missing):
    """Two of a hundred come late; or two boards of one name count apart."""
    found = said(fields, written(transfers(*numbers, servers=servers)))
    assert found == {frame: ([COUNTERS.format(missing)], False, True)}


def test_numbers_that_are_missing(fields, written):
    """In order, with the same numbers."""
    found = said(fields, written(transfers(100, 101, 102, 103, 202, 203, 204, 205)))
    assert found == {9: (["98 local sequence numbers before a record of this message are not in this capture: 104 to "
                          "201."], True, False)}


@pytest.mark.parametrize("cut, length", [(0, 300), (100, 0), (300, 0)])
def test_a_message_that_is_not_all_there(fields, written, cut, length):
    """Longer than its datagram by CUT octets, or captured up to LENGTH: the rest may have held them."""
    records = [cdr.pgw(local_seq=number) for number in range(1, 6)]
    message = gtpprime.transfer(1, *records)
    capture = Capture()
    capture.udp(CLIENT, SERVER, message[:len(message) - cut])
    capture.wait(1)
    capture.udp(CLIENT, SERVER, gtpprime.transfer(2, cdr.pgw(local_seq=9)))
    path = written(capture, *([length] if length else []))
    found = said(fields, path)
    assert list(found) == [2]
    assert found[2][1:] == (False, True)
    assert found[2][0][0].startswith("Whether local sequence numbers")
    assert found[2][0][0].endswith("to 8 are missing cannot be told: parts of messages that may have held them are not "
                                   "in this capture.")
    assert fields(path, "gtpp.seq == 1", "_ws.col.Info", extra=["-2"])[0].count("5 CDRs") == 1

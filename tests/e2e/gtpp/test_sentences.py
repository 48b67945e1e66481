"""GTP': what is said of conditions in which an easy conclusion is wrong.

Each capture is written here; each test has all that is said of it, so that what is not in it is not said.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest
from captures.make.base.wire import Capture, End
from captures.make.gtpp import cdr, gtpprime

CDF, OTHER_CDF = End("192.0.2.10", 49500), End("192.0.2.11", 49500)
CGF, OTHER_CGF = End("198.51.100.20", 3386), End("198.51.100.21", 3386)
CDF6, CGF6 = End("2001:db8::10", 49500), End("2001:db8:1::20", 3386)
NAT = End("203.0.113.77", 49500)  # the outer side of the CDF's
FIRST = "This request was sent first in frame {}."
CHANGED = "This request was sent first in frame {}, with other octets but the same records."
REJECTED = "1 request was rejected: No resources available (199)."


class Day:
    """Messages at times in seconds."""

    def __init__(self):
        self.capture = Capture()
        self.start = self.capture.now

    def at(self, seconds):
        self.capture.now = self.start + round(seconds * 1000000)
        return self

    def send(self, source, target, *messages):
        for message in messages:
            self.capture.udp(source, target, message)
        return self

    def echo(self, source, target, seq=60000, counter=7):
        return self.send(source, target, gtpprime.echo_request(seq)).send(
            target, source, gtpprime.echo_response(seq, counter))


def packet(seq, *numbers, **head):
    return gtpprime.transfer(seq, *(cdr.pgw(local_seq=number) for number in numbers), **head)


def no_version(seq, version):
    return gtpprime.message(gtpprime.VERSION_NOT_SUPPORTED, seq, version=version)


@pytest.fixture
def said(fields, written):
    """said(DAY): frame -> what is said of its message; the Info column's words by frame."""
    def read(day):
        rows = fields(written(day.capture), "gtpp", "frame.number", "_ws.expert.message", "_ws.col.Info", extra=["-2"])
        texts = {int(number): [text for text in said.split("|") if not text.startswith("IANA ")]
                 for number, said, _ in rows if said}
        words = {int(number): info.rsplit("[", 1)[1][:-1] for number, _, info in rows if info.endswith("]")}
        return {number: there for number, there in texts.items() if there}, words
    return read


def test_the_version_goes_down_twice(said):
    """Each refusal is of its own copy, and what came later had not answered it."""
    day = Day().send(CDF, CGF, packet(5, 1)).send(CGF, CDF, no_version(5, 1))
    day.at(1).send(CDF, CGF, packet(5, 1, version=1)).send(CGF, CDF, no_version(5, 0))
    day.at(2).send(CDF, CGF, packet(5, 1, version=0)).send(CGF, CDF, gtpprime.answer(5, version=0))
    refused = "The version of the request in frame {} is not supported; the highest that is supported is {}."
    assert said(day)[0] == {2: [refused.format(1, 1)], 3: [CHANGED.format(1)], 4: [refused.format(3, 0)],
                            5: [CHANGED.format(1)]}


def test_rejected_twice_and_accepted(said):
    day = Day()
    for when, cause in ((0, gtpprime.NO_RESOURCES), (5, gtpprime.NO_RESOURCES), (10, gtpprime.ACCEPTED)):
        day.at(when).send(CDF, CGF, packet(1, 1)).send(CGF, CDF, gtpprime.answer(1, why=cause))
    assert said(day)[0] == {2: [REJECTED], 3: [FIRST.format(1)], 4: [REJECTED], 5: [FIRST.format(1)]}


def test_an_answer_comes_again_a_minute_later(said):
    """Something did ask for its number; and its restart counter is not the node's latest."""
    day = Day()
    for i, counter in enumerate((254, 255, 0)):
        day.at(60 * i).echo(CDF, CGF, i, counter)
    day.at(180).send(CGF, CDF, gtpprime.echo_response(1, 255))
    restart = "The restart counter of this node went from {} to {}: it has restarted."
    assert said(day)[0] == {4: [restart.format(254, 255)], 6: [restart.format(255, 0)], 7: [
        "Whether number 1 was asked for cannot be told: the request with this number had been answered 119.999 s "
        "before, in frame 4."]}


def test_a_node_with_two_addresses(said):
    """Its counter has no gap, though each address has some."""
    day = Day()
    for i in range(4):
        source = (CDF, OTHER_CDF)[i % 2]
        day.at(i).send(source, CGF, packet(i, 100 + i)).send(CGF, source, gtpprime.answer(i))
    told = ("Whether local sequence number {} is missing cannot be told: a node with the same node id sent such a "
            "number from {}, in frame {}.")
    assert said(day)[0] == {5: [told.format(101, "192.0.2.11", 3)], 7: [told.format(102, "192.0.2.10", 5)]}


def test_two_nodes_of_one_name(said):
    """Both had number 100: each counts for itself."""
    day = Day()
    for i, (source, number) in enumerate(((CDF, 100), (OTHER_CDF, 100), (OTHER_CDF, 101), (CDF, 102))):
        day.at(i).send(source, CGF, packet(i, number)).send(CGF, source, gtpprime.answer(i))
    assert said(day) == ({7: ["1 local sequence number before a record of this message is not in this capture: 101."]},
                         {7: "gap"})


def test_copies_without_an_identification(said):
    """IPv6, a second tap half a millisecond behind the first."""
    day = Day()
    for when in (0, 0.0005):
        day.at(when).send(CDF6, CGF6, packet(1, 1))
    for when in (0.01, 0.0105):
        day.at(when).send(CGF6, CDF6, gtpprime.answer(1))
    copy = "This packet is probably a copy of that in frame {} (within 1 ms)."
    assert said(day) == ({2: [copy.format(1)], 4: [copy.format(3)]}, {2: "copy", 4: "copy"})


def echo_of_the_cgf(day):
    day.echo(CGF, NAT)


def request_of_before(day):
    """Its inner copy is before the capture."""
    day.send(NAT, CGF, packet(9, 9)).send(CGF, NAT, gtpprime.answer(9)).send(CGF, CDF, gtpprime.answer(9))


@pytest.mark.parametrize("begin, skipped", [(echo_of_the_cgf, 2), (request_of_before, 3)])
def test_both_sides_of_a_nat_of_which_the_outer_is_seen_first(said, begin, skipped):
    day = Day()
    begin(day)
    for i in range(2):
        for source in (CDF, NAT):
            day.at(i + 1).send(source, CGF, packet(10 + i, 10 + i))
        for target in (NAT, CDF):
            day.at(i + 1.1).send(CGF, target, gtpprime.answer(10 + i))
    copy = "This packet is probably that of frame {} on the other side of a NAT (same octets)."
    texts, _ = said(day)
    assert {number: texts[number] for number in texts if number > skipped} == {
        skipped + place: [copy.format(skipped + place - 1)] for place in (2, 4, 6, 8)}


def test_one_of_three_records_goes_nowhere(said):
    """What was not acknowledged comes first in the Info column."""
    day = Day().send(CDF, CGF, packet(1, 1, 2, 3))
    day.at(5).send(CDF, OTHER_CGF, packet(1, 1, 2)).send(OTHER_CGF, CDF, gtpprime.answer(1))
    day.at(60).echo(CDF, CGF)
    assert said(day) == ({1: [
        "2 of the 3 records of this request were acknowledged under another request, by 198.51.100.21 in frame 3.",
        "No answer to this request is in the capture; 1 record not acknowledged."]}, {1: "not answered"})

"""GTP': what is said of conditions in which an easy conclusion is wrong.

Each capture is written here; each test has all that is said of it, so that what is not in it is not said.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest
from captures.make.base.wire import Capture, End, Stream
from captures.make.gtpp import cdr, gtpprime
from captures.make.gtpp.make_gtpp_fragments import fragments

CDF, OTHER_CDF = End("192.0.2.10", 49500), End("192.0.2.11", 49500)
CGF, OTHER_CGF = End("198.51.100.20", 3386), End("198.51.100.21", 3386)
CDF6, CGF6 = End("2001:db8::10", 49500), End("2001:db8:1::20", 3386)
NAT = End("203.0.113.77", 49500)  # the outer side of the CDF's
FIRST = "This request was sent first in frame {}."
PROBABLY_FIRST = "This request was probably sent first in frame {}."
CHANGED = "This request was sent first in frame {}, with other octets but the same records."
HEADER_ALONE = 48  # a snapshot length: of a message, 6 octets
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


def release(seq, *numbers):
    return gtpprime.message(gtpprime.DATA_RECORD_TRANSFER_REQUEST, seq, gtpprime.command(gtpprime.RELEASE),
                            gtpprime.released(*numbers))


def no_version(seq, version):
    return gtpprime.message(gtpprime.VERSION_NOT_SUPPORTED, seq, version=version)


@pytest.fixture
def said(fields, written):
    """said(DAY, LENGTH): frame -> what is said of its message; the Info column's words by frame. LENGTH is the snapshot
    length."""
    def read(day, length=65535):
        rows = fields(written(day.capture, length), "gtpp", "frame.number", "_ws.expert.message", "_ws.col.Info",
                      extra=["-2"])
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
    copy = "This packet is probably a copy of that in frame {} (0.500 ms apart)."
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


def test_echo_requests_of_one_number_cannot_be_told_apart(said):
    """Two that nobody answered: the second one is probably a copy of the first."""
    day = Day().send(CDF, CGF, gtpprime.echo_request(0))
    day.at(5).send(CDF, CGF, gtpprime.echo_request(0))
    day.at(60).echo(CDF, CGF, 1)
    assert said(day)[0] == {
        1: ["No answer to this request is in the capture, although it was probably sent 2 times."],
        2: [PROBABLY_FIRST.format(1)]}


def test_the_capture_begins_between_an_echo_request_and_its_answer(said):
    """The next one has the same number. Its own answer is the one behind it."""
    day = Day().send(CGF, CDF, gtpprime.echo_response(0, 7))
    day.at(0.01).echo(CDF, CGF, 0)
    assert said(day)[0] == {1: ["Probably asked for before the capture began: number 0."]}


def test_an_answer_half_a_minute_late(said):
    """The request with its number was sent once, and has been answered: the capture may lack another one."""
    day = Day().send(CDF, CGF, packet(4, 1)).send(CGF, CDF, gtpprime.answer(4))
    day.at(37).send(CGF, CDF, gtpprime.answer(4))
    assert said(day)[0] == {3: [
        "Whether number 4 was asked for cannot be told: the request with this number had been answered 36.999 s "
        "before, in frame 2."]}


def test_the_clock_is_set_back_before_a_release(said):
    """By its time, which is all that counts, the release is before its packet."""
    day = Day().at(700).send(CDF, CGF, packet(900, 1, how=gtpprime.POSSIBLY_DUPLICATED)).send(
        CGF, CDF, gtpprime.answer(900))
    day.at(100).send(CDF, CGF, release(901, 900)).send(CGF, CDF, gtpprime.answer(901))
    texts, _ = said(day)
    assert texts[1] == ["This packet has been held since frame 2: no later accepted release or cancellation by "
                        "192.0.2.10 is in the capture."]
    assert "The capture shows no packet of number 900 from 192.0.2.10 that was held before." in texts[3]


def test_a_redirection_that_was_cut(said):
    """What it recommends and why is behind the cut."""
    day = Day().send(CGF, CDF, gtpprime.message(gtpprime.REDIRECTION_REQUEST, 1, gtpprime.cause(
        gtpprime.THIS_NODE_GOING_DOWN), gtpprime.recommended_node("198.51.100.21")))
    asks = "The node asks not to be sent records: what else it says was not captured."
    assert asks in said(day, HEADER_ALONE)[0][1]


def test_nothing_but_headers_of_a_failover(said):
    """Whether the second request has the records of the first one, and was accepted, is behind the cut."""
    day = Day().send(CDF, CGF, packet(1, 1))
    day.at(10).send(CDF, OTHER_CGF, packet(500, 1)).send(OTHER_CGF, CDF, gtpprime.answer(500))
    day.at(60).echo(CDF, CGF)
    assert [text for text in said(day, HEADER_ALONE)[0][1] if "answer" in text] == [
        "No answer to this request is in the capture. Whether another request brought its records cannot be told: "
        "records were cut by the capture."]


def test_a_short_echo_on_another_port_is_captured_twice(said):
    """The first message of a conversation is believed when the next one confirms it: it may be a copy of its own."""
    client, server = End("192.0.2.10", 49204), End("198.51.100.20", 5401)
    day = Day()
    for when, message, ends in ((0, gtpprime.echo_request(1), (client, server)),
                                (0.01, gtpprime.echo_response(1, 7), (server, client))):
        for lag in (0, 0.002):
            day.capture.ident = round(when * 100)
            day.at(when + lag).send(*ends, message)
    copy = "This packet is a copy of that in frame {} (same IP identification)."
    assert said(day)[0] == {2: [copy.format(1)], 4: [copy.format(3)]}


def test_the_network_duplicates_a_request_without_an_identification(said):
    """IPv6. No node waits three milliseconds for an answer."""
    day = Day()
    for when in (0, 0.003):
        day.at(when).send(CDF6, CGF6, packet(1, 1))
    day.at(0.01).send(CGF6, CDF6, gtpprime.answer(1))
    assert said(day) == ({2: ["This packet is probably a copy of that in frame 1 (3.000 ms apart)."]}, {2: "copy"})


@pytest.mark.parametrize("ends", [(CDF, CGF), (CDF6, CGF6)])
def test_the_network_duplicates_a_request_in_fragments(said, ends):
    """The fragments have the identification; the datagram that is put together has none."""
    day = Day()
    frames = fragments(day.capture, *ends, packet(1, *range(1, 5)))
    for when in (0, 0.2):
        day.at(when)
        for frame in frames:
            day.capture.frame(frame)
    day.at(1).send(*reversed(ends), gtpprime.answer(1))
    assert said(day) == ({4: ["This packet is a copy of that in frame 2 (same IP identification)."]}, {4: "copy"})


def test_the_clock_is_set_back_between_two_answers(said):
    """Which of them came first the times do not tell."""
    day = Day().at(5).send(CDF, CGF, packet(1, 1)).send(CGF, CDF, no_version(1, 1))
    day.at(0).send(CDF, CGF, packet(1, 1, version=1)).send(CGF, CDF, gtpprime.answer(1))
    assert said(day)[0][2] == ["Number 1 is answered in frame 4, too."]


def test_two_taps_of_which_the_one_with_answers_is_ahead(said):
    """The capture begins behind the answer to its first request, and ends before the request of its last answer."""
    day = Day()
    for i in range(4):
        if i > 0:
            day.at(20 * i).send(CGF, CDF, gtpprime.answer(i))
        if i < 3:
            day.at(20 * i + 0.003).send(CDF, CGF, packet(i, i + 1))
    earlier = "cannot be told: answers were captured earlier than their requests, and the capture {} here."
    assert said(day)[0] == {1: ["Whether this request was answered " + earlier.format("begins")],
                            6: ["Whether number 3 was asked for " + earlier.format("ends")]}


def test_a_hole_where_another_connection_asked(said):
    """Whether the answer is that of the connection's own request, which is missing, or of the other's."""
    day = Day()
    first = Stream(day.capture, CDF, CGF)
    second = Stream(day.capture, CDF.at(49501), CGF)
    for stream in (first, second):
        stream.handshake()
    first.send(first.client, packet(5, 1))
    second.send(second.client, packet(300, 2))
    second.send(second.server, gtpprime.answer(300))
    second.build(second.client, packet(5, 3))
    second.send(second.server, gtpprime.answer(5))
    first.send(first.server, gtpprime.echo_request(1))
    day.at(60).echo(CDF, CGF)
    texts = [text for there in said(day)[0].values() for text in there]
    assert not [text for text in texts if "Probably" in text or "answer with this number came from 198" in text]
    assert len([text for text in texts if "may be another request's" in text]) == 1


@pytest.mark.parametrize("ends", [(CDF, CGF), (CDF6, CGF6)])
def test_earlier_tries_lost_a_fragment(said, ends):
    """Each is a datagram of its own; only the last one is whole. Another request that lost one is another."""
    day = Day()
    for when, numbers in ((0, range(1, 5)), (1, range(11, 15)), (2, range(1, 5)), (4, range(1, 5))):
        frames = fragments(day.capture, *ends, packet(1, *numbers))
        day.at(when)
        for frame in frames[:1] if when < 4 else frames:
            day.capture.frame(frame)
    day.send(*reversed(ends), gtpprime.answer(1))
    assert said(day)[0] == {5: ["Probably sent before: the first fragment of the same datagram, but not all of it, is "
                                "in frame 1, 4.001 s earlier, and of 1 more."]}


def test_both_sides_of_a_nat_each_captured_twice(said):
    """Every packet is copied once by the NAT and once by a mirror port."""
    day = Day()
    for i, (message, ends) in enumerate(((packet(1, 1), ((CDF, CGF), (NAT, CGF))),
                                         (gtpprime.answer(1), ((CGF, NAT), (CGF, CDF))))):
        for side, way in enumerate(ends):
            for copy in range(2):
                day.capture.ident = 10 * i + side
                day.at(0.01 * i + 0.00003 * side + 0.00001 * copy).send(*way, message)
    copied, outside = ("This packet is a copy of that in frame {} (same IP identification).",
                       "This packet is probably that of frame {} on the other side of a NAT (same octets).")
    assert said(day)[0] == {2: [copied.format(1)], 3: [outside.format(2)], 4: [copied.format(3)],
                            6: [copied.format(5)], 7: [outside.format(6)], 8: [copied.format(7)]}


def test_a_number_of_which_the_records_went_elsewhere_comes_again(said):
    """The capture holds no answer to the first request, whoever took its record."""
    day = Day().send(CDF, CGF, packet(1, 1))
    day.at(5).send(CDF, OTHER_CGF, packet(9, 1)).send(OTHER_CGF, CDF, gtpprime.answer(9))
    day.at(30).send(CDF, CGF, packet(1, 2)).send(CGF, CDF, gtpprime.answer(1))
    assert said(day)[0] == {1: ["The record was acknowledged under another request, by 198.51.100.21 in frame 3."], 4: [
        "Number 1 is that of the request in frame 1, which is different and to which the capture holds no answer."]}


def test_a_gap_whose_request_changed_places(said):
    """The request of which a fragment is missing came before the one with the number before its own."""
    day = Day().send(CDF, CGF, packet(1, 1))
    day.capture.frame(fragments(day.capture, CDF, CGF, packet(3, *range(3, 7)))[0])
    day.at(0.3).send(CDF, CGF, packet(2, 2), packet(4, 7)).send(CGF, CDF, gtpprime.answer(4, 1, 2, 3, 4))
    texts = said(day)[0]
    assert texts[4] == ["Whether local sequence numbers 3 to 6 are missing cannot be told: parts of messages that may "
                        "have held them are not in this capture."]


@pytest.mark.parametrize("length, octets", [(60, 0), (96, 37), (128, 69)])
def test_release_0_without_its_octet_in_a_cut_packet(said, length, octets):
    """Where the capture cuts the record, too, its length tells that it begins where the octet would be."""
    body = gtpprime.data_record_packet(cdr.pgw(local_seq=1), version=gtpprime.format_version(0, 3))
    day = Day().send(CDF, CGF, gtpprime.message(gtpprime.DATA_RECORD_TRANSFER_REQUEST, 1,
                                                gtpprime.command(gtpprime.SEND), body))
    wrong = [text for text in said(day, length)[0][1] if "is said to have" in text or "cannot be read" in text]
    assert not wrong
    assert octets == 0 or any(f"Only {octets} of the record's" in text for text in said(day, length)[0][1])


# What the host itself refuses

ROUTER, ROUTER6 = End("192.0.2.1"), End("2001:db8::1")
REFUSED = "ICMP says that the port of {} is unreachable: no answer to this request is in the capture; 1 record not " \
    "acknowledged."


def refused(client, server, kind, sender, quoted):
    """A CGF's host that is up, and a CGF that is not."""
    day = Day()
    for number in (1, 2):
        request = day.capture.udp(client, server, packet(number, number))
        day.capture.icmp(sender, client, kind, request[:quoted])
        day.at(6 * number)
    return day.at(30).echo(OTHER_CDF, OTHER_CGF)


@pytest.mark.parametrize("client, server, kind, quoted", [
    (CDF, CGF, (3, 3), 28), (CDF, CGF, (3, 3), 548), (CDF6, CGF6, (1, 4), 48), (CDF6, CGF6, (1, 4), 1000)])
def test_a_request_that_its_host_refused(said, client, server, kind, quoted):
    findings = said(refused(client, server, kind, server, quoted))[0]
    assert REFUSED.format(server.address) in findings[1]
    assert [frame for frame in findings if REFUSED.format(server.address) in findings[frame]] == [1, 3]


@pytest.mark.parametrize("client, server, kind, sender", [
    (CDF, CGF, (3, 3), ROUTER), (CDF, CGF, (3, 1), CGF), (CDF6, CGF6, (1, 3), CGF6), (CDF6, CGF6, (1, 4), ROUTER6)])
def test_a_request_that_something_else_stopped(said, client, server, kind, sender):
    """Its copies may have come to the host all the same: the capture has no message of that."""
    findings = said(refused(client, server, kind, sender, 200))[0]
    assert not any(text.startswith("ICMP says that the port") for texts in findings.values() for text in texts)


@pytest.mark.parametrize("asked, answered", [(NAT, CDF), (CDF, NAT)], ids=["outer", "inner"])
def test_a_request_and_its_answer_on_two_sides_of_a_nat(said, asked, answered):
    """The capture lacks one copy of each, and knows the NAT by what comes later, before the answer or behind it."""
    for is_early in (True, False):
        day = Day().send(asked, CGF, packet(9, 9))
        if is_early:
            day.at(0.1).send(CGF, answered, gtpprime.answer(9))
        for source in (CDF, NAT):
            day.at(1).send(source, CGF, packet(10, 10))
        for target in (NAT, CDF):
            day.at(1.1).send(CGF, target, gtpprime.answer(10))
        if not is_early:
            day.at(1.5).send(CGF, answered, gtpprime.answer(9))
        texts, _ = said(day)
        assert len(texts) == 2
        assert all(text.startswith("This packet is probably that of frame ")
                   for there in texts.values() for text in there)


@pytest.mark.parametrize("cdf, cgf, other", [(CDF, CGF, OTHER_CGF), (CDF6, CGF6, End("2001:db8:1::21", 3386))])
def test_accepted_twice_when_the_first_request_was_rejected_at_first(said, cdf, cgf, other):
    """The first acceptance is the other node's: it is not called that of the first request."""
    day = Day().send(cdf, cgf, packet(1, 101)).send(cgf, cdf, gtpprime.answer(1, why=199))
    day.send(cdf, other, packet(1, 101)).send(other, cdf, gtpprime.answer(1))
    day.at(5).send(cdf, cgf, packet(1, 101)).send(cgf, cdf, gtpprime.answer(1))
    day.at(20).echo(cdf, cgf)
    texts, words = said(day)
    assert texts == {2: [REJECTED], 5: [FIRST.format(1)],
                     3: ["1 record of this request was accepted twice: with the request in frame 1, too."]}
    assert words == {3: "record accepted twice", 5: "retransmission"}


def test_both_copies_of_a_request_that_the_network_made_are_answered(said):
    """The number waited from before: the second answer is not that request's."""
    day = Day().echo(CDF, CGF).at(1).send(CDF, CGF, packet(1, 101)).at(20).send(CDF, CGF, packet(1, 102))
    copied = day.capture.frames[-1]
    day.capture.frames.append((copied[0] + 3000, copied[1]))
    day.at(20.01).send(CGF, CDF, gtpprime.answer(1)).at(20.1).send(CGF, CDF, gtpprime.answer(1))
    day.at(40).echo(CDF, CGF)
    texts, _ = said(day)
    assert texts == {
        3: ["No answer to this request is in the capture; 1 record not acknowledged."],
        4: ["Number 1 is that of the request in frame 3, which is different and to which the capture holds no answer."],
        5: ["This packet is a copy of that in frame 4 (same IP identification)."],
        7: ["Number 1 had been answered already, in frame 6."]}

"""GTP' over TCP: segments that are missing, out of order, cut, or sent again.

Each condition is read with Wireshark's defaults, and with tcp.reassemble_out_of_order: what is said is the same.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import subprocess

import pytest
from captures.make.base.wire import ACK, PSH, SYN, Capture, End, Stream
from captures.make.gtpp import cdr, gtpprime

CDF, CGF = End("192.0.2.10", 49500), End("198.51.100.20", 3386)
FINDINGS = ["unacknowledged", "undecided", "unsolicited", "asked_before", "local_seq_gap", "retransmission",
            "seq_reused", "hole", "hole_behind", "cut", "not_yet", "copied", "other_end"]


def request(number, records=1):
    """A request of RECORDS records; the local number of the first is that of the packet and 100."""
    return gtpprime.transfer(number, *(cdr.pgw(local_seq=100 + number + place) for place in range(records)))


SIZE = len(request(1))


def answer(*numbers):
    return gtpprime.answer(numbers[-1], *numbers)


class Connection:
    """A connection whose segments can be held back, left out, and sent again."""

    def __init__(self, begun=True):
        self.capture = Capture()
        self.stream = Stream(self.capture, CDF, CGF)
        if begun:
            self.stream.handshake()

    def segments(self, octets, *cuts):
        """The packets that carry OCTETS, cut there; none is captured yet."""
        places = [0, *cuts, len(octets)]
        return [self.stream.build(CDF, octets[start:end], 0x18) for start, end in zip(places, places[1:])]

    def capture_all(self, *packets):
        for packet in packets:
            self.capture.wait(0.001)
            self.stream.record(packet)
        return self

    def reply(self, *numbers):
        self.capture.wait(0.01)
        self.stream.record(self.stream.build(CGF, answer(*numbers), 0x18))
        return self

    def write(self, folder, snapshot=65535):
        whole, path = folder / "whole.pcap", folder / "cut.pcap"
        whole.write_bytes(self.capture.octets())
        subprocess.run(["editcap", "-s", str(snapshot), whole, path], check=True, capture_output=True)
        path.chmod(0o644)
        return path


@pytest.fixture(params=["FALSE", "TRUE"], ids=["as-it-comes", "in-order"])
def said(request, tshark, tmp_path):
    """said(CONNECTION): the numbers of the messages by frame; the findings; and of the ledger what is not 0."""
    order = ["-o", f"tcp.reassemble_out_of_order:{request.param}"]

    def read(connection, snapshot=65535):
        path = connection.write(tmp_path, snapshot)
        columns = ["frame.number", "gtpp.seq", *(f"gtpp.analysis.{finding}" for finding in FINDINGS)]
        fields = [part for column in columns for part in ("-e", column)]
        lines = [line.split("\t") for line in
                 tshark(path, "-2", *order, "-Y", "gtpp", "-T", "fields", *fields)]
        messages = {int(line[0]): [int(number) for number in line[1].split(",")] for line in lines}
        findings = [(int(line[0]), finding) for line in lines
                    for finding, value in zip(FINDINGS, line[2:]) if value]
        one = [line.split("\t")[:2] for line in
               tshark(path, *order, "-Y", "gtpp", "-T", "fields", "-e", "frame.number", "-e", "gtpp.seq")]
        assert one == [line[:2] for line in lines]
        return messages, findings, table(tshark(path, "-2", "-q", *order, "-z", "gtpp,ledger"))
    return read


def table(lines):
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if "|" in line]
    heads, *values = rows
    counted = heads[heads.index("Requests"):heads.index("Mean ack (ms)")]
    return [{head: int(value) for head, value in dict(zip(heads, row)).items() if head in counted and value != "0"}
            for row in values]


def all_well(count):
    return [{"Requests": count, "CDRs": count, "Acknowledged": count}]


def test_two_segments_change_places(said):
    connection = Connection()
    one, two, three = connection.segments(request(1) + request(2) + request(3), 60, 3 * SIZE - 20)
    messages, findings, ledger = said(connection.capture_all(one, three, two).reply(1, 2, 3))
    assert messages == {6: [1, 2, 3], 7: [3]}
    assert (findings, ledger) == ([], all_well(3))


def test_the_first_two_segments_change_places(said):
    connection = Connection()
    one, two, three = connection.segments(request(1) + request(2) + request(3), 60, SIZE + 30)
    messages, findings, ledger = said(connection.capture_all(two, one, three).reply(1, 2, 3))
    assert messages == {5: [1], 6: [2, 3], 7: [3]}
    assert (findings, ledger) == ([], all_well(3))


def test_all_segments_in_the_opposite_order(said):
    connection = Connection()
    parts = connection.segments(b"".join(request(number) for number in range(1, 6)), 150, 300, 450, 600, 750)
    messages, findings, ledger = said(connection.capture_all(*reversed(parts)).reply(1, 2, 3, 4, 5))
    assert sorted(number for frame, numbers in messages.items() for number in numbers) == [1, 2, 3, 4, 5, 5]
    assert (findings, ledger) == ([], all_well(5))


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_segment_that_the_capture_lacks(said, lost):
    """What it held is not known; all else is answered."""
    connection = Connection()
    octets = [request(number) for number in range(1, 7)]
    sizes = [len(octets[0]) * 2] * 3
    parts = connection.segments(b"".join(octets), sizes[0], 2 * sizes[0])
    del parts[lost]
    messages, findings, ledger = said(connection.capture_all(*parts).reply(1, 2, 3, 4, 5, 6))
    there = [number for number in range(1, 7) if (number - 1) // 2 != lost]
    assert [number for frame in (4, 5) for number in messages[frame]] == there
    assert findings == [[(4, "hole")], [(5, "undecided"), (5, "hole")], [(5, "hole_behind")]][lost] + [(6, "undecided")]
    missing = {"Octets missing": sizes[0]}
    assert ledger == [{"Requests": 4, "CDRs": 4, "Acknowledged": 4, **missing}]


def test_the_hole_is_amid_two_messages(said):
    """The first one's Length does not lead over the hole: the next whole message is searched for."""
    connection = Connection()
    size = len(request(1))
    _, *parts = connection.segments(b"".join(request(number) for number in range(1, 6)), 0, size + 40,
                                    2 * size + 60, 4 * size)
    del parts[1]
    messages, findings, ledger = said(connection.capture_all(*parts).reply(1, 2, 3, 4, 5))
    assert messages == {4: [1], 5: [4], 6: [5], 7: [5]}
    assert findings == [(5, "undecided"), (5, "hole"), (7, "undecided")]
    assert ledger == [{"Requests": 3, "CDRs": 3, "Acknowledged": 3, "Octets missing": size + 20}]


def test_first_copy_was_lost_before_the_capture(said):
    """An acknowledgement passes before it comes again, so that Wireshark calls it a retransmission."""
    connection = Connection()
    one, two = connection.segments(request(1) + request(2), len(request(1)))
    three = connection.stream.build(CDF, b"", 0x10)
    connection.capture_all(one, three)
    connection.capture.wait(0.3)
    messages, findings, ledger = said(connection.capture_all(two).reply(1, 2))
    assert messages == {4: [1], 6: [2], 7: [2]}
    assert (findings, ledger) == ([], all_well(2))


def test_sent_again_with_more(said):
    connection = Connection()
    first, = connection.segments(request(1))
    whole, = Connection().segments(request(1) + request(2))
    connection.segments(request(2))
    connection.capture_all(first)
    connection.capture.wait(0.3)
    messages, findings, ledger = said(connection.capture_all(whole).reply(1, 2))
    assert messages == {4: [1], 5: [2], 6: [2]}
    assert (findings, ledger) == ([], all_well(2))


def test_copies_of_segments_count_once(said):
    connection = Connection()
    parts = connection.segments(request(1) + request(2) + request(3), 60, 150)
    twice = [packet for part in parts for packet in (part, part)]
    messages, findings, ledger = said(connection.capture_all(*twice).reply(1, 2, 3))
    assert [number for frame in sorted(messages) for number in messages[frame]] == [1, 2, 3, 3]
    assert (findings, ledger) == ([], all_well(3))


def test_the_capture_begins_amid_a_message(said):
    connection = Connection(begun=False)
    size = len(request(1))
    _, *parts = connection.segments(b"".join(request(number) for number in range(1, 5)), 40, size + 30, 3 * size)
    messages, findings, ledger = said(connection.capture_all(*parts).reply(1, 2, 3, 4))
    assert [number for numbers in messages.values() for number in numbers] == [2, 3, 4, 4]
    assert (findings, ledger) == ([(4, "asked_before")], all_well(3))


@pytest.mark.parametrize("pieces", [[6], [7], [3, 8], [1, 6, 12]])
def test_the_capture_begins_before_a_message_in_small_pieces(said, pieces):
    """Of the first whole message only the header comes first: it is read with what follows."""
    connection = Connection(begun=False)
    stream = connection.stream
    for octets in (answer(1)[-5:], *(answer(2)[start:end] for start, end in zip([0, *pieces], [*pieces, None]))):
        connection.capture_all(stream.build(CGF, octets, PSH | ACK))
    connection.capture.now -= 10000
    connection.capture_all(*connection.segments(request(2)))
    connection.capture.wait(10)
    connection.capture_all(*connection.segments(request(3))).reply(3)
    messages, findings, _ = said(connection)
    assert [number for frame in sorted(messages) for number in messages[frame]] == [2, 2, 3, 3]
    assert findings == []


@pytest.mark.parametrize("snapshot", [80, 100, 130])
def test_cut_segments_bring_no_message_that_was_not_sent(said, snapshot):
    """Segments that begin amid a record with octets like a header; each message that is read was sent."""
    connection = Connection()
    octets = request(1, 2) + request(3) + request(4, 3)
    connection.capture_all(*connection.segments(octets, 150, 2 * SIZE + 20, 3 * SIZE + 200)).reply(1, 3, 4)
    messages, findings, ledger = said(connection, snapshot)
    seqs = [number for numbers in messages.values() for number in numbers]
    assert seqs[0] == 1 and set(seqs) <= {1, 3, 4}
    assert {finding for _, finding in findings} <= {"cut", "undecided"}
    assert ledger[0]["Acknowledged"] == ledger[0]["CDRs"]


def test_the_syn_is_missing(said):
    """Its answer tells where the other direction begins, so that an answer without elements of its own is read."""
    connection = Connection(begun=False)
    stream = connection.stream
    stream.build(CDF, flags=SYN)
    stream.record(stream.build(CGF, flags=SYN | ACK))
    stream.ack(CDF)
    stream.record(stream.build(CGF, gtpprime.echo_request(1), PSH | ACK))
    connection.capture_all(*connection.segments(gtpprime.echo_response(1), 6)).capture.wait(10)
    stream.ack(CGF)
    messages, findings, _ = said(connection)
    assert messages == {3: [1], 5: [1]}
    assert findings == []


@pytest.mark.parametrize("there", [1, 3, 7])
def test_of_the_answer_only_its_start_is_there(said, there):
    """Whether the header has come or not: the rest is missing, and whose answer it is cannot be told."""
    connection = Connection()
    connection.capture_all(*connection.segments(request(1)))
    connection.stream.record(connection.stream.build(CGF, answer(1)[:there], PSH | ACK))
    connection.capture.wait(10)
    connection.stream.ack(CDF)
    messages, findings, ledger = said(connection)
    assert messages == {4: [1]}
    assert findings == [(4, "undecided")]
    assert ledger == [{"Requests": 1, "CDRs": 1, "Undecided": 1}]


def test_the_same_message_twice_in_one_segment(said):
    """TCP sends again, in one segment, what the node had sent twice: that is no copy of a packet."""
    connection = Connection()
    connection.capture_all(*connection.segments(request(1) + request(1))).reply(1)
    messages, findings, ledger = said(connection)
    assert messages == {4: [1, 1], 5: [1]}
    assert findings == [(4, "retransmission")]
    assert ledger == [{"Requests": 1, "Retransmitted": 1, "CDRs": 1, "Acknowledged": 1}]


def test_two_connections_with_the_same_ports(said):
    """A file that was captured later stands first: the answer to a request of the other connection came from no other
    end."""
    connection = Connection(begun=False)
    connection.reply(1)
    connection.capture.now -= 2000000
    connection.stream = Stream(connection.capture, CDF, CGF, 700000, 800000).handshake()
    connection.capture_all(*connection.segments(request(1)))
    messages, findings, _ = said(connection)
    assert messages == {1: [1], 5: [1]}
    assert findings == []


def begun_before(there):
    """A connection that began before the capture, amid a longer one. The capture has of it what THERE names: the
    requests 1 and 2, an acknowledgement of what was sent before both, and the answers to them."""
    connection = Connection(begun=False)
    other = End("198.51.100.30", 3386)
    connection.capture.udp(CDF.at(3386), other, gtpprime.transfer(900))
    connection.capture.udp(other, CDF.at(3386), gtpprime.answer(900))
    connection.capture.wait(20)
    parts = {"before": [connection.stream.build(CGF, b"", ACK)]}
    for number in (1, 2):
        parts[f"request {number}"] = connection.segments(request(number))
    for number in (1, 2):
        parts[f"answer {number}"] = [connection.stream.build(CGF, answer(number), PSH | ACK)]
    for name in there:
        connection.capture_all(*parts[name])
    return connection


@pytest.mark.parametrize("order", [["before", "request 2"], ["request 2", "before"]], ids=["ack-first", "ack-behind"])
def test_an_acknowledgement_proves_what_is_missing_at_the_start(said, order):
    """Octets that the other end had not had yet lie before the first segment: its answer may be to those."""
    _, findings, ledger = said(begun_before([*order, "answer 1", "answer 2"]))
    assert findings == [(3 + order.index("request 2"), "hole"), (5, "undecided")]
    assert ledger[1] == {"Requests": 1, "CDRs": 1, "Acknowledged": 1, "Octets missing": SIZE}


def test_the_first_two_segments_change_places_where_no_syn_is(said):
    messages, findings, ledger = said(begun_before(["request 2", "request 1", "answer 1", "answer 2"]))
    assert [messages[frame] for frame in (3, 4, 5, 6)] == [[2], [1], [1], [2]]
    assert (findings, ledger[1]) == ([], all_well(2)[0])


@pytest.mark.parametrize("there", [["request 2", "answer 1", "answer 2"], ["answer 1"]], ids=["two-ways", "one-way"])
def test_whether_a_connection_asked_before_its_first_segment(said, tshark, tmp_path, there):
    """The capture lacks the beginning of the connection, and so cannot tell."""
    connection = begun_before(there)
    _, findings, _ = said(connection)
    assert findings == [(3 + there.index("answer 1"), "undecided")]
    texts = tshark(connection.write(tmp_path), "-2", "-Y", "gtpp.analysis.undecided", "-T", "fields", "-e",
                   "_ws.expert.message", "-E", "occurrence=f")
    assert texts == ["Whether number 1 was asked for cannot be told: the capture does not have the beginning of the "
                     "TCP stream of 192.0.2.10."]


def test_an_answer_that_a_whole_connection_did_not_ask_for(said):
    connection = Connection()
    connection.capture_all(*connection.segments(request(2)))
    connection.capture.wait(20)
    _, findings, _ = said(connection.reply(1).reply(2))
    assert findings == [(5, "unsolicited")]

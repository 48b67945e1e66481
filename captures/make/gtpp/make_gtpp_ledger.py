# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures about accounting for records: which message answers a request, and requests without an answer."""
from ..base.wire import ICMP_PORT_UNREACHABLE, Captures, End, Pair, Stream
from . import cdr
from . import gtpprime as g

captures = Captures(__file__)
CDF, CGF, CGF2 = End("192.0.2.10", 49500), End("198.51.100.20", 3386), End("198.51.100.21", 3386)
REQUEST, RESPONSE = g.DATA_RECORD_TRANSFER_REQUEST, g.DATA_RECORD_TRANSFER_RESPONSE


def record(local_seq, **changes):
    """A PGW record with its own local sequence number and charging id."""
    return cdr.pgw(local_seq=local_seq, charging_id=0x07D00000 + local_seq, **changes)


def settle(how, seq, *listed):
    """A request that releases (249) or cancels (250) held packets."""
    return g.message(REQUEST, seq, g.command(how), (g.released if how == g.RELEASE else g.cancelled)(*listed))


def still_there(*pairs, wait=10):
    """An Echo on each path, long after the last request: an answer to it would be in the capture."""
    for pair in pairs:
        pair.ask(g.echo_request(60000), wait=wait)
        pair.reply(g.echo_response(60000))


@captures.file("gtpp-one-response-many.pcap")
def one_response_many(capture):
    """One response acknowledges three requests; another has a header number that no request had; a third names none and
    counts by its header."""
    pair = Pair(capture, CDF, CGF)
    pair.ask(*(g.transfer(seq, record(seq)) for seq in (1, 2, 3)), wait=0.01)
    pair.reply(g.answer(3, 1, 2, 3), wait=0.05)
    pair.ask(g.transfer(4, record(4)), g.transfer(5, record(5)))
    pair.reply(g.answer(9000, 4, 5))
    pair.ask(g.transfer(6, record(6)))
    pair.reply(g.message(RESPONSE, 6, g.cause(g.ACCEPTED)))


@captures.file("gtpp-seq-collision.pcap")
def seq_collision(capture):
    """Both directions and all kinds of message use number 2 at the same time; each finds its own answer."""
    pair = Pair(capture, CDF, CGF)
    pair.ask(g.transfer(2, record(1)))
    pair.reply(g.echo_request(2))
    pair.ask(g.echo_response(2, 3), wait=0.01)
    pair.reply(g.answer(2), wait=0.02)
    pair.ask(g.echo_request(2))
    pair.ask(g.transfer(2, record(2)))
    pair.ask(g.message(g.NODE_ALIVE_REQUEST, 2, g.node_address("192.0.2.10")))
    pair.reply(g.message(g.NODE_ALIVE_RESPONSE, 2), g.answer(2), g.echo_response(2), wait=0.01)


@captures.file("gtpp-retransmission.pcap")
def retransmission(capture):
    """A transfer sent three times and answered once, its time running from the first copy; an Echo sent twice and
    answered twice; a transfer sent three times and never answered; one that crosses its answer on the way and is
    answered again."""
    pair = Pair(capture, CDF, CGF)
    for wait in (0, 1, 2):
        pair.ask(g.transfer(1, record(1), record(2)), wait=wait)
    pair.reply(g.answer(1), wait=0.25)
    pair.ask(g.echo_request(2), g.echo_request(2), wait=1)
    pair.reply(g.echo_response(2), g.echo_response(2))
    for wait in (0, 1, 2):
        pair.ask(g.transfer(3, record(3)), wait=wait)
    for wait in (1, 0.5):
        pair.ask(g.transfer(4, record(4)), wait=wait)
        pair.reply(g.answer(4))


@captures.file("gtpp-unacknowledged.pcap")
def unacknowledged(capture):
    """Ten records in seven requests over two CGFs; the answers to numbers 3 and 5 of the first and 2 of the second do
    not come though both nodes are there to the end, which leaves four records without an acknowledgement."""
    first, second = Pair(capture, CDF, CGF), Pair(capture, CDF, CGF2)
    first.ask(g.transfer(1, record(1), record(2)))
    first.reply(g.answer(1), wait=0.01)
    first.ask(g.transfer(2, record(3)), g.transfer(3, record(4), record(5)))
    first.reply(g.answer(2), wait=0.02)
    second.ask(g.transfer(1, record(6)), g.transfer(2, record(7)))
    second.reply(g.answer(1), wait=0.03)
    first.ask(g.transfer(4, record(8), record(9)), g.transfer(5, record(10)), wait=0.5)
    first.reply(g.answer(4))
    still_there(first, second)


@captures.file("gtpp-unsolicited.pcap")
def unsolicited(capture):
    """Answers without a request: a transfer response at the very start, whose request may lie before it; one that lists
    a known and an unknown number, an Echo Response; and acknowledgements that come twice, by the same message again and
    inside another list."""
    pair = Pair(capture, CDF, CGF)
    pair.reply(g.answer(77))
    pair.ask(g.transfer(1, record(1)), wait=10)
    pair.reply(g.answer(1, 1, 88))
    pair.reply(g.echo_response(5))
    pair.ask(g.transfer(2, record(2)), g.transfer(3, record(3)))
    pair.reply(g.answer(2), g.answer(2))
    pair.reply(g.answer(3, 2, 3))


@captures.file("gtpp-rejected.pcap")
def rejected(capture):
    """Rejections (199, 204, 255), a CDR decoding error (177), and the successes 252 and 253; the rejected packet is
    sent again under a new number and accepted."""
    pair = Pair(capture, CDF, CGF)
    for seq, why in enumerate((g.NO_RESOURCES, g.SYSTEM_FAILURE, g.NOT_FULFILLED, g.CDR_DECODING_ERROR,
                               g.DUPLICATES_FULFILLED, g.ALREADY_FULFILLED), 1):
        pair.ask(g.transfer(seq, record(seq)))
        pair.reply(g.answer(seq, why=why), wait=0.01)
    pair.ask(g.transfer(7, record(1)), g.transfer(8, record(7)))
    pair.reply(g.answer(7))
    pair.reply(g.answer(8, 8, why=g.NO_RESOURCES))


@captures.file("gtpp-restart.pcap")
def restart(capture):
    """The CGF restarts: its restart counter goes from 7 to 8, later from 255 to 0; a request waits across the restart;
    the CDF has a counter of its own that stays."""
    pair = Pair(capture, CDF, CGF)
    for seq, counter in ((1, 7), (2, 7)):
        pair.ask(g.echo_request(seq), wait=10)
        pair.reply(g.echo_response(seq, counter))
    pair.ask(g.transfer(3, record(1)))
    pair.ask(g.echo_request(4), wait=10)
    pair.reply(g.echo_response(4, 8))
    for seq in (1, 2):
        pair.reply(g.echo_request(seq), wait=1)
        pair.ask(g.echo_response(seq, 200))
    pair.ask(g.transfer(3, record(1)), wait=1)
    pair.reply(g.answer(3))
    other = Pair(capture, CDF, CGF2)
    for seq, counter in ((1, 255), (2, 0)):
        other.ask(g.echo_request(seq), wait=10)
        other.reply(g.echo_response(seq, counter))


@captures.file("gtpp-seq-reuse.pcap")
def seq_reuse(capture):
    """Number 1 again after its answer is a new request; number 2 again with other octets before any answer is a
    reuse, and the first record stays without an acknowledgement."""
    pair = Pair(capture, CDF, CGF)
    pair.ask(g.transfer(1, record(1)))
    pair.reply(g.answer(1))
    pair.ask(g.transfer(1, record(2)), wait=1)
    pair.reply(g.answer(1))
    pair.ask(g.transfer(2, record(3)), wait=1)
    pair.ask(g.transfer(2, record(4)), wait=1)
    pair.reply(g.answer(2))
    still_there(pair)


@captures.file("gtpp-seq-wrap.pcap")
def seq_wrap(capture):
    """Sequence numbers 65533 to 65535, then 0 to 2, in flight together and acknowledged in one list over the wrap."""
    pair = Pair(capture, CDF, CGF)
    order = (65533, 65534, 65535, 0, 1, 2)
    pair.ask(*(g.transfer(seq, record(i)) for i, seq in enumerate(order, 1)))
    pair.reply(g.answer(0, 65534, 65535, 0, 1))
    pair.reply(g.answer(65533), g.answer(2))


@captures.file("gtpp-duplicate-release-cancel.pcap")
def duplicate_release_cancel(capture):
    """Possibly duplicated packets 1 to 5: two are released, one is cancelled, one stays held, one was rejected; then a
    release of a number that is not held, answered by 254, and a release of one that is settled already."""
    pair = Pair(capture, CDF, CGF2)
    for seq in range(1, 6):
        pair.ask(g.transfer(seq, record(seq), how=g.POSSIBLY_DUPLICATED))
        pair.reply(g.answer(seq, why=g.NO_RESOURCES if seq == 5 else g.ACCEPTED))
    pair.ask(settle(g.RELEASE, 6, 1, 2), wait=1)
    pair.reply(g.answer(6))
    pair.ask(settle(g.CANCEL, 7, 3))
    pair.reply(g.answer(7))
    pair.ask(settle(g.RELEASE, 8, 99))
    pair.reply(g.answer(8, why=g.NUMBERS_INCORRECT))
    pair.ask(settle(g.RELEASE, 9, 1))
    pair.reply(g.answer(9, why=g.NUMBERS_INCORRECT))


@captures.file("gtpp-failover.pcap")
def failover(capture):
    """A whole failover: CGF 1 stops answering, its two packets go to CGF 2 as possibly duplicated; back again, CGF 1 is
    asked with empty packets under the old numbers: it never had the first (128, release at CGF 2), and had the second
    (253, cancel at CGF 2)."""
    first, second = Pair(capture, CDF, CGF), Pair(capture, CDF, CGF2)
    for wait in (0, 1, 2):
        first.ask(g.transfer(10, record(1)), g.transfer(11, record(2)), wait=wait)
    second.ask(g.transfer(500, record(1), how=g.POSSIBLY_DUPLICATED), wait=4)
    second.ask(g.transfer(501, record(2), how=g.POSSIBLY_DUPLICATED))
    second.reply(g.answer(501, 500, 501))
    first.reply(g.message(g.NODE_ALIVE_REQUEST, 1, g.node_address("198.51.100.20")), wait=60)
    first.ask(g.message(g.NODE_ALIVE_RESPONSE, 1))
    for seq, why in ((10, g.ACCEPTED), (11, g.ALREADY_FULFILLED)):
        first.ask(g.message(REQUEST, seq, g.command(g.POSSIBLY_DUPLICATED), g.empty_packet()))
        first.reply(g.answer(seq, why=why))
    second.ask(settle(g.RELEASE, 502, 500), settle(g.CANCEL, 503, 501))
    second.reply(g.answer(503, 502, 503))


@captures.file("gtpp-release-later.pcap")
def release_later(capture):
    """A possibly duplicated packet with number 5 is released an hour and three wraps of the sequence numbers later;
    meanwhile ordinary packets used number 5 and were answered."""
    pair = Pair(capture, CDF, CGF2)
    pair.ask(g.transfer(5, record(1), how=g.POSSIBLY_DUPLICATED))
    pair.reply(g.answer(5))
    local = 2
    for _ in range(3):
        for seq in (30000, 65535, 0, 5, 15000):
            pair.ask(g.transfer(seq, record(local)), wait=240)
            pair.reply(g.answer(seq))
            local += 1
    pair.ask(settle(g.RELEASE, 15001, 5))
    pair.reply(g.answer(15001))


@captures.file("gtpp-local-seq-gap.pcap")
def local_seq_gap(capture):
    """Local sequence numbers of two nodes: 2 are missing at the PGW (4, 5) and 3 at the SGW (102 to 104); a
    retransmission, two packets out of order, the wrap at 4294967295 and a new start at 1 are no gaps."""
    pair = Pair(capture, CDF, CGF)

    def send(seq, *records, again=0):
        for _ in range(1 + again):
            pair.ask(g.transfer(seq, *records), wait=0.1)
        pair.reply(g.answer(seq))

    send(1, record(1), record(2), cdr.sgw(local_seq=100))
    send(2, record(3), cdr.sgw(local_seq=101))
    send(3, record(6), again=1)
    send(4, cdr.sgw(local_seq=105))
    pair.ask(g.transfer(6, record(8)), g.transfer(5, record(7)), wait=0.1)
    pair.reply(g.answer(5, 5, 6))
    send(7, record(9))
    pair = Pair(capture, CDF.at(49501), CGF)
    name = "PGW-EXAMPLE-02"
    for seq, number in enumerate((4294967294, 4294967295, 0, 1), 1):
        send(seq, cdr.pgw(local_seq=number, node_id=name))
    pair = Pair(capture, CDF.at(49502), CGF)
    for seq, number in enumerate((90000, 90001, 1, 2), 1):
        send(seq, cdr.pgw(local_seq=number, node_id="PGW-EXAMPLE-03"))


@captures.file("gtpp-icmp.pcap")
def icmp_quotes(capture):
    """A transfer that an ICMP error quotes, its retransmission, another ICMP error, then the answer: what ICMP quotes
    is not a message."""
    for wait in (0, 1):
        capture.wait(wait)
        quoted = capture.udp(CDF, CGF, g.transfer(1, record(1)))
        capture.icmp(CGF, CDF, ICMP_PORT_UNREACHABLE, quoted)
    capture.udp(CGF, CDF, g.answer(1), wait=1)


@captures.file("gtpp-retry-accepted.pcap")
def retry_accepted(capture):
    """A transfer that is rejected for want of resources, sent again under its number and accepted; then a second
    connection of the same CDF, where a packet that the first one had held is released."""
    pair = Pair(capture, CDF, CGF2)
    pair.ask(g.transfer(1, record(1)))
    pair.reply(g.answer(1, why=g.NO_RESOURCES))
    pair.ask(g.transfer(1, record(1)), wait=5)
    pair.reply(g.answer(1))
    pair.ask(g.transfer(2, record(2), how=g.POSSIBLY_DUPLICATED))
    pair.reply(g.answer(2))
    pair = Pair(capture, CDF.at(49504), CGF2)
    pair.ask(settle(g.RELEASE, 1, 2), wait=60)
    pair.reply(g.answer(1))


@captures.file("gtpp-tcp-ledger.pcap")
def tcp_ledger(capture):
    """The ledger over TCP: three requests in one segment, answers to two of them in one segment, one never answered; a
    reset, then a new connection with another record."""
    stream = Stream(capture, CDF, CGF).handshake()
    stream.send(stream.client, b"".join(g.transfer(seq, record(seq)) for seq in (1, 2, 3)))
    stream.send(stream.server, g.answer(1) + g.answer(2))
    capture.wait(5)
    stream.reset(stream.server)
    stream = Stream(capture, CDF.at(49503), CGF, 800000, 900000).handshake()
    stream.send(stream.client, g.message(g.NODE_ALIVE_REQUEST, 1, g.node_address("192.0.2.10")))
    stream.send(stream.server, g.message(g.NODE_ALIVE_RESPONSE, 1))
    stream.send(stream.client, g.transfer(2, record(4), how=g.POSSIBLY_DUPLICATED))
    stream.send(stream.server, g.answer(2))
    stream.close()


@captures.file("gtpp-times-step-back.pcap")
def times_step_back(capture):
    """A packet that one CGF rejects and that is sent to another at once; a request without an answer, and one before
    whose answer the clock is set back by a minute; then answers from an address to which nothing is sent, one of them
    to a request of the capture."""
    pair, other = Pair(capture, CDF, CGF), Pair(capture, CDF.at(49502), CGF2)
    pair.ask(g.transfer(2, record(2)))
    pair.reply(g.answer(2, why=g.NO_RESOURCES))
    Pair(capture, CDF, CGF2).ask(g.transfer(2, record(2)))
    Pair(capture, CDF, CGF2).reply(g.answer(2, why=g.NO_RESOURCES))
    other.ask(g.transfer(3, record(3)), wait=10)
    other.reply(g.answer(3))
    pair.ask(g.transfer(4, record(4)), g.transfer(5, record(5)))
    pair.reply(g.answer(5), wait=-60)
    pair.ask(g.transfer(6, record(6)))
    pair.reply(g.answer(6))
    pair.ask(g.transfer(7, record(7)))
    Pair(capture, CDF, End("198.51.100.29", 3386)).reply(g.answer(7), g.answer(701))
    still_there(other)

# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures about reading GTP': framing, every message and element, and forms that are odd, wrong or not GTP' at all."""
import struct

from ..base import dns
from ..base.wire import Captures, End, Pair, Stream, noise
from . import cdr
from . import gtpprime as g

captures = Captures(__file__)
CDF, CGF = End("192.0.2.10", 49300), End("198.51.100.20", 3386)
REQUEST, RESPONSE = g.DATA_RECORD_TRANSFER_REQUEST, g.DATA_RECORD_TRANSFER_RESPONSE


def carry(seq, packet, how=g.SEND):
    """A Data Record Transfer Request around a given Data Record Packet."""
    return g.message(REQUEST, seq, g.command(how), packet)


@captures.file("gtpp-tcp-split.pcap")
def tcp_split(capture):
    """TCP cut at awkward places: twelve requests in segments of 1000 octets, an Echo Request octet by octet, a 20-octet
    header cut at octet 10, a capture that starts inside a PDU."""
    stream = Stream(capture, CDF.at(49301), CGF).handshake()
    whole = b"".join(g.transfer(seq, cdr.pgw(local_seq=seq)) for seq in range(1, 13))
    stream.send(stream.client, whole, cuts=range(1000, len(whole), 1000))
    stream.send(stream.server, g.answer(12, *range(1, 13)))
    stream.send(stream.client, g.echo_request(13), cuts=range(1, 6))
    stream.send(stream.server, g.echo_response(13), cuts=(7,))
    stream.close()
    stream = Stream(capture, CDF.at(49302), CGF, 20000, 30000).handshake()
    old = g.transfer(1, cdr.pgw(local_seq=21), version=0, short=False)
    stream.send(stream.client, old + g.transfer(2, cdr.pgw(local_seq=22), version=0, short=False), cuts=(10, 400))
    stream.send(stream.server, g.answer(2, 1, 2, version=0, short=False))
    stream.close()
    stream = Stream(capture, CDF.at(49303), CGF, 40000, 50000)
    stream.send(stream.client, g.transfer(1, cdr.pgw(local_seq=31))[90:])
    stream.send(stream.client, g.transfer(2, cdr.pgw(local_seq=32)))
    stream.send(stream.server, g.answer(2, 1, 2))


@captures.file("gtpp-messages.pcap")
def messages(capture):
    """Every message with every element that it may carry, over IPv4 and IPv6 addresses alike."""
    pair = Pair(capture, CDF, CGF)
    mine = g.private(32473, b"example")
    pair.ask(g.echo_request(1, mine))
    pair.reply(g.message(g.ECHO_RESPONSE, 1, g.recovery(7), mine))
    pair.ask(g.message(g.NODE_ALIVE_REQUEST, 2, g.node_address("192.0.2.10"), g.node_address("192.0.2.11"), mine))
    pair.reply(g.message(g.NODE_ALIVE_RESPONSE, 2, mine))
    pair.ask(g.message(g.NODE_ALIVE_REQUEST, 3, g.node_address("2001:db8::10"), g.node_address("2001:db8::11")))
    pair.reply(g.message(g.NODE_ALIVE_RESPONSE, 3))
    pair.reply(g.message(g.REDIRECTION_REQUEST, 1, g.cause(g.SYSTEM_FAILURE_REQUEST),
                         g.recommended_node("198.51.100.21"), g.recommended_node("198.51.100.22"), mine))
    pair.ask(g.message(g.REDIRECTION_RESPONSE, 1, g.cause(g.ACCEPTED), mine))
    pair.reply(g.message(g.REDIRECTION_REQUEST, 2, g.cause(g.RECEIVE_BUFFERS_FULL), g.recommended_node("2001:db8::21")))
    pair.ask(g.message(g.REDIRECTION_RESPONSE, 2, g.cause(g.SERVICE_NOT_SUPPORTED)))
    pair.ask(g.message(REQUEST, 4, g.command(g.SEND), g.data_record_packet(cdr.pgw(), cdr.sgw()), mine))
    pair.reply(g.message(RESPONSE, 4, g.cause(g.ACCEPTED), g.responded(4), mine))
    pair.ask(g.transfer(5, cdr.pgw(local_seq=2), how=g.POSSIBLY_DUPLICATED))
    pair.reply(g.answer(5))
    pair.ask(g.message(REQUEST, 6, g.command(g.RELEASE), g.released(5), mine))
    pair.reply(g.answer(6))
    pair.ask(g.transfer(7, cdr.pgw(local_seq=3), how=g.POSSIBLY_DUPLICATED))
    pair.reply(g.answer(7))
    pair.ask(g.message(REQUEST, 8, g.command(g.CANCEL), g.cancelled(7), mine))
    pair.reply(g.answer(8))
    pair.ask(g.echo_request(9, version=2))
    pair.reply(g.message(g.VERSION_NOT_SUPPORTED, 9, version=0))


@captures.file("gtpp-causes.pcap")
def causes(capture):
    """Every cause: those of Redirection Requests, then a transfer answered with each of the others, then two values
    that the standard does not know."""
    pair = Pair(capture, CDF, CGF)
    for seq, why in enumerate((59, 60, 61, 62, 63), 1):
        pair.reply(g.message(g.REDIRECTION_REQUEST, seq, g.cause(why)))
        pair.ask(g.message(g.REDIRECTION_RESPONSE, seq, g.cause(g.ACCEPTED)))
    known = (128, 177, 193, 198, 199, 200, 201, 202, 203, 204, 252, 253, 254, 255)
    for seq, why in enumerate(known + (100, 222), 1):
        pair.ask(g.transfer(seq, cdr.pgw(local_seq=seq)))
        pair.reply(g.answer(seq, why=why))


@captures.file("gtpp-node-alive-redirection.pcap")
def node_alive_redirection(capture):
    """Node Alive in both directions, one Redirection to another node, one without an address, and records that still go
    to the redirecting node."""
    pair = Pair(capture, CDF, CGF)
    pair.ask(g.message(g.NODE_ALIVE_REQUEST, 1, g.node_address("192.0.2.10")))
    pair.reply(g.message(g.NODE_ALIVE_RESPONSE, 1), wait=0.05)
    pair.reply(g.message(g.NODE_ALIVE_REQUEST, 1, g.node_address("198.51.100.20")), wait=1)
    pair.ask(g.message(g.NODE_ALIVE_RESPONSE, 1))
    pair.reply(g.message(g.REDIRECTION_REQUEST, 2, g.cause(g.THIS_NODE_GOING_DOWN),
                         g.recommended_node("198.51.100.21")))
    pair.ask(g.message(g.REDIRECTION_RESPONSE, 2, g.cause(g.ACCEPTED)))
    pair.ask(g.transfer(2, cdr.pgw()), wait=1)
    pair.reply(g.answer(2, why=g.NO_RESOURCES))
    pair.reply(g.message(g.REDIRECTION_REQUEST, 3, g.cause(g.TRANSMIT_BUFFERS_FULL)), wait=1)
    pair.ask(g.message(g.REDIRECTION_RESPONSE, 3, g.cause(g.ACCEPTED)))
    other = Pair(capture, CDF, End("198.51.100.21", 3386))
    other.ask(g.transfer(3, cdr.pgw(), how=g.POSSIBLY_DUPLICATED))
    other.reply(g.answer(3))


@captures.file("gtpp-record-formats.pcap")
def record_formats(capture):
    """The same place for a record in BER, unaligned PER, aligned PER, XER, an operator's format, the format that must
    not be used, ASCII 1, and 255; everything but BER is opaque here."""
    pair = Pair(capture, CDF, CGF)
    xml = b"<pGWRecord><recordType>85</recordType></pGWRecord>"
    bodies = ((1, cdr.pgw()), (2, noise(161, "unaligned")), (3, noise(153, "aligned")), (4, xml),
              (20, b"operator record"), (0, noise(40, "format 0")), (0x31, cdr.pgw()), (255, noise(60, "format 255")))
    for seq, (form, body) in enumerate(bodies, 1):
        pair.ask(carry(seq, g.data_record_packet(body, body, form=form)))
        pair.reply(g.answer(seq))


@captures.file("gtpp-cdr-broken.pcap")
def cdr_broken(capture):
    """Records that do not hold together, each between two good ones: its length runs over the end, is too short, a
    field inside runs over, no octets, half an identifier; then two forms that are legal: indefinite and long."""
    pair = Pair(capture, CDF, CGF)
    good = cdr.pgw(imsi="001010000000007")
    overrun = bytearray(good)
    overrun[good.index(b"\x87\x10") + 1] = 0xF0
    size = len(cdr.contents(good)[1])
    broken = (cdr.with_length(good, size + 20), cdr.with_length(good, size - 30), bytes(overrun), b"", b"\xbf",
              cdr.indefinite(good), cdr.with_length(good, size))
    for seq, record in enumerate(broken, 1):
        pair.ask(g.transfer(seq, cdr.pgw(local_seq=10 * seq), record, cdr.sgw(local_seq=10 * seq)))
        pair.reply(g.answer(seq, why=g.CDR_DECODING_ERROR if seq < 6 else g.ACCEPTED))


@captures.file("gtpp-record-count.pcap")
def record_count(capture):
    """Counts that do not fit: two records said to be one, to be five, to be none; a record longer than its packet; a
    packet that ends inside its format version; a packet of one octet."""
    pair = Pair(capture, CDF, CGF)
    records = (cdr.pgw(local_seq=1), cdr.sgw(local_seq=1))
    for seq, count in enumerate((1, 5, 0), 1):
        pair.ask(g.message(REQUEST, seq, g.command(g.SEND), g.data_record_packet(*records, count=count),
                           g.private(32473, b"behind the packet")))
        pair.reply(g.answer(seq))
    long = b"\1\1" + g.REL_12_5 + struct.pack("!H", 400) + records[0]
    for seq, packet in enumerate((g.tlv(252, long), g.tlv(252, b"\1\1\x1c"), g.tlv(252, b"\1")), 4):
        pair.ask(g.message(REQUEST, seq, g.command(g.SEND), packet, g.private(32473, b"behind the packet")))
        pair.reply(g.answer(seq, why=g.MANDATORY_INCORRECT))


@captures.file("gtpp-elements.pcap")
def elements(capture):
    """Elements that are unknown, out of order, missing, repeated, of a wrong length or run over the end, and lists with
    an odd number of octets or nothing in them."""
    pair = Pair(capture, CDF, CGF)
    packet = g.data_record_packet(cdr.pgw())
    pair.ask(g.message(REQUEST, 1, g.tlv(240, b"unknown"), g.command(g.SEND), packet))
    pair.reply(g.message(RESPONSE, 1, g.cause(g.ACCEPTED), g.tlv(239, b"unknown"), g.responded(1)))
    pair.ask(g.message(REQUEST, 2, packet, g.command(g.SEND)))
    pair.reply(g.message(RESPONSE, 2, g.tlv(253, b"\0\2\xff"), g.cause(g.ACCEPTED)))
    pair.ask(g.message(REQUEST, 3, g.command(g.RELEASE), g.tlv(249, b"\0\1\0")))
    pair.reply(g.message(RESPONSE, 3, g.cause(g.ACCEPTED)))
    pair.ask(g.message(REQUEST, 4, g.command(g.CANCEL), g.tlv(250, b"\0")))
    pair.reply(g.message(RESPONSE, 4, g.responded(4)))
    pair.ask(g.message(REQUEST, 5, g.command(g.SEND)))
    pair.reply(g.message(RESPONSE, 5))
    pair.ask(g.message(g.NODE_ALIVE_REQUEST, 6, g.tlv(251, b"\xc0\0\2\x0a\0")))
    pair.reply(g.message(g.NODE_ALIVE_RESPONSE, 6))
    pair.ask(g.message(g.NODE_ALIVE_REQUEST, 7))
    pair.reply(g.message(g.REDIRECTION_REQUEST, 8, g.recommended_node("198.51.100.21")))
    pair.ask(g.message(g.REDIRECTION_RESPONSE, 8))
    pair.ask(g.message(g.NODE_ALIVE_REQUEST, 9, g.tlv(251, b"\xc0\0\2\x0a", length=40)))
    pair.ask(g.message(g.ECHO_REQUEST, 10, g.tlv(255, b"\x7e")))
    pair.reply(g.message(g.ECHO_RESPONSE, 10))
    pair.ask(g.message(REQUEST, 11, g.command(9), packet))
    pair.ask(g.message(REQUEST, 12, b"\x50\x01", g.command(g.SEND), packet))
    pair.ask(g.message(REQUEST, 13, g.command(g.RELEASE)))
    pair.ask(g.message(REQUEST, 14, g.command(g.CANCEL)))
    pair.ask(g.message(REQUEST, 15, g.command(g.SEND), packet, packet))
    pair.ask(g.message(REQUEST, 16, g.command(g.SEND), g.tlv(252, packet[3:] + b"\0")))
    pair.reply(g.message(RESPONSE, 17, g.cause(g.ACCEPTED), g.tlv(253, b"")))


@captures.file("gtpp-length.pcap")
def length(capture):
    """A header Length that is too long, too short, too short by a whole element, nought; octets behind the PDU; spare
    bits 000 and 101; the last bit set in version 1; version 3; PT 1 with a GTP' message type; half a header."""
    pair = Pair(capture, CDF, CGF)
    body = g.node_address("192.0.2.10")
    for seq, claimed in enumerate((len(body) + 9, len(body) - 2, 0), 1):
        pair.ask(g.message(g.NODE_ALIVE_REQUEST, seq, body, length=claimed))
    pair.ask(g.message(g.NODE_ALIVE_REQUEST, 4, body, g.private(32473, b"example"), length=len(body)))
    pair.ask(g.message(g.NODE_ALIVE_REQUEST, 5, body) + bytes(12))
    pair.ask(g.message(g.NODE_ALIVE_REQUEST, 6, body, spare=0), g.message(g.NODE_ALIVE_REQUEST, 7, body, spare=5))
    pair.ask(g.message(g.NODE_ALIVE_REQUEST, 8, body, version=1, last=1))
    pair.ask(g.message(g.NODE_ALIVE_REQUEST, 9, body, version=3))
    pair.ask(b"\x5e" + g.message(REQUEST, 10, g.command(g.SEND), g.data_record_packet(cdr.pgw()))[1:])
    pair.ask(g.message(g.NODE_ALIVE_REQUEST, 11, body)[:4])
    pair.ask(g.message(g.NODE_ALIVE_REQUEST, 12, body))
    pair.reply(g.message(g.NODE_ALIVE_RESPONSE, 12))


@captures.file("gtpp-not-gtpp.pcap")
def not_gtpp(capture):
    """Datagrams that come close: on 3386 a GTPv1 message type, DNS whose first octets look like GTPv0 and like GTP',
    noise behind a good first octet; elsewhere a Length that does not fill, a chain that does not end, spare bits."""
    pair = Pair(capture, CDF.at(49310), CGF)
    pair.ask(g.message(16, 1, g.recovery(1)), g.message(255, 2, b"payload"))
    pair.ask(dns.query(0x1003), dns.query(0x0E01), b"\x4e\xf0" + noise(60, "behind the first octets"))
    body = g.node_address("192.0.2.10")
    other = Pair(capture, CDF.at(49311), CGF.at(5403))
    other.ask(g.message(g.NODE_ALIVE_REQUEST, 1, body) + b"\0")
    other.ask(g.message(g.NODE_ALIVE_REQUEST, 2, body, spare=5))
    other.ask(g.message(g.NODE_ALIVE_REQUEST, 3, g.tlv(251, b"\xc0\0\2\x0a", length=5)))
    other.ask(g.message(g.NODE_ALIVE_REQUEST, 4, g.recovery(1)))
    other.ask(g.message(REQUEST, 5, noise(40, "no elements")))
    stream = Stream(capture, CDF.at(49312), CGF.at(5404)).handshake()
    stream.send(stream.client, b"\x4e\xf0\x00\x40\x00\x01" + noise(64, "tcp"))
    stream.send(stream.server, b"\x2e\x01 is how this text begins\n")
    stream.close()


@captures.file("gtpp-other-port-hard.pcap")
def other_port_hard(capture):
    """GTP' on TCP 5405 and UDP 5406 where the first packets are poor evidence: a PDU over three segments, half a header
    in a segment of its own, bare Echoes that a transfer confirms later."""
    stream = Stream(capture, CDF.at(49313), CGF.at(5405)).handshake()
    stream.send(stream.client, g.transfer(1, cdr.pgw(local_seq=1), cdr.sgw(local_seq=1)), cuts=(150, 300))
    stream.send(stream.server, g.answer(1))
    stream.send(stream.client, g.transfer(2, cdr.pgw(local_seq=2)), cuts=(3,))
    stream.send(stream.server, g.answer(2))
    stream.send(stream.client, g.echo_request(3), ack=False)
    stream.send(stream.server, g.echo_response(3))
    stream.close()
    pair = Pair(capture, CDF.at(49314), CGF.at(5406))
    pair.ask(g.echo_request(1), g.echo_request(2), wait=1)
    pair.ask(g.transfer(3, cdr.pgw(local_seq=3)))
    pair.reply(g.answer(3))

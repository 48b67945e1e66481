# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures about the basics of GTP': its messages over UDP and TCP, on any port, in every version, and beside GTPv0."""
import struct

from ..base.wire import ACK, PROTO_UDP, PSH, Captures, End, Stream, ip, noise, udp
from . import cdr
from . import gtpprime as g

captures = Captures(__file__)
CDF, CGF, CGF2 = End("192.0.2.10", 49200), End("198.51.100.20", 3386), End("198.51.100.21", 3386)


@captures.file("gtpp-udp.pcap")
def gtpp_udp(capture):
    """All messages of a normal exchange on UDP 3386: Echo, Node Alive, two transfers (a PGW record, an SGW and a PGW
    record) that one response acknowledges, and a Redirection to another node."""
    capture.udp(CDF, CGF, g.echo_request(1))
    capture.udp(CGF, CDF, g.echo_response(1, 7))
    capture.udp(CDF, CGF, g.message(g.NODE_ALIVE_REQUEST, 2, g.node_address("192.0.2.10")), wait=0.1)
    capture.udp(CGF, CDF, g.message(g.NODE_ALIVE_RESPONSE, 2))
    capture.udp(CDF, CGF, g.transfer(3, cdr.pgw(local_seq=1)), wait=0.1)
    capture.udp(CDF, CGF, g.transfer(4, cdr.sgw(local_seq=1), cdr.pgw(local_seq=2, imsi="001010000000002")))
    capture.udp(CGF, CDF, g.answer(4, 3, 4), wait=0.02)
    capture.udp(CGF, CDF, g.message(g.REDIRECTION_REQUEST, 1, g.cause(g.THIS_NODE_GOING_DOWN),
                                    g.recommended_node("198.51.100.21")), wait=1)
    capture.udp(CDF, CGF, g.message(g.REDIRECTION_RESPONSE, 1, g.cause(g.ACCEPTED)))


@captures.file("gtpp-tcp.pcap")
def gtpp_tcp(capture):
    """TCP 3386: three PDUs in a segment, a PDU over three segments, one cut inside its header, segments out of order
    and sent twice."""
    stream = Stream(capture, CDF.at(49201), CGF).handshake()
    client, server = stream.client, stream.server
    stream.send(client, g.echo_request(1) + g.transfer(2, cdr.pgw(local_seq=1)) + g.transfer(3, cdr.pgw(local_seq=2)))
    stream.send(server, g.echo_response(1) + g.answer(3, 2, 3))
    stream.send(client, g.transfer(4, cdr.pgw(local_seq=3), cdr.sgw(local_seq=1)), cuts=(150, 300))
    stream.send(server, g.answer(4))
    stream.send(client, g.transfer(5, cdr.pgw(local_seq=4)), cuts=(3,))
    stream.send(server, g.answer(5))
    whole = g.transfer(6, cdr.pgw(local_seq=5)) + g.transfer(7, cdr.pgw(local_seq=6))
    parts = [stream.build(client, part, PSH | ACK) for part in (whole[:100], whole[100:350], whole[350:])]
    for part in (parts[0], parts[2], parts[1]):
        stream.record(part)
    stream.ack(server)
    again = stream.build(client, g.transfer(8, cdr.pgw(local_seq=7)), PSH | ACK)
    stream.record(again)
    capture.wait(0.3)
    stream.record(again)
    stream.ack(server)
    stream.send(server, g.answer(8, 6, 7, 8))
    stream.close()


@captures.file("gtpp-other-port.pcap")
def gtpp_other_port(capture):
    """GTP' on UDP 5400 and TCP 5400, where only its form identifies it."""
    client, server = CDF.at(49202), CGF.at(5400)
    capture.udp(client, server, g.message(g.NODE_ALIVE_REQUEST, 1, g.node_address("192.0.2.10")))
    capture.udp(server, client, g.message(g.NODE_ALIVE_RESPONSE, 1))
    capture.udp(client, server, g.transfer(2, cdr.pgw(local_seq=1)))
    capture.udp(server, client, g.answer(2))
    stream = Stream(capture, CDF.at(49203), server).handshake()
    stream.send(stream.client, g.transfer(1, cdr.pgw(local_seq=2)) + g.transfer(2, cdr.pgw(local_seq=3)))
    stream.send(stream.server, g.answer(2, 1, 2))
    stream.close()


@captures.file("gtpp-bare-echo-other-port.pcap")
def gtpp_bare_echo_other_port(capture):
    """Echo Requests of six octets on UDP 5401, too weak evidence alone, and the responses that confirm them; then one
    conversation on UDP 5402 with a request and nothing else."""
    client, server = CDF.at(49204), CGF.at(5401)
    for seq in (1, 2, 3):
        capture.udp(client, server, g.echo_request(seq), wait=1)
        capture.udp(server, client, g.echo_response(seq))
    capture.udp(CDF.at(49205), CGF.at(5402), g.echo_request(1), wait=1)


@captures.file("gtpp-v0-20.pcap")
def gtpp_v0_20(capture):
    """Every header: version 0 with 20 and with 6 octets, version 1 with 20 and with 6, version 2; then Version Not
    Supported."""
    heads = ({"version": 0, "short": False}, {"version": 0}, {"version": 1, "short": False}, {"version": 1},
             {"version": 2})
    for seq, head in enumerate(heads, 1):
        client = CDF.at(49210 + seq)
        capture.udp(client, CGF, g.echo_request(seq, **head), wait=0.1)
        capture.udp(CGF, client, g.echo_response(seq, **head))
        capture.udp(client, CGF, g.transfer(seq + 10, cdr.pgw(local_seq=seq), **head))
        capture.udp(CGF, client, g.answer(seq + 10, **head))
    client = CDF.at(49216)
    capture.udp(client, CGF, g.echo_request(20, version=2), wait=0.1)
    capture.udp(CGF, client, g.message(g.VERSION_NOT_SUPPORTED, 20, version=1))


def gtpv0(kind, seq, body=b"", flow=0, tid=bytes(8)):
    """A GTPv0 message: PT is 1, the header has 20 octets."""
    return struct.pack("!BBHHHB3s8s", 0x1E, kind, len(body), seq, flow, 0xFF, b"\xff\xff\xff", tid) + body


def gtpv0_create_request():
    """The elements of a Create PDP Context Request: QoS, selection mode, flow labels, address, APN, GSNs, MSISDN."""
    return (b"\x06\x0b\x92\x1f" + g.recovery(9) + b"\x0f\xfc" + b"\x10\x00\x11" + b"\x11\x00\x12" +
            g.tlv(128, b"\xf1\x21") + g.tlv(131, b"\x08internet\x07example") + g.tlv(133, bytes([192, 0, 2, 10])) +
            g.tlv(133, bytes([192, 0, 2, 10])) + g.tlv(134, cdr.isdn(cdr.MSISDN)))


def gtpv0_create_response():
    """The elements of its answer: cause, QoS, reordering, flow labels, charging id, address, GSNs."""
    return (g.cause(128) + b"\x06\x0b\x92\x1f" + b"\x08\xfe" + g.recovery(7) + b"\x10\x00\x21" + b"\x11\x00\x22" +
            b"\x7f\x07\xd0\x00\x01" + g.tlv(128, b"\xf1\x21\xcb\x00\x71\x05") +
            g.tlv(133, bytes([198, 51, 100, 20])) + g.tlv(133, bytes([198, 51, 100, 20])))


@captures.file("gtpv0-3386.pcap")
def gtpv0_3386(capture):
    """GTPv0, which shares port 3386 by standard and is not GTP': Echo, Create PDP Context, a tunnelled packet."""
    sgsn, ggsn = CDF.at(3386), CGF
    tid = cdr.tbcd("0010100000000015")
    capture.udp(sgsn, ggsn, gtpv0(1, 1))
    capture.udp(ggsn, sgsn, gtpv0(2, 1, g.recovery(7)))
    capture.udp(sgsn, ggsn, gtpv0(16, 2, gtpv0_create_request(), tid=tid))
    capture.udp(ggsn, sgsn, gtpv0(17, 2, gtpv0_create_response(), flow=0x12, tid=tid))
    phone, peer = End("203.0.113.5", 40000), End("203.0.113.90", 40001)
    inner = ip(phone, peer, PROTO_UDP, udp(phone, peer, b"\xc6" + noise(31, "inner")), 1)
    capture.udp(sgsn, ggsn, gtpv0(255, 3, inner, flow=0x21, tid=tid))


@captures.file("gtpp-quirks.pcap")
def gtpp_quirks(capture):
    """Forms of real equipment: spare bits 101 with Recovery in an Echo Request, no Packet Transfer Command, a one-octet
    count in Requests Responded, Private Extension in an Echo Request, format octet 0x31, an empty record packet."""
    capture.udp(CDF, CGF, bytes.fromhex("2a01000200000e00"))
    capture.udp(CGF, CDF, g.echo_response(0, version=1))
    capture.udp(CDF, CGF, g.message(g.DATA_RECORD_TRANSFER_REQUEST, 1, g.data_record_packet(cdr.pgw(local_seq=1))))
    capture.udp(CGF, CDF, g.message(g.DATA_RECORD_TRANSFER_RESPONSE, 1, g.cause(g.ACCEPTED), g.responded_with_count(1)))
    capture.udp(CDF, CGF, g.transfer(2, cdr.pgw(local_seq=2)))
    capture.udp(CDF, CGF, g.transfer(3, cdr.pgw(local_seq=3)))
    capture.udp(CGF, CDF, g.message(g.DATA_RECORD_TRANSFER_RESPONSE, 3, g.cause(g.ACCEPTED),
                                    g.responded_with_count(2, 3), g.private(32473, b"after the count")))
    capture.udp(CDF, CGF, g.echo_request(4, g.private(32473, b"\x00\x01")))
    capture.udp(CGF, CDF, g.echo_response(4))
    capture.udp(CDF, CGF, g.message(g.DATA_RECORD_TRANSFER_REQUEST, 5, g.command(g.SEND),
                                    g.data_record_packet(cdr.pgw(local_seq=4), form=0x31)))
    capture.udp(CGF, CDF, g.answer(5))
    capture.udp(CDF, CGF, g.message(g.DATA_RECORD_TRANSFER_REQUEST, 6, g.command(g.SEND), g.empty_packet()))
    capture.udp(CGF, CDF, g.answer(6))

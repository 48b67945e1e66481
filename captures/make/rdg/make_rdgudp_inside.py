# SPDX-License-Identifier: GPL-2.0-or-later
"""Live captures of RD Gateway UDP channels about what is inside: OpenSSL at both ends, as in live.py."""
import struct

from ..base.tls import (APPLICATION_DATA, HANDSHAKE, dtls_client_hello, dtls_hello_verify, dtls_record,
                        dtls_server_hello)
from ..base.wire import PROTO_UDP, START, Captures, ethernet, ip, noise, udp
from . import inner as rdp_inside
from . import rdghttp, rdgudp
from .live import CLIENT, GATEWAY, record_channel

captures = Captures(__file__, live=True)
OLD_DTLS = ("-dtls1", "-cipher", "ALL:@SECLEVEL=0")
ACCESS_DENIED, CONNECT_FAILED, GRACEFUL, E_UNEXPECTED = 0x80070005, 0x59DD, 0x4CA, 0x8000FFFF
CLIENT_ISN, TARGET_ISN = 0x11223344, 0x55667788


def inner(label, payload, number, acks=b""):
    """A DATA_PKT from one end or the other."""
    ack, own = (TARGET_ISN, CLIENT_ISN) if label == "client" else (CLIENT_ISN, TARGET_ISN)
    return label, rdgudp.data(rdgudp.rdpeudp_v1(payload, ack, own + number, acks))


def request(cookie, lossy=False, pad_first_to=1132):
    """CONNECT_PKT in fragments."""
    return [("client", piece) for piece in rdgudp.fragments(rdgudp.connect(cookie, lossy=lossy), pad_first_to)]


ACCEPTED = ("gateway", rdgudp.connect_response())
BYE = ("client", rdgudp.disconnect())


def whole_session(capture, lossy):
    """SAY for record_channel(): a session between client and target, from its handshake to its close."""
    flights, keys = rdp_inside.session(lossy)
    capture.keys += keys
    first, sent = {"client": CLIENT_ISN, "gateway": TARGET_ISN}, {"client": 0, "gateway": 0}

    def datagram(who, flight):
        other = "gateway" if who == "client" else "client"
        sent[who] += 1
        acks = bytes([sent[other]]) if sent[other] else b""
        return who, rdgudp.data(rdgudp.rdpeudp_v1(flight, first[other] + sent[other], first[who] + sent[who], acks))
    inside = [datagram(who, flight) for who, flight in flights]
    return lambda cookie: [*request(cookie, lossy=lossy), ACCEPTED, *inside, BYE]


def broken_session(cookie):
    """Inner DTLS: its handshake begins, then half the header of a record, then more of the channel."""
    broken = dtls_record(HANDSHAKE, noise(200, "broken"))[:8]
    return [*request(cookie, lossy=True), ACCEPTED, inner("client", dtls_client_hello("inner"), 1),
            inner("gateway", dtls_hello_verify(), 1, b"\1"),
            inner("client", dtls_client_hello("inner", number=1), 2, b"\1\2\3"),
            inner("gateway", dtls_server_hello("inner"), 2, b"\1\2"), inner("client", broken, 3),
            inner("gateway", dtls_record(APPLICATION_DATA, noise(40, "inner data"), epoch=1), 3), BYE]


@captures.file("rdgudp-lossy.pcap")
def lossy(capture):
    """A whole lossy session: DTLS inside RDPEUDP inside DTLS, from the inner handshake to the inner close."""
    record_channel(capture, trailers=1, say=whole_session(capture, lossy=True))


@captures.file("rdgudp-inner-broken.pcap")
def inner_broken(capture):
    """A lossy channel: ACK vectors of every padding, and an inner record that is cut in its header; the channel goes
    on."""
    record_channel(capture, trailers=1, say=broken_session)


@captures.file("rdgudp-long-codes.pcap")
def long_codes(capture):
    """Result and reason in the specification's form of 8 octets."""
    record_channel(capture, trailers=1, say=lambda cookie: [
        *request(cookie), ("gateway", rdgudp.connect_response(0, code="Q")),
        ("gateway", rdgudp.disconnect(GRACEFUL, code="Q"))])


@captures.file("rdgudp-expired-cookie.pcap")
def expired(capture):
    """A cookie that expired 15 minutes ago: the gateway answers E_ACCESS_DENIED and disconnects."""
    record_channel(capture, trailers=1, expires=START - 900, say=lambda cookie: [
        *request(cookie), ("gateway", rdgudp.connect_response(ACCESS_DENIED)),
        ("gateway", rdgudp.disconnect(ACCESS_DENIED))])


@captures.file("rdgudp-connect-failed.pcap")
def connect_failed(capture):
    """The target cannot be reached: E_PROXY_TS_CONNECTFAILED, once as a bare code and with a vendor's bit, once as
    HRESULT, then an undefined code."""
    record_channel(capture, trailers=1, say=lambda cookie: [
        *request(cookie), *(("gateway", rdgudp.connect_response(code)) for code in
                            (CONNECT_FAILED, 0x20000000 | CONNECT_FAILED, 0x80070000 | CONNECT_FAILED, 0x12345678))])


def fragment_orders(cookie):
    """The last first; everything again; another connect whose fragments carry other octets."""
    first, last = request(cookie)
    other = rdgudp.fragments(rdgudp.connect(cookie, port=3390))
    return [last, first, first, last, *(("client", piece) for piece in other), ACCEPTED, BYE]


@captures.file("rdgudp-fragment-order.pcap")
def fragment_order(capture):
    """Fragments out of order, then both repeated, then those of another CONNECT_PKT of the same size."""
    record_channel(capture, trailers=1, say=fragment_orders)


def legal_lines(cookie):
    """Counts from 1 to 5, each twice, the first fragment padded to 1132 octets, then silence."""
    out = []
    for size in (600, 1500, 2500, 3500, 4096):
        whole = rdgudp.connect(noise(size - 20, f"cookie {size}"))
        pieces = [("client", piece) for piece in rdgudp.fragments(whole, 1132)]
        out += pieces * 2
    return out + request(cookie)


@captures.file("rdgudp-legal-fragments.pcap")
def legal_fragments(capture):
    """Fragments that must not be reported: one to five fragments, all repeated, the first padded, and no answer at
    all."""
    record_channel(capture, trailers=1, say=legal_lines)


def rule_lines(_):
    """One packet for each rule."""
    numbers = ((0, 65, 1), (64, 65, 1), (65, 66, 1000), (65535, 65535, 1000), (4, 5, 97), (4, 5, 96), (3, 3, 1000),
               (0, 0, 1000), (0, 2, 999), (1, 2, 999, 1006), (0, 1, 1001))
    return [("client", rdgudp.fragment(*one)) for one in numbers]


@captures.file("rdgudp-exploit.pcap")
def exploit(capture):
    """Fragments that trip the rules for CVE-2020-0609 and CVE-2020-0610, one after the other, on the edge and
    beyond."""
    record_channel(capture, trailers=0, say=rule_lines)


@captures.file("rdgudp-scan-patched.pcap")
def scan_patched(capture):
    """The check of BlueGate, and how a patched gateway answers it: E_UNEXPECTED; over DTLS 1.0, as scanners do."""
    record_channel(capture, trailers=0, version=OLD_DTLS, say=lambda _: [
        ("client", rdgudp.fragment(0, 65, 1)), ("gateway", rdgudp.connect_response(E_UNEXPECTED, 0, 0))])


def not_packets(_):
    """What is no packet, and packets that end too early."""
    vector = struct.pack("!IHHH", CLIENT_ISN, 64, 0x000C, 200) + b"\1" * 20
    return [("client", b"\6\0\4\0\0\0\0\0"), ("client", b"\5"),
            ("client", rdgudp.packet(1, b"\x3d\x0d\xff\xff" + bytes(12))),
            ("client", rdgudp.packet(5, b"\0\0\2\0")), ("gateway", rdgudp.packet(2, bytes(9))),
            ("client", rdgudp.data(vector)), ("client", rdgudp.data(b"\1\2\3")), ("gateway", rdgudp.packet(4, b"\0"))]


@captures.file("rdgudp-broken-packets.pcap")
def broken_packets(capture):
    """Inside DTLS, what is no packet of the transport, and packets that end before all of their parts are there."""
    record_channel(capture, trailers=1, say=not_packets)


def counted_wrongly(octets, length):
    """A packet with another pktLen."""
    return octets[:2] + struct.pack("<H", length) + octets[4:]


def wrong_lengths(_):
    """Each kind of packet, with a pktLen that its parts do not have; the last of each is right."""
    cookies = [rdghttp.cookie(START + 300, user=user) for user in ("EXAMPLE\\a;b", ";EXAMPLE\\user;;")]
    named = rdghttp.cookie(START + 300, name="host;example")
    wholes = [rdgudp.connect(cookie) for cookie in (*cookies, named)]
    answer, long_answer = rdgudp.connect_response(), rdgudp.connect_response(code="Q")
    data = rdgudp.data(rdgudp.rdpeudp_v1(b"payload", TARGET_ISN, CLIENT_ISN + 1))
    return [("client", counted_wrongly(wholes[0], 4)), ("client", counted_wrongly(wholes[1], len(wholes[1]))),
            ("client", wholes[2]), ("gateway", counted_wrongly(answer, 0)),
            ("gateway", counted_wrongly(long_answer, 13)), ("gateway", answer), ("client", counted_wrongly(data, 5)),
            ("client", data),
            ("client", counted_wrongly(BYE[1], 0)), ("client", rdgudp.disconnect(GRACEFUL))]


@captures.file("rdgudp-wrong-lengths.pcap")
def with_wrong_lengths(capture):
    """Packets whose pktLen is not what they have, as another implementation writes them; users with semicolons in their
    names, and a target with one."""
    record_channel(capture, trailers=1, say=wrong_lengths)


@captures.file("rdgudp-two-channels.pcap")
def two_channels(capture):
    """One session with its reliable and its lossy channel, under one correlation id; TLS and DTLS of the session
    inside, with their keys."""
    record_channel(capture, trailers=1, say=whole_session(capture, lossy=False))
    capture.wait(0.1)
    record_channel(capture, trailers=1, client=CLIENT.at(50124), say=whole_session(capture, lossy=True))


def merge_fragments(capture):
    """Put the two fragments, which went one by one, into one datagram: records may share one."""
    sizes = [len(octets) for _, octets in capture.frames]
    at = next(i for i, size in enumerate(sizes) if size > 1100 and sizes[i + 1] > 300 and
              capture.frames[i][1][42] == APPLICATION_DATA)
    time, first = capture.frames[at]
    _, second = capture.frames.pop(at + 1)
    payload = first[42:] + second[42:]
    packet = ip(CLIENT, GATEWAY, PROTO_UDP, udp(CLIENT, GATEWAY, payload))
    capture.frames[at] = (time, ethernet(CLIENT, GATEWAY, packet))


@captures.file("rdgudp-one-datagram.pcap")
def one_datagram(capture):
    """Both fragments of CONNECT_PKT in one datagram, as two DTLS records."""
    record_channel(capture, trailers=1)
    merge_fragments(capture)

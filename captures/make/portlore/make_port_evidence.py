# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures about what a capture proves of a port, and what not: guesses, attempts, scans, holes, other protocols."""
import struct

from ..base import dns, tls
from ..base.wire import (ACK, FIN, ICMP_PORT_UNREACHABLE, PROTO_TCP, PSH, RST, SYN, Captures, End, Stream, noise, tcp)
from ..gtpp import cdr
from ..gtpp import gtpprime as g

captures = Captures(__file__)
CLIENT, SERVER, ROUTER = End("192.0.2.10"), End("198.51.100.20"), End("192.0.2.1")
CLIENT6, SERVER6, ROUTER6 = End("2001:db8::10"), End("2001:db8:0:1::20"), End("2001:db8::1")
URG = 0x20
ICMP_HOST_UNREACHABLE, ICMP_FRAGMENTATION_NEEDED, ICMP_PROHIBITED = (3, 1), (3, 4), (3, 13)
ICMP6_PROHIBITED, ICMP6_TOO_BIG = (1, 1), (2, 0)


def amid(capture, client, server, payload, count=24):
    """A TCP connection that was under way when the capture began; the server's segment is its first."""
    stream = Stream(capture, client, server, 70000, 90000)
    for turn in range(count):
        stream.send((server, client)[turn % 2], payload(turn), ack=False)


def unknown(turn):
    """Octets that no dissector recognises."""
    return b"\xc1" + noise(40, f"unknown {turn}")


def exchange(capture, first, second, count, payload=unknown):
    """UDP datagrams both ways."""
    for turn in range(count):
        src, dst = ((first, second), (second, first))[turn % 2]
        capture.udp(src, dst, payload(turn))


@captures.file("port-guess.pcap")
def port_guess(capture):
    """Nothing but guesses about the service's side: TCP amid connections between a documented port and 9000, 8443 and
    50000; UDP whose first packet comes from 9000, 2049, 16384 and 6881, or goes from the documented port."""
    for port in (3311, 3386, 3406, 3416):
        amid(capture, CLIENT.at(port), SERVER.at(9000), unknown)
    amid(capture, CLIENT.at(3416), SERVER.at(8443), lambda turn: tls.data(f"guess {turn}"))
    amid(capture, CLIENT.at(3311), SERVER.at(50000), unknown)
    for port in (3386, 3391, 3416):
        exchange(capture, SERVER.at(9000), CLIENT.at(port), 24)
    exchange(capture, SERVER.at(2049), CLIENT.at(3391), 4)
    exchange(capture, CLIENT.at(3416), SERVER.at(50000), 24)
    for turn in range(24):
        capture.udp(SERVER.at(16384), CLIENT.at(3391), bytes([0x80, 0]) + noise(170, f"sound {turn}"))
    capture.udp(SERVER.at(6881), CLIENT.at(3386), b"d1:ad2:id20:" + b"a" * 20 + b"e1:q4:ping1:t2:aa1:y1:qe")


@captures.file("port-reused.pcap")
def port_reused(capture):
    """UDP 3416 between the same two ends: a service's one day, a client's the next."""
    client, server = CLIENT.at(50000), SERVER.at(3416)
    exchange(capture, client, server, 2)
    capture.wait(86400)
    exchange(capture, server, client, 40)


def established(capture, client, server, payload=b"hello\n"):
    """A connection with a segment each way."""
    stream = Stream(capture, client, server).handshake()
    stream.send(stream.client, payload)
    stream.send(stream.server, payload)
    return stream


@captures.file("port-attempts.pcap")
def port_attempts(capture):
    """Attempts that were not in vain: only the client captured, the SYN-ACK missing, a copied SYN, a reset of a
    connection that stood, a refusal and a repeated SYN that are answered later on the same ports."""
    alone = Stream(capture, CLIENT.at(50001), SERVER.at(3416))
    alone.syn()
    alone.build(alone.server, flags=SYN | ACK)
    alone.ack(alone.client)
    alone.send(alone.client, unknown(1), ack=False)
    lacking = Stream(capture, CLIENT.at(50002), SERVER.at(3386))
    lacking.syn()
    lacking.build(lacking.server, flags=SYN | ACK)
    lacking.ack(lacking.client)
    lacking.reset(lacking.server)
    copied = Stream(capture, CLIENT.at(50003), SERVER.at(3416))
    copied.syn()
    when, frame = capture.frames[-1]
    capture.frames.append((when + 50, frame))
    copied.record(copied.build(copied.server, flags=SYN | ACK))
    copied.ack(copied.client)
    copied.send(copied.client, unknown(2))
    stood = established(capture, CLIENT.at(50004), SERVER.at(3311))
    stood.reset(stood.server)
    refused = Stream(capture, CLIENT.at(50005), SERVER.at(3406), 20000)
    refused.syn()
    refused.next[refused.server] = 0
    refused.reset(refused.server)
    capture.wait(5)
    established(capture, CLIENT.at(50005), SERVER.at(3406))
    slow = Stream(capture, CLIENT.at(50006), SERVER.at(3416))
    syn = slow.syn()
    capture.wait(1)
    slow.record(syn)
    slow.record(slow.build(slow.server, flags=SYN | ACK))
    slow.ack(slow.client)


@captures.file("port-icmp.pcap")
def port_icmp(capture):
    """ICMP errors: of a path's MTU (TCP, UDP, IPv6), after answers, about the client, then of a firewall (IPv4, IPv6),
    a route and a port; one is answered later."""
    stream = established(capture, CLIENT.at(50011), SERVER.at(3416))
    end, segment = stream.build(stream.client, unknown(0), PSH | ACK)
    quoted = capture.packet(end, stream.server, PROTO_TCP, segment)
    capture.icmp(ROUTER, CLIENT, ICMP_FRAGMENTATION_NEEDED, quoted[:28])
    client, server = CLIENT.at(50012), SERVER.at(3386)
    quoted = capture.udp(client, server, g.transfer(1, cdr.pgw(local_seq=1)))
    capture.icmp(ROUTER, CLIENT, ICMP_FRAGMENTATION_NEEDED, quoted[:28])
    capture.udp(client, server, g.echo_request(2))
    answer = capture.udp(server, client, g.echo_response(2))
    capture.icmp(CLIENT, SERVER, ICMP_PORT_UNREACHABLE, answer[:28])
    quoted = capture.udp(client, server, g.echo_request(3))
    capture.icmp(SERVER, CLIENT, ICMP_PORT_UNREACHABLE, quoted[:28])
    quoted = capture.udp(CLIENT6.at(50013), SERVER6.at(3416), unknown(3))
    capture.icmp(ROUTER6, CLIENT6, ICMP6_TOO_BIG, quoted[:48])
    quoted = capture.udp(CLIENT.at(50014), SERVER.at(3416), unknown(4))
    capture.icmp(ROUTER, CLIENT, ICMP_PROHIBITED, quoted[:28])
    quoted = capture.udp(CLIENT6.at(50015), SERVER6.at(3416), unknown(5))
    capture.icmp(ROUTER6, CLIENT6, ICMP6_PROHIBITED, quoted[:48])
    silent = Stream(capture, CLIENT.at(50016), SERVER.at(3406))
    end, segment = silent.build(silent.client, flags=SYN)
    quoted = capture.packet(end, silent.server, PROTO_TCP, segment)
    capture.icmp(ROUTER, CLIENT, ICMP_HOST_UNREACHABLE, quoted[:28])
    quoted = capture.udp(CLIENT.at(50017), SERVER.at(3311), unknown(6))
    capture.icmp(ROUTER, CLIENT, ICMP_PORT_UNREACHABLE, quoted[:28])
    quoted = capture.udp(CLIENT.at(50018), SERVER.at(3416), unknown(7))
    capture.icmp(SERVER, CLIENT, ICMP_PORT_UNREACHABLE, quoted[:28])
    capture.udp(SERVER.at(3416), CLIENT.at(50018), unknown(8), wait=1)


@captures.file("port-scans.pcap")
def port_scans(capture):
    """Stealth scans: NULL, FIN, Xmas and ACK segments that RST answers, a FIN and an ACK without an answer, and an ACK
    between two numbers that may both be services."""
    for number, (flags, port) in enumerate(((0, 3311), (FIN, 3386), (FIN | PSH | URG, 3406), (ACK, 3416))):
        scanner = CLIENT.at(41000 + number)
        seq, ack = 5000 + number, 9000 if flags & ACK else 0
        capture.packet(scanner, SERVER, PROTO_TCP, tcp(scanner, SERVER.at(port), seq, ack, flags))
        answer = tcp(SERVER.at(port), scanner, ack, 0, RST) if flags & ACK else tcp(
            SERVER.at(port), scanner, 0, seq + bool(flags & FIN), RST | ACK)
        capture.packet(SERVER, CLIENT, PROTO_TCP, answer)
    for number, flags in enumerate((FIN, ACK)):
        scanner = CLIENT.at(41010 + number)
        capture.packet(scanner, SERVER, PROTO_TCP, tcp(scanner, SERVER.at(3416), 1, 0, flags))
    capture.packet(SERVER, CLIENT, PROTO_TCP, tcp(SERVER.at(9000), CLIENT.at(3416), 1, 1, ACK))
    capture.packet(CLIENT, SERVER, PROTO_TCP, tcp(CLIENT.at(3416), SERVER.at(9000), 1, 0, RST))


@captures.file("port-tcp-holes.pcap")
def port_tcp_holes(capture):
    """GTP' over TCP 3386 whose first segment is missing, comes second, or comes in two; and unknown octets on TCP 3416:
    two segments, sent again many times and kept alive."""
    request = g.transfer(1, cdr.pgw(local_seq=1))
    for number in range(3):
        stream = Stream(capture, CLIENT.at(50020 + number), SERVER.at(3386), 1000 * number, 9000).handshake()
        first = stream.build(stream.client, request[:40], PSH | ACK)
        second = stream.build(stream.client, request[40:], PSH | ACK)
        for part in ((second,), (second, first), (first, second))[number]:
            stream.record(part)
        stream.send(stream.server, g.answer(1))
    stream = Stream(capture, CLIENT.at(50025), SERVER.at(3416)).handshake()
    parts = [stream.build(end, unknown(port), PSH | ACK) for port, end in enumerate((stream.client, stream.server))]
    for turn in range(12):
        for part in parts:
            stream.record(part)
        capture.wait(1)
        src = stream.client
        capture.packet(src, SERVER, PROTO_TCP, tcp(src, stream.server, stream.next[src] - 1, stream.next[stream.server],
                                                   ACK, b"\0"))


def mysql_packet(number, body):
    """A packet of MySQL's protocol."""
    return struct.pack("<I", len(body))[:3] + bytes([number]) + body


def mysql_greeting(version):
    """The Initial Handshake Packet of a server."""
    return mysql_packet(0, b"\x0a" + version.encode() + b"\0" + struct.pack("<I", 11) + b"saltsalt\0" + struct.pack(
        "<HBHHB", 0xFFFF, 255, 2, 0xDFFF, 21) + bytes(10) + b"saltsaltsalt\0" + b"mysql_native_password\0")


def mysql_session(capture, client, server, version):
    """Greeting, login, OK, and a ping with its answer."""
    stream = Stream(capture, client, server).handshake()
    stream.send(stream.server, mysql_greeting(version))
    stream.send(stream.client, mysql_packet(1, struct.pack("<IIB", 0xA685, 1 << 24, 255) + bytes(23) + b"user\0" +
                                            b"\x14" + noise(20, "password").replace(b"\0", b"x") +
                                            b"mysql_native_password\0"))
    stream.send(stream.server, mysql_packet(2, b"\0\0\0\2\0\0\0"))
    stream.send(stream.client, mysql_packet(0, b"\x03SELECT 1"))
    stream.send(stream.server, mysql_packet(1, b"\0\0\0\2\0\0\0"))
    stream.close()


@captures.file("port-mysql.pcap")
def port_mysql(capture):
    """MySQL on TCP 3406, MariaDB on 3311, MySQL on 3386, and on 3416 a text that only begins like a greeting."""
    mysql_session(capture, CLIENT.at(50030), SERVER.at(3406), "8.0.36")
    mysql_session(capture, CLIENT.at(50031), SERVER.at(3311), "5.5.5-10.6.16-MariaDB-0ubuntu0.22.04.1")
    mysql_session(capture, CLIENT.at(50032), SERVER.at(3386), "5.7.44-log")
    other = Stream(capture, CLIENT.at(50033), SERVER.at(3416)).handshake()
    other.send(other.server, mysql_packet(0, b"\x0a" + b"welcome to an example\0" + b"saltsalt" * 4))
    other.close()


@captures.file("port-ndb-lines.pcap")
def port_ndb_lines(capture):
    """NDB management on TCP 3406 line by line; and a lone line that reads like a command of it, with another protocol
    behind it."""
    stream = Stream(capture, CLIENT.at(50040), SERVER.at(3406)).handshake()
    for end, lines in ((stream.client, ("get status", "")),
                       (stream.server, ("node status", "nodes: 2", "node.1.type: NDB", "node.1.status: STARTED", "")),
                       (stream.client, ("get nodeid", "version: 524324", "nodetype: 1", "")),
                       (stream.server, ("get nodeid reply", "nodeid: 4", "result: Ok", ""))):
        for line in lines:
            stream.send(end, line.encode() + b"\n")
    stream.close()
    other = Stream(capture, CLIENT.at(50041), SERVER.at(3406)).handshake()
    other.send(other.client, b"get status\n")
    other.send(other.server, b"+OK all is well\n")
    other.close()


def x224(kind, rest, length=None):
    """A TPKT with an X.224 Connection Request (0xe0) or Confirm (0xd0)."""
    body = struct.pack("!BHHB", kind, 0, 0, 0) + rest
    return struct.pack("!BBHB", 3, 0, length or 5 + len(body), len(body)) + body


RDP_ASKS, RDP_ANSWERS = b"\1\0\x08\0\3\0\0\0", b"\2\0\x08\0\2\0\0\0"


@captures.file("port-3391-tcp.pcap")
def port_3391_tcp(capture):
    """TCP 3391: RDP with a cookie, with the negotiation alone, and with a wrong length; X.224 without RDP; a test that
    is refused, and one that nothing answers."""
    hello = tls.record(tls.HANDSHAKE, tls.handshake(tls.CLIENT_HELLO, tls.client_body(tls.TLS_1_2, "random")))
    server_hello = tls.record(tls.HANDSHAKE, tls.handshake(2, tls.server_body(tls.TLS_1_2, "server random")))
    cookie = b"Cookie: mstshash=user\r\n"
    for number, ask in enumerate((x224(0xE0, cookie + RDP_ASKS), x224(0xE0, RDP_ASKS), x224(0xE0, cookie, 99))):
        stream = Stream(capture, CLIENT.at(50050 + number), SERVER.at(3391)).handshake()
        stream.send(stream.client, ask)
        stream.send(stream.server, x224(0xD0, RDP_ANSWERS))
        stream.send(stream.client, hello)
        stream.send(stream.server, server_hello)
        stream.close()
    plain = Stream(capture, CLIENT.at(50055), SERVER.at(3391)).handshake()
    plain.send(plain.client, x224(0xE0, b"\xc1\2\1\0\xc2\2\1\2\xc0\1\x0a"))
    plain.close()
    refused = Stream(capture, CLIENT.at(50056), SERVER.at(3391))
    refused.syn()
    refused.next[refused.server] = 0
    refused.reset(refused.server)
    Stream(capture, CLIENT.at(50057), SERVER.at(3391)).syn()


@captures.file("port-3386-others.pcap")
def port_3386_others(capture):
    """Port 3386: TLS over TCP, DTLS over UDP, GTP of version 0 and 1."""
    stream = Stream(capture, CLIENT.at(50060), SERVER.at(3386)).handshake()
    stream.send(stream.client, tls.record(tls.HANDSHAKE, tls.handshake(tls.CLIENT_HELLO, tls.client_body(
        tls.TLS_1_2, "random")), tls.TLS_1_0))
    stream.send(stream.server, tls.record(tls.HANDSHAKE, tls.handshake(2, tls.server_body(tls.TLS_1_2, "server"))))
    stream.close()
    capture.udp(CLIENT.at(50061), SERVER.at(3386), tls.dtls_client_hello("random"))
    capture.udp(CLIENT.at(50062), SERVER.at(3386), struct.pack("!BBHHHB3s8s", 0x1E, 1, 0, 1, 0, 0xFF, b"\xff" * 3,
                                                               bytes(8)))
    capture.udp(CLIENT.at(50063), SERVER.at(3386), bytes.fromhex("320100040000000000010000"))


@captures.file("port-3391-dtls.pcap")
def port_3391_dtls(capture):
    """UDP 3391: a ClientHello that offers only pre-shared keys, as CoAP does, and one that may be a Remote Desktop
    client's."""
    small = tls.client_body(tls.DTLS_1_2, "small", b"\0")[:-6] + struct.pack("!HHHBB", 4, 0xC0A8, 0x00AE, 1, 0)
    capture.udp(CLIENT.at(50065), SERVER.at(3391), tls.dtls_record(tls.HANDSHAKE, tls.dtls_handshake(
        tls.CLIENT_HELLO, small)))
    capture.udp(CLIENT.at(50066), SERVER.at(3391), tls.dtls_client_hello("random"))


@captures.file("port-announced.pcap")
def port_announced(capture):
    """FTP in passive mode, whose data connections get TCP 3386 and 3391."""
    control = Stream(capture, CLIENT.at(50070), SERVER.at(21)).handshake()
    control.send(control.server, b"220 ready\r\n")
    for number, port in enumerate((3386, 3391)):
        control.send(control.client, b"PASV\r\n")
        control.send(control.server, f"227 Entering Passive Mode (198,51,100,20,{port >> 8},{port & 255})\r\n".encode())
        control.send(control.client, b"RETR list\r\n")
        data = Stream(capture, CLIENT.at(50071 + number), SERVER.at(port)).handshake()
        data.send(data.server, b"a line of a file\n" * 4)
        data.close()
    control.close()


@captures.file("port-short.pcap")
def port_short(capture):
    """Payloads of which a snapshot length leaves little: GTP' over IPv4 and IPv6 (UDP 3386), a ClientHello (UDP 3391),
    DNS (UDP 3386), and unknown octets that are short by themselves."""
    for client, server in ((CLIENT.at(50080), SERVER.at(3386)), (CLIENT6.at(50081), SERVER6.at(3386))):
        capture.udp(client, server, g.transfer(1, cdr.pgw(local_seq=1)))
        capture.udp(server, client, g.answer(1))
    capture.udp(CLIENT6.at(50082), SERVER6.at(3391), tls.dtls_client_hello("random"))
    capture.udp(CLIENT.at(50083), SERVER.at(3386), dns.query(0x1003))
    capture.udp(CLIENT.at(50084), SERVER.at(3386), b"\xc5knock")


def copies(capture, frames):
    """Each of the last frames once more, ten microseconds later."""
    for when, frame in list(capture.frames[-frames:]):
        capture.frames.append((when + 10, frame))
    capture.frames.sort(key=lambda one: one[0])


@captures.file("port-copies.pcap")
def port_copies(capture):
    """Unknown octets on TCP and UDP 3416, ten packets each, that a mirror port captured twice."""
    stream = Stream(capture, CLIENT.at(50090), SERVER.at(3416)).handshake()
    for turn in range(10):
        stream.send((stream.client, stream.server)[turn % 2], unknown(turn), ack=False)
    exchange(capture, CLIENT.at(50091), SERVER.at(3416), 10)
    copies(capture, len(capture.frames))

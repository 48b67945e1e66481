# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures in which what looks like one thing may be another: nothing is named that the capture does not prove."""
import struct
import uuid

from ..base.tls import (APPLICATION_DATA, CHANGE_CIPHER_SPEC, CLIENT_HELLO, DTLS_1_0, DTLS_1_2, HANDSHAKE, SERVER_HELLO,
                        client_body, data, dtls_client_hello, dtls_handshake, dtls_record, dtls_server_hello, record,
                        server_body)
from ..base.wire import ICMP_PORT_UNREACHABLE, SYN, Captures, End, Stream, noise
from . import rdgudp
from .make_rdgudp_stopped import (CLIENT, GATEWAY, HTTPS, LATER, ROUTER, carries_on, hello, https, secret, up,
                                  verify)

captures = Captures(__file__)
CLIENT6, GATEWAY6, ROUTER6 = End("2001:db8::10", 50300), End("2001:db8:0:1::20", 3391), End("2001:db8:2::1")
PACKET_TOO_BIG, PROHIBITED6 = (2, 0), (1, 1)
CONNECTION_ID, SUPPORTED_VERSIONS, DTLS_1_3 = 25, 43, 0xFEFC
CLIENT_2 = End("192.0.2.11", 50300)
OTHER_SESSION = uuid.UUID("c0ffee00-1234-4678-9abc-def012350000")


def long_hello(number):
    """A ClientHello in two datagrams, each with the trailer."""
    body = client_body(DTLS_1_2, "long", cookie=b"\0") + struct.pack("!HHH", 504, 0xFF00, 500) + bytes(500)
    size = len(body).to_bytes(3, "big")
    for i, (start, stop) in enumerate(((0, 300), (300, len(body)))):
        part = body[start:stop]
        message = (bytes([CLIENT_HELLO]) + size + b"\0\0" + start.to_bytes(3, "big") + len(part).to_bytes(3, "big") +
                   part)
        yield dtls_record(HANDSHAKE, message, DTLS_1_0, number=number + i) + rdgudp.trailer()


@captures.file("rdgudp-long-hello.pcap")
def hello_in_fragments(capture):
    """A ClientHello too long for one datagram, sent three times and never answered; TCP 443 carries on. Six datagrams
    are three hellos, and their second halves no answer."""
    session = https(capture)
    for number in range(3):
        for octets in long_hello(2 * number):
            capture.udp(CLIENT, GATEWAY, octets)
        capture.wait(LATER)
    carries_on(session)


@captures.file("rdgudp-icmp6.pcap")
def icmp6(capture):
    """IPv6: a firewall prohibits the first channel (1/1), a router cannot pass the second one's hello (MTU 1280)."""
    quoted = capture.udp(CLIENT6, GATEWAY6, hello("six"))
    capture.icmp(ROUTER6, CLIENT6, PROHIBITED6, quoted[:48])
    quoted = capture.udp(CLIENT6.at(50301), GATEWAY6, hello("six more"))
    capture.icmp(ROUTER6, CLIENT6, PACKET_TOO_BIG, quoted[:48], 1280)


@captures.file("rdgudp-dies-icmp.pcap")
def dies_by_icmp(capture):
    """A channel in use, and then the gateway's port is unreachable; TCP 443 carries on."""
    session = https(capture)
    up(capture)
    quoted = capture.udp(CLIENT, GATEWAY, secret(APPLICATION_DATA, 9, "up"))
    capture.icmp(GATEWAY, CLIENT, ICMP_PORT_UNREACHABLE, quoted[:28])
    carries_on(session)


@captures.file("rdgudp-two-users.pcap")
def two_users(capture):
    """Two sessions of one address (a NAT), none answered over UDP. One TCP connection carries on: whose, nothing
    tells."""
    sessions = [https(capture), Stream(capture, CLIENT.at(50298), GATEWAY.at(HTTPS)).handshake()]
    for session in sessions:
        carries_on(session)
    for number in range(2):
        capture.udp(CLIENT, GATEWAY, hello("one user", number))
        capture.udp(CLIENT.at(50301), GATEWAY,
                    dtls_client_hello("another", number=number) + rdgudp.trailer(OTHER_SESSION), wait=LATER)
    carries_on(sessions[0])


@captures.file("rdgudp-tcp-dead.pcap")
def tcp_dead(capture):
    """No answer, and TCP 443 has only keep-alives and octets that are never acknowledged: nothing carries the
    session."""
    session = https(capture)
    for number in range(2):
        capture.udp(CLIENT, GATEWAY, hello("dead", number), wait=LATER)
    session.next[session.client] -= 1
    session.send(session.client, b"\0")
    for number in range(3):
        built = session.build(session.client, record(APPLICATION_DATA, noise(60, "void")))
        session.record(built)
        session.next[session.client] -= 65
        capture.wait(LATER)
    session.send(session.server, data("asks", 60), ack=False)


@captures.file("rdgudp-moves-back.pcap")
def moves_first_seen_back(capture):
    """A NAT gives the client another port, and the first datagram to it that was captured is the gateway's."""
    up(capture)
    for number in range(4, 7):
        capture.udp(GATEWAY, CLIENT.at(62001), secret(APPLICATION_DATA, number, "up back"))
        capture.udp(CLIENT.at(62001), GATEWAY, secret(APPLICATION_DATA, number + 1, "up"))


@captures.file("rdgudp-not-moved.pcap")
def not_moved(capture):
    """A channel from its start, and another one of the same client that began before the capture, at a higher
    number."""
    up(capture)
    for number in range(30, 33):
        capture.udp(CLIENT.at(50301), GATEWAY, secret(APPLICATION_DATA, number, "other"))
        capture.udp(GATEWAY, CLIENT.at(50301), secret(APPLICATION_DATA, number, "other back"))
    capture.udp(CLIENT, GATEWAY, secret(APPLICATION_DATA, 4, "up"))


@captures.file("rdgudp-connection-id.pcap")
def connection_id(capture):
    """A handshake with connection ids (RFC 9146) of which the gateway's end does not come: the client's Finished, whose
    type is encrypted, is no data."""
    capture.udp(CLIENT, GATEWAY, hello("cid"))
    capture.udp(GATEWAY, CLIENT, dtls_server_hello("cid"))
    secured = struct.pack("!BHHHI", CONNECTION_ID, DTLS_1_2, 1, 0, 0) + noise(4, "cid") + b"\0\x30" + noise(48, "cid")
    capture.udp(CLIENT, GATEWAY, dtls_record(CHANGE_CIPHER_SPEC, b"\1", number=1) + secured)


@captures.file("rdgudp-firewall-before-gateway.pcap")
def firewall_before_gateway(capture):
    """A firewall rejects the first hello; the gateway answers the second one, from where it should."""
    quoted = capture.udp(CLIENT, GATEWAY, hello("late", 20))
    capture.icmp(ROUTER, CLIENT, ICMP_PORT_UNREACHABLE, quoted[:28])
    capture.wait(LATER)
    up(capture, "late")


@captures.file("rdgudp-hellos-behind-data.pcap")
def hellos_behind_data(capture):
    """Two ports that clients use twice, captured by a tap for each direction, of which the gateway's is late: each
    first channel's data stand before the gateway's flights. Of the second port's first channel, the capture lacks
    those."""
    for port, flights in ((50300, True), (50301, False)):
        client = CLIENT.at(port)
        capture.udp(client, GATEWAY, hello(f"first {port}"))
        capture.udp(client, GATEWAY, hello(f"first {port}", 1, b"one cookie"))
        capture.udp(client, GATEWAY, secret(HANDSHAKE, 0, f"first {port}"))
        capture.udp(client, GATEWAY, secret(APPLICATION_DATA, 1, f"first {port}"))
        if flights:
            capture.udp(GATEWAY, client, verify(b"one cookie"))
            capture.udp(GATEWAY, client, dtls_server_hello(f"first {port}"))
        capture.udp(GATEWAY, client, secret(APPLICATION_DATA, 1, f"first {port} back"))
        capture.wait(60)
        capture.udp(client, GATEWAY, hello(f"second {port}"))
        capture.udp(GATEWAY, client, dtls_server_hello(f"second {port}"))
        capture.udp(client, GATEWAY, secret(APPLICATION_DATA, 1, f"second {port}"))


@captures.file("rdgudp-flight-13.pcap")
def flight_13(capture):
    """DTLS 1.3 (RFC 9147): what is encrypted of the gateway's flight stands behind its ServerHello in one datagram,
    once with its length, once without; and the same octets behind a ServerHello that chose DTLS 1.2, where they are
    nothing."""
    record_13 = b"\x2e\0\1" + struct.pack("!H", 90) + noise(90, "flight")
    without_length = b"\x2a\0\2" + noise(70, "end")
    for port, rest, version in ((50300, record_13 * 2, DTLS_1_3), (50301, record_13 + without_length, DTLS_1_3),
                                (50302, record_13, DTLS_1_2)):
        client = CLIENT.at(port)
        body = server_body(DTLS_1_2, f"flight {port}")
        body += struct.pack("!HHHH", 6, SUPPORTED_VERSIONS, 2, version) if version == DTLS_1_3 else b""
        capture.udp(client, GATEWAY, hello(f"flight {port}"))
        capture.udp(GATEWAY, client, dtls_record(HANDSHAKE, dtls_handshake(SERVER_HELLO, body)) + rest)
        capture.udp(client, GATEWAY, record_13)


@captures.file("rdgudp-rival-later.pcap")
def rival_later(capture):
    """No answer, and the main channel carries on. Behind the last datagram the first client opens another connection,
    which carries data as well; the second client's other one is never answered."""
    for number, client in enumerate((CLIENT, CLIENT_2)):
        session = Stream(capture, client.at(50299), GATEWAY.at(HTTPS)).handshake()
        for copy in range(2):
            capture.udp(client, GATEWAY, dtls_client_hello(f"rival {number}", number=copy) + rdgudp.trailer(
                uuid.UUID(int=number + 1)), wait=LATER)
        carries_on(session)
        rival = Stream(capture, client.at(50298), GATEWAY.at(HTTPS))
        if number == 0:
            carries_on(rival.handshake())
        else:
            rival.record(rival.build(rival.client, flags=SYN))

# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of RD Gateway UDP channels that need no key: channels until encryption begins."""
import uuid

from ..base.tls import (ALERT, APPLICATION_DATA, DTLS_1_0, FATAL, HANDSHAKE_FAILURE, data, dtls_client_hello,
                        dtls_hello_verify, dtls_record, dtls_server_hello)
from ..base.wire import (ICMP6_PORT_UNREACHABLE, ICMP_PORT_UNREACHABLE, ICMP_TIME_EXCEEDED, Captures, End, Stream,
                         noise)
from . import rdgudp

captures = Captures(__file__)
CLIENT, GATEWAY, OTHER, ROUTER = End("192.0.2.10"), End("198.51.100.20"), End("198.51.100.30"), End("192.0.2.1")
CLIENT6, GATEWAY6 = End("2001:db8::10"), End("2001:db8:0:1::20")
PORT, HTTPS = 3391, 443


def https(capture, client_port, gateway=GATEWAY, client=CLIENT):
    """A TCP connection to port 443 that has its handshake behind it."""
    return Stream(capture, client.at(client_port), gateway.at(HTTPS)).handshake()


@captures.file("rdgudp-no-answer.pcap")
def no_answer(capture):
    """The silent fallback: the session's TCP 443 is busy, three ClientHellos on UDP 3391 get nothing back, TCP carries
    on."""
    session = https(capture, 50100)
    session.send(session.client, data("before", 80))
    for number in range(3):
        capture.udp(CLIENT.at(50200), GATEWAY.at(PORT), dtls_client_hello("silent", number=number) + rdgudp.trailer(),
                    wait=number)
        session.send(session.client, data(f"asks {number}", 60))
        session.send(session.server, data(f"meanwhile {number}", 80))


@captures.file("rdgudp-fallback-later.pcap")
def fallback_later(capture):
    """Two channels of one session get nothing back while TCP 443 is idle; only afterwards TCP carries data."""
    session = https(capture, 50101)
    session.send(session.client, data("before", 80))
    for number in range(2):
        for port in (50201, 50202):
            capture.udp(CLIENT.at(port), GATEWAY.at(PORT), dtls_client_hello(f"silent {port}", number=number) +
                        rdgudp.trailer(), wait=number)
    session.send(session.client, data("afterwards", 80))
    session.send(session.server, data("afterwards too", 80))


@captures.file("rdgudp-no-fallback.pcap")
def no_fallback(capture):
    """What is no silent fallback: TCP 443 carried data before the channel only, or to another gateway; a single
    ClientHello; an answer that comes late, after the second ClientHello."""
    before = https(capture, 50102)
    before.send(before.client, data("before", 80))
    for number in range(2):
        capture.udp(CLIENT.at(50203), GATEWAY.at(PORT), dtls_client_hello("no https", number=number), wait=number)
    elsewhere = https(capture, 50103, OTHER)
    elsewhere.send(elsewhere.client, data("elsewhere", 80))
    capture.udp(CLIENT.at(50204), OTHER.at(PORT), dtls_client_hello("once"))
    elsewhere.send(elsewhere.server, data("elsewhere too", 80))
    for number in range(2):
        capture.udp(CLIENT.at(50205), OTHER.at(PORT), dtls_client_hello("late", number=number), wait=number)
    capture.udp(OTHER.at(PORT), CLIENT.at(50205), dtls_hello_verify())
    elsewhere.send(elsewhere.server, data("and more", 80))


@captures.file("rdgudp-refused.pcap")
def refused(capture):
    """ICMP port unreachable that quotes the UDP header only, with TCP 443 alongside; ICMPv6 with the whole ClientHello;
    time exceeded on the way, which says nothing of the port."""
    session = https(capture, 50104)
    datagram = capture.udp(CLIENT.at(50206), GATEWAY.at(PORT), dtls_client_hello("refused") + rdgudp.trailer())
    session.send(session.client, data("meanwhile", 80))
    session.send(session.server, data("meanwhile too", 80))
    capture.icmp(GATEWAY, CLIENT, ICMP_PORT_UNREACHABLE, datagram[:28])
    datagram = capture.udp(CLIENT6.at(50207), GATEWAY6.at(PORT), dtls_client_hello("refused six") + rdgudp.trailer())
    capture.icmp(GATEWAY6, CLIENT6, ICMP6_PORT_UNREACHABLE, datagram)
    datagram = capture.udp(CLIENT.at(50208), GATEWAY.at(PORT), dtls_client_hello("too far"))
    capture.icmp(ROUTER, CLIENT, ICMP_TIME_EXCEEDED, datagram[:28])


@captures.file("rdgudp-alert.pcap")
def alert(capture):
    """A gateway that ends the handshake with the fatal alert handshake_failure; the client tries again with a new
    ClientHello and gets no further than that."""
    client, gateway = CLIENT.at(50209), GATEWAY.at(PORT)
    capture.udp(client, gateway, dtls_client_hello("alert") + rdgudp.trailer())
    capture.udp(gateway, client, dtls_hello_verify())
    capture.udp(gateway, client, dtls_record(ALERT, bytes([FATAL, HANDSHAKE_FAILURE])))
    capture.udp(client, gateway, dtls_client_hello("again") + rdgudp.trailer(), wait=1)


@captures.file("rdgudp-old-dtls.pcap")
def old_dtls(capture):
    """A scanner's ClientHello, which offers DTLS 1.0 only and has no trailer, and a gateway that chooses DTLS 1.0."""
    client, gateway = CLIENT.at(50210), GATEWAY.at(PORT)
    capture.udp(client, gateway, dtls_client_hello("old", DTLS_1_0))
    capture.udp(gateway, client, dtls_hello_verify())
    capture.udp(gateway, client, dtls_server_hello("old gateway", DTLS_1_0))


@captures.file("rdgudp-midstream.pcap")
def midstream(capture):
    """A capture that begins when the channel is up: encrypted records both ways, then an encrypted alert."""
    client, gateway = CLIENT.at(50211), GATEWAY.at(PORT)
    for number in range(2):
        capture.udp(client, gateway, dtls_record(APPLICATION_DATA, noise(60, f"up {number}"), epoch=1, number=number))
        capture.udp(gateway, client, dtls_record(APPLICATION_DATA, noise(70, f"down {number}"), epoch=1, number=number))
    capture.udp(client, gateway, dtls_record(ALERT, noise(26, "bye"), epoch=1, number=2))


@captures.file("rdgudp-cleartext.pcap")
def cleartext(capture):
    """Fragments without DTLS, as the templates of a scanner send them: one whose pktLen is right, one whose pktLen
    counts too much; then the same octets on an undocumented port, and noise on 3391."""
    right, wrong = bytes.fromhex("05000700000041000100" "00"), bytes.fromhex("05000c00000041000100" "0000")
    capture.udp(CLIENT.at(50212), GATEWAY.at(PORT), right)
    capture.udp(CLIENT.at(50213), GATEWAY.at(PORT), wrong)
    capture.udp(CLIENT.at(50214), GATEWAY.at(5433), right)
    capture.udp(CLIENT.at(50215), GATEWAY.at(PORT), b"\5\0" + noise(20, "not a fragment"))


@captures.file("rdgudp-not-ours.pcap")
def not_ours(capture):
    """DTLS of another application, whose client was assigned port 3391: ClientHello, HelloVerifyRequest,
    ClientHello."""
    client, server = CLIENT.at(PORT), GATEWAY.at(5684)
    capture.udp(client, server, dtls_client_hello("coap"))
    capture.udp(server, client, dtls_hello_verify())
    capture.udp(client, server, dtls_client_hello("coap", number=1))


@captures.file("rdgudp-sessions.pcap")
def sessions(capture):
    """Three channels begin: the first and the third belong to one session, by their correlation id; a fourth has
    no id."""
    other = uuid.UUID("0ddba11e-1234-4678-9abc-def012340000")
    for port, trailer in ((50216, rdgudp.trailer()), (50217, rdgudp.trailer(other)), (50218, rdgudp.trailer()),
                          (50219, b"")):
        capture.udp(CLIENT.at(port), GATEWAY.at(PORT), dtls_client_hello(f"session {port}") + trailer)
        capture.udp(GATEWAY.at(PORT), CLIENT.at(port), dtls_hello_verify())


@captures.file("rdgudp-cut.pcap")
def cut(capture):
    """Datagrams that end too early for DTLS: the ClientHello's trailer cut by one octet, a record longer than its
    datagram, an alert of one octet."""
    client, gateway = CLIENT.at(50220), GATEWAY.at(PORT)
    capture.udp(client, gateway, (dtls_client_hello("cut") + rdgudp.trailer())[:-1])
    capture.udp(gateway, client, dtls_hello_verify()[:-1])
    capture.udp(gateway, client, dtls_record(ALERT, b"\2"))

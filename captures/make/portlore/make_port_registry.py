# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures about ports that are not documented ones, of which IANA's registry tells."""
from ..base import dns
from ..base.wire import Captures, End, Stream, noise
from .make_ports import http, tls_alert, tls_client_hello

captures = Captures(__file__)
CLIENT, OTHER_CLIENT = End("192.0.2.10"), End("192.0.2.11")
SERVER, OTHER_SERVER = End("198.51.100.20"), End("198.51.100.21")


def tls(capture, client, server):
    """A TLS handshake that fails."""
    stream = Stream(capture, client, server).handshake()
    stream.send(stream.client, tls_client_hello())
    stream.send(stream.server, tls_alert())
    stream.close()


def lookup(capture, client, server, number):
    capture.udp(client, server, dns.query(number))
    capture.udp(server, client, dns.answer(number))


@captures.file("port-registry.pcap")
def port_registry(capture):
    """An office: TLS on 443, DNS on 53, HTTP on 5985 (WS-Management), 8291 and 6514 (syslog over TLS), TLS on 80 and
    62078; octets that no dissector recognises on TCP 1053 and UDP 1491, of which the registry has an
    unauthorized use; a refused try of 3388, and one of 2049 without an answer."""
    for number, client in enumerate((CLIENT, OTHER_CLIENT), 1):
        lookup(capture, client.at(50000 + number), SERVER.at(53), number)
        tls(capture, client.at(50010 + number), OTHER_SERVER.at(443))
    tls(capture, CLIENT.at(50013), SERVER.at(443))
    http(capture, CLIENT.at(50020), SERVER.at(5985))
    tls(capture, CLIENT.at(50030), SERVER.at(80))
    http(capture, OTHER_CLIENT.at(50040), OTHER_SERVER.at(8291))
    tls(capture, OTHER_CLIENT.at(50041), OTHER_SERVER.at(62078))
    stream = Stream(capture, CLIENT.at(50050), SERVER.at(1053)).handshake()
    stream.send(stream.client, b"\xc1" + noise(40, "unknown to 1053"))
    stream.send(stream.server, b"\xc1" + noise(40, "unknown from 1053"))
    stream.close()
    for turn in range(2):
        capture.udp(CLIENT.at(50060), SERVER.at(1491), b"\xc1" + noise(40, f"unknown {turn}"))
    refused = Stream(capture, CLIENT.at(50070), SERVER.at(3388))
    refused.syn()
    refused.reset(refused.server)
    Stream(capture, CLIENT.at(50080), SERVER.at(2049)).syn()
    http(capture, CLIENT.at(50090), SERVER.at(6514))

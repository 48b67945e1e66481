# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures about the five ports: services on them, clients that were assigned them, and probes."""
from ..base import dns, tls
from ..base.wire import (ICMP6_PORT_UNREACHABLE, ICMP_PORT_UNREACHABLE, ICMP_TIME_EXCEEDED, Captures, End, Stream,
                         noise)
from ..gtpp import cdr
from ..gtpp import gtpprime as g

captures = Captures(__file__)
CLIENT, SERVER, ROUTER = End("192.0.2.10"), End("198.51.100.20"), End("192.0.2.1")
CLIENT6, SERVER6 = End("2001:db8::10"), End("2001:db8:0:1::20")

HTTP_GET = b"GET /status HTTP/1.1\r\nHost: www.example\r\nUser-Agent: example/1.0\r\nAccept: */*\r\n\r\n"
HTTP_OK = b"HTTP/1.1 200 OK\r\nServer: example\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nready\n"


def http(capture, client, server):
    """A whole HTTP conversation."""
    stream = Stream(capture, client, server).handshake()
    stream.send(stream.client, HTTP_GET)
    stream.send(stream.server, HTTP_OK)
    stream.close()


def tls_client_hello():
    """A TLS 1.2 record with a ClientHello."""
    hello = tls.handshake(tls.CLIENT_HELLO, tls.client_body(tls.TLS_1_2, "client random"))
    return tls.record(tls.HANDSHAKE, hello, tls.TLS_1_0)


def tls_alert():
    """A fatal alert: handshake_failure."""
    return tls.record(tls.ALERT, bytes([tls.FATAL, tls.HANDSHAKE_FAILURE]))


@captures.file("port-3406-http.pcap")
def port_3406_http(capture):
    """HTTP with its handshake on TCP 3406: another known protocol on a documented port."""
    http(capture, CLIENT.at(49152), SERVER.at(3406))


NDB_VERSION = 8 << 16 | 0 << 8 | 36
NDB_VERSION_REPLY = (f"version\nid: {NDB_VERSION}\nmajor: 8\nminor: 0\nbuild: 36\nstring: mysql-8.0.36 ndb-8.0.36\n"
                     "mysql_major: 8\nmysql_minor: 0\nmysql_build: 36\n\n")
NDB_NODEID_REQUEST = (f"get nodeid\nversion: {NDB_VERSION}\nnodetype: 1\nnodeid: 0\nuser: mysqld\npassword: mysqld\n"
                      "public key: a public key\nendian: little\nlog_event: 1\nname: \n\n")
NDB_EVENT_REQUEST = "listen event\nparsable: 1\nfilter: 15 1 15 2\n\n"
NDB_EVENT = "log event reply\ntype=0\ntime=1709632800\nsource_nodeid=1\nnode=2\n\n"


def ndb_status_reply():
    """The state of two data nodes, the management server and one API node."""
    lines = ["node status", "nodes: 4"]
    for node, kind, status, group in ((1, "NDB", "STARTED", 0), (2, "NDB", "STARTING", 0), (3, "MGM", "STARTED", 0),
                                      (4, "API", "NO_CONTACT", 0)):
        known = NDB_VERSION if status != "NO_CONTACT" else 0
        lines += [f"node.{node}.type: {kind}", f"node.{node}.status: {status}", f"node.{node}.version: {known}",
                  f"node.{node}.startphase: {4 if status == 'STARTING' else 0}", f"node.{node}.dynamic_id: 0",
                  f"node.{node}.node_group: {group}", f"node.{node}.connect_count: 0",
                  f"node.{node}.address: 192.0.2.{30 + node}"]
    return "\n".join(lines) + "\n\n"


@captures.file("port-3406-ndb.pcap")
def port_3406_ndb(capture):
    """The NDB management protocol on TCP 3406: version, status, node id, an unknown command, then an event stream."""
    stream = Stream(capture, CLIENT.at(49153), SERVER.at(3406)).handshake()
    dialogue = (("get version\n\n", NDB_VERSION_REPLY), ("get status\n\n", ndb_status_reply()),
                (NDB_NODEID_REQUEST, "get nodeid reply\nnodeid: 4\nresult: Ok\n\n"),
                ("get weather\n\n", "result: Unknown command, 'get weather'\n\n"))
    for request, reply in dialogue:
        stream.send(stream.client, request.encode(), ack=False)
        stream.send(stream.server, reply.encode())
    stream.close()
    events = Stream(capture, CLIENT.at(49154), SERVER.at(3406), 2000, 6000).handshake()
    events.send(events.client, NDB_EVENT_REQUEST.encode(), ack=False)
    for reply in ("listen event\nresult: 0\nmsg: Ok\n\n", NDB_EVENT, "<PING>\n"):
        events.send(events.server, reply.encode())
        capture.wait(5)
    events.close()


@captures.file("port-3311-sustained.pcap")
def port_3311_sustained(capture):
    """An unknown protocol on TCP 3311, 30 packets with payload, both ways."""
    stream = Stream(capture, CLIENT.at(49155), SERVER.at(3311)).handshake()
    for turn in range(15):
        stream.send(stream.client, b"\xc1" + noise(40 + turn, f"3311 client {turn}"), ack=False)
        stream.send(stream.server, b"\xc2" + noise(90 + turn, f"3311 server {turn}"), ack=False)
        capture.wait(0.5)
    stream.close()


@captures.file("port-3416-sustained-udp.pcap")
def port_3416_sustained_udp(capture):
    """An unknown protocol on UDP 3416: 30 packets both ways in one conversation, only 4 in another."""
    for client, turns in ((CLIENT.at(49156), 15), (CLIENT.at(49157), 2)):
        for turn in range(turns):
            capture.udp(client, SERVER.at(3416), b"\xc3" + noise(48, f"3416 client {client.port} {turn}"))
            capture.udp(SERVER.at(3416), client, b"\xc4" + noise(72, f"3416 server {client.port} {turn}"))
            capture.wait(0.5)


@captures.file("port-probes.pcap")
def port_probes(capture):
    """Probes only: reset (TCP 3311), silence (TCP 3406), ICMP and ICMPv6 unreachable (UDP 3416, 3391), and time
    exceeded (UDP 3386), which says nothing about the port."""
    refused = Stream(capture, CLIENT.at(49160), SERVER.at(3311))
    refused.syn()
    refused.next[refused.server] = 0
    refused.reset(refused.server)
    silent = Stream(capture, CLIENT.at(49161), SERVER.at(3406), 3000)
    syn = silent.syn()
    for pause in (1, 2):
        capture.wait(pause)
        silent.record(syn)
    quoted = capture.udp(CLIENT.at(49162), SERVER.at(3416), b"knock\n", wait=1)
    capture.icmp(SERVER, CLIENT, ICMP_PORT_UNREACHABLE, quoted)
    quoted = capture.udp(CLIENT6.at(49163), SERVER6.at(3391), tls.dtls_client_hello("client random"))
    capture.icmp(SERVER6, CLIENT6, ICMP6_PORT_UNREACHABLE, quoted)
    quoted = capture.udp(CLIENT.at(49164), SERVER.at(3386), g.echo_request(1))
    capture.icmp(ROUTER, CLIENT, ICMP_TIME_EXCEEDED, quoted[:28])


@captures.file("port-ephemeral.pcap")
def port_ephemeral(capture):
    """Clients whose system assigned them 3311, 3416, 3391, 3406 and 3386, towards HTTPS, DNS and HTTP servers."""
    https = Stream(capture, CLIENT.at(3311), SERVER.at(443)).handshake()
    https.send(https.client, tls_client_hello())
    https.send(https.server, tls_alert())
    https.close()
    capture.udp(CLIENT.at(3416), SERVER.at(53), dns.query(0x1001))
    capture.udp(SERVER.at(53), CLIENT.at(3416), dns.answer(0x1001))
    capture.udp(SERVER.at(53), CLIENT.at(3391), dns.answer(0x1002))
    midstream = Stream(capture, CLIENT.at(3406), SERVER.at(443), 70000, 90000)
    for end in (midstream.client, midstream.server, midstream.client):
        midstream.send(end, tls.data(f"tls {end.port} {len(capture.frames)}"))
    http(capture, CLIENT.at(3386), SERVER.at(8080))


@captures.file("port-3386-foreign.pcap")
def port_3386_foreign(capture):
    """Traffic of other protocols: HTTP on TCP 3386, DNS and noise on UDP 3386, zeros on UDP 3391, text on TCP 3391."""
    http(capture, CLIENT.at(49170), SERVER.at(3386))
    capture.udp(CLIENT.at(49171), SERVER.at(3386), dns.query(0xA10B))
    for turn in range(3):
        capture.udp(CLIENT.at(49172), SERVER.at(3386), b"\xc5" + noise(60, f"3386 {turn}"))
    capture.udp(CLIENT.at(49173), SERVER.at(3391), bytes(64))
    text = Stream(capture, CLIENT.at(49174), SERVER.at(3391), 4000, 8000).handshake()
    text.send(text.client, b"hello from an example\n")
    text.send(text.server, b"hello to an example\n")
    text.close()


@captures.file("port-3386-both-ends.pcap")
def port_3386_both_ends(capture):
    """GTP' Echo between two nodes that both use UDP 3386."""
    left, right = CLIENT.at(3386), SERVER.at(3386)
    capture.udp(left, right, g.echo_request(1))
    capture.udp(right, left, g.echo_response(1))
    capture.udp(right, left, g.echo_request(1), wait=1)
    capture.udp(left, right, g.echo_response(1, 3))


@captures.file("port-mixed-ipv6.pcap")
def port_mixed_ipv6(capture):
    """GTP' on 3386 over IPv6, UDP and TCP, with an Echo over IPv4 in between."""
    client, server = CLIENT6.at(49180), SERVER6.at(3386)
    capture.udp(client, server, g.message(g.NODE_ALIVE_REQUEST, 1, g.node_address("2001:db8::10")))
    capture.udp(server, client, g.message(g.NODE_ALIVE_RESPONSE, 1))
    capture.udp(CLIENT.at(49181), SERVER.at(3386), g.echo_request(1))
    capture.udp(SERVER.at(3386), CLIENT.at(49181), g.echo_response(1))
    capture.udp(client, server, g.transfer(2, cdr.pgw(node="2001:db8::10", pdp="2001:db8:0:2::5")))
    capture.udp(server, client, g.answer(2))
    stream = Stream(capture, CLIENT6.at(49182), SERVER6.at(3386)).handshake()
    stream.send(stream.client, g.echo_request(1))
    stream.send(stream.server, g.echo_response(1))
    stream.close()


@captures.file("port-3386-midstream.pcap")
def port_3386_midstream(capture):
    """GTP' that was already under way: TCP 3386 without its handshake, and UDP whose first packet is a response."""
    stream = Stream(capture, CLIENT.at(49190), SERVER.at(3386), 500000, 700000)
    stream.send(stream.client, g.transfer(40, cdr.pgw(local_seq=40)))
    stream.send(stream.server, g.answer(40))
    stream.send(stream.client, g.echo_request(41))
    stream.send(stream.server, g.echo_response(41))
    client, server = CLIENT.at(49191), SERVER.at(3386)
    capture.udp(server, client, g.answer(80))
    capture.udp(client, server, g.transfer(81, cdr.pgw(local_seq=81)))
    capture.udp(server, client, g.answer(81))

# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of RD Gateways' main channels, in TLS whose keys are inside the files."""
import uuid

from ..base import tls
from ..base.tls_stream import Endpoints, TlsStream
from ..base.wire import START, Captures, End, Stream, noise
from . import rdghttp as h

captures = Captures(__file__)
CLIENT, GATEWAY = End("192.0.2.10", 50100), End("198.51.100.20", 443)
COOKIE = h.cookie(START + 300)
X224_REQUEST = bytes.fromhex("0300002d28e00000000000436f6f6b69653a206d737473686173683d4558414d504c450d0a"
                             "0100080003000000")
X224_CONFIRM = bytes.fromhex("030000130ed000001234000209080003000000")
X224_DATA = bytes.fromhex("0300000702f080")
ERECT_DOMAIN, ATTACH_USER = bytes.fromhex("0300000c02f0800401000100"), bytes.fromhex("0300000802f08028")
SEND_DATA = bytes.fromhex("0300001602f08068000103eb70080400000000000000")


def connect(capture, label, port=50100):
    """A TLS connection to the gateway."""
    return TlsStream(Stream(capture, CLIENT.at(port), GATEWAY), label)


def client(stream, *packets):
    """Each packet in a WebSocket message and a record of its own."""
    stream.send("client", *(h.frame(packet, masked=True) for packet in packets))


def gateway(stream, *packets):
    """Likewise from the gateway."""
    stream.send("server", *(h.frame(packet, masked=False) for packet in packets))


def upgrade(stream, **words):
    """The request and its answer."""
    stream.send("client", h.request(**words))
    stream.send("server", h.SWITCHING)


def open_channel(stream, answer, caps=h.ALL_CAPS, gateway_caps=h.ALL_CAPS):
    """From the handshake to the answer to CHANNEL_CREATE."""
    for ask, reply in ((h.handshake(), h.handshake_response()),
                       (h.tunnel_create(caps), h.tunnel_response(caps=gateway_caps)),
                       (h.tunnel_auth(), h.tunnel_auth_response()), (h.channel_create("host.example"), answer)):
        client(stream, ask)
        gateway(stream, reply)


@captures.file("rdghttp-websocket.pcapng")
def websocket(capture):
    """A main channel over WebSocket: NTLM in three rounds, UDP offered, RDP with TLS of its own inside, a normal
    end."""
    stream = connect(capture, "websocket")
    stream.send("client", h.request(headers=[f"Authorization: Negotiate {h.negotiate(1)}"]))
    stream.send("server", h.refusal("401 Unauthorized", f"WWW-Authenticate: Negotiate {h.negotiate(2)}"))
    stream.send("client", h.request(headers=[f"Authorization: Negotiate {h.negotiate(3)}"]))
    stream.send("server", h.SWITCHING)
    open_channel(stream, h.channel_response(cookie=COOKIE))
    client(stream, h.data(X224_REQUEST))
    gateway(stream, h.data(X224_CONFIRM))
    inner = Endpoints("inner", "host.example")
    capture.secrets += inner.keys
    for end, octets in inner.handshake():
        (client if end == "client" else gateway)(stream, h.data(octets))
    client(stream, h.data(inner.data("client", X224_DATA)))
    gateway(stream, h.data(inner.data("server", X224_DATA)))
    client(stream, h.close())
    gateway(stream, h.close_response())
    stream.send("client", h.frame(b"\x03\xe8", masked=True, opcode=h.CLOSE))
    stream.stream.reset(stream.stream.client)


@captures.file("rdghttp-borders.pcapng")
def borders(capture):
    """A main channel over WebSocket behind a proxy: a request over three records, packets that share a message, a
    packet in many messages of one octet, fragments with a ping between them, DATA longer than a TLS record, and an RDP
    record over two DATA packets."""
    stream = connect(capture, "borders")
    request = h.request()
    stream.send("client", request[:3], request[3:100], request[100:])
    stream.send("server", h.SWITCHING)
    client(stream, h.handshake() + h.tunnel_create() + h.tunnel_auth())
    whole = h.handshake_response() + h.tunnel_response() + h.tunnel_auth_response()
    gateway(stream, whole[:20], whole[20:41], whole[41:])
    gateway(stream, *(bytes([octet]) for octet in h.packet(h.KEEPALIVE)))
    create = h.channel_create("host.example")
    stream.send("client", h.frame(create[:12], True, fin=False), h.frame(b"", True, opcode=h.PING),
                h.frame(create[12:], True, opcode=h.CONTINUATION))
    gateway(stream, h.channel_response(cookie=COOKIE))
    client(stream, h.data(X224_REQUEST[:10]), h.data(X224_REQUEST[10:]))
    gateway(stream, h.data(X224_CONFIRM))
    gateway(stream, h.data(tls.data("large", 16379)))
    client(stream, h.close(0x800759F6))


@captures.file("rdghttp-two-channels.pcapng")
def two_channels(capture):
    """A main channel over two HTTP channels: the gateway without WebSocket, its seed, packets in chunks, a chunk over
    two records."""
    out = connect(capture, "out")
    out.send("client", h.request(websocket=False))
    out.send("server", h.response("200 OK", "Content-Type: application/octet-stream"))
    out.send("server", h.SEED)
    into = connect(capture, "in", 50101)
    into.send("client", h.request("RDG_IN_DATA", ["Content-Length: 0"], websocket=False))
    into.send("server", h.response("200 OK", "Content-Length: 0"))
    into.send("client", h.request("RDG_IN_DATA", ["Transfer-Encoding: chunked"], websocket=False))
    pairs = ((h.handshake(), h.handshake_response()), (h.tunnel_create(), h.tunnel_response()),
             (h.tunnel_auth(), h.tunnel_auth_response()),
             (h.channel_create("host.example"), h.channel_response(cookie=COOKIE)))
    for ask, reply in pairs:
        octets = h.chunk(ask)
        into.send("client", octets[:9], octets[9:])
        out.send("server", reply[:11], reply[11:])
    into.send("client", h.chunk(h.data(X224_REQUEST)))
    out.send("server", h.data(X224_CONFIRM) + h.packet(h.KEEPALIVE))
    into.send("client", h.chunk(h.close()) + h.chunk(b""))
    out.send("server", h.close_response())


@captures.file("rdghttp-inner.pcapng")
def inner_words(capture):
    """RDP inside that writes into the packet list in different ways: over two HTTP channels in TLS of its own, X.224
    and T.125 one in a record and several in a record; and without TLS, several in a DATA."""
    out = connect(capture, "words out")
    out.send("client", h.request(websocket=False))
    out.send("server", h.response("200 OK", "Content-Type: application/octet-stream"))
    out.send("server", h.SEED)
    into = connect(capture, "words in", 50101)
    into.send("client", h.request("RDG_IN_DATA", ["Transfer-Encoding: chunked"], websocket=False))

    def send(end, octets):
        if end == "client":
            into.send("client", h.chunk(h.data(octets)))
        else:
            out.send("server", h.data(octets))
    send("client", X224_REQUEST)
    send("server", X224_CONFIRM)
    inner = Endpoints("words", "host.example")
    capture.secrets += inner.keys
    for end, octets in inner.handshake():
        send(end, octets)
    send("client", inner.data("client", ERECT_DOMAIN))
    send("client", inner.data("client", ATTACH_USER))
    send("server", inner.data("server", SEND_DATA))
    send("client", inner.data("client", X224_DATA + X224_DATA))
    send("server", inner.data("server", X224_DATA) + inner.data("server", X224_DATA))
    stream = connect(capture, "words websocket", 50102)
    upgrade(stream, connection=uuid.UUID(int=1))
    client(stream, h.data(X224_REQUEST))
    gateway(stream, h.data(X224_DATA + X224_DATA), h.data(SEND_DATA))


@captures.file("rdghttp-packets.pcapng")
def packets(capture):
    """Packets that are rare: NTLM inside the tunnel, PAA cookie, consent, statement of health, alternative targets,
    service message, authentication anew, an unknown type, and lengths that do not fit."""
    stream = connect(capture, "packets")
    upgrade(stream, headers=["RDG-Auth-Scheme: SSPI_NTLM"])
    client(stream, h.handshake(4))
    gateway(stream, h.handshake_response())
    client(stream, h.packet(h.EXTENDED_AUTH, bytes(4) + h.counted(h.ntlm(1))))
    client(stream, h.tunnel_create(paa="token\0".encode("utf-16-le"), reauth=4))
    more = noise(16, "nonce") + h.text("CN=gateway.example") + h.text("Only for work.")
    gateway(stream, h.tunnel_response(more=0x14, rest=more))
    client(stream, h.tunnel_auth(soh=b"healthy"))
    gateway(stream, h.tunnel_auth_response(redirection=0x0B, idle=30))
    client(stream, h.channel_create("host.example", "192.0.2.77", alternatives=("other.example",)))
    gateway(stream, h.channel_response(udp_port=443, cookie=noise(40, "no cookie")))
    gateway(stream, h.packet(h.SERVICE_MESSAGE, h.text("The gateway restarts in five minutes.")))
    gateway(stream, h.packet(h.REAUTH_MESSAGE, (4).to_bytes(8, "little")))
    client(stream, h.packet(99, b"what is this"))
    client(stream, h.packet(h.DATA, h.counted(b"12345")[:-1]))
    client(stream, h.packet(h.KEEPALIVE, b"more"))
    gateway(stream, b"\xff" * 30)
    gateway(stream, h.close(0x800759FB))
    client(stream, h.packet(h.CLOSE_CHANNEL_RESPONSE, bytes(12)))


@captures.file("rdghttp-no-udp.pcapng")
def no_udp(capture):
    """Why UDP is not used, one connection each: the client does not announce it, the gateway does not, gives no port,
    no cookie; it refuses the target, the client's computer, the tunnel; the session is refused at HTTP."""
    offers = [({"caps": 0x0D}, h.channel_response(udp_port=None)),
              ({"gateway_caps": 0x02}, h.channel_response(udp_port=None)), ({}, h.channel_response(udp_port=None)),
              ({}, h.channel_response()), ({}, h.channel_response(code=0x800759DA))]
    for number, (words, answer) in enumerate(offers):
        stream = connect(capture, f"offer {number}", 50200 + number)
        upgrade(stream, connection=uuid.UUID(int=number + 1))
        open_channel(stream, answer, **words)
        stream.stream.close()
    stream = connect(capture, "cap", 50210)
    upgrade(stream, connection=uuid.UUID(int=20))
    client(stream, h.tunnel_create())
    gateway(stream, h.tunnel_response())
    client(stream, h.tunnel_auth())
    gateway(stream, h.tunnel_auth_response(code=0x800759ED))
    gateway(stream, h.tunnel_auth_response(code=0x59DB))
    stream = connect(capture, "paa", 50211)
    upgrade(stream, connection=uuid.UUID(int=21))
    client(stream, h.tunnel_create(paa=b"old"))
    gateway(stream, h.tunnel_response(code=0x800759F8))
    stream = connect(capture, "refused", 50212)
    stream.send("client", h.request(connection=uuid.UUID(int=22)))
    stream.send("server", h.refusal("401 User Account Restricted", "RDG-Auth-Scheme: SMARTCARD",
                                    "WWW-Authenticate: Negotiate", "WWW-Authenticate: Basic realm=\"x\""))
    stream.stream.close()


@captures.file("rdghttp-plain.pcap")
def plain(capture):
    """A main channel behind a balancer that ends TLS: the same octets in TCP, for Decode As."""
    stream = Stream(capture, CLIENT, GATEWAY.at(8080)).handshake()
    request = h.request()
    stream.send(stream.client, request, cuts=(3, 200))
    stream.send(stream.server, h.SWITCHING)
    stream.send(stream.client, h.frame(h.handshake(), True) + h.frame(h.tunnel_create(), True)[:9])
    stream.send(stream.client, h.frame(h.tunnel_create(), True)[9:])
    stream.send(stream.server, h.frame(h.handshake_response(), False) + h.frame(h.tunnel_response(), False))


@captures.file("rdghttp-others.pcapng")
def others(capture):
    """What is no main channel: HTTP in TLS with methods and answers of its own, and a WebSocket whose messages are
    binary; then a main channel that asked with GET."""
    stream = connect(capture, "https")
    stream.send("client", b"GET / HTTP/1.1\r\nHost: gateway.example\r\n\r\n")
    stream.send("server", h.response("200 OK", "Content-Length: 2", body=b"hi"))
    stream.send("client", b"RPC_OUT_DATA /rpc/rpcproxy.dll HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
    stream.send("server", h.refusal("404 Not Found"))
    get = h.request().replace(b"RDG_OUT_DATA", b"GET")
    for label, port, ask, reply in (("chat", 50111, h.data(b"hello"), h.packet(h.KEEPALIVE)),
                                    ("get", 50112, h.handshake(), h.handshake_response())):
        stream = connect(capture, label, port)
        stream.send("client", get)
        stream.send("server", h.SWITCHING)
        client(stream, ask)
        gateway(stream, reply)

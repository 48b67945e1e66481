"""Traffic of protocols that are none of ours, for tests.

HTTP, TLS and DNS queries are what Debian's own programs and libraries say: Python's http.server, OpenSSL, the C
library's resolver. They talk over memory and socket pairs, because a test may have to do without any network, and the
packets are put around their octets here. RTP, SIP, DNS answers and encrypted datagrams are written here.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import ctypes
import ctypes.util
import http.server
import random
import re
import socket
import ssl
import struct
import threading

from wire import Capture, End, Pair, Stream

CLIENT, SERVER = End("192.0.2.10", 50000), End("198.51.100.20")
SEGMENT = 1400


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers a question with a page, and another with an error."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):  # noqa: N802  (named by http.server)
        if self.path != "/":
            self.send_error(404)
            return
        page = b"<html><body>" + b"An example. " * 300 + b"</body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        pass


def say(stream, said):
    """Puts what was said on a TCP connection, in segments."""
    for from_client, octets in said:
        if octets:
            stream.send(stream.client if from_client else stream.server, octets, range(SEGMENT, len(octets), SEGMENT))


def http_traffic(capture):
    """http.server's answers to two questions."""
    ours, theirs = socket.socketpair()
    ours.settimeout(20)
    thread = threading.Thread(target=Handler, args=(theirs, ("192.0.2.10", CLIENT.port), None))
    thread.start()
    said = []
    for path in ("/", "/nothing-here"):
        request = f"GET {path} HTTP/1.1\r\nHost: www.example\r\n\r\n".encode()
        ours.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += ours.recv(65536)
        head, _, body = answer.partition(b"\r\n\r\n")
        length = int(re.search(rb"Content-Length: (\d+)", head)[1])
        while len(body) < length:
            body += ours.recv(65536)
        said += [(True, request), (False, head + b"\r\n\r\n" + body)]
    ours.close()
    thread.join()
    theirs.close()
    stream = Stream(capture, CLIENT, SERVER.at(80)).handshake()
    say(stream, said)
    stream.close()


def tls_traffic(capture):
    """OpenSSL on both ends, in memory. Without a certificate, which neither the test nor Wireshark needs."""
    ends = []
    for purpose in (ssl.PROTOCOL_TLS_CLIENT, ssl.PROTOCOL_TLS_SERVER):
        context = ssl.SSLContext(purpose)
        if purpose == ssl.PROTOCOL_TLS_CLIENT:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("AECDH:@SECLEVEL=0")
        inward, outward = ssl.MemoryBIO(), ssl.MemoryBIO()
        side = context.wrap_bio(inward, outward, server_side=purpose == ssl.PROTOCOL_TLS_SERVER)
        ends.append((side, inward, outward))
    said = []

    def carry():
        for number, (_, _, outward) in enumerate(ends):
            octets = outward.read()
            if octets:
                said.append((number == 0, octets))
                ends[1 - number][1].write(octets)

    waiting = [ends[0][0], ends[1][0]]
    while waiting:
        for end in list(waiting):
            try:
                end.do_handshake()
                waiting.remove(end)
            except ssl.SSLWantReadError:
                pass
            carry()
    for number in (0, 1):
        ends[number][0].write(b"An example. " * 200)
        carry()
    stream = Stream(capture, CLIENT.at(50001), SERVER.at(443)).handshake()
    say(stream, said)
    stream.close()


def dns_traffic(capture):
    """The resolver's queries; answers are written here."""
    resolver = ctypes.CDLL(ctypes.util.find_library("resolv") or "libc.so.6")
    make_query = getattr(resolver, "res_mkquery", None) or getattr(resolver, "__res_mkquery")
    for number, (name, kind) in enumerate((("www.example", 1), ("www.example", 28), ("example", 15))):
        room = ctypes.create_string_buffer(512)
        length = make_query(0, name.encode(), 1, kind, None, 0, None, room, len(room))
        assert length > 0
        query = room.raw[:length]
        pair = Pair(capture, CLIENT.at(50100 + number), SERVER.at(53))
        pair.ask(query)
        head = query[:2] + b"\x81\x80" + query[4:6] + b"\0\1" + query[8:]
        value = {1: bytes((192, 0, 2, 1)), 28: bytes(15) + b"\1", 15: b"\0\x0a\xc0\x0c"}[kind]
        pair.reply(head + b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 3600, len(value)) + value)


def call_traffic(capture):
    """A call: SIP sets it up, RTP carries it."""
    body = ("v=0\r\no=- 1 1 IN IP4 {0}\r\ns=-\r\nc=IN IP4 {0}\r\nt=0 0\r\nm=audio {1} RTP/AVP 0\r\n"
            "a=rtpmap:0 PCMU/8000\r\n")
    dialog = ("Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK1\r\nFrom: <sip:a@example>;tag=1\r\n"
              "To: <sip:b@example>{}\r\nCall-ID: 1@example\r\nCSeq: 1 {}\r\n")
    signals = Pair(capture, CLIENT.at(5060), SERVER.at(5060))

    def message(first, method, tag="", sdp=""):
        head = f"{first}\r\n{dialog.format(tag, method)}"
        if sdp:
            head += "Content-Type: application/sdp\r\n"
        return f"{head}Content-Length: {len(sdp)}\r\n\r\n{sdp}".encode()

    signals.ask(message("INVITE sip:b@example SIP/2.0", "INVITE", sdp=body.format("192.0.2.10", 40000)))
    signals.reply(message("SIP/2.0 180 Ringing", "INVITE", ";tag=2"),
                  message("SIP/2.0 200 OK", "INVITE", ";tag=2", body.format("198.51.100.20", 40002)))
    signals.ask(message("ACK sip:b@example SIP/2.0", "ACK", ";tag=2"))
    voice = Pair(capture, CLIENT.at(40000), SERVER.at(40002))
    for number in range(50):
        packet = struct.pack("!BBHII", 0x80, 0, number, number * 160, 0x01020304) + bytes(160)
        voice.ask(packet)
        voice.reply(packet)
    signals.ask(message("BYE sip:b@example SIP/2.0", "BYE", ";tag=2"))


def quic_like_traffic(capture):
    """Datagrams that look encrypted: with the long header of a version to come, the short header, no header at all."""
    dice = random.Random(1)
    for number in range(600):
        pair = Pair(capture, CLIENT.at(51000 + number % 60), SERVER.at((443, 4433, 8443, 50001)[number % 4]))
        first = (b"\xc3\x1a\x2a\x3a\x4a\x08", b"\x40", b"")[number % 3]
        (pair.ask, pair.reply)[number % 2](first + dice.randbytes(20 + dice.randrange(1200)))


TRAFFIC = {"http": http_traffic, "tls": tls_traffic, "dns": dns_traffic, "sip-rtp": call_traffic,
           "quic-like": quic_like_traffic}


def make(kind):
    """The octets of a capture of this kind."""
    capture = Capture()
    TRAFFIC[kind](capture)
    return capture.octets()

"""Sessions that look refused, stopped or without UDP, and are not; and those that are.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pathlib
import struct
import uuid

import pytest

from captures.make.base import dns, files, wire
from captures.make.base.tls import dtls_client_hello, dtls_server_hello
from captures.make.base.tls_stream import TlsStream
from captures.make.base.wire import Capture, End, Stream
from captures.make.rdg import rdghttp as h
from captures.make.rdg.make_rdghttp import X224_CONFIRM, X224_REQUEST, client, connect, gateway, open_channel, upgrade
from captures.make.rdg.make_rdghttp_udp import CLIENT, GATEWAY, Session, trailer
from support.modes import ALL_MODES

CAPTURES = pathlib.Path(__file__).resolve().parents[3] / "captures"
COOKIE = h.cookie(1709633100)
NO_CREATE = ("Cannot be told from here, because the capture has no whole TUNNEL_CREATE of the session, or cannot "
             "decrypt it.")
NO_RESPONSE = ("Cannot be told from here, because the capture has no whole CHANNEL_RESPONSE of the session, or cannot "
               "decrypt it.")
NO_TUNNEL = ("Cannot be told from here, because the capture has no TUNNEL_RESPONSE that names the gateway's "
             "capabilities.")
LOGON_DENIED = "The gateway refuses with SEC_E_LOGON_DENIED (0x8009030c): see its policies and its event log."
REAUTH = "Cannot be told from here, because the tunnel only authenticates another session anew."
NO_OFFER = "the gateway gave no port or no cookie"
REFUSED_HTTP, REFUSED = "no session: refused at HTTP", "no session: refused"
NO_UDP, UNUSED = "offered; no UDP in this capture", "offered, not tried in this capture"
CLOSED, TO_THE_END = "used, then closed while TCP carried on", "used to the end of the session"
OTHERS = ("UDP port 3391 was offered, and all channels to it in this capture are of other sessions: see the client's "
          "policy (TCP only), and the target.")
NO_PACKET = ("UDP port 3391 was offered, and this capture, which has other UDP, has no packet to it: see the client's "
             "policy (TCP only), the target, and the capture's filter.")
UNTIED = ("UDP port 3391 is offered; what became of it cannot be told from here, because a UDP channel of this client, "
          "or to this port, may be of this session or of another one.")
NO_ANSWER = "offered, tried, no answer"
DENIED = 0x800759DB


def begin(capture, *pairs):
    """A main channel, and its packets by turns."""
    stream = connect(capture, "truth", 50500)
    upgrade(stream)
    for ask, reply in pairs:
        client(stream, ask)
        gateway(stream, reply)
    return stream


def handshake(answer=h.handshake_response()):
    return h.handshake(), answer


def tunnel(answer=h.tunnel_response()):
    return h.tunnel_create(), answer


def authorisation(code=0):
    return h.tunnel_auth(), h.tunnel_auth_response(code=code)


def target(answer):
    return h.channel_create("host.example"), answer


def ask(capture, *headers, port=50500):
    stream = connect(capture, f"truth {port}", port)
    stream.send("client", h.request(headers=headers))
    return stream


def again(session, *answers):
    """Further channels of a session whose first one has ended, and whose UDP was used."""
    session.opens()
    session.uses()
    session.goes_on()
    session.ends()
    session.closes()
    for answer in answers:
        client(session.stream, h.channel_create("other.example"))
        gateway(session.stream, answer)
    return session


def reauthenticated(capture):
    """The session goes on, and another connection authenticates it anew and is closed."""
    session = Session(capture, 1)
    gateway(session.stream, h.packet(h.REAUTH_MESSAGE, (4).to_bytes(8, "little")))
    stream = connect(capture, "anew", 50500)
    upgrade(stream, connection=uuid.UUID(int=900), correlation=session.correlation)
    for pair in (handshake(), (h.tunnel_create(reauth=4), h.tunnel_response()), authorisation()):
        client(stream, pair[0])
        gateway(stream, pair[1])
    session.goes_on()
    stream.stream.close()


def authorised_later(capture):
    begin(capture, handshake(), tunnel(), authorisation(DENIED), authorisation())


def tunnel_later(capture):
    begin(capture, handshake(), tunnel(h.tunnel_response(code=0x800759F8)), tunnel())


def authenticate(kind, code=0):
    """A message of NTLM inside the tunnel; none for kind 0."""
    return h.packet(h.EXTENDED_AUTH, struct.pack("<I", code) + h.counted(h.ntlm(kind) if kind else b""))


def authentication_refused(capture):
    begin(capture, handshake(), (authenticate(1), authenticate(2)),
          (authenticate(3), authenticate(0, 0x8009030C))).stream.close()


def authenticated_later(capture):
    """The first round comes with the code of SSPI for "go on"; the second try is good."""
    begin(capture, handshake(), (authenticate(1), authenticate(2, 0x00090312)),
          (authenticate(3), authenticate(0, 0x8009030C)), (authenticate(3), authenticate(0)), tunnel(),
          authorisation(), target(h.channel_response(cookie=COOKIE)))


def capabilities_not_said(capture):
    """TUNNEL_RESPONSE does not name the gateway's capabilities, and the channel has no UDP."""
    begin(capture, handshake(), tunnel(h.packet(h.TUNNEL_RESPONSE, struct.pack("<HIHHI", 0, 0, 1, 0, 4))),
          authorisation(), target(h.channel_response(udp_port=None)), (h.close(), h.close_response()))


def refused_at_last(capture):
    begin(capture, handshake(), tunnel(), authorisation(), authorisation(DENIED))


def refused_later(capture):
    again(Session(capture, 1), h.channel_response(code=0x800759DA))


def no_offer_later(capture):
    again(Session(capture, 1), h.channel_response(udp_port=None)).goes_on()


def page(capture, *headers, status="403 Forbidden"):
    stream = ask(capture)
    stream.send("server", h.refusal(status, *headers))
    return stream


def request_lost(capture):
    """Behind the refusal, a request and its answer that the capture lacks."""
    stream = page(capture)
    stream.lose("client", h.request())
    stream.lose("server", h.SWITCHING)
    client(stream, h.handshake())


def request_lost_and_closed(capture):
    stream = page(capture, status="503 Service Unavailable")
    stream.lose("client", h.request())
    stream.stream.ack(stream.stream.server)
    stream.stream.close()


def asked_for_credentials(capture):
    page(capture, "WWW-Authenticate: Negotiate", "WWW-Authenticate: NTLM", status="401 Unauthorized")


def leaves_when_asked(capture):
    stream = page(capture, "WWW-Authenticate: Negotiate", status="401 Unauthorized")
    stream.stream.close()


def asked_and_silent(capture):
    stream = page(capture, "WWW-Authenticate: Negotiate", status="401 Unauthorized")
    capture.wait(31)
    stream.stream.ack(stream.stream.server)


def credentials_refused(capture):
    stream = ask(capture, f"Authorization: NTLM {h.negotiate(3)}")
    stream.send("server", h.refusal("401 Unauthorized", "WWW-Authenticate: NTLM"))


def port_0(capture):
    begin(capture, handshake(), tunnel(), authorisation(), target(h.channel_response(udp_port=0, cookie=COOKIE)))


def empty_cookie(capture):
    begin(capture, handshake(), tunnel(), authorisation(), target(h.channel_response(cookie=b"")))


def seed_in_pieces(capture):
    """Two HTTP channels whose chunks have one octet each, so that the seed's end is found octet by octet."""
    out = connect(capture, "out")
    out.send("client", h.request(websocket=False))
    out.send("server", h.response("200 OK", "Transfer-Encoding: chunked"))
    into = connect(capture, "in", 50101)
    into.send("client", h.request("RDG_IN_DATA", ["Transfer-Encoding: chunked"], websocket=False))
    out.send("server", *(h.chunk(bytes([octet])) for octet in h.SEED))
    for question, reply in (handshake(), tunnel(), authorisation(), target(h.channel_response(cookie=COOKIE)),
                            (h.data(X224_REQUEST), h.data(X224_CONFIRM))):
        into.send("client", *(h.chunk(bytes([octet])) for octet in question))
        out.send("server", *(h.chunk(bytes([octet])) for octet in reply))


def another_users_udp(capture):
    """Two users behind one NAT; the UDP of the first one is used."""
    first, second = Session(capture, 1), Session(capture, 2)
    first.opens()
    first.uses()
    second.goes_on()


def no_packet(capture):
    capture.udp(CLIENT.at(50999), End("198.51.100.53", 53), dns.query(1))
    Session(capture, 1).goes_on()


def one_channel_decrypted(capture, closes):
    """Two HTTP channels, of which only the client's can be read: the answers are in the other one."""
    keys = capture.secrets
    out = connect(capture, "out")
    out.send("client", h.request(websocket=False))
    out.send("server", h.response("200 OK"), h.SEED)
    capture.secrets = keys
    into = connect(capture, "in", 50101)
    into.send("client", h.request("RDG_IN_DATA", ["Transfer-Encoding: chunked"], websocket=False))
    for question, reply in (handshake(), tunnel(), authorisation(), target(h.channel_response(cookie=COOKIE))):
        into.send("client", h.chunk(question))
        out.send("server", reply)
    if closes:
        into.stream.close()
    else:
        capture.wait(40)
        out.send("server", h.packet(h.KEEPALIVE))


def answers_not_decrypted(capture):
    one_channel_decrypted(capture, closes=False)


def client_leaves_unanswered(capture):
    one_channel_decrypted(capture, closes=True)


def proxy_asks(capture):
    stream = ask(capture)
    stream.send("server", h.refusal("407 Proxy Authentication Required", "Proxy-Authenticate: NTLM"))


def head_in_octets(capture):
    """The answer to the request comes in records of one octet each."""
    stream = ask(capture)
    stream.send("server", *(bytes([octet]) for octet in h.SWITCHING))
    open_channel(stream, h.channel_response(cookie=COOKIE))


def agreement_lost(capture):
    """The gateway's answer to the request is missing, so that nothing of the gateway is decrypted any more."""
    stream = ask(capture)
    stream.lose("server", h.SWITCHING)
    open_channel(stream, h.channel_response(cookie=COOKIE), caps=h.NO_UDP)


def other_version_of_ip(capture):
    """ClientHellos without a trailer go from one address of IPv6 to another one, on the offered port."""
    capture.udp(CLIENT.at(50999), End("198.51.100.53", 53), dns.query(1))
    session = Session(capture, 1)
    for number in range(3):
        capture.udp(End("2001:db8::10", 50777), End("2001:db8::20", 3391), dtls_client_hello("six", number=number))
        capture.wait(1)
    session.goes_on()


def first_octet_alone(capture):
    """The request's first octet is a TLS record of its own."""
    stream = connect(capture, "alone", 50500)
    stream.send("client", h.request()[:1], h.request()[1:])
    stream.send("server", h.SWITCHING)
    open_channel(stream, h.channel_response(cookie=COOKIE))


def udp_in_front(capture):
    """The file has the UDP channel's datagrams, with the session's correlation id, in front of the main channel."""
    session = Session(capture, 1)
    session.opens()
    session.uses()
    session.goes_on()
    udp = [frame for frame in capture.frames if frame[1][23] == wire.PROTO_UDP]
    rest = [frame for frame in capture.frames if frame[1][23] != wire.PROTO_UDP]
    start = capture.frames[0][0]
    capture.frames = [(start + 1000 * number, octets) for number, (_, octets) in enumerate(udp + rest)]


def under_one_id(capture, overlap):
    """Two sessions with one correlation id, and UDP of the later one is used."""
    first = Session(capture, 1)
    for number in range(3):
        first.hello(number=number)
        capture.wait(1)
        first.goes_on()
    if not overlap:
        first.ends()
        capture.wait(5)
    second = Session(capture, 2, correlation=first.correlation)
    second.opens()
    second.uses()
    second.goes_on()
    if overlap:
        first.goes_on()


def one_id_again(capture):
    under_one_id(capture, overlap=False)


def one_id_twice(capture):
    under_one_id(capture, overlap=True)


def one_connection_id(capture):
    """A session; another one under its connection id, which is refused; and the first one's tunnel anew, likewise."""
    for port, packets in ((50500, (tunnel(), authorisation(), target(h.channel_response(cookie=COOKIE)))),
                          (50501, (tunnel(), authorisation(DENIED))),
                          (50502, ((h.tunnel_create(reauth=4), h.tunnel_response()), authorisation()))):
        stream = connect(capture, f"one id {port}", port)
        upgrade(stream)
        for question, reply in (handshake(), *packets):
            client(stream, question)
            gateway(stream, reply)
        stream.stream.close()


def two_channels_again(capture):
    """Two HTTP channels twice, under one connection id; the second time, the client asks twice on two connections."""
    for number, caps in enumerate((h.NO_UDP, h.ALL_CAPS)):
        for port in range(50500 + 10 * number, 50500 + 11 * number):
            asked = ask(capture, port=port)
            asked.send("server", h.refusal("401 Unauthorized", "WWW-Authenticate: NTLM"))
            asked.stream.close()
        out = connect(capture, f"out {number}", 50501 + 10 * number)
        out.send("client", h.request(websocket=False))
        out.send("server", h.response("200 OK"), h.SEED)
        into = connect(capture, f"in {number}", 50502 + 10 * number)
        into.send("client", h.request("RDG_IN_DATA", ["Transfer-Encoding: chunked"], websocket=False))
        for question, reply in (handshake(), (h.tunnel_create(caps), h.tunnel_response()), authorisation(),
                                target(h.channel_response(cookie=COOKIE if number else None,
                                                          udp_port=3391 if number else None))):
            into.send("client", h.chunk(question))
            out.send("server", reply)
        into.stream.close()
        out.stream.close()


def port_again(capture, has_trailer=True):
    """Two sessions one after the other, whose UDP has the same port of the client."""
    for number in (1, 2):
        session = Session(capture, number)
        session.number = 1  # its UDP port, and what its datagrams say
        tail = None if has_trailer or number == 1 else b""
        capture.udp(CLIENT.at(50310), GATEWAY.at(3391), dtls_client_hello(f"attempt {number}") + (
            trailer(session.correlation) if tail is None else tail))
        session.back(dtls_server_hello(f"attempt {number}"))
        session.uses()
        session.goes_on()
        session.ends()
        session.closes()
        session.stream.stream.close()
        capture.wait(30)


def port_again_without_trailer(capture):
    port_again(capture, has_trailer=False)


def reset(session):
    """The gateway's end resets the main channel."""
    session.goes_on()
    session.stream.stream.reset(session.stream.stream.server)
    session.capture.wait(3)


def begun_again_behind_a_reset(capture):
    """A session that ends without a word; its user's next one has UDP without a trailer."""
    reset(Session(capture, 1))
    second = Session(capture, 2)
    second.opens(tail=b"")
    second.uses()
    second.goes_on()


def udp_behind_a_reset(capture):
    """UDP without a trailer, of a session that is over, or of one that the capture does not show."""
    session = Session(capture, 1)
    reset(session)
    session.opens(tail=b"")
    session.uses()


def closed_behind_a_reset(capture):
    session = Session(capture, 1)
    session.opens()
    session.uses()
    reset(session)
    session.closes()


# Per session: the verdict, and the sentence where that is what matters.
CASES = {
    "reauthenticated": (reauthenticated, [(NO_UDP, None), ("", REAUTH)]),
    "authorised later": (authorised_later, [("", NO_RESPONSE)]),
    "tunnel later": (tunnel_later, [("", NO_RESPONSE)]),
    "authentication refused": (authentication_refused, [(REFUSED, LOGON_DENIED)]),
    "authenticated later": (authenticated_later, [(NO_UDP, None)]),
    "capabilities not said": (capabilities_not_said, [("", NO_TUNNEL)]),
    "one connection id": (one_connection_id, [(NO_UDP, None), (REFUSED, None), ("", REAUTH)]),
    "two channels again": (two_channels_again, [("the client did not announce UDP", None), (NO_UDP, None)]),
    "refused at last": (refused_at_last, [(REFUSED, None)]),
    "refused later": (refused_later, [(TO_THE_END, None)]),
    "no offer later": (no_offer_later, [(CLOSED, None)]),
    "request lost": (request_lost, [("", NO_CREATE)]),
    "request lost and closed": (request_lost_and_closed, [("", NO_CREATE)]),
    "refused": (page, [(REFUSED_HTTP, None)]),
    "asked for credentials": (asked_for_credentials, [("", NO_CREATE)]),
    "leaves when asked": (leaves_when_asked, [(REFUSED_HTTP, None)]),
    "asked and silent": (asked_and_silent, [(REFUSED_HTTP, None)]),
    "credentials refused": (credentials_refused, [(REFUSED_HTTP, None)]),
    "answers not decrypted": (answers_not_decrypted, [("", NO_RESPONSE)]),
    "client leaves unanswered": (client_leaves_unanswered, [("", NO_RESPONSE)]),
    "proxy asks": (proxy_asks, [("", NO_CREATE)]),
    "head in octets": (head_in_octets, [(NO_UDP, None)]),
    "other version of IP": (other_version_of_ip, [("offered", None)]),
    "agreement lost": (agreement_lost, [("the client did not announce UDP", None)]),
    "port 0": (port_0, [(NO_OFFER, None)]),
    "empty cookie": (empty_cookie, [(NO_OFFER, None)]),
    "seed in pieces": (seed_in_pieces, [(NO_UDP, None)]),
    "another user's": (another_users_udp, [("UDP carries data", None), (UNUSED, OTHERS)]),
    "no packet": (no_packet, [(UNUSED, None)]),
    "first octet alone": (first_octet_alone, [(NO_UDP, None)]),
    "UDP in front": (udp_in_front, [("offered", UNTIED)]),
    "one id again": (one_id_again, [(NO_ANSWER, None), ("UDP carries data", None)]),
    "port again": (port_again, [(TO_THE_END, None), (TO_THE_END, None)]),
    "port again without trailer": (port_again_without_trailer, [(TO_THE_END, None), (TO_THE_END, None)]),
    "begun again behind a reset": (begun_again_behind_a_reset, [(UNUSED, OTHERS), ("UDP carries data", None)]),
    "UDP behind a reset": (udp_behind_a_reset, [("offered", UNTIED)]),
    "closed behind a reset": (closed_behind_a_reset, [(TO_THE_END, None)]),
    "one id twice": (one_id_twice, [("offered", UNTIED), ("offered", UNTIED)]),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The capture of a case."""
    folder = tmp_path_factory.mktemp("truth")

    def make(case):
        path = folder / f"{case.replace(' ', '-')}.pcapng"
        if not path.exists():
            capture = Capture()
            CASES[case][0](capture)
            path.write_bytes(capture.octets())
        return path
    return make


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("case", CASES)
def test_row(tshark, capture, made, case, mode):
    lines = tshark(capture(made(case)), *mode, "-q", "-z", "rdghttp,sessions")
    rows = [[cell.strip() for cell in line.split("|")][10:12] for line in lines if line.startswith("192.0.2.10:")]
    assert [row[0] for row in rows] == [verdict for verdict, _ in CASES[case][1]]
    assert all(why in (None, row[1]) for row, (_, why) in zip(rows, CASES[case][1]))


# What the packets say: expert items of refusals and stops, by case.
SAID = {
    "reauthenticated": [], "authorised later": ["rdghttp.refused"], "refused later": ["rdghttp.refused"],
    "request lost": [], "asked for credentials": [], "leaves when asked": ["rdghttp.http_refused"],
    "no offer later": ["rdghttp.udp_not_offered"], "authentication refused": ["rdghttp.refused"],
    "authenticated later": ["rdghttp.refused"], "capabilities not said": [],
}


@pytest.mark.parametrize("case", SAID)
def test_packets(fields, capture, made, case):
    asked = ["rdghttp.refused", "rdghttp.http_refused", "rdghttp.setup_stopped", "rdghttp.udp_not_offered"]
    rows = {name: fields(capture(made(case)), name, "frame.number", extra=["-2"]) for name in asked}
    assert [name for name, frames in rows.items() if frames] == SAID[case]


def test_what_came_of_the_first_offer(fields, capture, made):
    """It stays with its packet, whatever the gateway says of a later channel."""
    for case, verdict in (("refused later", "15"), ("no offer later", "12")):
        assert fields(capture(made(case)), "rdghttp.udp_port", "rdghttp.udp.verdict", extra=["-2"]) == [verdict]


def fragments(*wanted, port=3391):
    """Fragments of a datagram to the gateway's port, of which the capture has these: 0 the first, 1 the second one."""
    def fill(capture):
        no_packet(capture)
        whole = wire.udp(CLIENT.at(50999), GATEWAY.at(port), bytes(1600))
        for number in wanted:
            part = whole[:800] if number == 0 else whole[800:]
            head = wire.ip(CLIENT, GATEWAY, wire.PROTO_UDP, part, ident=7)
            place = 0x2000 if number == 0 else 100
            head = head[:6] + struct.pack("!H", place) + b"\x40\x11\0\0" + head[12:20]
            capture.frame(wire.ethernet(CLIENT, GATEWAY, head[:10] + struct.pack("!H", wire.checksum(head)) +
                                        head[12:] + part))
    return fill


PIECES = ("UDP port 3391 is offered; what became of it cannot be told from here, because IP fragments of UDP went to "
          "the gateway, and the capture lacks the rest of their datagrams.")
FRAGMENTS = {
    "the first": (fragments(0), PIECES), "the second": (fragments(1), PIECES),
    "of another port": (fragments(0, port=500), None), "whole, of another port": (fragments(1, 0, port=500), None),
}


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("case", FRAGMENTS)
def test_fragments(tshark, capture, tmp_path, case, mode):
    """A fragment without the rest is no packet of UDP, and all the same one went to the gateway."""
    made, path = Capture(), tmp_path / "fragments.pcapng"
    FRAGMENTS[case][0](made)
    path.write_bytes(made.octets())
    row = [line.split("|") for line in tshark(capture(path), *mode, "-q", "-z", "rdghttp,sessions")
           if line.startswith("192.0.2.10:")][0]
    assert (row[10].strip(), row[11].strip()) == (("offered", PIECES) if FRAGMENTS[case][1] else (UNUSED, NO_PACKET))


def test_reason_of_the_close(fields, capture, tmp_path):
    """The code of the DISC_PKT that closed the channel stands in the sentence. The channels are recorded ones."""
    made, path = Capture(), tmp_path / "reason.pcapng"
    session = Session(made, 0)
    source = CAPTURES / "rdgudp-two-channels.pcap"
    frames = files.read(source)
    later = made.now - frames[0][0]
    made.frames += [(when + later, octets) for when, octets in frames]
    made.secrets += source.with_suffix(".keys").read_bytes()
    made.now = made.frames[-1][0]
    made.wait(1)
    session.goes_on()
    path.write_bytes(made.octets())
    [(verdict, said)] = fields(capture(path), "rdghttp.udp_closed", "rdghttp.udp.verdict", "_ws.expert.message",
                               extra=["-2"])
    assert verdict == "12"
    assert said.startswith("UDP channel 1 was in use, the client closed it with the reason S_OK (0x00000000), and the "
                           "session goes on over TCP: see that end's event log.")


@pytest.mark.parametrize("mode", [[], ["-2"]])
@pytest.mark.parametrize("looks", [True, False])
def test_behind_an_agreement_on_http(fields, capture, tmp_path, looks, mode):
    """Where TLS agreed on HTTP/1.1, it hands all to HTTP: the preference rdghttp.alpn puts the main channel first."""
    made = Capture()
    stream = TlsStream(Stream(made, CLIENT.at(50500), GATEWAY.at(443)), "agreed", alpn="http/1.1")
    stream.send("client", b"GET / HTTP/1.1\r\nHost: gateway.example\r\n\r\n")
    stream.send("server", h.refusal("404 Not Found"))
    upgrade(stream)
    open_channel(stream, h.channel_response(cookie=COOKIE))
    path = tmp_path / "agreed.pcapng"
    path.write_bytes(made.octets())
    extra = [*mode, "-o", f"rdghttp.alpn:{str(looks).upper()}"]
    assert fields(capture(path), "rdghttp.request.method", "rdghttp.request.method", extra=extra) == (
        ["RDG_OUT_DATA"] if looks else [])
    assert fields(capture(path), "http.response.code", "http.response.code", extra=extra)[:1] == ["404"]


def http2_frame(kind, flags, number, octets=b""):
    return struct.pack("!I", len(octets))[1:] + struct.pack("!BBI", kind, flags, number) + octets


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("looks", [True, False])
def test_behind_an_agreement_on_http2(tshark, capture, tmp_path, looks, mode):
    """MS-TSGU has no HTTP/2: whatever goes over it to a gateway's name, even under the method's name, is no main
    channel, and nothing is said of it."""
    made = Capture()
    stream = TlsStream(Stream(made, CLIENT.at(50500), GATEWAY.at(443)), "two", alpn="h2")
    head = b"\x02\x0cRDG_OUT_DATA\x04\x16/remoteDesktopGateway/\x87\x01\x0fgateway.example"
    stream.send("client", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + http2_frame(4, 0, 0) + http2_frame(1, 5, 1, head))
    stream.send("server", http2_frame(4, 0, 0) + http2_frame(1, 5, 1, b"\x88"))
    stream.send("client", http2_frame(0, 1, 3, h.handshake()))
    stream.stream.close()
    path = tmp_path / "two.pcapng"
    path.write_bytes(made.octets())
    path = capture(path)
    extra = [*mode, "-o", f"rdghttp.alpn:{str(looks).upper()}"]
    assert not [line for line in tshark(path, *extra, "-q", "-z", "rdghttp,sessions") if line.startswith("192.0.2.")]
    assert tshark(path, *extra, "-V") == tshark(path, *mode, "-V", plugins=False)

"""RD Gateway's main channel: sessions whose set-up stops, and RPC over HTTP, the transport that has no UDP.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest

from captures.make.base.tls import ALERT
from captures.make.base.wire import ACK, FIN, START, Capture
from captures.make.rdg import rdghttp as h
from captures.make.rdg.make_rdghttp import client, connect, gateway, open_channel, upgrade
from support.modes import ALL_MODES

STOPPED = "rdghttp-setup-stopped.pcapng"
NO_SESSION = "no session: the set-up stopped"
STANDS_BEFORE = "See the gateway's event log, and what stands before it."
UNKNOWN = ("Cannot be told from here, because the capture has no whole CHANNEL_RESPONSE of the session, or cannot "
           "decrypt it.")
# Per session: verdict and sentence; the frame behind which the set-up stopped.
ROWS = [
    (NO_SESSION, "The set-up stops: TUNNEL_AUTH has no answer in the 45 s for which this capture goes on. See the "
                 "gateway's event log, a second factor, a balancer without affinity.", "24"),
    (NO_SESSION, "The set-up stops: the gateway's end resets the connection after the request RDG_OUT_DATA, which has "
                 f"no answer. {STANDS_BEFORE}", "41"),
    (NO_SESSION, "The set-up stops: the client closes the connection after HANDSHAKE_RESPONSE. See the client.", "61"),
    (NO_SESSION, "The set-up stops: the client closes the connection after the gateway's challenge HTTP 401. See the "
                 "client.", "79"),
    (NO_SESSION, "The set-up stops: the gateway's end closes the connection after TUNNEL_RESPONSE. "
                 f"{STANDS_BEFORE}", "105"),
    ("", UNKNOWN, None),
    ("", UNKNOWN, None),
]


def rows_of(tshark, name, mode):
    """Per session: transport, verdict, sentence."""
    lines = tshark(name, *mode, "-q", "-z", "rdghttp,sessions")
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if line.startswith("192.0.2.10:")]
    return [(row[4], row[10], row[11]) for row in rows]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_row(tshark, mode):
    assert [row[1:] for row in rows_of(tshark, STOPPED, mode)] == [row[:2] for row in ROWS]


CLOSE_1011, CLOSE_1001 = (h.frame(status, False, h.CLOSE) for status in (b"\x03\xf3why", b"\x03\xe9"))
CLOSE_1000, CLOSE = h.frame(b"\x03\xe8", True, h.CLOSE), h.frame(b"", True, h.CLOSE)
# What ends the connection: the end and its frame or flag; whose end, with what; the sentence when the set-up stops so.
ENDS = {
    "gateway's Close": ("server", CLOSE_1011, "gateway's end", "WebSocket Close 1011",
                        "the gateway's end closes the connection by a WebSocket Close 1011"),
    "client's Close": ("client", CLOSE_1000, "client's end", "WebSocket Close 1000",
                       "the client closes the connection by a WebSocket Close 1000"),
    "Close without status": ("client", CLOSE, "client's end", "WebSocket Close",
                             "the client closes the connection by a WebSocket Close"),
    "behind a ping": ("server", h.frame(b"x" * 125, False, h.PING) + CLOSE_1001, "gateway's end",
                      "WebSocket Close 1001", "the gateway's end closes the connection by a WebSocket Close 1001"),
    "reset": ("server", None, "gateway's end", "TCP RST", "the gateway's end resets the connection"),
}


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize("case", ENDS)
def test_end_of_the_connection(tshark, capture, tmp_path, case, is_open, mode):
    """Without a packet that ends the session, the first end of its connection does; the client's FIN comes behind."""
    end, octets, by, how, sentence = ENDS[case]
    made, path = Capture(), tmp_path / "end.pcapng"
    stream = connect(made, case, 50700)
    upgrade(stream)
    if is_open:
        open_channel(stream, h.channel_response(udp_port=None))
        client(stream, h.data(b"up"))
        gateway(stream, h.data(b"down"))
    else:
        client(stream, h.handshake())
    last = made.now
    if octets is None:
        stream.stream.reset(stream.stream.server)
    else:
        stream.send(end, octets)
        stream.stream.close()
    path.write_bytes(made.octets())
    lines = tshark(capture(path), *mode, "-q", "-z", "rdghttp,sessions")
    row = [[cell.strip() for cell in line.split("|")] for line in lines if line.startswith("192.0.2.10:")][0]
    assert row[22:25] == [f"{last / 1000000 - START:.6f}", by, how]
    assert is_open or row[11].startswith(f"The set-up stops: {sentence} after HANDSHAKE_REQUEST, which has no answer.")


@pytest.mark.parametrize("mode", ALL_MODES)
def test_alert_in_front_of_the_other_ends_fin(tshark, capture, tmp_path, mode):
    """The client says in TLS that it closes, and the gateway closes TCP: the client has ended it."""
    made, path = Capture(), tmp_path / "alert.pcapng"
    stream = connect(made, "alert", 50700)
    upgrade(stream)
    client(stream, h.handshake())
    tcp = stream.stream
    tcp.send(tcp.client, stream.endpoints.sealers["client"].seal(ALERT, bytes([1, 0])), ack=False)
    for end in (tcp.server, tcp.client):
        tcp.record(tcp.build(end, flags=FIN | ACK))
    path.write_bytes(made.octets())
    lines = tshark(capture(path), *mode, "-q", "-z", "rdghttp,sessions")
    row = [[cell.strip() for cell in line.split("|")] for line in lines if line.startswith("192.0.2.10:")][0]
    assert row[23:25] == ["client's end", "TLS alert"]
    assert row[11] == ("The set-up stops: the client closes the connection by a TLS alert after HANDSHAKE_REQUEST, "
                       "which has no answer. See the client.")


@pytest.mark.parametrize("mode", ALL_MODES)
def test_end_behind_a_hole(tshark, capture, tmp_path, mode):
    """What is missing may be the packet that ends the session."""
    made, path = Capture(), tmp_path / "hole.pcapng"
    stream = connect(made, "hole", 50700)
    upgrade(stream)
    open_channel(stream, h.channel_response(udp_port=None))
    stream.lose("server", h.frame(h.close(), False))
    gateway(stream, h.data(b"down"))
    stream.stream.close()
    path.write_bytes(made.octets())
    lines = tshark(capture(path), *mode, "-q", "-z", "rdghttp,sessions")
    row = [[cell.strip() for cell in line.split("|")] for line in lines if line.startswith("192.0.2.10:")][0]
    assert row[22:25] == ["", "", ""]


@pytest.mark.parametrize("read_filter", ["http", "rdghttp.request.method"])
def test_row_with_a_read_filter(tshark, read_filter):
    """Frames that the filter drops share a number with the next one, and say what they say all the same."""
    mode = ["-2", "-R", read_filter]
    assert [row[1:] for row in rows_of(tshark, STOPPED, mode)] == [row[:2] for row in ROWS]


def test_step_behind_which_it_stopped(fields):
    """In the first pass, no later packet is known."""
    asked = ["rdghttp.udp.verdict == 22", "frame.number"]
    assert fields(STOPPED, *asked, extra=["-2"]) == [row[2] for row in ROWS if row[2]]
    assert fields(STOPPED, "rdghttp.setup_stopped", "frame.number", extra=["-2"]) == [row[2] for row in ROWS if row[2]]
    assert fields(STOPPED, *asked) == []
    messages = fields(STOPPED, "rdghttp.setup_stopped", "_ws.expert.message", extra=["-2"])
    assert all(row[1] in "\n".join(messages) for row in ROWS if row[2])


def test_sharkd_backwards(sharkd):
    frames = [int(row[2]) for row in ROWS if row[2]]
    requests = [{"method": "frame", "params": {"frame": n, "proto": True}} for n in reversed(frames)]
    for tree in sharkd(STOPPED, *requests):
        assert "rdghttp.setup_stopped" in str(tree) and "rdghttp.udp.verdict == 22" in str(tree)


@pytest.mark.parametrize("mode", ALL_MODES)
def test_rpc(tshark, fields, mode):
    name = "rdghttp-rpc.pcapng"
    assert rows_of(tshark, name, mode) == [
        ("", "no session: refused at HTTP",
         "The last answer of HTTP refuses, and no request follows: see its reason, and a proxy on the way."),
        ("RPC over HTTP", "RPC over HTTP: no UDP",
         "RPC over HTTP carries no UDP: see the client's age, and why its HTTP connection before this one failed.")]
    assert fields(name, "rdghttp.rpc_transport", "rdghttp.session", "rdghttp.transport", "rdghttp.udp.verdict",
                  "http.request.method", extra=mode) == [
        ("1", "2", "30", "RPC_IN_DATA")] * 2 + [("1", "2", "30", "RPC_OUT_DATA")] * 2


def test_rpc_in_sharkd_backwards(sharkd, fields):
    numbers = [int(number) for number in fields("rdghttp-rpc.pcapng", "rdghttp.rpc_transport", "frame.number")]
    for tree in sharkd("rdghttp-rpc.pcapng", *({"method": "frame", "params": {"frame": n, "proto": True}}
                                               for n in reversed(numbers))):
        assert str(tree).count("'f': 'rdghttp.rpc_transport'") == 1


@pytest.fixture(scope="module")
def behind_https(tmp_path_factory):
    """A main channel behind ordinary HTTP in TLS, which another connection brings."""
    made = Capture()
    stream = connect(made, "https", 50600)
    stream.send("client", b"GET / HTTP/1.1\r\nHost: gateway.example\r\n\r\n")
    stream.send("server", h.response("200 OK", "Content-Length: 2", body=b"hi"))
    stream = connect(made, "main", 50601)
    upgrade(stream)
    open_channel(stream, h.channel_response(udp_port=None))
    path = tmp_path_factory.mktemp("https") / "behind-https.pcapng"
    path.write_bytes(made.octets())
    return path


@pytest.mark.parametrize("mode", ALL_MODES)
def test_main_channel_behind_ordinary_https(tshark, fields, capture, behind_https, mode):
    """Wireshark asks first the heuristic that matched last, which is HTTP's here."""
    name = capture(behind_https)
    assert fields(name, "rdghttp.request.method", "tcp.stream", extra=mode) == ["1"]
    assert len(fields(name, "rdghttp.type", "tcp.stream", extra=mode)) == 8
    ordinary = ["-Y", "tcp.stream == 0", "-V", *mode]
    assert tshark(name, *ordinary) == tshark(name, *ordinary, plugins=False)

"""RD Gateway's main channel: one row per session. What is not known is an empty cell.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import uuid

import pytest

from captures.make.base.wire import Capture, End, START, Stream
from captures.make.rdg import rdghttp as h
from support.modes import ALL_MODES

CORRELATION = "c0ffee00-1234-4678-9abc-def012340000"
TITLES = ["Client", "Gateway", "Session", "Correlation id", "Transport", "User", "Target", "Target port",
          "Authentication", "UDP offered", "Verdict on UDP", "Why", "UDP channels", "Machine", "Client build",
          "Tunnel id", "Client announces", "Gateway announces", "Redirection", "Idle time-out", "First", "Last", "End",
          "Ended by", "Ended with", "Packets", "Octets up", "Octets down"]
PLAIN = ["-d", "tcp.port==8080,rdghttp"]
CLIENT, GATEWAY = End("192.0.2.10", 50100), End("198.51.100.20", 8080)


def rows_of(lines):
    """The cells of the table's rows, behind its titles."""
    start = next(i for i, line in enumerate(lines) if line.startswith("Client |"))
    assert [title.strip() for title in lines[start].split("|")][:-1] == TITLES
    return [short(cell.strip() for cell in line.split("|")[:-1]) for line in lines[start + 2:-1]]


def short(cells):
    """Without the columns that test_http_udp.py and test_http_reports.py look at."""
    cells = list(cells)
    return cells[:-17] + cells[-8:-3] + cells[-2:]


@pytest.fixture
def sessions(tshark):
    """sessions(CAPTURE, ARGUMENT ..., report=REPORT): the rows."""
    def run(name, *args, report="rdghttp,sessions"):
        return rows_of(tshark(name, *args, "-q", "-z", report))
    return run


def row(port, number, transport, rest, correlation=CORRELATION):
    """A row of the shipped captures, whose ends are the same in all."""
    return [f"192.0.2.10:{port}", "198.51.100.20:443", str(number), correlation, transport, *rest.split("|")]


USER = "user@example.com"
NO_UDP = f"{USER}|host.example|3389|none|no"
LEFT = "|client's end|TCP FIN"
SHIPPED = {
    "rdghttp-websocket.pcapng": [
        row(50100, 0, "WebSocket", "EXAMPLE\\user|host.example|3389|NTLM|port 3391|"
            "offered; no UDP in this capture|0.011000|0.053000|0.051000|"
            "client|S_OK (0x00000000)|464|156")],
    "rdghttp-two-channels.pcapng": [
        row(50100, 0, "two HTTP channels", "EXAMPLE\\user|host.example|3389|none|port 3391|"
            "offered; no UDP in this capture|0.011000|0.056000|"
            "0.054000|client|S_OK (0x00000000)|45|19")],
    "rdghttp-borders.pcapng": [
        row(50100, 0, "WebSocket", "EXAMPLE\\user|host.example|3389|none|port 3391|"
            "offered; no UDP in this capture|0.011000|0.042000|0.042000|"
            "client|E_PROXY_SESSIONTIMEOUT (0x800759f6)|45|16403")],
    "rdghttp-packets.pcapng": [
        row(50100, 0, "WebSocket", f"{USER}|host.example, 192.0.2.77|3389|PAA|port 443|"
            "offered; no UDP in this capture|0.011000|0.047000|"
            "0.045000|gateway|E_PROXY_REAUTH_CAP_FAILED (0x800759fb)|0|0")],
    "rdghttp-inner.pcapng": [
        row(50100, 0, "two HTTP channels", f"{USER}|||none|||0.011000|0.050000||||541|235"),
        row(50102, 1, "WebSocket", f"{USER}|||none|||0.063000|0.069000||||45|36")],
    "rdghttp-others.pcapng": [row(50112, 0, "WebSocket", "||||||0.053000|0.055000||||0|0", correlation="")],
    "rdghttp-no-udp.pcapng": [
        row(50200, 0, "WebSocket", f"{NO_UDP}|the client did not announce UDP|0.011000|0.029000|0.031000{LEFT}|0|0"),
        row(50201, 1, "WebSocket", f"{NO_UDP}|the gateway did not announce UDP|0.045000|0.063000|0.065000{LEFT}|0|0"),
        row(50202, 2, "WebSocket", f"{NO_UDP}|the gateway gave no port or no cookie|0.079000|0.097000|"
            f"0.099000{LEFT}|0|0"),
        row(50203, 3, "WebSocket", f"{NO_UDP}|the gateway gave no port or no cookie|0.113000|0.131000|"
            f"0.133000{LEFT}|0|0"),
        row(50204, 4, "WebSocket", f"{USER}|host.example|3389|none||no session: refused|0.147000|0.165000|0.165000|"
            "gateway|E_PROXY_RAP_ACCESSDENIED (0x800759da)|0|0"),
        row(50210, 5, "WebSocket", f"{USER}|||none||no session: refused|0.181000|0.193000|0.193000|gateway|"
            "E_PROXY_NAP_ACCESSDENIED (0x000059db)|0|0"),
        row(50211, 6, "WebSocket", f"{USER}|||PAA||no session: refused|0.206000|0.212000|0.212000|gateway|"
            "E_PROXY_COOKIE_AUTHENTICATION_ACCESS_DENIED (0x800759f8)|0|0"),
        row(50212, 7, "", f"{USER}|||none||no session: refused at HTTP|0.225000|0.227000|0.227000||"
            "HTTP 401 User Account Restricted|0|0")],
}


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("name", SHIPPED)
def test_shipped(sessions, name, mode):
    assert sessions(name, *mode) == SHIPPED[name]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_behind_a_balancer(sessions, mode):
    assert sessions("rdghttp-plain.pcap", *mode, *PLAIN) == [
        ["192.0.2.10:50100", "198.51.100.20:8080", "0", CORRELATION, "WebSocket", USER, "", "", "none", "", "",
         "0.005000", "0.013000", "", "", "", "0", "0"]]


class Talk:
    """A main channel in plain TCP."""

    def __init__(self, capture, port):
        self.stream = Stream(capture, CLIENT.at(port), GATEWAY).handshake()

    def ask(self, connection, **words):
        """A request."""
        self.stream.send(self.stream.client, h.request(connection=uuid.UUID(int=connection), **words), ack=False)

    def answer(self, octets):
        """What the gateway says in HTTP."""
        self.stream.send(self.stream.server, octets, ack=False)

    def client(self, packet):
        """A packet of the client."""
        self.stream.send(self.stream.client, h.frame(packet, True), ack=False)

    def gateway(self, packet):
        """A packet of the gateway."""
        self.stream.send(self.stream.server, h.frame(packet, False), ack=False)

    def upgrade(self, connection, **words):
        """The request and its answer."""
        self.ask(connection, **words)
        self.answer(h.SWITCHING)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """Clients behind one NAT, in each other's way."""
    capture = Capture()
    ann, ben, cal, dan, eve = (Talk(capture, 50100 + i) for i in range(5))
    ann.upgrade(1, user="ann")
    ben.upgrade(2, user="ben\n| x", headers=["Authorization: Bearer abc"])
    # A round of the authentication, and one more refusal than that.
    cal.ask(3, user="cal")
    cal.answer(h.refusal("401 Unauthorized"))
    cal.ask(3, user="cal", headers=["Authorization: NTLM abc"])
    cal.answer(h.refusal("403\tForbidden"))
    # A target that is refused, and another one that is not.
    dan.upgrade(5, user="dan")
    dan.client(h.channel_create("first.example"))
    dan.gateway(h.channel_response(code=0x800759DA))
    dan.client(h.channel_create("second.example", port=3390))
    dan.gateway(h.channel_response(udp_port=4391, cookie=h.cookie(START + 300)))
    for caps, talk, target in ((h.ALL_CAPS, ann, "a.example"), (h.NO_UDP, ben, "b.example")):
        talk.client(h.tunnel_create(caps))
        talk.gateway(h.tunnel_response())
        talk.client(h.channel_create(target))
    ben.gateway(h.channel_response(udp_port=None))
    ann.gateway(h.channel_response(udp_port=3391, cookie=b"no cookie"))
    ann.client(h.data(bytes(100)) + h.data(bytes(20)))
    ben.client(h.data(bytes(7)))
    ben.gateway(h.data(bytes(1000)))
    ben.client(h.close())
    ann.gateway(h.close(0x800759F6))
    ann.client(h.close())
    ben.gateway(h.close_response())
    # A CLOSE_CHANNEL that is not in the capture, of a code that has no name.
    eve.upgrade(6, user="eve")
    eve.client(h.channel_create(*(f"{name}.example" for name in "abcdef")))
    eve.gateway(h.close_response(0x12345678))
    path = tmp_path_factory.mktemp("crowd") / "crowd.pcap"
    path.write_bytes(capture.octets())
    return path


def crowd_row(port, number, *rest):
    return [f"192.0.2.10:{port}", "198.51.100.20:8080", str(number), CORRELATION, *rest]


CROWD = [
    crowd_row(50100, 0, "WebSocket", "ann", "a.example", "3389", "none", "port 3391",
              "offered; no UDP in this capture", "0.015000", "0.042000",
              "0.041000", "gateway", "E_PROXY_SESSIONTIMEOUT (0x800759f6)", "120", "0"),
    crowd_row(50101, 1, "WebSocket", "ben\\n", "x", "b.example", "3389", "Bearer", "no",
              "the client did not announce UDP", "0.017000", "0.043000", "0.040000", "client", "S_OK (0x00000000)", "7",
              "1000"),
    crowd_row(50102, 2, "", "cal", "", "", "NTLM", "", "no session: refused at HTTP", "0.019000", "0.022000",
              "0.022000", "", "HTTP 403 Forbidden", "0", "0"),
    crowd_row(50103, 3, "WebSocket", "EXAMPLE\\user", "second.example", "3390", "none", "port 4391",
              "offered; no UDP in this capture",
              "0.023000", "0.028000", "", "", "", "0", "0"),
    crowd_row(50104, 4, "WebSocket", "eve", "a.example, b.example, c.example, d.example and 2 more", "3389", "none", "",
              "", "0.044000", "0.047000", "0.047000", "", "unknown code (0x12345678)", "0", "0"),
]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_two_users_behind_one_nat_are_two_rows(sessions, capture, crowd, mode):
    assert sessions(capture(crowd), *mode, *PLAIN) == CROWD


@pytest.mark.parametrize("mode", ALL_MODES)
def test_a_report_counts_what_its_filter_lets_pass(sessions, capture, crowd, mode):
    """What is known of a session stands in its row all the same, but for times and octets."""
    rows = sessions(capture(crowd), *mode, *PLAIN, report="rdghttp,sessions,tcp.dstport == 8080 && tcp.stream < 2")
    assert [each[-7:] for each in rows] == [
        ["0.015000", "0.042000", "", "gateway", "E_PROXY_SESSIONTIMEOUT (0x800759f6)", "120", "0"],
        ["0.017000", "0.040000", "0.040000", "client", "S_OK (0x00000000)", "7", "0"]]


def test_a_read_filter_takes_nothing_from_what_is_known(sessions, capture, crowd):
    rows = sessions(capture(crowd), "-2", "-R", "tcp.stream == 1 && tcp.srcport == 8080", *PLAIN)
    assert [each[5:11] + each[-4:] for each in rows] == [CROWD[1][5:11] + ["client", "S_OK (0x00000000)", "0", "1000"]]


def test_over_sharkd(sharkd):
    """Twice: a second run must start from nothing."""
    taps = {"method": "tap", "params": {"tap0": "nstat:rdghttp,sessions"}}
    first, second, offered = sharkd("rdghttp-no-udp.pcapng", taps, taps, {"method": "info"})
    table = first["taps"][0]["tables"][0]
    assert [field["c"] for field in first["taps"][0]["fields"]] == TITLES
    assert [short(str(cell) for cell in cells) for cells in table["i"]] == SHIPPED["rdghttp-no-udp.pcapng"]
    assert second["taps"] == first["taps"]
    assert "nstat:rdghttp,sessions" in str(offered)

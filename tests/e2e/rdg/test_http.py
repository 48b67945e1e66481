"""RD Gateway's main channel: MS-TSGU over HTTP, with the keys inside the captures.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest

PASSES = [[], ["-2"]]
PLAIN = ["-d", "tcp.port==8080,rdghttp"]
(HANDSHAKE, HANDSHAKE_RESPONSE, EXTENDED_AUTH, TUNNEL_CREATE, TUNNEL_RESPONSE, TUNNEL_AUTH, TUNNEL_AUTH_RESPONSE,
 CHANNEL_CREATE, CHANNEL_RESPONSE, DATA, SERVICE_MESSAGE, REAUTH, KEEPALIVE) = map(str, range(1, 14))
CLOSE, CLOSE_RESPONSE = "16", "17"
UNKNOWN, CLIENT_SILENT, GATEWAY_SILENT, NO_OFFER, OFFERED, REFUSED_HTTP, REFUSED = "0", "1", "2", "3", "4", "20", "21"
OPENING = [HANDSHAKE, HANDSHAKE_RESPONSE, TUNNEL_CREATE, TUNNEL_RESPONSE, TUNNEL_AUTH, TUNNEL_AUTH_RESPONSE,
           CHANNEL_CREATE, CHANNEL_RESPONSE]


def types(fields, name, mode, extra=()):
    """The packets in their order, whatever frames they are in."""
    rows = fields(name, "rdghttp.type", "rdghttp.type", extra=[*mode, *extra])
    return [each for row in rows for each in row.split("|")]


@pytest.mark.parametrize("mode", PASSES)
def test_websocket(fields, mode):
    assert types(fields, "rdghttp-websocket.pcapng", mode) == OPENING + [DATA] * 8 + [CLOSE, CLOSE_RESPONSE]
    assert set(fields("rdghttp-websocket.pcapng", "rdghttp.type", "rdghttp.session", "rdghttp.transport",
                      extra=mode)) == {("0", "0")}


@pytest.mark.parametrize("mode", PASSES)
def test_request(fields, mode):
    rows = fields("rdghttp-websocket.pcapng", "rdghttp.request.method", "frame.number", "rdghttp.request.method",
                  "rdghttp.request.uri", "rdghttp.connection_id", "rdghttp.correlation_id", "rdghttp.user",
                  "rdghttp.client_build", "rdghttp.client_generation", "rdghttp.auth", "ntlmssp.messagetype",
                  extra=mode)
    same = ("RDG_OUT_DATA", "/remoteDesktopGateway/", "0a1b2c3d-4e5f-4607-8899-aabbccddeeff",
            "c0ffee00-1234-4678-9abc-def012340000", "user@example.com", "Type=OOB; Build=10.0.22621.3447;",
            "Win32#10.0=7", "2")
    assert rows == [("12", *same, "0x00000001"), ("16", *same, "0x00000003")]


@pytest.mark.parametrize("mode, verdict", [([], OFFERED), (["-2"], "13")])
def test_offer(fields, mode, verdict):
    """The whole file, which has no UDP, says more of the offer than its packet did."""
    assert fields("rdghttp-websocket.pcapng", "rdghttp.udp_port", "frame.number", "rdghttp.udp_port",
                  "rdghttp.udp_cookie_len", "rdghttp.cookie.user", "rdghttp.cookie.target_name", "rdghttp.response_to",
                  "rdghttp.time", "rdghttp.udp.verdict", extra=mode) == [
        ("34", "3391", "199", "EXAMPLE\\user", "host.example", "32", "0.002000000", verdict)]


def test_request_names_its_answer_once_it_has_come(fields):
    assert fields("rdghttp-websocket.pcapng", "rdghttp.type == 8", "rdghttp.response_in") == [""]
    assert fields("rdghttp-websocket.pcapng", "rdghttp.type == 8", "rdghttp.response_in", extra=["-2"]) == ["34"]


@pytest.mark.parametrize("mode", PASSES)
def test_rdp_inside_decrypts_and_the_outer_tls_goes_on(fields, mode):
    rows = fields("rdghttp-websocket.pcapng", "rdghttp.data_len", "frame.number", "frame.protocols", extra=mode)
    outer = "eth:ethertype:ip:tcp:tls:rdghttp:websocket:rdghttp:"
    assert [row[1].removeprefix(outer) for row in rows] == [
        "tpkt:cotp:rdp", "tpkt:cotp:rdp", "tls", "tls:x509sat" if "x509sat" in rows[3][1] else "tls", "tls", "tls",
        "tls:tpkt:cotp:t125" if "t125" in rows[6][1] else "tls:tpkt:cotp",
        "tls:tpkt:cotp:t125" if "t125" in rows[7][1] else "tls:tpkt:cotp"]
    assert fields("rdghttp-websocket.pcapng", "rdghttp.type == 17", "frame.number", extra=mode) == ["54"]


@pytest.mark.parametrize("mode", PASSES)
def test_info_column(tshark, mode):
    lines = tshark("rdghttp-websocket.pcapng", *mode, "-o",
                   'gui.column.format:"n","%m","p","%p","i","%i"', "-T", "tabs")
    rows = dict(line.strip().split("\t", 1) for line in lines)
    assert rows["12"] == "RDGHTTP\tRDG_OUT_DATA /remoteDesktopGateway/"
    assert rows["34"] == "RDGHTTP\tCHANNEL_RESPONSE (UDP 3391)"
    assert rows["38"] == "RDGHTTP\tDATA, Negotiate Response"
    assert rows["48"] == rows["50"] == "RDGHTTP\tDATA, DT TPDU (0) EOT"
    assert rows["52"] == "RDGHTTP\tCLOSE_CHANNEL"


@pytest.mark.parametrize("mode", PASSES)
def test_info_of_what_is_inside(tshark, mode):
    """Whatever an inner dissector does with the Info column, its words stand behind ours and a separator."""
    lines = tshark("rdghttp-inner.pcapng", *mode, "-Y", "rdghttp.type == 10", "-o",
                   'gui.column.format:"n","%m","p","%p","i","%i"', "-T", "tabs")
    rows = dict(line.strip().replace(" (SNI=host.example)", "").split("\t", 1) for line in lines)  # since 4.4
    assert {number: rows[number].removeprefix("RDGHTTP\tDATA, ") for number in rows} == {
        "31": "Cookie: mstshash=EXAMPLE, Negotiate Request", "33": "Negotiate Response", "35": "Client Hello",
        "37": "Server Hello, Certificate, Server Hello Done", "39": "Client Key Exchange, Change Cipher Spec, Finished",
        "41": "Change Cipher Spec, Finished", "43": "erectDomainRequest", "45": "attachUserRequest", "47": "1003",
        "49": "DT TPDU (0) EOT", "51": "DT TPDU (0) EOT", "68": "Cookie: mstshash=EXAMPLE, Negotiate Request",
        "70": "DT TPDU (0) EOT, DT TPDU (0) EOT, DATA, 1003"}


@pytest.mark.parametrize("mode", PASSES)
def test_borders(fields, mode):
    """Several packets in a message, one in many, fragments with a ping between, a frame over two TLS records."""
    assert types(fields, "rdghttp-borders.pcapng", mode) == [
        HANDSHAKE, TUNNEL_CREATE, TUNNEL_AUTH, HANDSHAKE_RESPONSE, TUNNEL_RESPONSE, TUNNEL_AUTH_RESPONSE, KEEPALIVE,
        CHANNEL_CREATE, CHANNEL_RESPONSE, DATA, DATA, DATA, DATA, CLOSE]
    assert fields("rdghttp-borders.pcapng", "rdghttp.request.uri", "rdghttp.request.uri", extra=mode) == [
        "/remoteDesktopGateway/"]
    assert fields("rdghttp-borders.pcapng", "rdghttp.type == 13", "rdghttp.carried", "rdghttp.parts",
                  extra=mode) == [("7", "8")]
    assert fields("rdghttp-borders.pcapng", "rdp.rt_cookie", "rdp.rt_cookie", "rdghttp.carried", extra=mode) == [
        ("Cookie: mstshash=EXAMPLE", "10")]
    assert fields("rdghttp-borders.pcapng", "rdghttp.data_len == 16384", "rdghttp.length", extra=mode) == ["16394"]


def test_borders_backwards_in_sharkd(sharkd, fields):
    """As the GUI draws rows in any order."""
    frames = [18, 20, 26, 41]
    requests = [{"method": "frame", "params": {"frame": number, "proto": True}} for number in reversed(frames)]
    trees = sharkd("rdghttp-borders.pcapng", *requests)
    for number, tree in zip(reversed(frames), trees):
        expected = fields("rdghttp-borders.pcapng", f"frame.number == {number}", "rdghttp.type", extra=["-2"])[0]
        assert str(tree).count("rdghttp.type ==") == len(expected.split("|"))


@pytest.mark.parametrize("mode", PASSES)
def test_two_channels(fields, mode):
    name = "rdghttp-two-channels.pcapng"
    assert types(fields, name, mode) == OPENING + [DATA, DATA, KEEPALIVE, CLOSE, CLOSE_RESPONSE]
    rows = fields(name, "rdghttp.type", "tcp.stream", "rdghttp.session", "rdghttp.transport", extra=mode)
    assert {(session[0], transport[0]) for _, session, transport in rows} == {("0", "1")}
    assert {stream for stream, *_ in rows} == {"0", "1"}
    assert fields(name, "rdghttp.seed", "rdghttp.seed", extra=mode) == ["abcd" * 5]
    assert fields(name, "rdghttp.type == 9", "rdghttp.response_to", extra=mode) == ["47"]


@pytest.mark.parametrize("mode", PASSES)
def test_rare_packets(fields, mode):
    def one(kind, *names):
        return fields("rdghttp-packets.pcapng", f"rdghttp.type == {kind}", *names, extra=mode)
    assert one(3, "ntlmssp.messagetype") == ["0x00000001"]
    assert one(4, "rdghttp.reauth_context", "rdghttp.paa_cookie") == [
        ("0x0000000000000004", "token\0".encode("utf-16-le").hex())]
    assert one(5, "rdghttp.server_cert", "rdghttp.consent", "rdghttp.tunnel_id") == [
        ("CN=gateway.example", "Only for work.", "4")]
    assert one(6, "rdghttp.client_name", "rdghttp.soh") == [("CLIENT1", b"healthy".hex())]
    assert one(7, "rdghttp.idle_timeout", "rdghttp.redirection.drive", "rdghttp.redirection.port") == [("30", "1", "0")]
    assert one(8, "rdghttp.target", "rdghttp.target.alternative", "rdghttp.target_port") == [
        ("host.example|192.0.2.77", "other.example", "3389")]
    assert one(11, "rdghttp.service_message") == ["The gateway restarts in five minutes."]
    assert one(13, "rdghttp.unknown") == [b"more".hex()]
    for item, number in (("reauth", "36"), ("unknown_type", "38"), ("no_packet", "44"), ("closed", "46")):
        assert fields("rdghttp-packets.pcapng", f"rdghttp.{item}", "frame.number", extra=mode) == [number]
    assert fields("rdghttp-packets.pcapng", "rdghttp.bad_length", "frame.number", extra=mode) == ["40", "42"]


@pytest.mark.parametrize("mode", PASSES)
def test_why_there_is_no_udp(fields, mode):
    name = "rdghttp-no-udp.pcapng"
    last = {}
    for session, verdicts in fields(name, "rdghttp.udp.verdict", "rdghttp.session", "rdghttp.udp.verdict", extra=mode):
        last[session] = verdicts
    assert last == {"0": CLIENT_SILENT, "1": GATEWAY_SILENT, "2": NO_OFFER, "3": NO_OFFER, "4": REFUSED, "5": REFUSED,
                    "6": REFUSED} | ({"7": REFUSED_HTTP} if mode else {})
    assert fields(name, "rdghttp.udp_not_announced", "rdghttp.session", extra=mode) == ["0", "1"]
    assert fields(name, "rdghttp.udp_not_offered", "rdghttp.session", extra=mode) == ["2", "3"]
    assert fields(name, "rdghttp.refused", "rdghttp.session", "rdghttp.code", extra=mode) == [
        ("4", "0x800759da"), ("5", "0x000059db"), ("6", "0x800759f8")]
    assert fields(name, "rdghttp.http_refused", "rdghttp.session", "rdghttp.auth_scheme", extra=mode) == (
        [("7", "SMARTCARD")] if mode else [])


def test_sentences(tshark):
    text = "\n".join(tshark("rdghttp-no-udp.pcapng", "-2", "-z", "expert", "-q"))
    for sentence in ("The client does not announce UDP, so that the gateway is not expected to offer it.",
                     "The gateway refuses the channel to the target: E_PROXY_RAP_ACCESSDENIED (0x800759da).",
                     "Both ends announced UDP, but the gateway gives no cookie for it: see its UDP listener.",
                     "The gateway, or a proxy before it, refuses the session with 401 User Account Restricted."):
        assert sentence in text


@pytest.mark.parametrize("mode", PASSES)
def test_round_of_ntlm_is_no_refusal(fields, mode):
    assert fields("rdghttp-websocket.pcapng", "rdghttp.http_refused", "frame.number", extra=mode) == []


@pytest.mark.parametrize("mode", PASSES)
def test_decode_as(fields, mode):
    assert types(fields, "rdghttp-plain.pcap", mode, PLAIN) == [HANDSHAKE, TUNNEL_CREATE, HANDSHAKE_RESPONSE,
                                                                TUNNEL_RESPONSE]
    # From 4.4 on, HTTP on port 8080 follows the upgrade by itself; the request is read in no version.
    assert fields("rdghttp-plain.pcap", "rdghttp.request.method", "frame.number", extra=mode) == []


def test_inner_can_be_switched_off(fields):
    assert fields("rdghttp-websocket.pcapng", "rdghttp && tpkt", "frame.number",
                  extra=["-o", "rdghttp.inner:FALSE"]) == []


@pytest.mark.parametrize("mode", PASSES)
def test_others_stay_as_they_are(tshark, fields, mode):
    """Ordinary HTTP in TLS, RPC over HTTP, and a WebSocket that is another protocol's."""
    ordinary = ["-Y", "tcp.stream < 2", "-V", *mode]
    assert tshark("rdghttp-others.pcapng", *ordinary) == tshark("rdghttp-others.pcapng", *ordinary, plugins=False)
    assert fields("rdghttp-others.pcapng", "rdghttp.type", "tcp.stream", "rdghttp.type", extra=mode) == [
        ("2", HANDSHAKE), ("2", HANDSHAKE_RESPONSE)]


def test_stock_wireshark_shows_nothing_of_it(fields):
    assert fields("rdghttp-websocket.pcapng", "frame.number == 34 && http", "frame.number", plugins=False) == []

"""RD Gateway UDP with keys: what is inside a channel.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re

import pytest

PASSES = [[], ["-2"]]
SECURED, CONNECTED, CLOSED, REJECTED, EXPLOIT = "2", "3", "4", "13", "20"
CONNECT, RESPONSE, DATA, DISCONNECT, FRAGMENT = "1", "2", "3", "4", "5"


@pytest.fixture
def inside(fields, capture):
    """inside(NAME, FILTER, FIELD ..., mode=[...]): fields() of NAME.pcap with NAME.keys."""
    def run(name, display_filter, *names, mode=(), **how):
        extra = ["-o", f"tls.keylog_file:{capture(name + '.keys')}", *mode]
        return fields(name + ".pcap", display_filter, *names, extra=extra, **how)
    return run


def numbers(rows):
    return [int(row) for row in rows]


@pytest.mark.parametrize("mode", PASSES)
@pytest.mark.parametrize("name, first", [("trailer-first", 7), ("trailer-all", 7), ("trailer-none", 7),
                                         ("other-port", 7), ("no-verify", 5)])
def test_decrypts(inside, name, first, mode):
    """Whatever ClientHello has a trailer, and on any port."""
    rows = inside("rdgudp-" + name, "rdgudp.pkt_id", "frame.number", "rdgudp.pkt_id", "rdgudp.verdict", mode=mode)
    assert rows == [(str(first), FRAGMENT, SECURED), (str(first + 1), FRAGMENT + "|" + CONNECT, SECURED),
                    (str(first + 2), RESPONSE, CONNECTED), (str(first + 3), DATA, CONNECTED),
                    (str(first + 4), DATA, CONNECTED), (str(first + 5), DISCONNECT, CLOSED)]
    assert inside("rdgudp-" + name, "rdgudp.no_key", "frame.number", mode=mode) == []


def test_decrypts_with_keys_inside_the_file(fields):
    assert fields("rdgudp-keys-inside.pcapng", "rdgudp.result", "rdgudp.result") == ["0x00000000"]


@pytest.mark.parametrize("name", ["rdgudp-trailer-all", "rdgudp-no-verify", "rdgudp-other-port"])
def test_stock_wireshark_loses_it(inside, name):
    """Without us the same keys open nothing: this is why the trailer matters."""
    assert inside(name, "data", "frame.number", plugins=False)[0] == "1"
    protocols = inside(name, "dtls.app_data", "frame.protocols", plugins=False)
    assert set(protocols) == {"eth:ethertype:ip:udp:dtls"}


@pytest.mark.parametrize("mode", PASSES)
def test_every_field_of_connect(inside, mode):
    assert inside("rdgudp-trailer-first", "rdgudp.cookie", "rdgudp.target_port", "rdgudp.mtu.up", "rdgudp.mtu.down",
                  "rdgudp.lossy", "rdgudp.isn", "rdgudp.cookie.scheme", "rdgudp.cookie.user", "rdgudp.cookie.target_ip",
                  "rdgudp.cookie.target_name", "rdgudp.cookie.target_port", "rdgudp.cookie.expiry", mode=mode) == [
        ("3389", "1232", "1232", "0", "0x11223344", "UDPCOOKIE", "EXAMPLE\\user", "203.0.113.10", "host.example",
         "3389", "Mar  5, 2024 10:05:00.000000000 UTC")]
    row = inside("rdgudp-trailer-first", "rdgudp.cookie", "rdgudp.cookie_len", "rdgudp.pkt_len", "rdgudp.cookie",
                 "frame.protocols", mode=mode)[0]
    length, packet, cookie, protocols = row
    assert int(packet.split("|")[1]) == int(length) + 16 and len(cookie) == 2 * int(length)
    assert ":rdgudp:cms" in protocols
    assert inside("rdgudp-trailer-first", "cms.contentType", "frame.number", mode=mode) == ["8"]
    assert inside("rdgudp-trailer-first", "rdgudp.cookie", "_ws.col.Info", mode=mode) == [
        "Application Data, CONNECT_PKT_FRAGMENT 1 of 2"]


@pytest.mark.parametrize("mode", PASSES)
def test_fragments(inside, mode):
    rows = inside("rdgudp-trailer-first", "rdgudp.fragment.id", "rdgudp.fragment.id", "rdgudp.fragment.count",
                  "rdgudp.fragment.length", "rdgudp.fragments.count", mode=mode)
    assert rows[0] == ("0", "2", "1000", "") and rows[1][:2] == ("1", "2") and rows[1][3] == "2"
    data, padding = inside("rdgudp-trailer-first", "rdgudp.fragment.id == 0", "rdgudp.fragment.data",
                           "rdgudp.fragment.padding", mode=mode)[0]
    assert len(data) == 2000 and padding == "00" * 122
    assert inside("rdgudp-trailer-none", "rdgudp.fragment.padding", "frame.number", mode=mode) == []


def test_fragment_links_to_the_whole(inside):
    assert inside("rdgudp-trailer-first", "rdgudp.fragments.reassembled_in", "frame.number",
                  "rdgudp.fragments.reassembled_in", mode=["-2"]) == [("7", "8")]


@pytest.mark.parametrize("mode", PASSES)
def test_fragment_order(inside, mode):
    """Out of order, repeated, another packet of the same size: three kinds, two packets."""
    rows = inside("rdgudp-fragment-order", "rdgudp.fragment.id", "frame.number", "rdgudp.fragment.id",
                  "rdgudp.fragment.repeated", "rdgudp.cookie.user", mode=mode)
    user = "EXAMPLE\\user"
    assert rows == [("7", "1", "", ""), ("8", "0", "", user), ("9", "0", "1", ""), ("10", "1", "1", ""),
                    ("11", "0", "", ""), ("12", "1", "", user)]
    assert inside("rdgudp-fragment-order", "rdgudp.target_port", "rdgudp.target_port", mode=mode) == ["3389", "3390"]


@pytest.mark.parametrize("mode", PASSES)
def test_both_fragments_in_one_datagram(inside, mode):
    """Put together once, in the same place on every pass."""
    assert inside("rdgudp-one-datagram", "rdgudp.fragment.id", "frame.number", "rdgudp.pkt_id",
                  "rdgudp.fragments.count", "rdgudp.cookie.user", mode=mode) == [("7", "5|5|1", "2", "EXAMPLE\\user")]


@pytest.mark.parametrize("mode", PASSES)
def test_codes_of_eight_octets(inside, mode):
    assert inside("rdgudp-long-codes", "rdgudp.result || rdgudp.reason", "rdgudp.pkt_len", "rdgudp.result",
                  "rdgudp.result.high", "rdgudp.reason", "rdgudp.reason.high", mode=mode) == [
        ("16", "0x00000000", "0x00000000", "", ""), ("8", "", "", "0x000004ca", "0x00000000")]


@pytest.mark.parametrize("mode", PASSES)
def test_expired_cookie(inside, mode):
    rows = inside("rdgudp-expired-cookie", "rdgudp.cookie_expired || rdgudp.rejected", "frame.number", "rdgudp.verdict",
                  "_ws.expert.message", mode=mode)
    assert rows == [("8", SECURED, "The cookie expired 900 s before it was sent: the gateway denies access, if the "
                                   "capture's clock is right."),
                    ("9", REJECTED, "The gateway rejects the channel: E_ACCESS_DENIED (0x80070005).")]
    assert inside("rdgudp-trailer-first", "rdgudp.cookie_expired", "frame.number", mode=mode) == []
    # The disconnect that follows does not hide the reason.
    assert inside("rdgudp-expired-cookie", "rdgudp.reason", "rdgudp.reason", "rdgudp.verdict", mode=mode) == [
        ("0x80070005", REJECTED)]


@pytest.mark.parametrize("mode", PASSES)
def test_codes_by_name_in_every_form(inside, mode):
    assert inside("rdgudp-connect-failed", "rdgudp.rejected", "_ws.expert.message", mode=mode) == [
        f"The gateway rejects the channel: {name} ({code})." for name, code in (
            ("E_PROXY_TS_CONNECTFAILED", "0x000059dd"), ("E_PROXY_TS_CONNECTFAILED", "0x200059dd"),
            ("E_PROXY_TS_CONNECTFAILED", "0x800759dd"), ("unknown code", "0x12345678"))]


@pytest.mark.parametrize("mode", PASSES)
def test_broken_session_inside(inside, mode):
    """Inner DTLS does not take the place of the outer session, whatever it does, and ports are as they were."""
    rows = inside("rdgudp-inner-broken", "rdgudp.rdpeudp", "frame.number", "rdgudp.rdpeudp.ack_vector_size",
                  "rdgudp.rdpeudp.coded", "dtls.handshake.type", mode=mode)
    assert rows == [("10", "", "0x11223345", "1"), ("11", "1", "0x55667789", "3"), ("12", "3", "0x11223346", "1"),
                    ("13", "2", "0x5566778a", "2"), ("14", "", "0x11223347", ""), ("15", "", "0x5566778b", "")]
    assert inside("rdgudp-inner-broken", "_ws.malformed", "frame.number", "udp.dstport", mode=mode) == [("14", "3391")]
    assert inside("rdgudp-inner-broken", "frame.number >= 14 && rdgudp", "rdgudp.verdict", mode=mode) == [
        CONNECTED, CONNECTED, CLOSED, CLOSED, CLOSED]
    assert inside("rdgudp-inner-broken", "rdgudp.lossy == 1", "frame.number", mode=mode) == ["8"]
    assert inside("rdgudp-inner-broken", "frame.number >= 10", "frame.protocols", mode=mode)[:6] == [
        "eth:ethertype:ip:udp:rdgudp:dtls:rdgudp:dtls"] * 6
    assert len(set(inside("rdgudp-inner-broken", "rdgudp", "udp.stream", mode=mode))) == 1


@pytest.mark.parametrize("mode", PASSES)
@pytest.mark.parametrize("name, first, port, protocol", [("two-channels", 10, "50123", "tls"),
                                                         ("two-channels", 29, "50124", "dtls"),
                                                         ("lossy", 10, "50123", "dtls")])
def test_session_inside_from_handshake_to_close(inside, name, first, port, protocol, mode):
    """TLS in the reliable channel, DTLS in the lossy one: decrypted, with what RDP says first, and nothing
    malformed."""
    rows = inside("rdgudp-" + name, f"rdgudp.rdpeudp && udp.port == {port}", "frame.number", "frame.protocols",
                  "_ws.col.Info", mode=mode)
    assert [int(row[0]) for row in rows] == list(range(first, first + len(rows)))
    layers = f"eth:ethertype:ip:udp:rdgudp:dtls:rdgudp:{protocol}"
    assert all(row[1].startswith(layers) for row in rows)
    assert [row[1].removeprefix(layers) for row in rows[-3:]] == [":rdpmt", ":rdpmt", ""]
    said = [row[2].removeprefix("Application Data, DATA_PKT, ") for row in rows]
    assert said[0] == "Client Hello"
    assert said[-5].startswith("Client Key Exchange") and said[-4].endswith("Finished")
    assert said[-3:] == ["TunnelCreateRequest", "TunnelCreateResponse",
                         "Alert (Level: Warning, Description: Close Notify)"]
    assert inside("rdgudp-" + name, "_ws.malformed || _ws.expert.severity >= 0x800000", "frame.number", mode=mode) == []


def test_ports_are_restored_after_an_exception(inside, tshark, capture):
    """The column of ports is written from what the dissectors leave behind."""
    rows = inside("rdgudp-inner-broken", "rdgudp.rdpeudp", "_ws.col.Source", "_ws.col.Destination", "portlore.port")
    assert len(rows) == 6
    keys = ["-o", f"tls.keylog_file:{capture('rdgudp-inner-broken.keys')}"]
    (line,) = tshark("rdgudp-inner-broken.pcap", *keys, "-Y", "_ws.malformed", "-o",
                     'gui.column.format:"S","%uS","D","%uD"')
    assert re.findall(r"\d+", line) == ["50123", "3391"]


@pytest.mark.parametrize("mode", PASSES)
def test_every_field_of_rdpeudp(inside, mode):
    assert inside("rdgudp-inner-broken", "frame.number == 11", "rdgudp.rdpeudp.source_ack", "rdgudp.rdpeudp.window",
                  "rdgudp.rdpeudp.flags", "rdgudp.rdpeudp.ack_vector", "rdgudp.rdpeudp.ack_padding",
                  "rdgudp.rdpeudp.source_start", "rdgudp.rdpeudp.flags.ack", "rdgudp.rdpeudp.flags.syn", mode=mode) == [
        ("0x11223344", "64", "0x000c", "01", "00", "0x55667789", "1", "0")]


@pytest.mark.parametrize("mode", PASSES)
def test_inner_tls(inside, mode):
    assert inside("rdgudp-trailer-first", "tls.handshake.type", "frame.number", "tls.handshake.type",
                  "rdgudp.rdpeudp.ack_padding", mode=mode) == [("10", "1", ""), ("11", "2", "00")]


@pytest.mark.parametrize("mode", PASSES)
def test_rules(inside, mode):
    """Each rule on its edge and beyond."""
    def found(what):
        return numbers(inside("rdgudp-exploit", "rdgudp." + what, "frame.number", mode=mode))

    assert found("gateway_scan") == [7, 8]
    assert found("cve_2020_0610") == [9, 10]
    assert found("cve_2020_0609") == [8, 11]
    assert found("bad_fragment") == [10, 13, 14]
    assert found("odd_fragment") == [7, 15, 16, 17]
    assert found("cleartext_fragment") == []
    assert set(inside("rdgudp-exploit", "rdgudp.pkt_id", "rdgudp.verdict", mode=mode)) == {EXPLOIT}
    severity = inside("rdgudp-exploit", "rdgudp.cve_2020_0610 && !rdgudp.bad_fragment", "_ws.expert.severity",
                      "_ws.expert.message", mode=mode)
    assert severity == [("8388608", "The fragment's id is 65, where the gateway's table has 64 places: the pattern of "
                         "CVE-2020-0610.")]


@pytest.mark.parametrize("mode", PASSES)
@pytest.mark.parametrize("name", ["legal-fragments", "fragment-order", "trailer-first", "lossy", "inner-broken",
                                  "one-datagram"])
def test_what_clients_do_is_no_attack(inside, name, mode):
    """Repeats, padding, one to five fragments, silence after them."""
    found = " || ".join("rdgudp." + rule for rule in (
        "gateway_scan", "cve_2020_0610", "cve_2020_0609", "bad_fragment", "odd_fragment", "cleartext_fragment",
        "e_unexpected", "verdict == 20"))
    assert inside("rdgudp-" + name, found, "frame.number", mode=mode) == []


@pytest.mark.parametrize("mode", PASSES)
def test_up_to_five_fragments(inside, mode):
    assert inside("rdgudp-legal-fragments", "rdgudp.cookie_len", "rdgudp.cookie_len", mode=mode)[:5] == [
        "580", "1480", "2480", "3480", "4076"]
    assert len(inside("rdgudp-legal-fragments", "rdgudp.fragment.repeated", "frame.number", mode=mode)) == 15


@pytest.mark.parametrize("mode", PASSES)
def test_patched_gateway(inside, mode):
    assert inside("rdgudp-scan-patched", "rdgudp.e_unexpected", "rdgudp.result", "rdgudp.verdict",
                  "rdgudp.dtls_version", mode=mode) == [("0x8000ffff", EXPLOIT, "0xfeff")]
    assert inside("rdgudp-expired-cookie", "rdgudp.e_unexpected", "frame.number", mode=mode) == []


@pytest.mark.parametrize("mode", PASSES)
def test_broken_packets(inside, mode):
    assert numbers(inside("rdgudp-broken-packets", "rdgudp.not_a_packet", "frame.number", mode=mode)) == [7, 8]
    assert numbers(inside("rdgudp-broken-packets", "rdgudp.cut_short", "frame.number", mode=mode)) == list(range(9, 15))
    assert inside("rdgudp-broken-packets", "_ws.expert.message contains Exception", "frame.number", mode=mode) == []


@pytest.mark.parametrize("mode", PASSES)
def test_wrong_lengths(inside, mode):
    """A pktLen that is not what the packet has is called that, and the values are read all the same."""
    rows = inside("rdgudp-wrong-lengths", "rdgudp.bad_length", "frame.number", "_ws.expert.message", mode=mode)
    assert [(number, text.rpartition("|")[2]) for number, text in rows] == [
        (str(number), f"The length pktLen is {said}, where {has} octets are behind the header.")
        for number, said, has in ((7, 4, 213), (8, 225, 221), (10, 0, 12), (11, 13, 16), (13, 5, 23), (15, 0, 4))]
    assert inside("rdgudp-wrong-lengths", "rdgudp.cut_short", "frame.number", mode=mode) == []
    assert inside("rdgudp-wrong-lengths", "rdgudp.result", "rdgudp.result", mode=mode) == ["0x00000000"] * 3
    assert inside("rdgudp-wrong-lengths", "rdgudp.reason", "rdgudp.reason", mode=mode) == ["0x00000000", "0x000004ca"]


@pytest.mark.parametrize("mode", PASSES)
def test_semicolons_of_a_users_name(inside, mode):
    """They are the user's where the numbers behind prove it, and only there."""
    assert inside("rdgudp-wrong-lengths", "rdgudp.cookie.user", "rdgudp.cookie.user", "rdgudp.cookie.target_ip",
                  "rdgudp.cookie.target_name", "rdgudp.cookie.target_port", mode=mode) == [
        (user, "203.0.113.10", "host.example", "3389") for user in ("EXAMPLE\\a;b", ";EXAMPLE\\user;;")]
    assert numbers(inside("rdgudp-wrong-lengths", "rdgudp.cookie.unknown", "frame.number", mode=mode)) == [9]


@pytest.mark.parametrize("mode", PASSES)
def test_channels(tshark, capture, mode):
    """Two channels of one session, with what only keys can tell."""
    keys = ["-o", f"tls.keylog_file:{capture('rdgudp-two-channels.keys')}"]
    lines = tshark("rdgudp-two-channels.pcap", "-q", *keys, *mode, "-z", "rdgudp,channels")
    rows = [[cell.strip() for cell in line.split(" |")] for line in lines if line[:1].isdigit()]
    session = ["c0ffee00-1234-4678-9abc-def012340000", "closed", "", "", "DTLS 1.2", "2"]
    target = ["EXAMPLE\\user", "host.example (203.0.113.10)", "3389", ""]
    assert [row[:14] for row in rows] == [
        ["192.0.2.10:50123", "198.51.100.20:3391", "0", *session, "yes", *target],
        ["192.0.2.10:50124", "198.51.100.20:3391", "1", *session, "no", *target]]
    assert [row[14] for row in rows] == ["19", "21"]
    assert all(int(row[15]) > 2000 and int(row[16]) > 1500 for row in rows)
    assert all(float(row[17]) < float(row[18]) for row in rows)


@pytest.mark.parametrize("mode", PASSES)
def test_tree(tshark, capture, mode):
    keys = ["-o", f"tls.keylog_file:{capture('rdgudp-exploit.keys')}"]
    lines = tshark("rdgudp-exploit.pcap", "-q", *keys, *mode, "-z", "rdgudp,tree")
    found = [re.match(r" *(\S.*?)  +(-?\d+) ", line) for line in lines]
    counts = {one[1]: int(one[2]) for one in found if one}
    assert counts["Channels"] == counts["exploit pattern"] == 1
    assert counts.get("secured", 0) == counts.get("hello sent", 0) == 0
    assert counts["CONNECT_PKT_FRAGMENT"] == counts["Packets inside DTLS"] == 11
    assert counts["CVE-2020-0610 pattern"] == counts["CVE-2020-0609 pattern"] == counts["Gateway scan"] == 2
    assert counts["Fragment id not below the count"] == 3 and counts["Odd fragment length"] == 4


def test_gui(sharkd):
    """As the GUI does: load, then select packets, then statistics."""
    name = "rdgudp-keys-inside.pcapng"
    packet, earlier, channels, tree = sharkd(
        name, {"method": "frame", "params": {"frame": 8, "proto": True}},
        {"method": "frame", "params": {"frame": 7, "proto": True}},
        {"method": "tap", "params": {"tap0": "nstat:rdgudp,channels"}},
        {"method": "tap", "params": {"tap0": "stat:rdgudp"}})
    text = str(packet)
    assert "User: EXAMPLE\\\\user" in text and "Verdict: secured (2)" in text and "Outcome: closed (4)" in text
    assert "CONNECT_PKT complete in: 8" in str(earlier)
    row = channels["taps"][0]["tables"][0]["i"][0]
    assert row[4] == "closed" and row[10] == "EXAMPLE\\user" and row[14] == 14
    assert "CONNECT_PKT_RESP" in str(tree)


def test_column_and_filter_agree(tshark, capture):
    """A custom column is filled without any filter, in one pass and in two."""
    keys = ["-o", f"tls.keylog_file:{capture('rdgudp-trailer-first.keys')}"]
    column = 'gui.column.format:"V","%Cus:rdgudp.verdict:0:R","U","%Cus:rdgudp.cookie.user:0:R"'
    for mode in PASSES:
        lines = tshark("rdgudp-trailer-first.pcap", *keys, "-o", column, *mode)
        assert lines[0].split() == ["hello", "sent"]
        assert lines[7].split() == ["secured", "EXAMPLE\\user"]

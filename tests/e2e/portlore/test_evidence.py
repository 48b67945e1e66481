"""Port Lore says what the capture proves of a port, and no more.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import subprocess

import pytest
from support.modes import ALL_MODES
from support.paths import CAPTURES

FINDINGS = "portlore.unexpected || portlore.sustained || portlore.probe"
OTHER, UNRECOGNISED, NO_PAYLOAD, UNDECIDED = "1", "2", "3", "4"
EXPECTED = "0"
REFUSED = "was tried, and refused the connection (RST)."
ONLY_UDP = (" In practice it is used over UDP (Microsoft Remote Desktop Gateway (MS-TSGU over DTLS)), of which a test "
            "over TCP says nothing.")


@pytest.fixture
def found(fields):
    """found(CAPTURE, MODE): frame -> (what was found, match), of each packet, and none of its findings."""
    def read(name, mode=()):
        rows = fields(name, "portlore", "frame.number", "portlore.seen", "portlore.match",
                      extra=[*mode, "-o", "portlore.annotate:every"])
        return {int(number): (seen, match) for number, seen, match in rows}
    return read


@pytest.fixture
def findings(fields):
    """findings(CAPTURE, MODE): (frame, text) of each finding but the status."""
    def read(name, mode=(), which=FINDINGS, **how):
        rows = fields(name, which, "frame.number", "_ws.expert.message", extra=mode, **how)
        return [(int(number), text) for number, texts in rows for text in
                texts.replace("documented.|", "documented. |").split("|")
                if text.startswith(("TCP port", "UDP port"))]
    return read


# Which end is the service

@pytest.mark.parametrize("mode", ALL_MODES)
def test_a_guess_states_nothing(findings, found, mode):
    """TCP amid its connection, and UDP between two numbers that may both be services."""
    assert findings("port-guess.pcap", mode) == []
    assert {match for _, match in found("port-guess.pcap", mode).values()} == {UNDECIDED}


def test_a_guess_is_called_one(fields):
    texts = fields("port-guess.pcap", "portlore.status", "_ws.expert.message")
    assert texts and all("this may be the client's port" in text for text in texts)
    assert not any("this may be" in text for text in
                   fields("port-3406-http.pcap", "portlore.status", "_ws.expert.message"))


@pytest.mark.parametrize("mode", ALL_MODES)
def test_the_same_ports_may_have_another_use_the_next_day(findings, fields, mode):
    assert findings("port-reused.pcap", mode) == []
    assert fields("port-reused.pcap", "portlore", "frame.number", extra=mode) == ["1"]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_a_port_that_another_connection_announced_is_no_surprise(findings, found, fields, mode):
    assert findings("port-announced.pcap", mode) == []
    assert ("ftp-data", OTHER) in found("port-announced.pcap", mode).values()
    texts = fields("port-announced.pcap", "portlore.status", "_ws.expert.message", extra=mode)
    assert len(texts) == 2
    assert all(text.endswith("has announced this one, and its port.") for text in texts)


# Attempts

def test_attempts_that_were_not_in_vain(findings):
    """In one pass, what is answered later is told as it is so far; in two it is taken back."""
    assert findings("port-attempts.pcap") == [(22, f"TCP port 3406 {REFUSED}"),
                                              (31, "TCP port 3416 is tried again: nothing has answered yet.")]
    assert findings("port-attempts.pcap", ["-2"]) == []


def test_icmp_errors(findings):
    """A path's MTU is no failed try, nor is what follows an answer; each other error has its sender and code."""
    told = [
        (20, "UDP port 3416 was tried, and ICMP says that it is unreachable: a firewall prohibits it (from 192.0.2.1, "
             "type 3, code 13)."),
        (22, "UDP port 3416 was tried, and ICMP says that it is unreachable: a firewall prohibits it (from "
             "2001:db8::1, type 1, code 1)."),
        (24, "TCP port 3406 was tried, and ICMP says that it is unreachable: there is no way to the host (from "
             "192.0.2.1, type 3, code 1)."),
        (26, "UDP port 3311 was tried, and ICMP says that it is unreachable: not its host but another says that the "
             "port is unreachable, as firewalls do (from 192.0.2.1, type 3, code 3)."),
    ]
    later = (28, "UDP port 3416 was tried, and ICMP says that it is unreachable: that host says that the port is "
                 "unreachable (from 198.51.100.20, type 3, code 3).")
    assert findings("port-icmp.pcap") == [*told, later]
    assert findings("port-icmp.pcap", ["-2"]) == told


def test_stealth_scans(findings):
    no_connection = "segment, which belongs to no connection, was answered by RST."
    answered = [
        (2, f"TCP port 3311 was probed: a NULL {no_connection}"),
        (4, f"TCP port 3386 was probed: a FIN {no_connection}"),
        (6, f"TCP port 3406 was probed: a Xmas {no_connection}"),
        (8, "TCP port 3416 was probed: an ACK without a connection in this capture was answered by RST. This is a "
            "scan, or the rest of a connection from before."),
    ]
    assert findings("port-scans.pcap") == answered
    assert findings("port-scans.pcap", ["-2"]) == [
        *answered, (9, "TCP port 3416 was probed: a FIN segment, which belongs to no connection, was not answered in "
                       "this capture.")]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_a_tcp_test_of_a_port_that_is_used_over_udp(findings, fields, mode):
    rows = findings("port-3391-tcp.pcap", mode, "portlore.probe")
    assert rows[0] == (52, f"TCP port 3391 {REFUSED}{ONLY_UDP}")
    silent = [(53, f"TCP port 3391 was tried, and nothing answers in this capture.{ONLY_UDP}")]
    assert [row for row in rows[1:] if "was tried" in row[1]] == (silent if mode else [])
    assert ONLY_UDP.strip() in fields("port-3391-tcp.pcap", "frame.number == 1", "_ws.expert.message")[0]


# Payload

@pytest.mark.parametrize("mode", ALL_MODES)
def test_octets_that_the_capture_lacks_make_nothing_foreign(findings, found, mode):
    """GTP' whose first segment is missing, or comes second; on 3416, two segments that are sent again and again."""
    assert findings("port-tcp-holes.pcap", mode) == []
    seen = found("port-tcp-holes.pcap", mode)
    again = [seen[frame] for frame in seen if frame > 25]
    assert len(again) == 34 and set(again) == {("data", UNRECOGNISED), ("", UNDECIDED)}


@pytest.mark.parametrize("mode", ALL_MODES)
def test_copies_of_a_mirror_port_are_no_use(findings, mode):
    """Ten packets that were captured twice are ten, and one SYN is one."""
    assert findings("port-copies.pcap", mode) == []
    ten = findings("port-copies.pcap", [*mode, "-o", "portlore.sustained_packets:10"])
    assert [text.split(" is ")[0] for _, text in ten] == ["TCP port 3416", "UDP port 3416"]
    assert findings("port-copies.pcap", [*mode, "-o", "portlore.sustained_packets:11"]) == []


@pytest.mark.parametrize("octets", [42, 44, 46, 49, 64, 66, 68])
def test_a_stub_gives_no_verdict(findings, fields, tmp_path, capture, octets):
    """Fewer than eight octets of a payload, over IPv4 (42 octets of headers) or IPv6 (62)."""
    path = tmp_path / "cut.pcap"
    subprocess.run(["editcap", "-s", str(octets), CAPTURES / "port-short.pcap", path], check=True, capture_output=True)
    path.chmod(0o644)
    assert findings(path, which="portlore.unexpected") == (
        [] if octets < 50 else [row for row in findings("port-short.pcap", which="portlore.unexpected")])
    stubs = "ipv6" if octets > 50 else "ip"
    rows = fields(path, f"portlore && {stubs}", "portlore.seen", "portlore.match")
    assert rows and set(rows) == {("", UNDECIDED)}


def test_octets_that_are_short_by_themselves_give_no_verdict(fields):
    assert fields("port-short.pcap", "frame.number == 7", "portlore.seen", "portlore.match") == [("", UNDECIDED)]


# What is on it

@pytest.mark.parametrize("mode", ALL_MODES)
def test_mysql(fields, findings, mode):
    """By the server's greeting, on any documented port; login and queries are those of Wireshark's dissector."""
    rows = fields("port-mysql.pcap", "mysql", "tcp.port", "mysql.version", "mysql.user", "mysql.query", extra=mode)
    assert [(version, user, query) for _, version, user, query in rows if version or user or query] == [
        (version, "", "") if part == 0 else ("", "user", "") if part == 1 else ("", "", "SELECT 1")
        for version in ("8.0.36", "5.5.5-10.6.16-MariaDB-0ubuntu0.22.04.1", "5.7.44-log") for part in range(3)]
    assert fields("port-mysql.pcap", "mysql", "frame.protocols", extra=mode) == ["eth:ethertype:ip:tcp:mysql"] * 15
    seen = fields("port-mysql.pcap", "portlore.seen && tcp.srcport != 3416", "portlore.seen", extra=mode)
    assert seen == ["mysql"] * 3
    assert [row[0] for row in findings("port-mysql.pcap", mode)] == [36]


@pytest.mark.parametrize("other", [
    ["-o", "portlore.mysql:FALSE"],
    ["--disable-protocol", "portlore"],
    ["--disable-heuristic", "portlore_mysql_tcp"],
    ["-d", "tcp.port==3406,data"],
    ["-o", 'uat:portlore_records:"3406","tcp","web","","http"'],
])
def test_mysql_is_left_alone_where_the_user_says_otherwise(fields, other):
    assert fields("port-mysql.pcap", "mysql && tcp.port == 3406", "frame.number", extra=other) == []


def test_own_port_with_mysql_is_handed_over(fields):
    own = ["-o", 'uat:portlore_records:"3406","tcp","second server","","mysql"']
    text = 'portlore.seen == "mysql" && tcp.port == 3406'
    assert fields("port-mysql.pcap", text, "portlore.match", extra=own) == [EXPECTED]


def test_ndb_management_line_by_line(found):
    """From the first command on. A lone line that reads like one is taken back when nothing else is."""
    one_pass, two_passes = found("port-ndb-lines.pcap"), found("port-ndb-lines.pcap", ["-2"])
    for seen in (one_pass, two_passes):
        with_payload = {frame: what for frame, (what, _) in seen.items() if what and frame < 37}
        assert min(with_payload) == 4 and set(with_payload.values()) == {"NDB management"} and len(with_payload) == 15
    assert (one_pass[40][0], one_pass[42][0]) == ("NDB management", "data")
    assert (two_passes[40][0], two_passes[42][0]) == ("data", "data")


@pytest.mark.parametrize("mode", ALL_MODES)
def test_rdp_on_tcp_3391(findings, found, mode):
    """By its cookie or its negotiation, and TLS as what it goes on with; X.224 alone has other users."""
    seen = {frame: what for frame, (what, _) in found("port-3391-tcp.pcap", mode).items() if what}
    frames = [start + offset for start in (4, 18, 32) for offset in (0, 2, 4, 6)]
    assert [seen[frame] for frame in frames] == ["rdp", "rdp", "tls", "tls"] * 3
    assert seen[46] != "rdp"
    assert [number for number, _ in findings("port-3391-tcp.pcap", mode, "portlore.unexpected")] == [4, 18, 32, 46]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_others_on_3386(findings, fields, mode):
    rows = fields("port-3386-others.pcap", "portlore.seen", "frame.number", "portlore.seen", "portlore.match",
                  extra=mode)
    assert rows == [("4", "tls", OTHER), ("11", "dtls", OTHER), ("12", "gtp", EXPECTED), ("13", "gtp", EXPECTED)]
    assert [number for number, _ in findings("port-3386-others.pcap", mode)] == [4, 11]
    assert fields("gtpv0-3386.pcap", "portlore.seen", "portlore.seen", extra=mode) == ["gtp"]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_a_channel_that_is_not_the_gateways_is_no_expected_tenant(fields, mode):
    name = "port-3391-dtls.pcap"
    rows = fields(name, "portlore.seen", "frame.number", "portlore.seen", "portlore.match", extra=mode)
    assert rows == [("1", "dtls", OTHER), ("2", "rdgudp", EXPECTED)]
    assert fields(name, "portlore.unexpected", "frame.number", extra=mode) == []


# Read filters

@pytest.mark.parametrize("kept", ["udp.port == 3391", "tcp.port == 3391", "udp.srcport == 49172",
                                  "udp.port == 3391 || tcp"])
def test_a_read_filter_moves_no_note(fields, runner, capture, home, kept):
    """What is said of a packet is said of the same packet when others were dropped."""
    names = ("frame.time_epoch", "portlore.port", "portlore.seen", "portlore.match", "_ws.expert.message")
    name = "port-3386-foreign.pcap"
    whole = dict((row[0], row) for row in fields(name, "portlore", *names, extra=["-2"]))
    rows = fields(name, "portlore", *names, extra=["-2", "-R", kept])
    assert rows and all(whole[row[0]] == row for row in rows)
    assert len(rows) == len(fields(name, f"portlore && ({kept})", "frame.number", extra=["-2"]))


def test_a_read_filter_and_the_report(tshark):
    """The report counts the conversations and the packets that have a row."""
    lines = tshark("port-3386-foreign.pcap", "-2", "-R", "udp.srcport == 49172", "-q", "-z",
                   "portlore,tree")
    counts = {line[:25].strip(): line[25:].split()[0] for line in lines if line[25:].split()[:1]}
    assert counts["udp 3386 gprs-sig"] == counts["Ports"] and counts["Conversations"] == "1"

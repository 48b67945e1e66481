"""Port Lore: what it says, on which packet, and when it stays silent.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json

import pytest
from support.modes import ALL_MODES

BRIEF = ("frame.number", "portlore.transport", "portlore.port", "portlore.seen")
MATCHES = {"0": "Expected tenant", "1": "Other known protocol", "2": "Unrecognised payload", "3": "No payload"}
EXPERTS = ("portlore.status", "portlore.unexpected", "portlore.sustained", "portlore.probe")


def matches(fields, name, extra=()):
    """Frame number -> (what was found, match), for every annotated packet."""
    rows = fields(name, "portlore", "frame.number", "portlore.seen", "portlore.match", extra=extra)
    return {int(number): (seen, MATCHES[match]) for number, seen, match in rows}


def frames(fields, name, display_filter, extra=()):
    return [int(number) for number in fields(name, display_filter, "frame.number", extra=extra)]


# Which end is the service, and when a packet is annotated

@pytest.mark.parametrize("mode", ALL_MODES)
def test_http_on_3406_stays_http(fields, mode):
    """The SYN, and the first payload; HTTP keeps its packets."""
    assert matches(fields, "port-3406-http.pcap", mode) == {
        1: ("", "No payload"),
        4: ("http", "Other known protocol"),
    }
    assert frames(fields, "port-3406-http.pcap", "http", mode) == [4, 6]


def test_clients_that_merely_got_such_a_port_are_not_annotated(tshark):
    assert tshark("port-ephemeral.pcap", "-Y", "portlore") == []
    assert tshark("port-ephemeral.pcap", "-2", "-Y", "portlore") == []


@pytest.mark.parametrize("mode", ALL_MODES)
def test_midstream(fields, mode):
    """No handshake, and a first UDP packet that is the answer from the service."""
    rows = fields("port-3386-midstream.pcap", "portlore", *BRIEF, extra=mode)
    assert rows == [("1", "tcp", "3386", "gtpp"), ("9", "udp", "3386", "gtpp")]


def test_both_ends_on_the_same_port(fields):
    assert fields("port-3386-both-ends.pcap", "portlore", *BRIEF) == [("1", "udp", "3386", "gtpp")]


def test_ipv6(fields):
    assert matches(fields, "port-mixed-ipv6.pcap") == {
        1: ("gtpp", "Expected tenant"),
        3: ("gtpp", "Expected tenant"),
        7: ("", "No payload"),
        10: ("gtpp", "Expected tenant"),
    }


def test_every_packet_on_request(fields):
    first = frames(fields, "port-3406-http.pcap", "portlore.claim")
    every = frames(fields, "port-3406-http.pcap", "portlore.claim", ["-o", "portlore.annotate:every"])
    assert first == [1, 4]
    assert every == list(range(1, 11))


def test_whole_record(tshark):
    """What the registry says, what people claim, what the evidence says: on one packet."""
    lines = tshark("port-3406-http.pcap", "-Y", "frame.number == 4", "-O", "portlore")
    text = "\n".join(lines)
    for expected in (
            "[Port Lore, TCP port 3406 (nokia-ann-ch2): http]",
            "    [Range: User (registered)]",
            "    [IANA status: Assigned]",
            "    [IANA service name: nokia-ann-ch2]",
            "    [IANA description: Nokia Announcement ch 2]",
            "    [Registered: 2002-02]",
            "    [Registry copy of: 2026-08-17]",
            "    [Found on it: http]",
            "    [Match: Other known protocol]",
            "            [Verdict: Contradicted]",
            "    [To see who listens: ss -tlnp 'sport = :3406' (Linux), "
            "Get-NetTCPConnection -State Listen -LocalPort 3406 (Windows)]"):
        assert expected in lines, text
    assert "In practice" not in text


def test_registry_is_silent(fields):
    """3386/tcp has no assignee and no date of its own: absent, not empty."""
    names = ("portlore.iana.service", "portlore.iana.assignee", "portlore.iana.registered")
    assert fields("gtpp-tcp.pcap", "portlore.iana.assignee || portlore.iana.registered", *names) == []
    assert fields("gtpp-tcp.pcap", "portlore.iana.service && frame.number == 1", *names) == [("gprs-data", "", "")]


@pytest.mark.parametrize("name", ["port-3406-http.pcap", "port-ephemeral.pcap", "gtpv0-3386.pcap"])
def test_a_packet_without_anything_to_say_stays_as_it_was(tshark, name):
    """Octet by octet the same as without us, but for what Port Lore adds to the packets that it annotates."""
    silent = ["-Y", "!portlore", "-T", "pdml"]
    numbers = ",".join(tshark(name, "-Y", "!portlore", "-T", "fields", "-e", "frame.number"))
    without = tshark(name, "-Y", f"frame.number in {{{numbers}}}", "-T", "pdml", plugins=False)
    assert [line for line in tshark(name, *silent) if "<pdml" not in line] == [
        line for line in without if "<pdml" not in line]
    protocols = ["-T", "fields", "-e", "frame.protocols"]
    assert tshark(name, *protocols) == tshark(name, *protocols, plugins=False)


# What is on it

@pytest.mark.parametrize("mode", ALL_MODES)
def test_ndb_management_is_recognised(fields, mode):
    """By content; what is not of that protocol ("get weather") is not named after it."""
    found = matches(fields, "port-3406-ndb.pcap", mode)
    assert found == {
        1: ("", "No payload"),
        4: ("NDB management", "Other known protocol"),
        13: ("data", "Unrecognised payload"),
        19: ("", "No payload"),
        22: ("NDB management", "Other known protocol"),
    }
    every = matches(fields, "port-3406-ndb.pcap", [*mode, "-o", "portlore.annotate:every"])
    ndb = [frame for frame, (seen, _) in every.items() if seen == "NDB management"]
    assert ndb == [4, 5, 7, 8, 10, 11, 14, 22, 23, 25, 27]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_unexpected(fields, mode):
    """Payload on 3386 or 3391 that does not belong there, once per conversation and kind."""
    name = "port-3386-foreign.pcap"
    assert frames(fields, name, "portlore.unexpected", mode) == [4, 11, 12, 15, 19]
    assert matches(fields, name, mode) == {
        1: ("", "No payload"),
        4: ("http", "Other known protocol"),
        11: ("dns", "Other known protocol"),
        12: ("data", "Unrecognised payload"),
        15: ("data", "Unrecognised payload"),
        16: ("", "No payload"),
        19: ("data", "Unrecognised payload"),
    }


def test_unexpected_is_a_sentence(fields):
    texts = fields("port-3386-foreign.pcap", "portlore.unexpected && udp", "_ws.expert.message")
    assert texts[1].endswith("UDP port 3386 carries octets that no dissector recognises, which do not belong there. "
                             "In practice: GTP' charging (3GPP TS 32.295); in old networks also GTP version 0 "
                             "(GSM 09.60).")


def test_expected_is_not_unexpected(tshark):
    for name in ("gtpp-udp.pcap", "gtpp-tcp.pcap", "gtpv0-3386.pcap", "rdgudp-trailer-none.pcap"):
        assert tshark(name, "-Y", "portlore.unexpected") == []


@pytest.mark.parametrize("mode", ALL_MODES)
def test_sustained(fields, mode):
    """From the 20th packet with payload on, when both ends sent some; not for a conversation of four."""
    assert frames(fields, "port-3416-sustained-udp.pcap", "portlore.sustained", mode) == [20]
    assert frames(fields, "port-3311-sustained.pcap", "portlore.sustained", mode) == [23]
    fewer = ["-o", "portlore.sustained_packets:4", *mode]
    assert frames(fields, "port-3416-sustained-udp.pcap", "portlore.sustained", fewer) == [4, 34]
    assert frames(fields, "gtpp-udp.pcap", "portlore.sustained", ["-o", "portlore.sustained_packets:1"]) == []


def test_probes(fields):
    """RST, ICMP and ICMPv6 unreachable, a SYN sent again; time exceeded is no refusal."""
    rows = fields("port-probes.pcap", "portlore.probe", "frame.number", "_ws.expert.message")
    assert [(number, next(one for one in text.split("|") if " tried" in one)) for number, text in rows] == [
        ("2", "TCP port 3311 was tried, and refused the connection (RST)."),
        ("4", "TCP port 3406 is tried again: nothing has answered yet."),
        ("7", "UDP port 3416 was tried, and ICMP says that it is unreachable: that host says that the port is "
              "unreachable (from 198.51.100.20, type 3, code 3)."),
        ("9", "UDP port 3391 was tried, and ICMP says that it is unreachable: that host says that the port is "
              "unreachable (from 2001:db8:0:1::20, type 1, code 4)."),
    ]


def test_no_answer_at_all_is_known_from_the_second_pass(fields):
    rows = fields("port-probes.pcap", "portlore.probe", "frame.number", "_ws.expert.message", extra=["-2"])
    assert [number for number, _ in rows] == ["2", "3", "4", "7", "9"]
    assert rows[1][1].endswith("TCP port 3406 was tried, and nothing answers in this capture.")


def test_status_is_told_once_per_conversation(fields):
    rows = fields("port-3386-foreign.pcap", "portlore.status", "frame.number")
    assert rows == ["1", "11", "12", "15", "16"]
    text = fields("port-3406-http.pcap", "portlore.status", "_ws.expert.message")[0]
    assert text.endswith("IANA has assigned TCP port 3406 to nokia-ann-ch2 (Nokia Announcement ch 2). No use of it is "
                         "documented.")


# The user's own ports, and all ports

def users_row(*values):
    return "uat:portlore_records:" + ",".join(f'"{value}"' for value in values)


def test_own_port(tshark, fields):
    row = users_row("5400", "udp", "ga-lab", "CGF of the lab", "gtpp")
    rows = fields("gtpp-other-port.pcap", "portlore", *BRIEF, "portlore.name", "portlore.tenant", "portlore.match",
                  extra=["-o", row])
    assert rows == [("1", "udp", "5400", "gtpp", "ga-lab", "CGF of the lab", "0")]
    both = fields("gtpp-other-port.pcap", "portlore", "frame.number", "portlore.transport",
                  extra=["-o", users_row("5400", "both", "ga-lab", "", "gtpp,http")])
    assert both == [("1", "udp"), ("5", "tcp"), ("8", "tcp")]
    other = tshark("gtpp-other-port.pcap", "-o", users_row("5400", "udp", "web", "", "http"),
                   "-Y", "portlore.unexpected",
                   "-T", "fields", "-e", "_ws.expert.message")
    assert other[0].endswith('UDP port 5400 carries "gtpp" traffic, and nothing is known to belong there.')


def test_own_row_for_a_documented_port(fields):
    """The user's word on who is there counts; the registry's facts stay."""
    rows = fields("port-3406-http.pcap", "portlore.seen", "portlore.match", "portlore.tenant", "portlore.iana.service",
                  extra=["-o", users_row("3406", "tcp", "status page", "our web server", "http")])
    assert rows == [("0", "our web server", "nokia-ann-ch2")]


@pytest.mark.parametrize("row, complaint", [
    (("0", "udp", "x", "", ""), "0 is not a port number"),
    (("70000", "udp", "x", "", ""), "70000 is not a port number"),
    (("5400", "udp", "", "", ""), "Port 5400 needs a name"),
    (("5400", "udp", "x", "", "gtpp,nonsense"), '"nonsense" is not the filter name of a protocol'),
])
def test_wrong_row_is_refused_with_a_reason(tshark, row, complaint):
    errors = tshark("gtpp-other-port.pcap", "-o", users_row(*row), "-Y", "portlore", fails=True)
    assert complaint in "\n".join(errors)


def test_all_ports(fields):
    rows = fields("port-ephemeral.pcap", "portlore", *BRIEF, "portlore.iana.service",
                  extra=["-o", "portlore.all_ports:TRUE"])
    assert ("1", "tcp", "443", "", "https") in rows
    assert ("11", "udp", "53", "dns", "domain") in rows
    assert ("13", "udp", "53", "dns", "domain") in rows
    assert ("14", "tcp", "443", "tls", "https") in rows
    assert ("20", "tcp", "8080", "", "http-alt") in rows


# The same everywhere

WORTH_SHOWING = "port-3386-foreign.pcap"


@pytest.mark.parametrize("mode", ALL_MODES)
def test_custom_column(tshark, fields, mode):
    """A column shows what the field holds, with and without a filter."""
    column = ["-o", 'gui.column.format:"No.","%m","Match","%Cus:portlore.match","Found","%Cus:portlore.seen"']
    expected = {int(number): [MATCHES[match], *filter(None, [seen])] for number, match, seen in
                fields(WORTH_SHOWING, "portlore", "frame.number", "portlore.match", "portlore.seen")}
    lines = tshark(WORTH_SHOWING, *column, *mode)
    for line in lines:
        number, _, rest = line.strip().partition(" ")
        assert rest.split("  ")[0].strip() == " ".join(expected.get(int(number), [])), line


@pytest.mark.parametrize("mode", ALL_MODES)
def test_fields_with_and_without_a_filter(tshark, fields, mode):
    args = ["-T", "fields", "-e", "frame.number", "-e", "portlore.match", "-e", "portlore.seen"]
    unfiltered = [line for line in tshark(WORTH_SHOWING, *args, *mode) if line.split("\t")[1]]
    assert unfiltered == tshark(WORTH_SHOWING, "-Y", "portlore", *args, *mode)


@pytest.mark.parametrize("mode", ALL_MODES)
def test_json(tshark, mode):
    packets = json.loads("\n".join(tshark(WORTH_SHOWING, "-Y", "portlore.unexpected", "-T", "json", *mode)))
    layers = [packet["_source"]["layers"] for packet in packets]
    assert [layer["portlore"]["portlore.port"] for layer in layers] == ["3386", "3386", "3386", "3391", "3391"]


def test_sharkd_shows_the_same(sharkd, fields):
    """The GUI's way: the file is loaded, then a packet is selected."""
    wanted = fields(WORTH_SHOWING, "portlore", "frame.number", extra=["-2"])
    (listed,) = sharkd(WORTH_SHOWING, {"method": "frames", "params": {"filter": "portlore"}})
    assert [str(frame["num"]) for frame in listed] == wanted
    (frame,) = sharkd(WORTH_SHOWING, {"method": "frame", "params": {"frame": 4, "proto": True}})
    titles = [node["l"] for node in frame["tree"]]
    assert titles[-1] == "Port Lore, TCP port 3386 (gprs-data): http"


def test_statistics(tshark, sharkd):
    lines = [line.split()[:-1] and line.rstrip() for line in tshark("port-3406-http.pcap", "-q", "-z", "portlore,tree")]
    table = [(line[:25].strip(), line[25:].split()[0]) for line in lines if line and line[25:].split()[:1]]
    counts = {name: count for name, count in table if count.isdigit()}
    assert counts == {"Ports": "10", "tcp 3406 nokia-ann-ch2": "10", "No payload": "8", "Other known protocol": "2",
                      "Conversations": "1"}
    (stats,) = sharkd("port-3406-http.pcap", {"method": "tap", "params": {"tap0": "stat:portlore"}})
    assert stats["taps"][0]["stats"][0]["sub"][0]["name"] == "tcp 3406 nokia-ann-ch2"


@pytest.mark.parametrize("expert", EXPERTS)
def test_every_expert_item_can_be_filtered(tshark, expert):
    assert any(tshark(name, "-Y", expert) for name in
               ("port-3406-http.pcap", "port-3386-foreign.pcap", "port-3311-sustained.pcap", "port-probes.pcap"))


@pytest.mark.parametrize("name, ours, wanted", [
    ("port-3406-http.pcap", "portlore", 2),
    ("rdgudp-no-answer.pcap", "rdgudp", 1),
])
def test_needs_nobody_elses_postdissector(runner, tshark, name, ours, wanted):
    """Wireshark calls none when all are of disabled protocols, so ours must count by itself."""
    known = {line.split("\t")[2] for line in runner.run("tshark", "-G", "protocols").stdout.splitlines()}
    others = {"prp", "stcsig", "communityid", "snort", "transum", "mate", "portlore", "rdgudp"} & known - {ours}
    assert len(others) > 2
    off = [word for other in others for word in ("--disable-protocol", other)]
    expected = {"portlore": "portlore", "rdgudp": "rdgudp.fallback"}[ours]
    assert len(tshark(name, "-2", *off, "-Y", expected)) == wanted

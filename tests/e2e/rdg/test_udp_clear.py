"""RD Gateway UDP without keys: what becomes of a channel.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest

PASSES = [[], ["-2"]]
(HELLO_SENT, HANDSHAKING, SECURED, CONNECTED, CLOSED, NO_ANSWER, REFUSED, FAILED, REJECTED, NO_ROUTE, EXPLOIT) = (
    "0", "1", "2", "3", "4", "10", "11", "12", "13", "19", "20")


def verdicts(fields, name, mode, *extra):
    """(frame, verdict) of every packet that has one."""
    return fields(name, "rdgudp.verdict", "frame.number", "rdgudp.verdict", extra=[*mode, *extra])


def frames(fields, name, what, mode=()):
    return [int(number) for number in fields(name, what, "frame.number", extra=list(mode))]


def texts(fields, name, what, mode=()):
    """The expert sentences of one kind, one list for each packet. Wireshark's own on ICMP errors is not among them."""
    rows = fields(name, what, "_ws.expert.message", extra=list(mode))
    others = ("IANA", "tried", "Type indicates")
    return [[one for one in row.split("|") if not any(other in one for other in others)] for row in rows]


@pytest.mark.parametrize("mode", PASSES)
def test_life_without_keys(fields, mode):
    """Secured is the best that can be known; the encrypted alert ends it."""
    rows = fields("rdgudp-trailer-first.pcap", "rdgudp", "rdgudp.channel", "rdgudp.verdict", "rdgudp.hello_count",
                  "rdgudp.dtls_version", "rdgudp.data_both_ways", extra=mode)
    assert [row[0] for row in rows] == ["0"] * 14
    assert [row[1] for row in rows] == [HELLO_SENT] + [HANDSHAKING] * 4 + [SECURED] * 7 + [CLOSED] * 2
    assert [row[2] for row in rows] == ["1", "1"] + ["2"] * 12
    assert [row[3] for row in rows] == [""] * 3 + ["0xfefd"] * 11
    assert [row[4] for row in rows] == [""] * 8 + ["1"] * 6
    assert fields("rdgudp-trailer-first.pcap", "rdgudp.dtls_offered", "frame.number", "rdgudp.dtls_offered",
                  extra=mode) == [("1", "0xfefd"), ("3", "0xfefd")]


def test_outcome_is_known_from_the_second_pass(fields):
    name = "rdgudp-trailer-first.pcap"
    assert set(fields(name, "rdgudp", "rdgudp.outcome", extra=["-2"])) == {CLOSED}
    assert set(fields(name, "rdgudp", "rdgudp.outcome")) == {""}


def test_no_answer_and_fallback(fields):
    """The second hello gets no answer, and TCP has carried data both ways since the first."""
    name = "rdgudp-no-answer.pcap"
    assert verdicts(fields, name, []) == [("6", HELLO_SENT), ("11", NO_ANSWER), ("16", NO_ANSWER)]
    assert verdicts(fields, name, ["-2"]) == [("6", NO_ANSWER), ("11", NO_ANSWER), ("16", NO_ANSWER)]
    for mode in PASSES:
        assert frames(fields, name, "rdgudp.no_answer", mode) == [11]
        assert frames(fields, name, "rdgudp.fallback", mode) == [11]
        assert fields(name, "rdgudp.fallback_stream", "frame.number", "rdgudp.fallback_stream", extra=mode) == [
            ("11", "0"), ("16", "0")]
    assert texts(fields, name, "rdgudp.no_answer", ["-2"]) == [[
        "2 ClientHellos went out, and nothing came back in this capture: is UDP port 3391 let through, and does the "
        "gateway listen there?",
        "The UDP channel got no answer, and the session goes on over TCP: tcp.stream 0 between the same two hosts "
        "carries data meanwhile."]]


@pytest.mark.parametrize("mode", PASSES)
def test_hello_threshold(fields, mode):
    option = ["-o", "rdgudp.hello_threshold:3", *mode]
    assert frames(fields, "rdgudp-no-answer.pcap", "rdgudp.no_answer", option) == [16]
    assert frames(fields, "rdgudp-no-answer.pcap", "rdgudp.fallback", option) == [16]
    assert frames(fields, "rdgudp-no-answer.pcap", "rdgudp.no_answer", ["-o", "rdgudp.hello_threshold:4", *mode]) == []


def test_fallback_that_shows_later(fields):
    """First on the TCP packet, for both channels at once; from the second pass on also on the channels' own packets."""
    name = "rdgudp-fallback-later.pcap"
    rows = ("rdgudp.fallback", "frame.number", "rdgudp.channel", "rdgudp.fallback_stream")
    assert fields(name, *rows) in ([("13", "0|1", "0|0")], [("13", "1|0", "0|0")])
    assert [row[0] for row in fields(name, *rows, extra=["-2"])] == ["8", "9", "13"]
    assert fields(name, "frame.number == 13", "frame.protocols") == ["eth:ethertype:ip:tcp"]


@pytest.mark.parametrize("mode", PASSES)
def test_what_is_no_fallback(fields, mode):
    """TCP 443 before the channel only, or elsewhere; one hello; an answer that comes late."""
    assert frames(fields, "rdgudp-no-fallback.pcap", "rdgudp.fallback", mode) == []
    assert frames(fields, "rdgudp-no-fallback.pcap", "rdgudp.verdict == 10", mode) == ([6, 7, 17] if mode else [7, 17])
    # A late answer takes the sentence back as soon as it can be known.
    assert frames(fields, "rdgudp-no-fallback.pcap", "rdgudp.no_answer", mode) == ([7] if mode else [7, 17])
    assert frames(fields, "rdgudp-no-fallback.pcap", "rdgudp.verdict == 1", mode) == [18]


def test_refused(fields):
    """A quote of the UDP header only, with TCP alongside; a whole quote over IPv6; time exceeded on the way."""
    name = "rdgudp-refused.pcap"
    assert verdicts(fields, name, []) == [("4", HELLO_SENT), ("9", REFUSED), ("10", HELLO_SENT), ("11", REFUSED),
                                          ("12", HELLO_SENT), ("13", NO_ROUTE)]
    assert verdicts(fields, name, ["-2"]) == [("4", REFUSED), ("9", REFUSED), ("10", REFUSED), ("11", REFUSED),
                                              ("12", NO_ROUTE), ("13", NO_ROUTE)]
    for mode in PASSES:
        assert frames(fields, name, "rdgudp.refused", mode) == [9, 11]
        assert fields(name, "rdgudp.fallback", "frame.number", "rdgudp.fallback_stream", extra=mode) == [("9", "0")]
        assert fields(name, "rdgudp.stopped_by", "rdgudp.stopped_by", "rdgudp.stopped_code", extra=mode) == [
            ("198.51.100.20", "3"), ("2001:db8:0:1::20", "4"), ("192.0.2.1", "0")]
        assert fields(name, "icmp.type == 3", "frame.protocols", extra=mode) == ["eth:ethertype:ip:icmp:ip:udp"]
    assert texts(fields, name, "icmpv6 && rdgudp.refused") == [[
        "ICMP refuses the channel: UDP port 3391 of 2001:db8:0:1::20 is unreachable."]]


@pytest.mark.parametrize("mode", PASSES)
def test_other_packets_are_watched_without_port_lore(fields, mode):
    """With Port Lore, they are looked at together."""
    for name in ("rdgudp-refused.pcap", "rdgudp-no-answer.pcap", "rdgudp-fallback-later.pcap"):
        wanted = ["frame.number", "rdgudp.verdict", "rdgudp.fallback_stream"]
        rows = fields(name, "rdgudp", *wanted, extra=mode)
        assert any(row[2] for row in rows)
        assert fields(name, "rdgudp", *wanted, extra=[*mode, "--disable-protocol", "portlore"]) == rows


@pytest.mark.parametrize("mode", PASSES)
def test_alert(fields, mode):
    name = "rdgudp-alert.pcap"
    assert verdicts(fields, name, mode) == [("1", HELLO_SENT), ("2", HANDSHAKING), ("3", FAILED), ("4", HELLO_SENT)]
    assert fields(name, "rdgudp.alert", "rdgudp.alert.description", extra=mode) == ["40"]
    assert texts(fields, name, "rdgudp.alert", mode) == [[
        "The handshake failed: fatal alert handshake_failure (40) from the gateway."]]
    assert fields(name, "frame.number == 4", "rdgudp.hello_count", extra=mode) == ["1"]


@pytest.mark.parametrize("mode", PASSES)
def test_old_dtls(fields, mode):
    """HelloVerifyRequest is always in the name of DTLS 1.0: only the ServerHello chooses."""
    name = "rdgudp-old-dtls.pcap"
    assert frames(fields, name, "rdgudp.old_dtls", mode) == [3]
    assert fields(name, "rdgudp", "rdgudp.dtls_offered", "rdgudp.dtls_version", extra=mode) == [
        ("0xfeff", ""), ("", ""), ("", "0xfeff")]
    assert frames(fields, "rdgudp-trailer-first.pcap", "rdgudp.old_dtls", mode) == []


@pytest.mark.parametrize("mode", PASSES)
def test_midstream(fields, mode):
    name = "rdgudp-midstream.pcap"
    assert verdicts(fields, name, mode) == [(str(i), SECURED) for i in range(1, 5)] + [("5", CLOSED)]
    assert frames(fields, name, "rdgudp.no_key", mode) == [1]
    assert texts(fields, name, "rdgudp.no_key", mode) == [[
        f"Nothing is decrypted: the capture {'lacks' if mode else 'has not shown'} the ClientHello, without which no "
        "key helps."]]


@pytest.mark.parametrize("mode", PASSES)
def test_cleartext_fragments(fields, mode):
    """On the port only, and only what is a fragment."""
    name = "rdgudp-cleartext.pcap"
    assert fields(name, "rdgudp.cleartext_fragment", "frame.number", "rdgudp.verdict", "rdgudp.fragment.id",
                  "rdgudp.fragment.count", "rdgudp.pkt_len", extra=mode) == [
        ("1", EXPLOIT, "0", "65", "7"), ("2", EXPLOIT, "0", "65", "12")]
    assert frames(fields, name, "rdgudp", mode) == [1, 2]
    assert fields(name, "frame.number >= 3", "frame.protocols", extra=mode) == ["eth:ethertype:ip:udp:data"] * 2


@pytest.mark.parametrize("mode", PASSES)
def test_somebody_elses_dtls(fields, mode):
    """The client's port is no sign of a gateway."""
    assert fields("rdgudp-not-ours.pcap", "frame", "frame.protocols", extra=mode) == ["eth:ethertype:ip:udp:dtls"] * 3


@pytest.mark.parametrize("mode", PASSES)
def test_cut(fields, mode):
    """What is there is drawn, also when DTLS gives up."""
    assert fields("rdgudp-cut.pcap", "rdgudp", "frame.number", "rdgudp.verdict", extra=mode) == [
        ("1", HELLO_SENT), ("3", HANDSHAKING)]
    assert frames(fields, "rdgudp-cut.pcap", "rdgudp.rest.unknown", mode) == [1]


def test_why_nothing_is_decrypted(fields):
    """Once per channel, with what to look for in a key log."""
    for mode in PASSES:
        assert frames(fields, "rdgudp-trailer-all.pcap", "rdgudp.no_key", mode) == [7]
    random = fields("rdgudp-trailer-all.pcap", "frame.number == 1", "dtls.handshake.random")[0].replace(":", "")
    assert texts(fields, "rdgudp-trailer-all.pcap", "rdgudp.no_key") == [[
        "Nothing is decrypted: there is no key for this channel. Give a key log in the preference tls.keylog_file; its "
        f"line begins CLIENT_RANDOM {random}."]]


@pytest.mark.parametrize("mode", PASSES)
def test_correlation_info(fields, mode):
    """Every field of it, and the id in both orders."""
    assert fields("rdgudp-trailer-first.pcap", "rdgudp.correlation", "rdgudp.correlation.reserved",
                  "rdgudp.correlation.signature1", "rdgudp.correlation_id", "rdgudp.correlation_id_be",
                  "rdgudp.correlation.signature2", "rdgudp.correlation.length", extra=mode) == [
        ("0", "0x1daa", "c0ffee00-1234-4678-9abc-def012340000", "00eeffc0-3412-7846-9abc-def012340000", "0xaa1d", "26")]


def test_two_sessions_stand_together(tshark, sharkd):
    lines = [line.split(" |") for line in tshark("rdgudp-sessions.pcap", "-q", "-z", "rdgudp,channels")]
    rows = [[cell.strip() for cell in line] for line in lines if line[0][:1].isdigit()]
    assert len(rows[0]) == 20
    assert [row[2] for row in rows] == ["0", "2", "1", "3"]
    assert rows[0][:9] == ["192.0.2.10:50216", "198.51.100.20:3391", "0", "c0ffee00-1234-4678-9abc-def012340000",
                           "handshaking", "", "", "", "1"]
    assert rows[3][3] == "" and rows[3][14] == "2"
    table = sharkd("rdgudp-sessions.pcap", {"method": "tap", "params": {"tap0": "nstat:rdgudp,channels"}})[0]
    assert [row[2] for row in table["taps"][0]["tables"][0]["i"]] == [0, 2, 1, 3]


def test_port_preference(fields):
    """On another port by preference; the old one is nobody's then."""
    option = ["-o", "rdgudp.udp.port:5555"]
    assert fields("rdgudp-old-dtls.pcap", "rdgudp", "frame.number", extra=option) == []
    assert frames(fields, "rdgudp-cleartext.pcap", "rdgudp", ["-o", "rdgudp.udp.port:5433"]) == [3]

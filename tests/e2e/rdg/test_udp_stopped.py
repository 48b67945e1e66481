"""RD Gateway UDP: who or what stopped a channel, and what only looks so.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import struct

import pytest

from support.modes import ALL_MODES
from support.paths import CAPTURES

TWO_PASSES = ["-2"]
NO_ANSWER, REFUSED, STUCK, DIED, MTU, PROHIBITED, NO_ROUTE, UNSOLICITED = "10", "11", "14", "15", "17", "18", "19", "21"
FAILURES = ("rdgudp.no_answer || rdgudp.refused || rdgudp.stuck || rdgudp.died || rdgudp.path_mtu || "
            "rdgudp.prohibited || rdgudp.no_route || rdgudp.unsolicited || rdgudp.fallback")
COLUMNS = ("client", "gateway", "channel", "id", "verdict", "why", "by", "dtls", "hellos", "reliable", "user", "target",
           "port", "fallback", "packets", "up", "down", "first", "last")


@pytest.fixture
def channels(tshark):
    """channels(CAPTURE, ARGUMENT ...): the rows of the table, by the names of their columns."""
    def run(name, *args):
        lines = tshark(name, "-q", *args, "-z", "rdgudp,channels")
        rows = [[cell.strip() for cell in line.split(" |")] for line in lines if " |" in line and line[:1].isdigit()]
        return [dict(zip(COLUMNS, row)) for row in rows]
    return run


def frames(fields, name, what, mode=()):
    return [int(number) for number in fields(name, what, "frame.number", extra=list(mode))]


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("name, verdict, why, code, item", [
    ("rdgudp-prohibited.pcap", "prohibited (firewall)", "ICMP type 3, code 13", "13", "rdgudp.prohibited"),
    ("rdgudp-refused-by-firewall.pcap", "prohibited (firewall)", "ICMP type 3, code 3", "3", "rdgudp.prohibited"),
    ("rdgudp-no-route.pcap", "no route", "ICMP type 3, code 1", "1", "rdgudp.no_route"),
    ("rdgudp-path-mtu.pcap", "stopped by the path's MTU", "ICMP type 3, code 4", "4", "rdgudp.path_mtu"),
])
def test_icmp_says_who(channels, fields, name, verdict, why, code, item, mode):
    [row] = channels(name, *mode)
    assert (row["verdict"], row["why"], row["by"], row["fallback"]) == (verdict, why, "203.0.113.1", "tcp.stream 0")
    assert fields(name, item, "frame.number", "rdgudp.stopped_by", "rdgudp.stopped_code", extra=mode) == [
        ("5", "203.0.113.1", code)]
    assert frames(fields, name, "rdgudp.refused", mode) == []


def test_nothing_of_a_stop_stays_when_the_channel_comes_up(channels, fields):
    """Four ICMP messages of four kinds, then an answer."""
    name = "rdgudp-stopped-then-up.pcap"
    assert frames(fields, name, FAILURES) == [2, 4, 6, 8]
    assert frames(fields, name, FAILURES, TWO_PASSES) == []
    [row] = channels(name, *TWO_PASSES)
    assert (row["verdict"], row["why"], row["by"], row["fallback"]) == ("secured", "", "", "")


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("name, why", [
    ("rdgudp-stuck-cookies.pcap", "every hello is answered with another cookie"),
    ("rdgudp-stuck-flight.pcap", "the hello with the cookie is not answered"),
])
def test_stuck(channels, fields, name, why, mode):
    [row] = channels(name, *mode)
    assert (row["verdict"], row["why"], row["fallback"]) == ("stuck in the handshake", why, "tcp.stream 0")
    assert len(frames(fields, name, "rdgudp.stuck", mode)) == 1
    assert frames(fields, name, "rdgudp.no_answer", mode) == []


@pytest.mark.parametrize("mode", ALL_MODES)
def test_a_cookie_proves_an_answer(channels, fields, mode):
    assert frames(fields, "rdgudp-one-way.pcap", FAILURES, mode) == []
    assert channels("rdgudp-one-way.pcap", *mode)[0]["verdict"] == "handshaking"


@pytest.mark.parametrize("mode", ALL_MODES)
def test_died_in_use(channels, fields, mode):
    [row] = channels("rdgudp-dies.pcap", *mode)
    assert (row["verdict"], row["why"], row["fallback"]) == ("died in use", "one end's datagrams stop", "tcp.stream 0")
    assert len(frames(fields, "rdgudp-dies.pcap", "rdgudp.died", mode)) == 1


def test_a_pause_is_no_death(channels, fields):
    assert frames(fields, "rdgudp-pause.pcap", FAILURES, TWO_PASSES) == []
    assert channels("rdgudp-pause.pcap", *TWO_PASSES)[0]["verdict"] == "secured"


@pytest.mark.parametrize("mode", ALL_MODES)
def test_answer_from_elsewhere(channels, fields, mode):
    [row] = channels("rdgudp-elsewhere.pcap", *mode)
    assert (row["verdict"], row["by"], row["packets"]) == ("no answer", "203.0.113.21:3391", "6")
    [(number, text)] = fields("rdgudp-elsewhere.pcap", "rdgudp.no_answer", "frame.number", "_ws.expert.message",
                              extra=mode)
    assert number == "3" and "The answer in frame 2 comes from 203.0.113.21:3391" in text
    assert "nothing came back" not in text


@pytest.mark.parametrize("mode", ALL_MODES)
def test_copies_count_once(channels, fields, mode):
    name = "rdgudp-copies.pcap"
    [row] = channels(name, *mode)
    assert (row["hellos"], row["packets"], row["verdict"]) == ("2", "12", "secured")
    assert fields(name, "rdgudp.copy_of", "rdgudp.copy_of", extra=mode) == [str(number) for number in range(1, 24, 2)]
    assert frames(fields, name, FAILURES, mode) == []


@pytest.mark.parametrize("mode", ALL_MODES)
def test_a_nat_gives_another_port(channels, fields, mode):
    name = "rdgudp-moves.pcap"
    [row] = channels(name, *mode)
    assert (row["packets"], row["verdict"], row["hellos"]) == ("20", "secured", "2")
    assert fields(name, "rdgudp.moved", "frame.number", "rdgudp.moved_to", extra=mode) == [("13", "192.0.2.10:62001")]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_records_of_another_version_are_of_another_channel(channels, fields, capture, tmp_path, mode):
    """The numbers go on, but a session has one version of DTLS."""
    changed = tmp_path / "other-version.pcap"
    ports = b"|".join(re.escape(struct.pack("!HH", *ends)) for ends in ((62001, 3391), (3391, 62001)))
    octets, count = re.subn(b"((?:" + ports + rb").{4}\x17)\xfe\xfd", b"\\1\xfe\xff",
                            (CAPTURES / "rdgudp-moves.pcap").read_bytes(), flags=re.DOTALL)
    assert count == 8
    changed.write_bytes(octets)
    assert [row["packets"] for row in channels(capture(changed), *mode)] == ["12", "8"]
    assert fields(capture(changed), "rdgudp.moved", "frame.number", extra=mode) == []


@pytest.mark.parametrize("mode", ALL_MODES)
def test_unsolicited(channels, fields, mode):
    assert channels("rdgudp-unsolicited.pcap", *mode)[0]["verdict"] == "unsolicited"
    assert frames(fields, "rdgudp-unsolicited.pcap", "rdgudp.unsolicited", mode) == [2]


def test_tries_from_several_ports_count_together(channels):
    rows = channels("rdgudp-many-ports.pcap", *TWO_PASSES)
    assert [(row["verdict"], row["hellos"]) for row in rows] == [("no answer", "1")] * 3


@pytest.mark.parametrize("mode", ALL_MODES)
def test_a_browser_that_comes_later_is_no_fallback(fields, mode):
    assert frames(fields, "rdgudp-late-browser.pcap", "rdgudp.fallback", mode) == []
    assert frames(fields, "rdgudp-late-browser.pcap", "rdgudp.no_answer", mode) == [2]


def test_other_https_port(channels):
    """By preference; the connection is to port 443 here, so that another one finds nothing."""
    assert channels("rdgudp-no-answer.pcap", *TWO_PASSES)[0]["fallback"] == "tcp.stream 0"
    other = ["-o", "rdgudp.tls.port:8443"]
    assert channels("rdgudp-no-answer.pcap", *TWO_PASSES, *other)[0]["fallback"] == ""
    both = ["-o", "rdgudp.tls.port:8443,443"]
    assert channels("rdgudp-no-answer.pcap", *TWO_PASSES, *both)[0]["fallback"] == "tcp.stream 0"


def test_read_filter(channels, fields):
    """Two passes of which the first drops frames: each state stays on its frame, and what is dropped is evidence."""
    name = "rdgudp-many-ports.pcap"
    args = ["-2", "-R", "udp.port == 50311"]
    assert [row["packets"] for row in channels(name, *args)] == ["1"]
    assert fields(name, "rdgudp", "frame.number", "rdgudp.channel", "rdgudp.verdict", extra=args) == [("1", "1", "10")]
    name = "rdgudp-copies.pcap"
    args = ["-2", "-R", "udp.srcport == 50300"]
    assert len(fields(name, "rdgudp.verdict", "frame.number", extra=args)) == 12
    assert frames(fields, name, "rdgudp.no_answer", args) == []

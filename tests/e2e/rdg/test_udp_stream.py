"""RDPEUDP inside DATA_PKT: what it carries is read in the order of its own numbers.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest

from support.modes import ALL_MODES

STREAM, LOSSY = "rdgudp-stream.pcapng", "rdgudp-lossy-gap.pcapng"


@pytest.fixture
def inside(fields):
    """inside(NAME, FILTER, FIELD ..., mode=MODE): fields; the keys are inside the file."""
    def run(name, display_filter, *names, mode=()):
        return fields(name, display_filter, *names, extra=[*mode])
    return run


@pytest.mark.parametrize("mode", ALL_MODES)
def test_records_over_datagrams(inside, mode):
    """ServerHello to ServerHelloDone, 300 octets a datagram, of which the second one comes first."""
    assert inside(STREAM, "tls.handshake.type", "frame.number", "tls.handshake.type", "rdgudp.rdpeudp.carried",
                  mode=mode) == [("10", "1", ""), ("12", "2|11|12", "300"), ("13", "14", ""), ("15", "16|20", ""),
                                 ("16", "4|20", "")]
    assert inside(STREAM, "rdpmt", "frame.number", mode=mode) == ["18", "19"]
    assert inside(STREAM, "_ws.malformed", "frame.number", mode=mode) == []


@pytest.mark.parametrize("mode", ALL_MODES)
def test_sent_again(inside, mode):
    """Nothing of it is read twice."""
    rows = inside(STREAM, "rdgudp.rdpeudp.again", "frame.number", "tls.record.length", mode=mode)
    assert rows == [("14", ""), ("17", ""), ("20", "")]


def test_missing(inside):
    """What comes late is missing as long as it has not come."""
    asked = "rdgudp.rdpeudp.gap", "frame.number", "rdgudp.rdpeudp.missing"
    assert inside(STREAM, *asked) == [("11", "1"), ("22", "1")]
    assert inside(STREAM, *asked, mode=["-2"]) == [("22", "1")]
    assert inside(LOSSY, *asked) == [("15", "1"), ("18", "2")]
    assert inside(LOSSY, *asked, mode=["-2"]) == [("18", "2")]
    assert inside(STREAM, "rdgudp.rdpeudp.read_in", "frame.number", "rdgudp.rdpeudp.read_in", mode=["-2"]) == [
        ("11", "12")]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_lossy_datagrams_stand_alone(inside, mode):
    """Each is read when it comes, whatever is missing before it."""
    rows = inside(LOSSY, "rdgudp.rdpeudp", "frame.protocols", mode=mode)
    assert len(rows) == 9 and all(row.startswith("eth:ethertype:ip:udp:rdgudp:dtls:rdgudp:dtls") for row in rows)
    assert inside(LOSSY, "frame.number == 18", "dtls.alert_message.desc", mode=mode) == ["0"]


def test_sharkd_backwards(sharkd):
    """A frame looks the same whichever was asked for before."""
    frames = [{"method": "frame", "params": {"frame": number, "proto": True}} for number in (22, 16, 13, 12, 11)]
    trees = sharkd(STREAM, *frames, *reversed(frames))
    assert [str(tree) for tree in trees[:5]] == [str(tree) for tree in reversed(trees[5:])]
    assert str(trees[4]).count("tls.handshake.type ==") == 0 and str(trees[3]).count("tls.handshake.type ==") == 3

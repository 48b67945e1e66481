"""RD Gateway's main channel: what the reports say beside the verdict: terms of a session, counts, times of the steps.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re

import pytest

from captures.make.base.wire import Capture, End, Stream
from captures.make.rdg import rdghttp as h
from support.modes import ALL_MODES

PLAIN = ["-d", "tcp.port==8080,rdghttp"]
CLIENT, GATEWAY = End("192.0.2.10", 50100), End("198.51.100.20", 8080)
ALL = "0x3f: UDP, statement of health, idle time-out, consent, service messages, reauthentication"
BUILD = "Type=OOB; Build=10.0.22621.3447;"
TERMS = slice(13, 20)
PACKETS = 25


def rows_of(lines):
    return [[cell.strip() for cell in line.split("|")] for line in lines if line.startswith("192.0.2.10:")]


def tree_of(lines):
    """The counts of a tree, by name."""
    found = [re.match(r" *(\S.*?)  +(-?\d+) ", line) for line in lines]
    return {one[1]: int(one[2]) for one in found if one}


def times_of(lines):
    """Number, least, greatest and mean time of each kind of request."""
    found = [re.match(r"\d+ +(\w+) +(\d+) +([\d.]+) +([\d.]+) +([\d.]+) +[\d.]+$", line.strip()) for line in lines]
    return {one[1]: (int(one[2]), *map(float, one.groups()[2:])) for one in found if one}


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("name, number, terms, packets", [
    ("rdghttp-websocket.pcapng", 0, ["CLIENT1", BUILD, "4", ALL, ALL, "0x80000000: all allowed", "none"], "18"),
    ("rdghttp-packets.pcapng", 0, ["CLIENT1", BUILD, "4", ALL, ALL,
                                   "0x0b: drives forbidden, printers forbidden, clipboard forbidden", "30 min"], "16"),
    ("rdghttp-no-udp.pcapng", 0, ["CLIENT1", BUILD, "4", "0x0d: statement of health, consent, service messages", ALL,
                                  "0x80000000: all allowed", "none"], "8"),
    ("rdghttp-no-udp.pcapng", 7, ["", BUILD, "", "", "", "", ""], "0"),
    ("rdghttp-others.pcapng", 0, ["", "", "", "", "", "", ""], "2")])
def test_terms(tshark, name, number, terms, packets, mode):
    row = rows_of(tshark(name, *mode, "-q", "-z", "rdghttp,sessions"))[number]
    assert row[TERMS] == terms and row[PACKETS] == packets


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """A gateway that says no capability, a policy without a bit, unknown bits, a name with a line's end in it."""
    capture = Capture()
    stream = Stream(capture, CLIENT, GATEWAY).handshake()
    stream.send(stream.client, h.request())
    stream.send(stream.server, h.SWITCHING)
    for ask, answer in ((h.handshake(), h.handshake_response()), (h.tunnel_create(0x40), h.tunnel_response(caps=0)),
                        (h.tunnel_auth("A\nB|C"), h.tunnel_auth_response(redirection=0))):
        stream.send(stream.client, h.frame(ask, True))
        stream.send(stream.server, h.frame(answer, False))
    path = tmp_path_factory.mktemp("odd") / "odd.pcap"
    path.write_bytes(capture.octets())
    return path


@pytest.mark.parametrize("mode", ALL_MODES)
def test_odd_terms(tshark, capture, odd, mode):
    row = rows_of(tshark(capture(odd), *mode, *PLAIN, "-q", "-z", "rdghttp,sessions"))[0]
    assert row[13:14] + row[15:21] == ["A\\nB", BUILD, "4", "0x40", "0x00", "0x00", "none"]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_tree(tshark, mode):
    """A session stands once under each parent, whatever was known of it before."""
    counts = tree_of(tshark("rdghttp-no-udp.pcapng", *mode, "-q", "-z", "rdghttp,tree"))
    assert counts["Sessions by what became of UDP"] == counts["Sessions by transport"] == 8
    assert counts["WebSocket"] == 7 and counts["not known"] == 1
    assert counts["no session: refused"] == 3 and counts["the gateway gave no port or no cookie"] == 2
    assert counts["the client did not announce UDP"] == counts["the gateway did not announce UDP"] == 1
    assert counts["Requests and answers of HTTP"] == 16 and counts["RDG_OUT_DATA"] == 8
    assert counts["HTTP 101"] == 7 and counts["HTTP 401"] == 1
    assert counts["CHANNEL_RESPONSE"] == 5 and counts["TUNNEL_AUTH_RESPONSE"] == 7
    assert counts["Codes other than S_OK"] == 4
    assert counts["CHANNEL_RESPONSE: E_PROXY_RAP_ACCESSDENIED (0x800759da)"] == 1


@pytest.mark.parametrize("mode, verdict", [([], "offered"), (["-2"], "offered; no UDP in this capture")])
def test_tree_says_no_more_than_is_known(tshark, mode, verdict):
    """In one pass, the end of the file is not known at the last packet of the session."""
    counts = tree_of(tshark("rdghttp-websocket.pcapng", *mode, "-q", "-z", "rdghttp,tree"))
    sessions = counts["Sessions by what became of UDP"]
    assert sessions == 1 and counts[verdict] == 1


def test_two_trees_with_filters(tshark):
    """Each report counts for itself."""
    first, second = "rdghttp.session == 0", "rdghttp.session == 7"
    lines = tshark("rdghttp-no-udp.pcapng", "-q", "-z", f"rdghttp,tree,{first}", "-z", f"rdghttp,tree,{second}")
    half = [i for i, line in enumerate(lines) if "RD Gateway Sessions and Packets" in line]
    assert len(half) == 2
    trees = [tree_of(lines[:half[1]]), tree_of(lines[half[1]:])]
    assert sorted(tree["RDG_OUT_DATA"] for tree in trees) == [1, 1]
    assert sorted(tree.get("HTTP 401", 0) for tree in trees) == [0, 1]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_times(tshark, mode):
    times = times_of(tshark("rdghttp-websocket.pcapng", *mode, "-q", "-z", "rdghttp,srt"))
    step = (1, 0.002, 0.002, 0.002)
    assert times == {"HANDSHAKE_REQUEST": step, "TUNNEL_CREATE": step, "TUNNEL_AUTH": step, "CHANNEL_CREATE": step}


@pytest.mark.parametrize("mode", ALL_MODES)
def test_times_of_what_is_answered(tshark, mode):
    """A request without an answer has no time, nor has an answer without a request."""
    times = times_of(tshark("rdghttp-no-udp.pcapng", *mode, "-q", "-z", "rdghttp,srt"))
    assert {name: one[0] for name, one in times.items()} == {
        "HANDSHAKE_REQUEST": 5, "TUNNEL_CREATE": 7, "TUNNEL_AUTH": 6, "CHANNEL_CREATE": 5}


def test_over_sharkd(sharkd):
    """As the GUI has them: the rows of the times stand at the numbers of their requests, of which filters are made."""
    ask = {"method": "tap", "params": {"tap0": "stat:rdghttp", "tap1": "srt:rdghttp"}}
    first, second = sharkd("rdghttp-websocket.pcapng", ask, ask)
    assert first["taps"] == second["taps"]
    counts = str(first["taps"])
    assert "Sessions by what became of UDP" in counts and "offered; no UDP in this capture" in counts
    table = next(tap for tap in first["taps"] if tap["type"] == "srt")["tables"][0]
    assert table["f"] == "rdghttp.type"
    assert [(row["n"], row["idx"], row["num"]) for row in table["r"]] == [
        ("HANDSHAKE_REQUEST", 1, 1), ("TUNNEL_CREATE", 4, 1), ("TUNNEL_AUTH", 6, 1), ("CHANNEL_CREATE", 8, 1)]

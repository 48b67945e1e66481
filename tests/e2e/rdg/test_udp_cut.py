"""RD Gateway UDP in captures with a snapshot length: what was not captured is not wrong.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import subprocess
from collections import Counter

import pytest
from support.merged import merge
from support.paths import CAPTURES, shipped
from support.pdml import packets_of

NAMES = shipped("rdgudp-*.pcap")
LENGTHS = [64, 96, 128, 256]
# The columns of a channel that do not depend on what was captured of a packet.
COUNTED = ("Client", "Gateway", "Channel", "Hellos", "Packets", "Octets up", "Octets down", "First", "Last")
# Only the trailer tells that these are channels, and it is cut.
BY_TRAILER = {"rdgudp-other-port.pcap"}


@pytest.fixture
def cut(tmp_path, capture):
    """cut(NAME, LENGTH): a copy of a shipped capture with a snapshot length."""
    def make(name, length):
        path = tmp_path / f"{length}-{name}"
        subprocess.run(["editcap", "-s", str(length), CAPTURES / name, path], check=True, capture_output=True)
        return capture(path)
    return make


@pytest.fixture
def cut_in_all_ways(tmp_path, cut, capture):
    """cut_in_all_ways(NAME, LENGTHS): one capture that has the shipped one with each snapshot length, each at addresses
    of its own."""
    def make(name, lengths):
        return capture(merge(tmp_path / "all.pcapng", [cut(name, length) for length in lengths]))
    return make


def dtls_fields(packet):
    """What Wireshark's DTLS shows of a packet, each field as often as it does. Not the numbers of streams: they count
    the conversations that went to DTLS, and the plugin hands it more of them than its heuristic takes."""
    return Counter((name, None if name == "dtls.stream" else item.get("show"))
                   for name, items in packet.items.items() for item in items if name and name.startswith("dtls."))


@pytest.mark.parametrize("name", NAMES)
def test_never_less_than_stock(tshark, cut_in_all_ways, name):
    """Of each packet at least what Wireshark's DTLS shows by itself. And an exception is DTLS's own: one of ours would
    be shown under our name."""
    path = cut_in_all_ways(name, LENGTHS)
    ours, stock = (packets_of(tshark(path, "-T", "pdml", plugins=plugins)) for plugins in (True, False))
    for mine, theirs in zip(ours, stock, strict=True):
        assert not dtls_fields(theirs) - dtls_fields(mine)
        assert [line for line in mine.lines if "<proto" in line and ': RDGUDP]"' in line] == []


def rows_of(lines):
    return [[cell.strip() for cell in line.split(" |")] for line in lines if " |" in line and line[:1] in "0123456789["]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in BY_TRAILER])
def test_no_channel_is_lost(tshark, cut, name):
    """Channels, hellos, packets and octets are counted by the lengths on the wire."""
    def table(path):
        lines = tshark(path, "-q", "-z", "rdgudp,channels")
        titles = next(line for line in lines if line.startswith("Client |")).split(" |")
        columns = [titles.index(title) for title in COUNTED]
        return sorted([row[column] for column in columns] for row in rows_of(lines))
    assert table(cut(name, 128)) == table(name)


def test_a_cut_trailer_is_no_wrong_one(fields, cut_in_all_ways):
    """All that can be said of octets that were not captured is nothing."""
    path = cut_in_all_ways("rdgudp-trailer-all.pcap", range(61, 300, 21))
    assert len(set(fields(path, "rdgudp", "rdgudp.channel"))) == 12
    assert fields(path, "rdgudp.rest.unknown", "frame.number") == []


@pytest.mark.parametrize("length", [64, 80, 96, 110, 128])
def test_a_cut_cookie_loop_is_answered(tshark, cut, length):
    """The hellos with a cookie are answered with HelloVerifyRequests, also where the cookies are cut."""
    path = cut("rdgudp-stuck-cookies.pcap", length)
    for mode in ([], ["-2"]):
        lines = tshark(path, *mode, "-Y", "rdgudp.stuck", "-T", "fields", "-e", "rdgudp.why", "-e",
                       "_ws.expert.message")
        [line] = [line for line in lines if line]
        assert line.startswith("3\t" if length >= 96 else "13\t")
        assert "is not answered" not in line and "answers every ClientHello" in line


@pytest.mark.parametrize("length", [64, 96, 110])
def test_a_cut_cookie_of_one_direction_tells_nothing(tshark, cut, capture, tmp_path, length):
    """The client's half alone, with the cookies cut: it cannot be told whether they change."""
    half = tmp_path / "half.pcap"
    subprocess.run(["tshark", "-r", cut("rdgudp-stuck-cookies.pcap", length), "-Y", "udp.dstport == 3391", "-F", "pcap",
                    "-w", half], check=True, capture_output=True)
    lines = tshark(capture(half), "-2", "-Y", "rdgudp.stuck", "-T", "fields", "-e", "rdgudp.why", "-e",
                   "_ws.expert.message")
    [line] = [line for line in lines if line]
    assert line.startswith("14\t") and "cannot be told" in line and "is not answered" not in line


def test_each_report_has_its_own_figures(tshark):
    """Asked for twice, and once more with a filter."""
    def tables(*reports):
        arguments = [word for report in reports for word in ("-z", report)]
        blocks = "\n".join(tshark("rdgudp-refused.pcap", "-q", *arguments)).split("Filter for statistics: ")[1:]
        return [(block.split("\n", 1)[0], rows_of(block.split("\n"))) for block in blocks]
    [whole] = tables("rdgudp,channels")
    [part] = tables("rdgudp,channels,frame.number == 4")
    assert len(whole[1]) == 3 and len(part[1]) == 1
    assert sorted(tables("rdgudp,channels", "rdgudp,channels,frame.number == 4", "rdgudp,channels,frame.number == 1",
                         "rdgudp,channels")) == sorted([whole, part, ("frame.number == 1", []), whole])

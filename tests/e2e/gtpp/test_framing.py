"""GTP': what is recognised as it, and where its messages begin and end.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import subprocess

import pytest
from captures.make.base.wire import Capture, End, Stream
from captures.make.gtpp import cdr, gtpprime
from support.modes import ALL_MODES
from support.paths import CAPTURES

CLIENT, SERVER = End("192.0.2.10", 49500), End("198.51.100.20", 3386)


def messages(fields, name, extra=()):
    """Frame -> sequence numbers of the messages that end in it."""
    rows = fields(name, "gtpp.seq", "frame.number", "gtpp.seq", extra=extra)
    return {int(number): [int(seq) for seq in seqs.split("|")] for number, seqs in rows}


# Recognition

@pytest.mark.parametrize("mode", ALL_MODES)
def test_every_version_and_header_length(fields, mode):
    """20 octets in version 0, and in version 1 where only that fits."""
    rows = fields("gtpp-v0-20.pcap", "gtpp.type == 1", "gtpp.version", "gtpp.header_length", extra=mode)
    assert rows == [("0", "20"), ("0", "6"), ("1", "20"), ("1", "6"), ("2", "6"), ("2", "6")]
    assert len(fields("gtpp-v0-20.pcap", "gtpp.cdr.imsi", "frame.number", extra=mode)) == 5


def test_gtpv0_on_the_same_port_stays_what_it_was(tshark):
    """Also for everything that Wireshark says about it."""
    tree = ["-T", "fields", "-e", "frame.protocols", "-e", "gtp.message", "-e", "_ws.col.Info",
            "-e", "_ws.col.Protocol"]
    assert tshark("gtpv0-3386.pcap", "-Y", "gtpp") == []
    assert tshark("gtpv0-3386.pcap", *tree) == tshark("gtpv0-3386.pcap", *tree, plugins=False)


@pytest.mark.parametrize("mode", ALL_MODES)
def test_other_ports_by_its_form(fields, mode):
    assert messages(fields, "gtpp-other-port.pcap", mode) == {1: [1], 2: [1], 3: [2], 4: [2], 8: [1, 2], 10: [2]}


def test_weak_messages_need_a_second_one(fields):
    """An Echo Request of six octets says too little; one that stays alone is never believed, on no pass."""
    assert messages(fields, "gtpp-bare-echo-other-port.pcap") == {2: [1], 3: [2], 4: [2], 5: [3], 6: [3]}
    assert messages(fields, "gtpp-bare-echo-other-port.pcap", ["-2"]) == {
        1: [1], 2: [1], 3: [2], 4: [2], 5: [3], 6: [3]}


@pytest.mark.parametrize("mode", ALL_MODES)
def test_what_only_comes_close_is_left_alone(fields, mode):
    assert fields("gtpp-not-gtpp.pcap", "gtpp", "frame.number", extra=mode) == []


@pytest.mark.parametrize("name", ["port-3386-foreign.pcap", "port-3406-http.pcap", "port-3311-sustained.pcap",
                                  "rdgudp-trailer-first.pcap", "port-ephemeral.pcap"])
def test_other_protocols_are_left_alone(fields, name):
    assert fields(name, "gtpp", "frame.number") == []


def test_disabled(fields):
    """The port goes back to Wireshark's own dissector."""
    off = ["--disable-protocol", "gtpp"]
    assert fields("gtpp-udp.pcap", "gtpp", "frame.number", extra=off) == []
    assert len(fields("gtpp-udp.pcap", "gtpprime", "frame.number", extra=off)) == 9
    off = ["--disable-heuristic", "gtpp_udp", "--disable-heuristic", "gtpp_tcp"]
    assert fields("gtpp-other-port.pcap", "gtpp", "frame.number", extra=off) == []


def test_decode_as_and_port_preference(fields):
    none = ["--disable-heuristic", "gtpp_udp", "--disable-heuristic", "gtpp_tcp"]
    found = fields("gtpp-other-port.pcap", "gtpp", "frame.number", extra=[*none, "-d", "udp.port==5400,gtpp"])
    assert found == ["1", "2", "3", "4"]
    found = fields("gtpp-other-port.pcap", "gtpp", "frame.number", extra=[*none, "-d", "tcp.port==5400,gtpp"])
    assert found == ["8", "10"]
    found = fields("gtpp-other-port.pcap", "gtpp", "frame.number", extra=[*none, "-o", "gtpp.udp.port:5400"])
    assert found == ["1", "2", "3", "4"]


def test_ports_stay_ours_when_a_gtp_preference_is_set(fields):
    """Wireshark's dissector would take them back without a word."""
    assert len(fields("gtpp-udp.pcap", "gtpp", "frame.number", extra=["-o", "gtp.check_etsi:TRUE"])) == 9


# TCP (defects 1 and 2 of Wireshark's own decode)

@pytest.mark.parametrize("mode", ALL_MODES)
def test_several_messages_in_a_segment_and_one_over_several(fields, mode):
    """Messages 6 and 7 came in segments out of order: they are read in the one that fills the hole."""
    found = messages(fields, "gtpp-tcp.pcap", mode)
    assert found == {
        4: [1, 2, 3], 6: [1, 3], 10: [4], 12: [4], 15: [5], 17: [5], 21: [6, 7], 23: [8], 26: [8]}


@pytest.mark.parametrize("in_order", ["TRUE", "FALSE"])
@pytest.mark.parametrize("mode", ALL_MODES)
def test_segments_out_of_order(fields, mode, in_order):
    """Whether TCP is told to put them in order or not; a segment that comes twice counts once."""
    extra = [*mode, "-o", f"tcp.reassemble_out_of_order:{in_order}"]
    seqs = [seq for found in messages(fields, "gtpp-tcp.pcap", extra).values() for seq in found]
    assert seqs == [1, 2, 3, 1, 3, 4, 4, 5, 5, 6, 7, 8, 8]
    assert fields("gtpp-tcp.pcap", "gtpp.analysis", "frame.number", extra=extra) == []


@pytest.mark.parametrize("mode", ALL_MODES)
def test_streams_cut_without_mercy(fields, mode):
    """Twelve requests in segments of 1000 octets; an Echo octet by octet; a 20-octet header cut at octet 10."""
    found = messages(fields, "gtpp-tcp-split.pcap", mode)
    assert [seq for seqs in list(found.values())[:3] for seq in seqs] == list(range(1, 13))
    assert list(found.values())[3:] == [[12], [13], [13], [1], [2], [2], [2], [2]]
    assert fields("gtpp-tcp-split.pcap", "gtpp && _ws.malformed", "frame.number", extra=mode) == []
    assert len("|".join(fields("gtpp-tcp-split.pcap", "gtpp.cdr.imsi", "gtpp.cdr.imsi", extra=mode)).split("|")) == 15


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("name", ["gtpp-tcp.pcap", "gtpp-tcp-split.pcap", "gtpp-tcp-ledger.pcap"])
def test_rows_of_the_packet_list(tshark, capture, name, mode):
    """A segment in which no message ends is TCP's; where one ends, its row is ours and says which."""
    layout = 'gui.column.format:"It","%Cus:gtpp.seq","Protocol","%p","Info","%i"'
    rows = [line.split("\t") for line in
            tshark(capture(name), *mode, "-Y", "tcp", "-T", "tabs", "-o", layout)]
    assert sum(protocol == "GTP'" for _, protocol, _ in rows) > 5
    for seqs, protocol, info in rows:
        assert (protocol == "GTP'") == (seqs != "")
        assert ("seq=" in info) == (seqs != "") and info


def test_capture_that_starts_inside_a_message(fields):
    """The tail is left to TCP, and the next message is found."""
    rows = fields("gtpp-tcp-split.pcap", "tcp.stream == 2 && tcp.len > 0", "gtpp.seq")
    assert rows == ["", "2", "2"]


def test_hard_beginnings_on_other_ports(fields):
    assert messages(fields, "gtpp-other-port-hard.pcap", ["-2"]) == {
        6: [1], 8: [1], 11: [2], 13: [2], 15: [3], 16: [3], 21: [1], 22: [2], 23: [3], 24: [3]}


def test_without_reassembly_a_whole_message_is_still_read(fields):
    extra = ["-o", "gtpp.desegment:FALSE"]
    assert messages(fields, "gtpp-tcp.pcap", extra)[4] == [1, 2, 3]


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("cut", range(1, 8))
def test_without_reassembly_the_start_of_a_message_is_no_malformed_packet(tshark, tmp_path, cut, mode):
    """A segment that ends in the first octets of the next message."""
    path, capture = tmp_path / "ends-in-a-header.pcap", Capture()
    stream = Stream(capture, CLIENT, SERVER).handshake()
    following = gtpprime.transfer(2, cdr.pgw())
    stream.send(CLIENT, gtpprime.echo_request(1) + following[:cut], ack=False)
    stream.send(CLIENT, following[cut:])
    path.write_bytes(capture.octets())
    lines = tshark(path, *mode, "-o", "gtpp.desegment:FALSE", "-Y", "gtpp", "-T", "fields", "-e", "gtpp.seq",
                   "-e", "_ws.malformed", "-e", "_ws.col.Info")
    seq, malformed, info = lines[0].split("\t")
    assert (seq, malformed) == ("1" if cut < 6 else "1,2", "")
    assert info.startswith("Echo Request seq=1; " + ("start of a message" if cut < 6 else "Data Record Transfer"))


# What is not all there

UDP_HEADERS = 14 + 20 + 8


@pytest.mark.parametrize("octets, info", [
    (1, None), (2, "start of a message"), (5, "start of a message"), (6, "Data Record Transfer Response seq=9"),
    (7, "Data Record Transfer Response seq=9"), (8, "Data Record Transfer Response seq=9, Request accepted"),
    (15, "Data Record Transfer Response seq=9, Request accepted, answers 4, 5")])
def test_an_answer_that_the_capture_cut(fields, written, octets, info):
    """What of it was captured is read. One octet does not tell that it is GTP'."""
    capture = Capture()
    capture.udp(SERVER, CLIENT, gtpprime.answer(9, *range(4, 304)))
    path = written(capture, UDP_HEADERS + octets)
    rows = fields(path, "gtpp", "_ws.col.Info", "gtpp.requests_responded.counted", "gtpp.ie.length.wrong",
                  "gtpp.ie.missing", "gtpp.ie.runs_over")
    assert rows == ([] if info is None else [(info, "", "", "", "")])


def test_a_message_longer_than_its_datagram(fields, written):
    """Its Length goes beyond the datagram: it is read as far as that goes. Octets of another kind are left alone."""
    whole = gtpprime.transfer(3, cdr.pgw(), cdr.pgw(local_seq=2))
    capture = Capture()
    capture.udp(CLIENT, SERVER, whole[:-100])
    capture.udp(CLIENT, SERVER, whole[:6] + bytes(100))
    rows = fields(written(capture), "gtpp", "frame.number", "gtpp.seq", "gtpp.cdr.local_seq", "gtpp.length.wrong")
    assert [row[:2] for row in rows] == [("1", "3")]
    assert rows[0][3] == "1"


@pytest.mark.parametrize("octets", ["4e010004defec800", "4e010002defe", "2e0200060001c80e0501"])
def test_a_length_that_counts_the_number(fields, written, octets):
    """As a scanner's Echo Request has it. One octet more or less, and it is not known what it is."""
    capture = Capture()
    message = bytes.fromhex(octets)
    for datagram in (message, message + b"\0\0\0", message[:-1], bytes((message[0] & 0xF1,)) + message[1:]):
        capture.udp(CLIENT, SERVER, datagram)
    path = written(capture)
    rows = fields(path, "gtpp.length.wrong", "frame.number", "gtpp.seq", "portlore.match")
    assert rows[0] == ("1", str(int.from_bytes(message[4:6], "big")), "0")  # the expected tenant


def test_octets_amid_a_message_are_no_message(fields, written):
    """The segment before was not captured. This one begins with octets that could be a header of version 0, but for
    their spare bits and for what follows them."""
    capture = Capture()
    stream = Stream(capture, CLIENT, SERVER).handshake()
    stream.build(CLIENT, gtpprime.transfer(1, cdr.pgw())[:80])
    stream.send(CLIENT, b"\x03\x01\x00\x20\x02\x49\x63" + bytes(60))
    stream.send(CLIENT, gtpprime.echo_request(2))
    assert fields(written(capture), "gtpp.seq", "gtpp.seq") == ["2"]


@pytest.mark.parametrize("octets, frame", [(6, "4"), (8, "6")])
def test_a_segment_cut_where_a_message_ends(tshark, tmp_path, octets, frame):
    """The next message was not captured. That is no exception."""
    path = tmp_path / "cut.pcap"
    subprocess.run(["editcap", "-s", str(54 + octets), CAPTURES / "gtpp-tcp.pcap", path], check=True,
                   capture_output=True)
    path.chmod(0o644)
    line, = tshark(path, "-Y", f"frame.number == {frame}", "-T", "fields", "-e", "_ws.col.Info")
    assert line in ("Echo Request seq=1", "Echo Response seq=1, restart counter 7")


# Wireshark's own dissector behind ours

@pytest.mark.parametrize("name, more", [
    ("gtpp-udp.pcap", 0), ("gtpp-tcp.pcap", 5), ("gtpp-tcp-split.pcap", 12), ("gtpp-messages.pcap", 0),
    ("gtpp-cdr-families.pcap", 0), ("gtpp-causes.pcap", 0), ("gtpp-other-port.pcap", 5)])
def test_filters_of_wireshark_match_more_and_never_less(fields, name, more):
    """Sequence numbers under gtp.*, packet by packet: those of Wireshark alone are there, where they are real."""
    def seqs(**how):
        rows = fields(name, "gtp.seq_number", "frame.number", "gtp.seq_number", **how)
        return {(number, seq) for number, found in rows for seq in found.split("|")}
    ours, alone = seqs(), seqs(plugins=False)
    made_up = {("28", "0x0000"), ("36", "0x0000")} if "split" in name else set()
    lost = {pair for pair in alone - ours if pair not in made_up}
    true_lost = {pair for pair in lost if fields(name, f"frame.number == {pair[0]} && gtpp.seq == {pair[1]}",
                                                 "frame.number")}
    assert true_lost == set()
    assert len(ours - alone) >= more


def test_builtin_can_be_switched_off(fields):
    off = ["-o", "gtpp.builtin:never"]
    assert fields("gtpp-udp.pcap", "gtp", "frame.number", extra=off) == []
    assert fields("gtpp-udp.pcap", "gtpprime", "frame.number", extra=off) == []
    assert len(fields("gtpp-udp.pcap", "gtpp", "frame.number", extra=off)) == 9

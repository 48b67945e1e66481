"""What is made to exhaust a tree, a report or the layers of a packet, in small: everything still comes out right.

./dev robust runs the same floods in large, and measures them.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import re
import struct
import subprocess
from pathlib import Path

import floods
import pytest
from support.modes import ALL_MODES

MESSAGES_OF_A_SEGMENT = 65000 // 6
NUMBERS_OF_A_LIST = (floods.LARGEST - 6 - 2 - 3) // 2


@pytest.fixture
def flood(tmp_path, tshark):
    """flood(NAME, PACKETS, ARGUMENT ...): what tshark prints of it."""
    def run(name, packets, *args):
        path = tmp_path / f"{name}.pcap"
        if not path.exists():
            floods.write(path, getattr(floods, name)(packets), floods.GAPS.get(name, 100))
        return tshark(path, *args)
    return run


def count_of(lines, topic):
    """The count beside a topic in a statistics tree."""
    return next(int(line.split(topic)[1].split()[0]) for line in lines if line.strip().startswith(topic))


@pytest.mark.parametrize("mode", ALL_MODES)
def test_a_segment_full_of_messages_is_counted_whole(flood, mode):
    """Wireshark takes 5,000 entries of taps for a packet."""
    lines = flood("stream", 1, *mode, "-q", "-z", "gtpp,tree")
    assert count_of(lines, "Messages") == MESSAGES_OF_A_SEGMENT


def test_a_segment_full_of_messages_is_drawn_whole(flood):
    """Wireshark has 500 layers for a packet, and each call of its own dissector takes one."""
    lines = flood("stream", 1, "-2", "-V")
    assert sum(line.startswith("GTP' Charging, Echo Request") for line in lines) == MESSAGES_OF_A_SEGMENT
    skipped = [line for line in lines if line.strip().startswith("[Wireshark's own dissector was not called")]
    assert MESSAGES_OF_A_SEGMENT - 500 < len(skipped) < MESSAGES_OF_A_SEGMENT
    assert not [line for line in lines if "Dissector bug" in line]


def test_a_full_list_answers_all_it_names(flood):
    """Three requests before each answer, and the same octets answer each time, so that the answers behind the first one
    are probably its copies: 12 requests are answered, the other numbers asked by nobody."""
    lines = flood("lists", 16, "-2", "-Y", "gtpp.type == 241", "-T", "fields", "-e", "gtpp.requests_responded",
                  "-e", "gtpp.response_to", "-E", "aggregator=|")
    rows = [line.split("\t") for line in lines]
    assert [len(row[0].split("|")) for row in rows] == [NUMBERS_OF_A_LIST] * 4
    assert sorted({int(frame) for row in rows for frame in row[1].split("|") if frame}) == [
        1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15]


def test_the_smallest_elements_fill_a_datagram(flood):
    lines = flood("elements", 1, "-2", "-V")
    assert sum("Cause: Request accepted (128)" in line for line in lines) >= (floods.LARGEST - 6) // 6
    assert not [line for line in lines if "Dissector bug" in line]


def test_records_fill_a_datagram(flood):
    lines = flood("records", 2, "-2", "-Y", "frame.number == 1", "-T", "fields", "-e", "gtpp.cdr",
                  "-E", "aggregator=|")
    assert len(lines[0].split("|")) == 12000


def test_kinds_of_records_do_not_fill_the_info_column(flood):
    """Six are named. The rest is counted, in a time that grows with the number of records."""
    line, = flood("kinds", 1, "-T", "fields", "-e", "_ws.col.Info")
    kinds = ", ".join(f"type {number}" for number in range(1000, 1006))
    assert line == f"Data Record Transfer Request seq=0, send, 6000 CDRs ({kinds} and 5994 of other kinds)"


def test_releases_of_many_paths_are_booked_on_each(flood):
    rows = [line.split("|") for line in flood("held", 202, "-q", "-z", "gtpp,ledger") if "3386" in line]
    assert [row[11].strip() for row in rows] == ["1"] * 101


def test_one_tcp_packet_tells_many_channels(flood):
    """1,250 channels without an answer; the tree has 1,000 of them, the reports all."""
    packets = 2500
    lines = flood("channels", packets, "-2", "-Y", "tcp", "-T", "fields", "-e", "rdgudp.channel",
                  "-e", "rdgudp.more_channels", "-E", "aggregator=|")
    shown, more = lines[-1].split("\t")
    table = flood("channels", packets, "-2", "-q", "-z", "rdgudp,channels")
    fallen_back = [line for line in table if "tcp.stream 0" in line]
    assert len(shown.split("|")) == 1000
    assert int(more) == len(fallen_back) - 1000 > 0


def test_channels_of_a_session_stand_together(flood):
    """When fewer than 1,000 began between them."""
    ids = [re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", line) for line in
           flood("siblings", 600, "-q", "-z", "rdgudp,channels")]
    ids = [found[0] for found in ids if found]
    assert len(ids) == 600
    assert ids[0::2] == ids[1::2]


def test_fragments_of_every_id_and_count(flood):
    lines = flood("fragments", 2000, "-2", "-T", "fields", "-e", "rdgudp.fragment.id", "-e", "_ws.malformed")
    assert len(lines) == 2000
    assert all(line.endswith("\t") for line in lines)


def growth_per_turn(runner, files, plugins):
    """sharkd loads the files in turn, as the GUI does: kilobytes that a turn leaves behind, the mean of the later ones.
    The first turns allocate what all need. The C library is told to return freed memory at once: otherwise it gives
    pages back in one turn and takes them again in the next, by up to four megabytes."""
    env = runner.environment(runner.new_home(), plugins)
    env |= {"MALLOC_TRIM_THRESHOLD_": "4096", "MALLOC_TOP_PAD_": "0", "MALLOC_MMAP_THRESHOLD_": "65536"}
    sizes = []
    with subprocess.Popen(["sharkd", "-"], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, encoding="utf-8", cwd="/", **runner.identity()) as process:
        for turn in range(12):
            for name in files:
                request = {"jsonrpc": "2.0", "id": turn + 1, "method": "load", "params": {"file": str(name)}}
                process.stdin.write(json.dumps(request) + "\n")
                process.stdin.flush()
                assert '"OK"' in process.stdout.readline()
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
            sizes.append(int(re.search(r"VmRSS:\s+(\d+)", status)[1]))
        process.stdin.close()
    return (sizes[-1] - sizes[3]) / len(sizes[4:])


def test_loading_another_file_returns_memory(runner, capture, tmp_path):
    """Of ours, nothing stays; the flood's ledger alone has four megabytes. The sharkd of Wireshark 4.0 does not free
    the frames of the file before, nor the entry of epan's list in each that names the frame's record: 390 kilobytes."""
    flood = tmp_path / "numbers.pcap"
    floods.write(flood, floods.numbers(20000))
    files = [capture(flood), capture("rdgudp-sessions.pcap"), capture("port-mixed-ipv6.pcap")]
    assert growth_per_turn(runner, files, True) - growth_per_turn(runner, files, False) < 600


def certificates(count):
    """TLS inside a channel, without its hellos: parts of a long handshake message, both ways. Wireshark's TLS dissector
    may fail on that."""
    part = b"\x0b\x00\x10\x00" + b"A" * 100
    record = struct.pack("!BHH", 22, 0x0303, len(part)) + part
    for i in range(count):
        packet = floods.rdgudp.data(floods.rdgudp.rdpeudp_v1(record, 7 + i, 8 + i))
        ends = (floods.HOSTS, 40000, floods.SERVER, floods.RDG)
        yield floods.UPPER_PDU, floods.upper_pdu("rdgudp_packet", *ends[i % 2 * 2:], *ends[:i % 2 * 2], packet)


def test_what_fails_inside_a_channel_bears_its_own_name(runner, capture, tmp_path):
    """And what we say of the packet is not lost by it."""
    path = tmp_path / "certificates.pcap"
    floods.write(path, certificates(6))
    answer = runner.run("tshark", "-r", capture(path), "-2", "-V")
    assert "protocol RDGUDP" not in answer.stdout + answer.stderr
    assert answer.stdout.count("    [Verdict: connected") == 6


def test_foreign_octets_behind_a_message_of_a_segment(tshark, tmp_path):
    """They are shown as what they are, and the next segment is read again. The capture has the SYN: amid a stream, what
    is followed by such octets is no message for certain."""
    path = tmp_path / "foreign.pcap"
    first = floods.gtpp.echo_request(1) + b"GET / HTTP/1.1\r\n"
    ends = (floods.HOSTS, 40000, floods.SERVER, floods.GTPP)
    syn = bytearray(floods.tcp(*ends, 0, b""))
    syn[20 + 13] = 0x02  # the flags, behind an IP header of 20 octets
    floods.write(path, [(floods.RAW_IP, bytes(syn)), (floods.RAW_IP, floods.tcp(*ends, 1, first)),
                        (floods.RAW_IP, floods.tcp(*ends, 1 + len(first), floods.gtpp.echo_request(2)))])
    lines = tshark(path, "-T", "fields", "-e", "gtpp.seq", "-e", "gtpp.trailing", "-e", "_ws.col.Info")[1:]
    assert lines[0].split("\t")[:2] == ["1", b"GET / HTTP/1.1\r\n".hex()]
    assert "octets that are not the start of a message" in lines[0]
    assert lines[1].split("\t")[0] == "2"

"""What is known of a channel after each of its datagrams: the same on every pass and in any order, however many
datagrams share it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import itertools
import os
import struct
import subprocess

import pytest

from captures.make.base.wire import End, ethernet, ip, udp

PASSES = [[], ["-2"]]
CLIENT, GATEWAY = End("192.0.2.10", 50123), End("198.51.100.20", 3391)
ETHERNET, WIFI = 1, 105
UDP = 17
ALERT, HANDSHAKE, DATA = 21, 22, 23
HANDSHAKING, SECURED, CLOSED = "1", "2", "4"


NUMBERS = itertools.count(1)


def record(kind, payload=bytes(32), epoch=1):
    """A DTLS record; each has a number of its own, as an end never uses one twice."""
    return struct.pack("!BHHHIH", kind, 0xFEFD, epoch, 0, next(NUMBERS), len(payload)) + payload


def hello():
    """A ClientHello, as much of it as matters."""
    body = b"\xfe\xfd" + bytes(range(32)) + b"\0\0\0\2\xc0\x2f\1\0"
    length = len(body).to_bytes(3, "big")
    return record(HANDSHAKE, b"\1" + length + bytes(5) + length + body, epoch=0)


def datagram(octets, port=CLIENT.port, from_gateway=False):
    ends = (CLIENT.at(port), GATEWAY)
    source, destination = ends[::-1] if from_gateway else ends
    return ip(source, destination, UDP, udp(source, destination, octets))


def write(path, frames, link):
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link))
        for number, octets in enumerate(frames):
            out.write(struct.pack("<IIII", 1709632800 + number // 1000, number % 1000 * 1000, len(octets),
                                  len(octets)) + octets)
    return path


def wifi(*packets):
    """An 802.11 frame with several IP packets in it (A-MSDU)."""
    frame = struct.pack("<HH6x6s6sHH", 0x0188, 0, CLIENT.mac, GATEWAY.mac, 0, 0x0080)
    for packet in packets:
        body = b"\xaa\xaa\3\0\0\0\x08\0" + packet
        part = GATEWAY.mac + CLIENT.mac + struct.pack("!H", len(body)) + body
        frame += part + bytes(-len(part) % 4)
    return frame


@pytest.fixture
def steady(tmp_path, capture):
    """A channel in which nothing happens but data both ways, then an alert, then data again."""
    said = [hello(), record(HANDSHAKE), *(record(DATA) for _ in range(300)), record(ALERT),
            *(record(DATA) for _ in range(20))]
    frames = [ethernet(CLIENT, GATEWAY, datagram(octets, from_gateway=i % 2 == 1)) for i, octets in enumerate(said)]
    return capture(write(tmp_path / "steady.pcap", frames, ETHERNET))


STEADY = [("0", ""), (HANDSHAKING, ""), (SECURED, "")] + [(SECURED, "1")] * 299 + [(CLOSED, "1")] * 21


@pytest.mark.parametrize("mode", PASSES)
def test_steady_channel(fields, steady, mode):
    assert fields(steady, "rdgudp", "rdgudp.verdict", "rdgudp.data_both_ways", extra=mode) == STEADY


def verdicts(tree):
    """The verdicts of a packet's tree, as sharkd draws it."""
    for node in tree:
        if node.get("fn") == "rdgudp.verdict" or node.get("f", "").startswith("rdgudp.verdict =="):
            yield node["f"].split()[-1]
        yield from verdicts(node.get("n", []))


def ask_backwards(sharkd, path, count):
    requests = [{"method": "frame", "params": {"frame": number, "proto": True}} for number in range(count, 0, -1)]
    return [list(verdicts(answer["tree"])) for answer in sharkd(path, *requests)][::-1]


def test_steady_channel_backwards(sharkd, steady):
    assert ask_backwards(sharkd, steady, len(STEADY)) == [[verdict] for verdict, _ in STEADY]


@pytest.fixture
def crowded(tmp_path, capture):
    """Frames with several datagrams, of two channels; the second one begins behind the first."""
    frames = [
        wifi(datagram(hello()), datagram(hello(), 50124)),
        wifi(datagram(record(HANDSHAKE), from_gateway=True)),
        wifi(datagram(record(DATA)), datagram(record(DATA)), datagram(record(DATA), 50124)),
        wifi(datagram(record(DATA)), datagram(record(ALERT)), datagram(record(DATA), 50124)),
        wifi(datagram(record(DATA), 50124), datagram(record(DATA), from_gateway=True)),
        wifi(datagram(record(DATA))),
    ]
    return capture(write(tmp_path / "crowded.pcap", frames, WIFI))


CROWDED = ["0|0", HANDSHAKING, "|".join([SECURED] * 3), f"{SECURED}|{CLOSED}|{SECURED}", f"{SECURED}|{CLOSED}", CLOSED]


@pytest.mark.parametrize("mode", PASSES)
def test_datagrams_of_one_frame(fields, crowded, mode):
    assert fields(crowded, "rdgudp", "rdgudp.verdict", extra=mode) == CROWDED


def test_datagrams_of_one_frame_backwards(sharkd, crowded):
    assert ask_backwards(sharkd, crowded, len(CROWDED)) == [row.split("|") for row in CROWDED]


def counted(lines, name):
    """The count of a row of a statistics tree."""
    return next(line.split()[len(name.split())] for line in lines if line.split()[:len(name.split())] == name.split())


@pytest.mark.parametrize("mode", PASSES)
def test_channel_that_begins_behind_another_is_counted(tshark, crowded, mode):
    lines = tshark(crowded, *mode, "-q", "-z", "rdgudp,tree")
    assert [counted(lines, name) for name in ("Channels", "closed", "secured", "Datagrams")] == ["2", "1", "1", "12"]
    infos = tshark(crowded, *mode, "-T", "fields", "-e", "_ws.col.Info")
    assert "[hello sent]" in infos[0]


def largest_memory(runner, path, *args, plugins=True):
    """Kilobytes."""
    env = runner.environment(runner.new_home(), plugins)
    with subprocess.Popen(["tshark", "-n", "-r", str(path), *args], env=env, cwd="/", stdout=subprocess.DEVNULL,
                          **runner.identity()) as child:
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    return usage.ru_maxrss


def test_datagrams_that_bring_nothing_take_no_memory(runner, tmp_path, capture):
    """Above what Wireshark keeps of each itself."""
    many, few = 40000, 100
    paths = [capture(write(tmp_path / f"{count}.pcap",
                           [ethernet(CLIENT, GATEWAY, datagram(record(DATA), from_gateway=i % 2 == 1))
                            for i in range(count)], ETHERNET)) for count in (many, few)]
    ours = [largest_memory(runner, path) for path in paths]
    stock = [largest_memory(runner, path, "-d", "udp.port==3391,dtls", plugins=False) for path in paths]
    added = (ours[0] - ours[1] - stock[0] + stock[1]) * 1024 / many
    assert added < 32

"""RD Gateway UDP in captures whose packets stand in another order, or of which one direction or a part is missing: what
is said stays true.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest
from support.paths import CAPTURES

from captures.make.base import files

CLIENT = bytes([192, 0, 2, 10])
IP_SOURCE = 26
BOTH = ["rdgudp-two-channels.pcap", "rdgudp-flight-13.pcap", "rdgudp-elsewhere.pcap"]


def directions(frames):
    """The client's packets, and behind them all others: two taps whose files were put one behind the other."""
    return sorted(frames, key=lambda frame: frame[1][IP_SOURCE:IP_SOURCE + 4] != CLIENT)


def swapped(frames):
    """Each pair of packets in the other order: a capture of several queues."""
    return [frame for pair in zip(frames[1::2], frames[::2]) for frame in pair]


def clients(frames):
    return [frame for frame in frames if frame[1][IP_SOURCE:IP_SOURCE + 4] == CLIENT]


@pytest.fixture
def variant(tmp_path, capture):
    """variant(NAME, CHANGE): a copy of a shipped capture whose frames are what CHANGE makes of them."""
    def make(name, change):
        path = tmp_path / f"{change.__name__}-{name}"
        path.write_bytes(files.pcap(change(list(files.read_pcap((CAPTURES / name).read_bytes())))))
        return capture(path)
    return make


@pytest.fixture
def texts(fields):
    """texts(CAPTURE, FILTER): what the expert items of these packets say, both passes done."""
    def read(path, display_filter, extra=()):
        return fields(path, display_filter, "_ws.expert.message", extra=["-2", *extra])
    return read


@pytest.mark.parametrize("change", [directions, swapped])
def test_a_key_does_not_help_where_the_handshake_is_not_in_order(variant, texts, keys, change):
    """The same capture is decrypted with these keys when it is in order."""
    path = variant("rdgudp-two-channels.pcap", change)
    rows = texts(path, "rdgudp.no_key", keys("rdgudp-two-channels.pcap"))
    assert rows
    for row in rows:
        assert "decrypted: the file has messages of the handshake behind later packets. Sort it by time" in row
    assert texts("rdgudp-two-channels.pcap", "rdgudp.no_key", keys("rdgudp-two-channels.pcap")) == []


def test_a_key_does_not_help_where_the_end_of_the_handshake_is_missing(variant, texts, keys):
    """Both flights behind the hellos were not captured: no key is missing."""
    def without_end(frames):
        return frames[:4] + frames[6:]
    path = variant("rdgudp-broken-packets.pcap", without_end)
    rows = texts(path, "rdgudp.no_key", keys("rdgudp-broken-packets.pcap"))
    assert len(rows) == 1 and "the capture lacks the end of the client's handshake" in rows[0]


def test_what_a_nat_moved_may_stand_before_its_beginning_in_the_file(variant, texts):
    """The ClientHello is in the capture, from the port that the client had before."""
    def moved_first(frames):
        return frames[12:] + frames[:12]
    [text] = texts(variant("rdgudp-moves.pcap", moved_first), "rdgudp.no_key && udp.port == 62001")
    assert "has no ClientHello from this port. One of the client's other channels may go on here" in text

    def without_beginning(frames):
        return frames[12:]
    [text] = texts(variant("rdgudp-moves.pcap", without_beginning), "rdgudp.no_key")
    assert "the capture lacks the ClientHello" in text


@pytest.mark.parametrize("change", [directions, swapped])
def test_an_answer_from_elsewhere_may_stand_behind_in_the_file(variant, texts, change):
    [text] = texts(variant("rdgudp-elsewhere.pcap", change), "rdgudp.no_answer")
    assert "nothing came back" not in text
    assert "comes from 203.0.113.21:3391, not from 198.51.100.20 port 3391 to which the client sends" in text


def test_records_of_dtls_13_belong_there_without_the_server_hello(variant, fields):
    """They name no version. Where the capture lacks what does, they may be of the channel, or of a session that began
    before."""
    def without_hello(frames):
        return clients(frames)[1::2]
    for change in (clients, without_hello):
        path = variant("rdgudp-flight-13.pcap", change)
        assert fields(path, "portlore.unexpected", "frame.number", extra=["-2"]) == []
    path = variant("rdgudp-flight-13.pcap", clients)
    infos = fields(path, "rdgudp", "_ws.col.Info", extra=["-2"])
    assert ["[handshaking]" in info for info in infos] == [False, True, False, True, False, True]


def test_a_cut_hello_is_not_missing(variant, texts):
    def cut_hellos(frames):
        is_hello = {index: octets[42] == 22 and octets[55] == 1 for index, (_, octets) in enumerate(frames)}
        return [(when, octets[:70] if is_hello[index] else octets, len(octets))
                for index, (when, octets) in enumerate(frames)]
    rows = texts(variant("rdgudp-two-channels.pcap", cut_hellos), "rdgudp.no_key")
    assert rows == ["Nothing is decrypted: the capture lacks the random of the ClientHello, without which no key "
                    "helps."] * 2


def test_without_the_end_of_a_handshake_one_end_is_not_decrypted(variant, texts, keys, fields):
    def without_finished(frames):
        return frames[:4] + frames[5:]
    path = variant("rdgudp-two-channels.pcap", without_finished)
    with_keys = keys("rdgudp-two-channels.pcap")
    [text] = texts(path, "rdgudp.no_key", with_keys)
    assert text.startswith("The client's data are not decrypted: the capture lacks the end of the client's handshake, "
                           "from which on Wireshark decrypts. The key log's line begins CLIENT_RANDOM ")
    [first, _] = texts(path, "rdgudp.no_key")
    assert first.startswith("Nothing is decrypted: the capture lacks the end of the client's handshake")
    assert fields(path, "rdgudp.channel == 0 && rdgudp.result", "frame.number", extra=["-2", *with_keys])


def test_one_end_does_not_stop_where_the_other_stands_behind_it_in_the_file(tmp_path, capture, fields):
    """Both ends send in turn. A report of what one end sends alone counts from the other's last datagram by time."""
    frames = list(files.read_pcap((CAPTURES / "rdgudp-two-channels.pcap").read_bytes()))
    port = frames[0][1][34:36]
    channel = [octets for _, octets in frames if port in (octets[34:36], octets[36:38])]
    path = tmp_path / "in-turn.pcap"
    path.write_bytes(files.pcap(swapped([(number * 400000, octets) for number, octets in enumerate(channel)])))
    assert fields(capture(path), "rdgudp.died", "frame.number", extra=["-2"]) == []


@pytest.mark.parametrize("change", [directions, swapped, clients])
@pytest.mark.parametrize("name", BOTH)
def test_no_sentence_is_cut(variant, texts, name, change):
    """Wireshark's items have room for 239 octets."""
    for row in texts(variant(name, change), "_ws.expert"):
        assert all(len(text) < 239 for text in row.split("|"))

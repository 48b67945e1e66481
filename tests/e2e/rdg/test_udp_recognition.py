"""RD Gateway UDP: recognised by port and by trailer, and still decryptable.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct

import pytest
from support.paths import CAPTURES

CORRELATION_ID = "c0ffee00-1234-4678-9abc-def012340000"
CORRELATION_ID_BE = "00eeffc0-3412-7846-9abc-def012340000"
# The frame with the first of the six packets inside DTLS.
FIRST_PACKET = {"trailer-first": 7, "trailer-all": 7, "trailer-none": 7, "other-port": 7, "no-verify": 5}


def keys(capture, name):
    return ["-o", f"tls.keylog_file:{capture(f'rdgudp-{name}.keys')}"]


@pytest.mark.parametrize("name, hellos", [("trailer-first", ["1"]), ("trailer-all", ["1", "3"]), ("trailer-none", []),
                                          ("other-port", ["1", "3"]), ("no-verify", ["1"])])
def test_trailer(fields, name, hellos):
    rows = fields(f"rdgudp-{name}.pcap", "rdgudp.correlation_id", "frame.number", "rdgudp.correlation_id",
                  "rdgudp.correlation_id_be")
    assert rows == [(number, CORRELATION_ID, CORRELATION_ID_BE) for number in hellos]


@pytest.mark.parametrize("name", FIRST_PACKET)
def test_every_datagram_belongs_to_the_channel(fields, name):
    """Also on another port, where only the trailer of the first one tells."""
    capture_name = f"rdgudp-{name}.pcap"
    assert fields(capture_name, "rdgudp && dtls", "frame.number") == fields(capture_name, "udp", "frame.number")


def test_without_the_trailer_another_port_is_plain_dtls(fields):
    name = "rdgudp-other-port.pcap"
    off = ["--disable-heuristic", "rdgudp_udp"]
    assert fields(name, "rdgudp && !dtls", "frame.number", extra=off) == []
    assert fields(name, "rdgudp.correlation_id", "frame.number", extra=off) == []


@pytest.mark.parametrize("mode", [[], ["-2"]])
@pytest.mark.parametrize("name", FIRST_PACKET)
def test_decrypts_with_a_key_log(fields, capture, name, mode):
    first = FIRST_PACKET[name]
    rows = fields(f"rdgudp-{name}.pcap", "rdgudp.pkt_id", "frame.number", "rdgudp.pkt_id",
                  extra=[*keys(capture, name), *mode])
    assert rows == [(str(first + i), packet) for i, packet in enumerate(["5", "5|1", "2", "3", "3", "4"])]
    assert fields(f"rdgudp-{name}.pcap", "rdgudp.pkt_id", "frame.number", extra=mode) == []


def test_decrypts_with_secrets_in_the_file(fields):
    assert len(fields("rdgudp-keys-inside.pcapng", "rdgudp.pkt_id", "frame.number")) == 6


@pytest.mark.parametrize("name", ["trailer-all", "no-verify"])
def test_stock_wireshark_cannot(fields, capture, name):
    """It loses the ClientHello with the trailer, and with that the keys."""
    decrypted = fields(f"rdgudp-{name}.pcap", "data && dtls", "frame.number", extra=keys(capture, name), plugins=False)
    assert decrypted == []
    assert fields(f"rdgudp-{name}.pcap", "dtls.handshake.type == 1", "frame.number", plugins=False) == []
    assert fields(f"rdgudp-{name}.pcap", "dtls.handshake.type == 1", "frame.number") != []


def test_port_preference(fields):
    """Moved to another port, a channel without any trailer is found there, and 3391 is plain DTLS again."""
    moved = ["-o", "rdgudp.udp.port:4391", "--disable-heuristic", "rdgudp_udp"]
    assert len(fields("rdgudp-other-port.pcap", "rdgudp && dtls", "frame.number", extra=moved)) == 14
    assert fields("rdgudp-trailer-none.pcap", "rdgudp", "frame.number", extra=moved) == []
    assert len(fields("rdgudp-trailer-none.pcap", "dtls", "frame.number", extra=moved)) == 14


def test_disabled(tshark):
    args = ["-T", "fields", "-e", "frame.number", "-e", "frame.protocols", "-e", "_ws.col.Info"]
    name = "rdgudp-trailer-first.pcap"
    assert tshark(name, "--disable-protocol", "rdgudp", *args) == tshark(name, *args, plugins=False)


def test_what_is_not_dtls_is_left_to_others(fields):
    assert fields("port-3386-foreign.pcap", "rdgudp", "frame.number") == []


def test_info_column(fields):
    infos = fields("rdgudp-trailer-first.pcap", "udp", "_ws.col.Info")
    assert infos[0] == f"Client Hello, correlation id {CORRELATION_ID} [hello sent]"
    assert infos[1] == "Hello Verify Request [handshaking]"


@pytest.fixture
def on_another_port(tmp_path, capture):
    """The channel without any trailer, moved from port 3391 to 4391, where nothing in the clear gives it away."""
    octets = (CAPTURES / "rdgudp-trailer-none.pcap").read_bytes()
    moved = tmp_path / "moved.pcap"
    moved.write_bytes(octets.replace(struct.pack("!HH", 50123, 3391), struct.pack("!HH", 50123, 4391))
                      .replace(struct.pack("!HH", 3391, 50123), struct.pack("!HH", 4391, 50123)))
    return capture(moved)


@pytest.mark.parametrize("mode", [[], ["-2"]])
def test_recognised_inside_dtls_on_any_port(fields, capture, on_another_port, mode):
    """The heuristic rdgudp_dtls: what DTLS decrypts has the form of the gateway's packets."""
    args = [*keys(capture, "trailer-none"), *mode]
    assert fields(on_another_port, "rdgudp.pkt_id", "rdgudp.pkt_id", extra=args) == ["5", "5|1", "2", "3", "3", "4"]
    assert fields(on_another_port, "rdgudp", "frame.number", extra=mode) == []
    off = [*args, "--disable-heuristic", "rdgudp_dtls"]
    assert fields(on_another_port, "rdgudp", "frame.number", extra=off) == []
    assert len(fields(on_another_port, "data && dtls", "frame.number", extra=off)) == 6

"""What is on a documented port is not called foreign where the capture cannot prove it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import subprocess

import pytest
from captures.make.base.wire import Capture, End

STUN_REQUEST, STUN_RESPONSE = 0x0001, 0x0101
HOST, PEER = End("192.0.2.10", 3391), End("198.51.100.20", 40000)
NOISE = bytes(range(0x91, 0x91 + 100))


def stun(kind):
    return kind.to_bytes(2, "big") + b"\0\0\x21\x12\xa4\x42" + b"transaction1"


@pytest.fixture
def unexpected(tmp_path, fields, capture):
    """unexpected(DATAGRAMS, SNAP): the packets of a capture of (from, to, octets) that are called unexpected."""
    def read(datagrams, snap=262144):
        whole, path = tmp_path / "whole.pcap", tmp_path / f"{len(datagrams)}-{snap}.pcap"
        written = Capture()
        for source, destination, octets in datagrams:
            written.udp(source, destination, octets)
        whole.write_bytes(written.octets())
        subprocess.run(["editcap", "-s", str(snap), whole, path], check=True, capture_output=True)
        return fields(capture(path), "portlore.unexpected", "frame.number", extra=["-2"])
    return read


def test_what_follows_stun_may_go_to_the_port_of_a_client(unexpected):
    """WebRTC from a host whose system gave it 3391: the capture begins with the peer's answer."""
    media = [(PEER, HOST, stun(STUN_RESPONSE)), (HOST, PEER, stun(STUN_RESPONSE)), (PEER, HOST, NOISE),
             (HOST, PEER, NOISE)]
    assert unexpected(media) == []
    assert unexpected(media[2:]) == ["1"]


@pytest.mark.parametrize("snap, found", [(262144, ["1"]), (142, ["1"]), (141, []), (96, []), (51, [])])
def test_octets_that_the_capture_cut_may_be_anything(unexpected, snap, found):
    """A dissector may refuse what it would take as a whole."""
    assert unexpected([(PEER, HOST, NOISE)], snap) == found

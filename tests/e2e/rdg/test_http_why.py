"""RD Gateway's main channel: what stands beside the verdict: the target's X.224 answer, the reason of DISC_PKT.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest

from captures.make.base import dns, files
from captures.make.base.wire import Capture, End, Stream
from captures.make.rdg import rdghttp as h
from captures.make.rdg.make_rdghttp import X224_REQUEST
from support.modes import ALL_MODES

PLAIN = ["-d", "tcp.port==8080,rdghttp"]
CLIENT, GATEWAY = End("192.0.2.10", 50100), End("198.51.100.20", 8080)
NOT_TRIED = ("UDP port 3391 was offered, and this capture, which has other UDP, has no packet to it: see the client's "
             "policy (TCP only), the target, and the capture's filter.")
NO_UDP = "UDP port 3391 was offered, and this capture has no UDP at all: capture again without a filter."
CANNOT = (" The target's X.224 answer does not support extended client data, so that the client cannot ask for UDP: "
          "see the target.")
DOES_NOT_RULE_OUT = " The target's X.224 answer does not rule UDP out."


def confirm(flags):
    """Connection Confirm with RDP_NEG_RSP."""
    return bytes.fromhex("030000130ed00000123400") + bytes([2, flags, 8, 0, 8, 0, 0, 0])


class Session:
    """A main channel in plain TCP that is open and offers UDP."""

    def __init__(self, capture):
        self.stream = Stream(capture, CLIENT, GATEWAY).handshake()
        self.stream.send(self.stream.client, h.request())
        self.stream.send(self.stream.server, h.SWITCHING)
        for ask, answer in ((h.handshake(), h.handshake_response()), (h.tunnel_create(), h.tunnel_response()),
                            (h.tunnel_auth(), h.tunnel_auth_response()),
                            (h.channel_create("host.example"), h.channel_response(cookie=h.cookie(1700000300)))):
            self.say(ask, answer)

    def say(self, ask, answer):
        """A packet of each end."""
        self.stream.send(self.stream.client, h.frame(ask, True))
        self.stream.send(self.stream.server, h.frame(answer, False))


@pytest.fixture
def why(tshark, capture, tmp_path):
    """why(CAPTURE, ARGUMENT ...): the sentence about the only session."""
    def run(made, *args):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.pcap"
        path.write_bytes(made.octets())
        rows = [line for line in tshark(capture(path), *PLAIN, *args, "-q", "-z", "rdghttp,sessions")
                if line.startswith("192.0.2.10:")]
        assert len(rows) == 1
        return rows[0].split("|")[11].strip()
    return run


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("answer, beside, without_udp", [
    (confirm(0x1F), DOES_NOT_RULE_OUT, ""), (confirm(0x1E), CANNOT, CANNOT),
    (bytes.fromhex("0300000b06d00000123400"), CANNOT, CANNOT),
    (bytes.fromhex("030000130ed000001234000300080005000000"), "", ""),  # refuses
    (confirm(0x1E)[:12], "", ""), (bytes(19), "", "")])
def test_target(why, answer, beside, without_udp, mode):
    for has_udp in (True, False):
        made = Capture()
        if has_udp:
            made.udp(CLIENT.at(50999), End("198.51.100.53", 53), dns.query(1))
        Session(made).say(h.data(X224_REQUEST), h.data(answer))
        assert why(made, *mode) == (NOT_TRIED + beside if has_udp else NO_UDP + without_udp)


def test_client_says_nothing_of_the_target(why):
    made = Capture()
    Session(made).say(h.data(confirm(0x1E)), h.data(b"what is this"))
    assert why(made) == NO_UDP


@pytest.mark.parametrize("has_keys", [True, False])
def test_reason(why, capture, has_keys):
    """DISC_PKT's reason, with the keys; without them nothing is said of one. One channel of the shipped capture."""
    made = Capture()
    session = Session(made)
    for _, frame in files.read(capture("rdgudp-two-channels.pcap")):
        if (50123).to_bytes(2, "big") in frame[34:38]:
            made.frame(frame)
    made.wait(2)
    session.say(h.data(b"up" * 30), h.data(b"down" * 30))
    keys = ["-o", f"tls.keylog_file:{capture('rdgudp-two-channels.keys')}"] if has_keys else []
    reason = " with the reason S_OK (0x00000000)" if has_keys else ""
    assert why(made, "-2", *keys) == (f"UDP channel 0 was in use, the client closed it{reason}, and the session goes "
                                      "on over TCP: see that end's event log.")

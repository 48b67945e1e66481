# SPDX-License-Identifier: GPL-2.0-or-later
"""Live captures of RD Gateways' sessions with both sides and all keys: the UDP channels are recorded as in live.py,
OpenSSL at both ends, and their keys are inside the files with those of the main channels."""
from ..base.wire import START, Captures
from . import rdghttp as h
from . import rdgudp
from .live import GATEWAY, record_channel
from .make_rdghttp_udp import CLIENT, Session

captures = Captures(__file__, live=True)
ACCESS_DENIED = 0x80070005


def cookie_of(session):
    """What the session's gateway has offered."""
    return h.cookie(START + 300 + session.number, user=f"EXAMPLE\\user{session.number}")


def channel(session, port, *said):
    """A UDP channel without a trailer: CONNECT_PKT with the session's cookie, and what is said behind it."""
    request = [("client", piece) for piece in rdgudp.fragments(rdgudp.connect(cookie_of(session)))]
    record_channel(session.capture, 0, GATEWAY, say=lambda _: [*request, *said], client=CLIENT.at(port), ends=False)
    session.capture.secrets += session.capture.keys
    session.capture.keys = b""


@captures.file("rdghttp-udp-keys.pcapng")
def with_keys(capture):
    """Three users behind one NAT, whose sessions overlap, and UDP channels without trailers, decrypted: their cookies
    say which session each is of. The first user's is in use, the second one's is rejected; the third one does not
    try."""
    first, second, third = (Session(capture, number) for number in (15, 16, 17))
    channel(first, 50450, ("gateway", rdgudp.connect_response()),
            ("client", rdgudp.data(rdgudp.rdpeudp_v1(b"up" * 20, 0x55667788, 0x11223345))),
            ("gateway", rdgudp.data(rdgudp.rdpeudp_v1(b"down" * 20, 0x11223345, 0x55667789))))
    channel(second, 50451, ("gateway", rdgudp.connect_response(ACCESS_DENIED)))
    for session in (first, second, third):
        session.goes_on()

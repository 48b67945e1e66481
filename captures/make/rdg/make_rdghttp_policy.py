# SPDX-License-Identifier: GPL-2.0-or-later
"""Live captures of main channels on which a gateway's policy shows: the stand-in gateway and client of live_main.py."""
import uuid

from ..base.wire import Captures, End, noise
from . import rdghttp as h
from .live_main import Ends

captures = Captures(__file__, live=True)
CLIENT, GATEWAY = End("192.0.2.10"), End("198.51.100.20", 443)
SESSION_TIMEOUT, REAUTH_CAP_FAILED = 0x59F6, 0x800759FB
CONSENT = 0x10
NOT_UDP = h.NO_UDP


def connect(capture, number, tunnel=4, **words):
    """A WebSocket connection up to the answer to TUNNEL_CREATE."""
    ends = Ends(capture, CLIENT.at(50500 + number), GATEWAY)
    ends.up(h.request(connection=uuid.UUID(int=500 + number), correlation=uuid.UUID(int=600 + number)))
    ends.down(h.SWITCHING)
    ends.ask(h.handshake(), h.handshake_response())
    message = words.pop("consent", None)
    more = {"more": CONSENT, "rest": h.text(message)} if message else {}
    ends.ask(h.tunnel_create(NOT_UDP, **words), h.tunnel_response(tunnel_id=tunnel, caps=NOT_UDP, **more))
    return ends


def go_on(ends, idle=0, redirection=0x80000000):
    """The rest of the set-up, and DATA both ways."""
    ends.ask(h.tunnel_auth(), h.tunnel_auth_response(idle=idle, redirection=redirection))
    ends.ask(h.channel_create("host.example"), h.channel_response(udp_port=None))
    ends.ask(h.data(noise(60, "up")), h.data(noise(80, "down")))


@captures.file("rdghttp-policy.pcapng")
def policy(capture):
    """A gateway's policy, one session after another: a message that asks for consent, to which one user agrees and
    another leaves; an idle time-out that ends the session; a service message; an authentication anew that succeeds on
    a second connection, and one that is refused."""
    ends = connect(capture, 0, consent="Only for work.")
    go_on(ends, redirection=0x0000000B)
    ends.ask(h.close(), h.close_response())
    ends.close()
    connect(capture, 1, 5, consent="Only for work.").close()
    ends = connect(capture, 2, 6)
    go_on(ends, idle=30)
    ends.down(h.frame(h.close(SESSION_TIMEOUT), False))
    ends.up(h.frame(h.close_response(), True))
    ends.close()
    ends = connect(capture, 3, 7)
    go_on(ends)
    ends.down(h.frame(h.packet(h.SERVICE_MESSAGE, h.text("The gateway restarts in five minutes.")), False))
    ends.ask(h.close(), h.close_response())
    ends.close()
    ends = connect(capture, 4, 8)
    go_on(ends)
    ends.down(h.frame(h.packet(h.REAUTH_MESSAGE, (8).to_bytes(8, "little")), False))
    again = connect(capture, 5, 9, reauth=8)
    again.ask(h.tunnel_auth(), h.tunnel_auth_response())
    again.close()
    ends.ask(h.data(noise(60, "up")), h.data(noise(80, "down")))
    ends.ask(h.close(), h.close_response())
    ends.close()
    ends = connect(capture, 6, 10)
    go_on(ends)
    ends.down(h.frame(h.packet(h.REAUTH_MESSAGE, (10).to_bytes(8, "little")), False))
    again = connect(capture, 7, 11, reauth=10)
    again.ask(h.tunnel_auth(), h.tunnel_auth_response(code=0x59DB))
    again.close()
    ends.down(h.frame(h.close(REAUTH_CAP_FAILED), False))
    ends.close()

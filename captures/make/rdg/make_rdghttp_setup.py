# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of RD Gateways' main channels whose set-up stops, and of the transport that has no UDP."""
import uuid

from ..base.wire import RST, Captures
from . import rdghttp as h
from .make_rdghttp import client, connect, gateway, upgrade

captures = Captures(__file__)
RESOURCE = "44e265dd-7daf-42cd-8560-3cdb6e7a2729"
RPC_SESSION = uuid.UUID("11223344-5566-4788-99aa-bbccddeeff00")


class Setup:
    """A main channel of its own connection id."""

    def __init__(self, capture, number):
        self.stream = connect(capture, f"setup {number}", 50400 + number)
        self.number = number

    def ask(self, *headers):
        """A request."""
        self.stream.send("client", h.request(connection=uuid.UUID(int=400 + self.number), headers=headers))

    def upgrade(self):
        """The request and its answer."""
        upgrade(self.stream, connection=uuid.UUID(int=400 + self.number))

    def exchange(self, *packets):
        """Packets of the client and of the gateway by turns."""
        for i, packet in enumerate(packets):
            (gateway if i % 2 else client)(self.stream, packet)

    def leave(self):
        """The client closes the connection, and the gateway agrees."""
        self.stream.stream.close()

    def reset(self):
        """The gateway's end resets the connection."""
        self.stream.stream.reset(self.stream.ends["server"], flags=RST)


@captures.file("rdghttp-setup-stopped.pcapng")
def stopped(capture):
    """Sessions whose set-up stops: TUNNEL_AUTH without an answer; a reset behind the last round of NTLM; a client that
    leaves behind the handshake; one that does not come back behind a challenge; a gateway that closes behind
    TUNNEL_RESPONSE. Then two that may have gone on: octets of the gateway are missing; the capture ends five seconds
    behind the request."""
    silent = Setup(capture, 0)
    silent.upgrade()
    silent.exchange(h.handshake(), h.handshake_response(), h.tunnel_create(), h.tunnel_response(), h.tunnel_auth())
    rounds = Setup(capture, 1)
    rounds.ask(f"Authorization: NTLM {h.negotiate(1)}")
    rounds.stream.send("server", h.refusal("401 Unauthorized", f"WWW-Authenticate: NTLM {h.negotiate(2)}"))
    rounds.ask(f"Authorization: NTLM {h.negotiate(3)}")
    rounds.reset()
    leaver = Setup(capture, 2)
    leaver.upgrade()
    leaver.exchange(h.handshake(), h.handshake_response())
    leaver.leave()
    challenged = Setup(capture, 3)
    challenged.ask(f"Authorization: NTLM {h.negotiate(1)}")
    challenged.stream.send("server", h.refusal("401 Unauthorized", f"WWW-Authenticate: NTLM {h.negotiate(2)}"))
    challenged.leave()
    closed = Setup(capture, 4)
    closed.upgrade()
    closed.exchange(h.handshake(), h.handshake_response(), h.tunnel_create(0x0D), h.tunnel_response())
    stream = closed.stream.stream
    stream.record(stream.build(stream.server, flags=0x11))
    hole = Setup(capture, 5)
    hole.upgrade()
    hole.exchange(h.handshake(), h.handshake_response(), h.tunnel_create())
    hole.stream.lose("server", h.frame(h.tunnel_response(), masked=False))
    hole.leave()
    capture.wait(40)
    late = Setup(capture, 6)
    late.upgrade()
    late.exchange(h.handshake(), h.handshake_response(), h.tunnel_create())
    capture.wait(5)
    late.stream.stream.ack(late.stream.stream.server)


def rpc_request(method):
    """The request of a channel of RPC over HTTP."""
    lines = [f"{method} /rpc/rpcproxy.dll?localhost:3388 HTTP/1.1", "Cache-Control: no-cache",
             "Connection: Keep-Alive", "Content-Length: 0", "User-Agent: MSRPC", "Accept: application/rpc",
             f"Pragma: ResourceTypeUuid={RESOURCE}, SessionId={RPC_SESSION}", "Host: gateway.example"]
    return "\r\n".join([*lines, "", ""]).encode()


@captures.file("rdghttp-rpc.pcapng")
def rpc(capture):
    """A gateway, or a proxy before it, that knows no main channel: 404, and the client goes over to RPC over HTTP,
    whose two channels are one session."""
    first = Setup(capture, 10)
    first.ask()
    first.stream.send("server", h.refusal("404 Not Found"))
    first.leave()
    for number, method in enumerate(("RPC_IN_DATA", "RPC_OUT_DATA")):
        stream = connect(capture, f"rpc {method}", 50420 + number)
        stream.send("client", rpc_request(method))
        stream.send("server", h.refusal("401 Unauthorized", "WWW-Authenticate: NTLM"))
        stream.send("client", rpc_request(method))
        stream.send("server", h.response("200 OK", "Content-Length: 0"))

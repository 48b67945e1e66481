# SPDX-License-Identifier: GPL-2.0-or-later
"""Recorded main channels of FreeRDP 3 of Debian 13, over both transports, against a stand-in gateway and target."""
from ..base.wire import Captures, End
from .live_freerdp import debian, record_freerdp, stand_apart

captures = Captures(__file__, live=True)
CLIENT, GATEWAY = End("192.0.2.10", 50500), End("198.51.100.20", 443)


@captures.file("rdghttp-freerdp.pcapng")
def sessions(capture):
    """Recorded: two sessions of FreeRDP 3 with a stand-in gateway, as far as the first packet of RDP in the target's
    TLS, with all keys. The first over WebSocket, with NTLM at HTTP; the second over two HTTP channels, with NTLM inside
    the tunnel. Then the target closes."""
    stand_apart()
    with debian() as root:
        record_freerdp(capture, root, (CLIENT, GATEWAY), "type:http")
        capture.wait(1)
        record_freerdp(capture, root, (CLIENT.at(50510), GATEWAY), "type:http,no-websockets,extauth-sspi-ntlm",
                       websocket=False)

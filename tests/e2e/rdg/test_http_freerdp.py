"""Recorded sessions of FreeRDP 3, a client that is not ours, against a stand-in gateway and target.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest

from support.modes import ALL_MODES

NAME = "rdghttp-freerdp.pcapng"
TERMS = [
    "no", "the client did not announce UDP",
    "TUNNEL_CREATE does not announce UDP: a setting of the client, or a client without it.", "", "CLIENT1", "", "4",
    "0x0d: statement of health, consent, service messages",
    "0x3f: UDP, statement of health, idle time-out, consent, service messages, reauthentication",
    "0x80000000: all allowed", "none"]
ROWS = [
    ["192.0.2.10:50500", "198.51.100.20:443", "0", "bb304d51-bec0-55ed-b5b2-2396cb9bb40b", "WebSocket",
     "EXAMPLE\\user", "target.example", "3389", "NTLM", *TERMS, "0.033064", "9.145763", "0.183708", "gateway",
     "S_OK (0x00000000)", "18", "2199", "1876"],
    ["192.0.2.10:50510", "198.51.100.20:443", "1", "6d53011e-2b61-dbde-e1a2-1c061ddc54f3", "two HTTP channels",
     "EXAMPLE\\user", "target.example", "3389", "NTLM inside the tunnel", *TERMS, "10.200016", "19.436661",
     "10.436738", "gateway", "S_OK (0x00000000)", "22", "2199", "1876"],
]
PACKETS = [1, 2, 4, 5, 6, 7, 8, 9, 16, 17]
INSIDE = [1, 2, 3, 3, 3, 3, *PACKETS[2:]]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_rows(tshark, mode):
    lines = tshark(NAME, *mode, "-q", "-z", "rdghttp,sessions")
    assert [[cell.strip() for cell in line.split("|")[:-1]] for line in lines if line.startswith("192.0.2.")] == ROWS


@pytest.mark.parametrize("mode", ALL_MODES)
def test_packets(fields, mode):
    """Every packet of the set-up and of the end is read whole, and nothing is found wrong with any."""
    kinds = fields(NAME, "rdghttp.type && rdghttp.type != 10", "rdghttp.session", "rdghttp.type", extra=mode)
    assert kinds == [("0", str(kind)) for kind in PACKETS] + [("1", str(kind)) for kind in INSIDE]
    assert fields(NAME, "rdghttp.bad_length || rdghttp.out_of_order || rdghttp.unknown_type || rdghttp.unknown",
                  "frame.number", extra=mode) == []


def test_rounds_of_ntlm(fields):
    """At HTTP, and inside the tunnel."""
    assert fields(NAME, "ntlmssp", "rdghttp.session", "ntlmssp.messagetype", "ntlmssp.auth.username") == [
        ("0", "0x00000001", ""), ("0", "0x00000002", ""), ("0", "0x00000003", "user"),
        ("1", "0x00000001", ""), ("1", "0x00000002", ""), ("1", "0x00000003", "user")]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_rdp_inside(fields, mode):
    """The beginning of RDP, in TLS 1.3 of its own over either transport: X.224 both ways, a hello for the target, and
    what the client says first when it is up."""
    assert fields(NAME, "rdp.client.name && rdghttp.session == 0", "rdp.client.name", extra=mode) == ["CLIENT1"]
    assert fields(NAME, "rdp.client.name && rdghttp.session == 1", "rdp.client.name", extra=mode) == ["CLIENT1"]
    assert fields(NAME, "rdp.rt_cookie", "rdp.rt_cookie", extra=mode) == 2 * ["Cookie: mstshash=EXAMPLE\\user"]
    names = fields(NAME, "rdghttp && tls.handshake.type == 1", "tls.handshake.extensions_server_name", extra=mode)
    assert names == 2 * ["target.example"]

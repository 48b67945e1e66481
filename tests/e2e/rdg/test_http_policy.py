"""RD Gateway's main channel: what a gateway's policy does to sessions, recorded between a gateway and a client of ours.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest

from support.modes import ALL_MODES

POLICY = "rdghttp-policy.pcapng"
REDIRECTION, IDLE, ENDED_BY, ENDED_WITH = 18, 19, 23, 24
LEFT = "client's end", "TCP FIN"


def rows_of(tshark, mode):
    lines = tshark(POLICY, *mode, "-q", "-z", "rdghttp,sessions")
    return [[cell.strip() for cell in line.split("|")] for line in lines if line.startswith("192.0.2.10:")]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_rows(tshark, mode):
    rows = rows_of(tshark, mode)
    assert [row[15] for row in rows] == ["4", "5", "6", "7", "8", "9", "10", "11"]
    assert rows[0][REDIRECTION] == "0x0b: drives forbidden, printers forbidden, clipboard forbidden"
    assert [row[IDLE] for row in rows] == ["none", "", "30 min", *["none"] * 5]
    assert [(row[ENDED_BY], row[ENDED_WITH]) for row in rows] == [
        ("client", "S_OK (0x00000000)"), LEFT, ("gateway", "E_PROXY_SESSIONTIMEOUT (0x000059f6)"),
        ("client", "S_OK (0x00000000)"), ("client", "S_OK (0x00000000)"), LEFT,
        ("gateway", "E_PROXY_REAUTH_CAP_FAILED (0x800759fb)"), ("gateway", "E_PROXY_NAP_ACCESSDENIED (0x000059db)")]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_consent(fields, tshark, mode):
    """Both users see the message; the second one leaves."""
    assert fields(POLICY, "rdghttp.consent", "rdghttp.session", "rdghttp.consent", extra=mode) == [
        ("0", "Only for work."), ("1", "Only for work.")]
    row = rows_of(tshark, mode)[1]
    assert row[10] == "no session: the set-up stopped"
    assert row[11] == "The set-up stops: the client closes the connection after TUNNEL_RESPONSE. See the client."


@pytest.mark.parametrize("mode", ALL_MODES)
def test_notices(fields, mode):
    assert fields(POLICY, "rdghttp.session_timeout", "rdghttp.session", "rdghttp.type", extra=mode) == [("2", "16")]
    assert fields(POLICY, "rdghttp.service_message", "rdghttp.session", "rdghttp.service_message", extra=mode) == [
        ("3", "The gateway restarts in five minutes.")]
    assert fields(POLICY, "rdghttp.reauth", "rdghttp.session", "rdghttp.reauth_context", extra=mode) == [
        ("4", "0x0000000000000008"), ("6", "0x000000000000000a")]
    assert fields(POLICY, "rdghttp.type == 4 && rdghttp.reauth_context", "rdghttp.session", extra=mode) == ["5", "7"]


def test_all_is_in_order(fields):
    assert fields(POLICY, "rdghttp.out_of_order || rdghttp.bad_length || rdghttp.no_packet", "frame.number",
                  extra=["-2"]) == []

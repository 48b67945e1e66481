"""Sessions whose truth is known: who the user is, and UDP whose beginning the capture lacks.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import base64

import pytest

from captures.make.base import dns
from captures.make.base.tls import APPLICATION_DATA
from captures.make.base.wire import Capture, End
from captures.make.rdg import rdghttp as h
from captures.make.rdg.make_rdghttp import connect
from captures.make.rdg.make_rdghttp_udp import CLIENT, Session
from support.modes import ALL_MODES

REFUSED = "no session: refused at HTTP"


@pytest.fixture
def rows(tshark, capture, tmp_path):
    """The cells of the rows of what was made."""
    def run(made, *mode):
        path = tmp_path / "made.pcapng"
        path.write_bytes(made.octets())
        lines = tshark(capture(path), *mode, "-q", "-z", "rdghttp,sessions")
        return [[cell.strip() for cell in line.split("|")] for line in lines if line.startswith("192.0.2.10:")]
    return run


USERS = {
    "Basic": ("Basic " + base64.b64encode(b"carol:se:cret").decode(), "carol", "Basic"),
    "NTLM": (f"NTLM {h.negotiate(3)}", "EXAMPLE\\user", "NTLM"),
    "the first round of NTLM": (f"Negotiate {h.negotiate(1)}", "", "NTLM"),
    "Digest": ('Digest username="dave", realm="example"', "", "Digest"),
}


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("case", USERS)
def test_user(rows, case, mode):
    """Without RDG-User-Id, the user is the one that the authentication names."""
    authorization, user, auth = USERS[case]
    made = Capture()
    stream = connect(made, "user", 50500)
    request = h.request(headers=[f"Authorization: {authorization}"]).split(b"\r\n")
    stream.send("client", b"\r\n".join(line for line in request if not line.startswith(b"RDG-User-Id")))
    stream.send("server", h.refusal("403 Forbidden"))
    [row] = rows(made, *mode)
    assert (row[5], row[8], row[10]) == (user, auth, REFUSED)


@pytest.mark.parametrize("mode", ALL_MODES)
def test_the_header_names_the_user_all_the_same(rows, mode):
    made = Capture()
    stream = connect(made, "user", 50500)
    stream.send("client", h.request(headers=[f"Authorization: {USERS['Basic'][0]}"]))
    stream.send("server", h.refusal("403 Forbidden"))
    assert [row[5] for row in rows(made, *mode)] == ["user@example.com"]


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("ways", ["both", "up", "down"])
def test_udp_without_its_handshake(rows, ways, mode):
    """The capture has records of DTLS on the offered port, and no hello: they may be the session's."""
    made = Capture()
    made.udp(CLIENT.at(50999), End("198.51.100.53", 53), dns.query(1))
    session = Session(made, 1, udp_port=4391)
    for number in range(3):
        if ways != "down":
            session.up(session.secret(APPLICATION_DATA, number, 200))
        if ways != "up":
            session.back(session.secret(APPLICATION_DATA, number, 200))
    session.goes_on()
    assert [row[10] for row in rows(made, *mode)] == ["offered"]

"""What became of the UDP that a main channel offers: the tie to the UDP channels, and the verdict on the session.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import uuid

import pytest

from captures.make.base.wire import Capture
from captures.make.rdg.make_rdghttp_udp import Session, trailer
from support.modes import ALL_MODES

UNTIED = ("UDP port 3391 is offered; what became of it cannot be told from here, because a UDP channel of this client, "
          "or to this port, may be of this session or of another one.")
NO_PACKET = ("UDP port 3391 was offered, and this capture, which has other UDP, has no packet to it: see the client's "
             "policy (TCP only), the target, and the capture's filter.")
OF_OTHERS = ("UDP port 3391 was offered, and all channels to it in this capture are of other sessions: see the "
             "client's policy (TCP only), and the target.")
NO_ANSWER = ("UDP port 3391 was offered and tried, and nothing came back in this capture: let the port through, and "
             "see that a balancer passes UDP on.")
CARRIES = "UDP channel 0 carries data both ways; the keys of its DTLS would tell what."
# Per session: verdict, number of its field, sentence, channels.
OUTCOMES = {
    "used": [("used to the end of the session", 15,
              "UDP channel 1 was in use to the end of the session: nothing to do.",
              "1: used to the end of the session; 0: used to the end of the session")],
    "blocked": [("offered, tried, no answer", 6, NO_ANSWER, "0: offered, tried, no answer")],
    "not-tried": [("offered, not tried in this capture", 5, NO_PACKET, "")],
    "died": [("used, then silent", 14,
              "UDP channel 0 was in use and then fell silent, while the other end or the session goes on (the last "
              "datagram of the gateway is 6.0 s older than the last one of the client): see MTU, path and time-outs of "
              "firewalls.", "0: used, then silent")],
    "other-port": [("UDP carries data", 11, CARRIES, "0: UDP carries data")],
    "nat": [("UDP carries data", 11, CARRIES, "0: UDP carries data"),
            ("offered, tried, no answer", 6, NO_ANSWER, "1: offered, tried, no answer"),
            ("offered, not tried in this capture", 5, OF_OTHERS, "")],
    "unclear": [("offered", 4, UNTIED, "")] * 2,
    "keys": [("UDP in use", 10, "UDP channel 0 is in use: nothing to do.", "0 reliable: UDP in use"),
             ("offered, rejected by the gateway", 9,
              "UDP port 3391 was offered and tried, and the gateway rejects the channel with E_ACCESS_DENIED "
              "(0x80070005): see its event log.", "1 reliable: offered, rejected by the gateway"),
             ("offered, not tried in this capture", 5, OF_OTHERS, "")],
    "outcomes": [
        ("offered, tried, ICMP said no", 7,
         "UDP port 3391 was offered and tried, and ICMP says no: the gateway says that nothing listens there: enable "
         "UDP in its properties (type 3, code 3).", "0: offered, tried, ICMP said no"),
        ("offered, handshake failed", 8,
         "UDP port 3391 was offered and tried, and the handshake failed with the gateway's alert handshake_failure: "
         "see DTLS versions and the certificate.", "1: offered, handshake failed"),
        ("used, then closed while TCP carried on", 12,
         "UDP channel 2 was in use, the client closed it, and the session goes on over TCP: see that end's event log.",
         "2: used, then closed while TCP carried on"),
        ("offered", 4,
         "UDP port 3391 is offered; what became of it cannot be told from here, because the handshake of UDP channel 3 "
         "does not end in this capture.", "3: handshaking")],
}


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("name", OUTCOMES)
def test_row(tshark, name, mode):
    lines = tshark(f"rdghttp-udp-{name}.pcapng", *mode, "-q", "-z", "rdghttp,sessions")
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if line.startswith("192.0.2.10:")]
    assert [tuple(row[10:13]) for row in rows] == [(each[0], *each[2:]) for each in OUTCOMES[name]]


@pytest.mark.parametrize("name", OUTCOMES)
def test_offer_shows_what_came_of_it(fields, name):
    """In the first pass, no later packet is known."""
    rows = fields(f"rdghttp-udp-{name}.pcapng", "rdghttp.udp_port", "rdghttp.udp.verdict", "_ws.expert.message",
                  extra=["-2"])
    assert rows == [(str(each[1]), each[2]) for each in OUTCOMES[name]]
    assert set(fields(f"rdghttp-udp-{name}.pcapng", "rdghttp.udp_port", "rdghttp.udp.verdict")) == {"4"}


# By channel: session, frame of the offer, order of the id.
TIES = {
    "used": {("0", "0", "30", "0"), ("1", "0", "30", "0")},
    "blocked": {("0", "0", "30", "1")},
    "other-port": {("0", "0", "30", "")},
    "nat": {("0", "0", "30", "0"), ("1", "1", "61", "1")},
    "unclear": {("0", "", "", "")},
}


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("name", TIES)
def test_tie(fields, name, mode):
    assert set(fields(f"rdghttp-udp-{name}.pcapng", "rdgudp.channel && udp", "rdgudp.channel", "rdgudp.session",
                      "rdgudp.offered_in", "rdgudp.correlation_order", extra=mode)) == TIES[name]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_tie_by_the_cookie(fields, mode):
    """Neither a trailer nor the two hosts say which of the overlapping sessions the channels are of."""
    rows = fields("rdghttp-udp-keys.pcapng", "rdgudp.cookie || rdgudp.result", "rdgudp.channel", "rdgudp.session",
                  "rdgudp.cookie.user", "rdgudp.result", extra=mode)
    offers = fields("rdghttp-udp-keys.pcapng", "rdghttp.udp_port", "frame.number", extra=mode)
    assert rows == [("0", "0", "EXAMPLE\\user15", ""), ("0", "0", "", "0x00000000"),
                    ("1", "1", "EXAMPLE\\user16", ""), ("1", "1", "", "0x80070005")]
    assert set(fields("rdghttp-udp-keys.pcapng", "rdgudp.result", "rdgudp.offered_in", extra=mode)) == set(offers[:2])


def test_fallback_names_the_main_channel(fields):
    messages = fields("rdghttp-udp-blocked.pcapng", "rdgudp.fallback", "_ws.expert.message", extra=["-2"])
    assert any("tcp.stream 0, its main channel, carries data meanwhile" in each for each in messages)


def test_fallback_within_a_second_of_another_try(fields):
    """The segment before was tried and did not fit; what comes behind it is tried at once all the same."""
    assert fields("rdghttp-udp-died.pcapng", "rdgudp.fallback", "frame.number") == ["52"]
    assert fields("rdghttp-udp-died.pcapng", "rdgudp.fallback", "frame.number", extra=["-2"]) == ["46", "52"]


TWIN = uuid.UUID("11223344-5566-4788-99aa-bbccddeeff00")


def write_twins(path, first_big):
    """Two sessions whose ids are each other's octets in the other order. UDP of the first one is used."""
    made = Capture()
    one = Session(made, 1, correlation=TWIN)
    other = Session(made, 2, correlation=uuid.UUID(bytes=TWIN.bytes_le))
    one.opens(tail=trailer(TWIN, big=first_big))
    one.uses()
    for session in (one, other):
        session.goes_on()
    path.write_bytes(made.octets())
    return path


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("big", [False, True])
def test_ids_that_are_turned_over(fields, tshark, capture, tmp_path, big, mode):
    """Nothing tells in which order the trailer has its id: neither session is said to have the channel."""
    path = capture(write_twins(tmp_path / "twins.pcapng", big))
    assert set(fields(path, "rdgudp.channel && udp", "rdgudp.session", "rdgudp.correlation_order", extra=mode)) == {
        ("", "3")}
    rows = [[cell.strip() for cell in line.split("|")] for line in tshark(path, *mode, "-q", "-z", "rdghttp,sessions")
            if line.startswith("192.0.2.10:")]
    assert [row[10] for row in rows] == ["offered", "offered"]
    assert all("may be of this session or of another one" in row[11] for row in rows)


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("big", [False, True])
def test_id_that_is_its_own_twin(fields, capture, tmp_path, big, mode):
    made, path = Capture(), tmp_path / "same.pcapng"
    session = Session(made, 1, correlation=uuid.UUID("11222211-3333-4444-99aa-bbccddeeff00"))
    session.opens(tail=trailer(session.correlation, big=big))
    path.write_bytes(made.octets())
    assert set(fields(capture(path), "rdgudp.channel && udp", "rdgudp.session", "rdgudp.correlation_order",
                      extra=mode)) == {("0", "2")}

"""What is on a documented port is not called foreign where the capture cannot prove it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import subprocess

import pytest
from captures.make.base.wire import PROTO_TCP, PROTO_UDP, Capture, End, Stream, checksum, ethernet, ip, tcp, udp

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


# What was answered without the capture

CLIENT, SERVER, ROUTER = End("192.0.2.10"), End("198.51.100.20"), End("192.0.2.1")
CLIENT6, SERVER6 = End("2001:db8::10"), End("2001:db8:0:1::20")
PORT_UNREACHABLE, PORT_UNREACHABLE_6, HOST_UNREACHABLE = (3, 3), (1, 4), (3, 1)
BY_ITS_HOST = "that host says that the port is unreachable (from 198.51.100.20, type 3, code 3)."
BEFORE = " It may have answered before: the capture has no packet from it."


@pytest.fixture
def probes(tmp_path, fields, capture):
    """probes(CAPTURE MADE): the texts of portlore.probe in it, all of the file known."""
    def read(made, mode=("-2",)):
        path = tmp_path / "made.pcap"
        path.write_bytes(made.octets())
        return [text for texts in fields(capture(path), "portlore.probe", "_ws.expert.message", extra=list(mode))
                for text in texts.split("|") if text.startswith(("ICMP says", "TCP port", "UDP port"))]
    return read


def dtls(epoch, content, octets):
    return bytes([content, 0xfe, 0xfd]) + epoch.to_bytes(2, "big") + bytes(6) + len(octets).to_bytes(2, "big") + octets


def hello(cookie=b""):
    body = b"\xfe\xfd" + bytes(32) + b"\0" + bytes([len(cookie)]) + cookie + b"\0\x02\xc0\x2b\x01\0"
    length = len(body).to_bytes(3, "big")
    return dtls(0, 22, b"\x01" + length + b"\0\0" + b"\0\0\0" + length + body)


def asked_in_vain(client, server, datagrams, kind=PORT_UNREACHABLE, sender=None, quoted=48):
    """DATAGRAMS of the client's, none of the service's, and an ICMP error about the last one."""
    made = Capture()
    packet = b""
    for octets in datagrams:
        packet = made.udp(client, server, octets)
        made.wait(1)
    made.icmp(sender or server, client, kind, packet[:quoted])
    return made


@pytest.mark.parametrize("client, server, kind", [
    (CLIENT.at(50000), SERVER.at(3391), PORT_UNREACHABLE), (CLIENT.at(3391), SERVER.at(3391), PORT_UNREACHABLE),
    (CLIENT6.at(50000), SERVER6.at(3391), PORT_UNREACHABLE_6)])
@pytest.mark.parametrize("behind_answer", [hello(b"a cookie"), dtls(0, 22, b"\x10" + bytes(30)),
                                           dtls(1, 23, b"data" * 8)])
def test_a_client_that_goes_on_was_answered(probes, client, server, kind, behind_answer):
    """Only the client's packets: what it sends shows that the gateway had answered."""
    assert probes(asked_in_vain(client, server, [hello(), hello(), behind_answer, behind_answer], kind)) == []


def test_a_client_that_sends_the_same_again_was_not(probes):
    told = probes(asked_in_vain(CLIENT.at(50000), SERVER.at(3391), [hello()] * 3))
    assert told == [f"UDP port 3391 was tried, and ICMP says that it is unreachable: {BY_ITS_HOST}"]


def test_a_client_that_sends_different_things_may_have_been_answered(probes):
    told = probes(asked_in_vain(CLIENT.at(50000), SERVER.at(3416), [NOISE[:40], NOISE[:60], NOISE[:50]]))
    assert told == [f"ICMP says that UDP port 3416 is unreachable: {BY_ITS_HOST}{BEFORE}"]


def test_an_error_about_what_the_capture_lacks(probes):
    made = Capture()
    packet = Capture().udp(CLIENT.at(50000), SERVER.at(3416), NOISE)
    made.icmp(SERVER, CLIENT, PORT_UNREACHABLE, packet[:28])
    assert probes(made) == [f"ICMP says that UDP port 3416 is unreachable: {BY_ITS_HOST}{BEFORE}"]


def test_an_error_about_a_datagram_in_fragments(probes):
    """The only datagram of the client's, in two fragments."""
    made, whole = Capture(), udp(CLIENT.at(50000), SERVER.at(3416), NOISE * 20)
    for offset, part in ((0, whole[:1480]), (1480, whole[1480:])):
        packet = bytearray(ip(CLIENT, SERVER, PROTO_UDP, part, 7))
        packet[6:8] = (offset // 8 | (0 if offset else 0x2000)).to_bytes(2, "big")
        packet[10:12] = b"\0\0"
        packet[10:12] = checksum(bytes(packet[:20])).to_bytes(2, "big")
        made.frame(ethernet(CLIENT, SERVER, bytes(packet)))
    made.icmp(SERVER, CLIENT, PORT_UNREACHABLE, made.frames[0][1][14:14 + 48])
    assert probes(made) == [f"UDP port 3416 was tried, and ICMP says that it is unreachable: {BY_ITS_HOST}"]


@pytest.mark.parametrize("behind, told", [(0, 1), (1, 0), (1400, 0)])
def test_an_error_about_a_segment_behind_the_syn(probes, behind, told):
    """The error quotes eight octets: ports and the sequence number."""
    made = Capture()
    stream = Stream(made, CLIENT.at(50000), SERVER.at(3416))
    stream.syn()
    segment = tcp(CLIENT.at(50000), SERVER.at(3416), 1000 + behind, 5001, 0x10, b"data")
    made.icmp(ROUTER, CLIENT, HOST_UNREACHABLE, ip(CLIENT, SERVER, PROTO_TCP, segment)[:28])
    assert len(probes(made)) == told


def test_an_answer_that_stands_before_its_syn_in_the_file(probes):
    """The service's packets first in the file, then the client's."""
    made = Capture()
    stream = Stream(made, CLIENT.at(50000), SERVER.at(3416)).handshake()
    stream.send(stream.server, b"welcome\n", ack=False)
    stream.send(stream.client, b"thanks\n", ack=False)
    made.frames.sort(key=lambda frame: SERVER.address.packed != frame[1][26:30])
    assert probes(made) == []


def test_a_syn_behind_its_ack_is_no_scan(probes):
    """Two packets changed places in the file; the SYN-ACK is not captured, and the connection is reset later."""
    made = Capture()
    stream = Stream(made, CLIENT.at(50000), SERVER.at(3386))
    stream.syn()
    stream.build(stream.server, flags=0x12)
    stream.ack(stream.client)
    stream.reset(stream.server)
    made.frames[0], made.frames[1] = made.frames[1], made.frames[0]
    assert probes(made) == []
    assert probes(made, ()) == []


# What FTP announces

def ftp_session(data_first, announcement):
    made = Capture()
    control = Stream(made, CLIENT.at(40001), SERVER.at(21)).handshake()
    control.send(control.server, b"220 Ready\r\n")
    control.send(control.client, b"PASV\r\n")
    control.send(control.server, announcement)
    before = len(made.frames)
    data = Stream(made, CLIENT.at(40002), SERVER.at(3391)).handshake()
    data.send(data.server, NOISE)
    data.close()
    if data_first:
        made.frames = made.frames[before:] + made.frames[:before]
    return made


@pytest.mark.parametrize("data_first, announcement", [
    (True, b"227 Entering Passive Mode (198,51,100,20,13,63)\r\n"), (False, b"227 Entering Passive Mode (198,51,"),
    (False, b"234 AUTH TLS\r\n")])
def test_what_ftp_may_have_announced_is_no_surprise(tmp_path, fields, capture, data_first, announcement):
    """The data stand before the announcement in the file, or that is cut or encrypted."""
    path = tmp_path / "ftp.pcap"
    path.write_bytes(ftp_session(data_first, announcement).octets())
    assert fields(capture(path), "portlore", "frame.number", extra=["-2"])
    assert fields(capture(path), "portlore.unexpected", "frame.number", extra=["-2"]) == []
    alone = Capture()
    alone.frames = [frame for frame in ftp_session(False, announcement).frames if b"\x00\x15" not in frame[1][34:38]]
    other = tmp_path / "alone.pcap"
    other.write_bytes(alone.octets())
    assert len(fields(capture(other), "portlore.unexpected", "frame.number", extra=["-2"])) == 1


@pytest.mark.parametrize("is_refused", [True, False])
def test_where_ftp_is_tried_in_vain_it_announces_nothing(tmp_path, fields, capture, is_refused):
    made = Capture()
    control = Stream(made, CLIENT.at(40001), SERVER.at(21))
    control.syn()
    if is_refused:
        control.reset(control.server)
    data = Stream(made, CLIENT.at(40002), SERVER.at(3391)).handshake()
    data.send(data.server, NOISE)
    path = tmp_path / "ftp-tried.pcap"
    path.write_bytes(made.octets())
    assert len(fields(capture(path), "portlore.unexpected", "frame.number", extra=["-2"])) == 1


def test_what_was_recognised_is_named(tmp_path, fields, capture):
    """Lasting use is told on a packet that does not show by itself what it is."""
    made = Capture()
    stream = Stream(made, CLIENT.at(50000), SERVER.at(3416)).handshake()
    stream.send(stream.client, b"GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n")
    stream.send(stream.server, b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: example\r\n\r\n")
    for turn in range(20):
        stream.send((stream.client, stream.server)[turn % 2], NOISE[:60 + turn])
    path = tmp_path / "use.pcap"
    path.write_bytes(made.octets())
    texts = fields(capture(path), "portlore.sustained", "_ws.expert.message", extra=["-2"])
    assert len(texts) == 1 and 'both ways: "http" traffic.' in texts[0]


# Lasting traffic whose octets are few in each packet

NDB_ENDS = [(End("192.0.2.10", 40000), End("198.51.100.50", 3406)),
            (End("2001:db8::10", 40000), End("2001:db8::50", 3406))]
NDB_ASKS, NDB_ANSWERS = b"get status\n\n", b"node status\nnodes: 4\nnode.2.type: NDB\n\n"
LASTING = ("TCP port 3406 is registered, but no use of it is documented, and yet 20 packets have carried payload, "
           "both ways: ")


def talk(client, server, pieces, rounds):
    """NDB management; each text comes in segments of PIECES octets."""
    made = Capture()
    stream = Stream(made, client, server).handshake()
    for _ in range(rounds):
        for end, text in ((client, NDB_ASKS), (server, NDB_ANSWERS)):
            stream.send(end, text, cuts=range(pieces, len(text), pieces))
    return made


@pytest.fixture
def lasting(tmp_path, fields, capture):
    """lasting(CAPTURE MADE, SNAP): what is said of lasting traffic in it."""
    def read(made, snap=262144):
        whole, path = tmp_path / "whole.pcap", tmp_path / f"cut-{snap}.pcap"
        whole.write_bytes(made.octets())
        subprocess.run(["editcap", "-s", str(snap), whole, path], check=True, capture_output=True)
        return [text for texts in fields(capture(path), "portlore.sustained", "_ws.expert.message", extra=["-2"])
                for text in texts.split("|") if text.startswith("TCP port")]
    return read


@pytest.mark.parametrize("client, server", NDB_ENDS)
@pytest.mark.parametrize("pieces", [1, 2, 5, 9, 80])
def test_ndb_management_in_small_pieces(lasting, client, server, pieces):
    assert lasting(talk(client, server, pieces, 10)) == [LASTING + '"NDB management" traffic.']


@pytest.mark.parametrize("client, server", NDB_ENDS)
def test_lasting_traffic_of_which_the_capture_has_too_little(lasting, client, server):
    """Seven octets of each payload, or none."""
    headers = 54 if client.address.version == 4 else 74
    for snap in (headers, headers + 7):
        assert lasting(talk(client, server, 80, 10), snap) == [
            LASTING + "the capture has too little of them to tell what they are."]

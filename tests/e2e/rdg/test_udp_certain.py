"""RD Gateway UDP: nothing is named that the capture does not prove.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest

from support.modes import ALL_MODES

COLUMNS = {"Verdict": 4, "Why": 5, "By": 6, "Hellos": 8, "Fallback": 13, "Packets": 14}
FAILURES = "rdgudp.no_answer || rdgudp.refused || rdgudp.prohibited || rdgudp.stuck || rdgudp.died || rdgudp.fallback"


@pytest.fixture
def channels(tshark):
    """channels(CAPTURE, ARGUMENTS, COLUMN ...): cells of the table's rows."""
    def run(name, mode, *columns):
        lines = tshark(name, "-q", *mode, "-z", "rdgudp,channels")
        rows = [[cell.strip() for cell in line.split(" |")] for line in lines if " |" in line and line[:1] in "12["]
        return [tuple(row[COLUMNS[column]] for column in columns) for row in rows]
    return run


@pytest.mark.parametrize("mode", ALL_MODES)
def test_a_hello_in_two_datagrams_is_one(channels, fields, mode):
    assert channels("rdgudp-long-hello.pcap", mode, "Verdict", "Hellos", "Packets", "Fallback") == [
        ("no answer", "3", "6", "tcp.stream 0")]
    assert fields("rdgudp-long-hello.pcap", "rdgudp.no_answer", "rdgudp.hello_count", extra=mode) == ["2"]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_icmp6_says_who(channels, mode):
    by = "2001:db8:2::1"
    assert channels("rdgudp-icmp6.pcap", mode, "Verdict", "Why", "By") == [
        ("prohibited (firewall)", "ICMP type 1, code 1", by),
        ("stopped by the path's MTU", "ICMP type 2, code 0, MTU 1280", by)]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_a_channel_dies_by_icmp(channels, mode):
    assert channels("rdgudp-dies-icmp.pcap", mode, "Verdict", "Why", "By", "Fallback") == [
        ("died in use", "ICMP type 3, code 3", "198.51.100.20", "tcp.stream 0")]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_whose_connection_it_is_nothing_tells(channels, fields, mode):
    assert channels("rdgudp-two-users.pcap", mode, "Verdict", "Fallback") == [("no answer", ""), ("no answer", "")]
    assert fields("rdgudp-two-users.pcap", "rdgudp.fallback", "frame.number", extra=mode) == []


@pytest.mark.parametrize("mode", ALL_MODES)
def test_a_dead_connection_carries_nothing(channels, mode):
    assert channels("rdgudp-tcp-dead.pcap", mode, "Verdict", "Fallback") == [("no answer", "")]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_a_moved_channel_is_known_by_the_gateway_too(channels, fields, mode):
    [(verdict, hellos)] = channels("rdgudp-moves-back.pcap", mode, "Verdict", "Hellos")
    assert (verdict, hellos) == ("secured", "2")
    assert fields("rdgudp-moves-back.pcap", "rdgudp.moved", "rdgudp.moved_to", extra=mode) == ["192.0.2.10:62001"]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_another_channel_has_not_moved(channels, fields, mode):
    assert channels("rdgudp-not-moved.pcap", mode, "Verdict", "Hellos") == [("secured", "2"), ("secured", "0")]
    assert fields("rdgudp-not-moved.pcap", "rdgudp.moved", "frame.number", extra=mode) == []


@pytest.mark.parametrize("mode", ALL_MODES)
def test_a_finished_with_a_connection_id_is_no_data(channels, mode):
    assert channels("rdgudp-connection-id.pcap", mode, "Verdict") == [("handshaking",)]


def test_a_gateway_that_answers_was_not_stopped(channels, fields):
    assert channels("rdgudp-firewall-before-gateway.pcap", ["-2"], "Verdict", "By") == [("secured", "")]
    assert fields("rdgudp-firewall-before-gateway.pcap", FAILURES, "frame.number", extra=["-2"]) == []


def test_the_hellos_may_stand_behind_the_data(fields):
    """What the capture lacks is said of the attempt that it is said on, whatever the client's port is used for
    later."""
    rows = fields("rdgudp-hellos-behind-data.pcap", "rdgudp.no_key", "frame.number", "_ws.expert.message", extra=["-2"])
    random = fields("rdgudp-hellos-behind-data.pcap", "frame.number == 1", "dtls.handshake.random")[0].replace(":", "")
    assert [(number, text.rpartition("|")[2]) for number, text in rows] == [
        ("4", "Nothing is decrypted: the file has a hello behind the data, by its times as well, and Wireshark needs "
         f"it in front of them. The key log's line begins CLIENT_RANDOM {random}."),
        ("14", "Nothing is decrypted: the capture lacks the ServerHello, without which no key helps.")]
    rows = fields("rdgudp-hellos-behind-data.pcap", "rdgudp.no_key", "_ws.expert.message")
    assert [text.rpartition("|")[2] for text in rows] == [
        "Nothing is decrypted: the capture has not shown the ServerHello, without which no key helps."] * 2


@pytest.mark.parametrize("mode", ALL_MODES)
def test_what_is_encrypted_behind_a_server_hello_of_dtls_13(fields, channels, mode):
    """No broken trailer; behind one of DTLS 1.2 the same octets are nothing that is known."""
    assert fields("rdgudp-flight-13.pcap", "rdgudp.rest.unknown", "frame.number", extra=mode) == ["8"]
    assert channels("rdgudp-flight-13.pcap", mode, "Verdict", "Packets") == [
        ("secured", "3"), ("secured", "3"), ("handshaking", "2")]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_hellos_that_cannot_be_put_together_are_named(tshark, mode):
    """Wireshark's DTLS gives up over a fragment that was sent before; the channel's words are there all the same."""
    lines = tshark("rdgudp-long-hello.pcap", *mode, "-Y", "rdgudp && udp", "-o",
                   'gui.column.format:"n","%m","p","%p","i","%i"', "-T", "tabs")
    rows = [line.strip().split("\t") for line in lines]
    assert [(number, protocol) for number, protocol, _ in rows] == [(str(n), "RDGUDP") for n in range(4, 10)]
    assert all(", correlation id c0ffee00-1234-4678-9abc-def012340000" in info for _, _, info in rows)
    assert rows[2][2].endswith(" [no answer]")


@pytest.mark.parametrize("mode", ALL_MODES)
def test_a_rival_behind_the_last_datagram_leaves_it_open(channels, mode):
    """The table says what is known at the end, in one pass, too."""
    assert channels("rdgudp-rival-later.pcap", mode, "Verdict", "Fallback") == [
        ("no answer", ""), ("no answer", "tcp.stream 2")]

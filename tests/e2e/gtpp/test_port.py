"""Living beside Wireshark's own gtpprime dissector: who gets port 3386, and what is passed on.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest
from support import other_port
from support.paths import CAPTURES

UDP = "gtpp-udp.pcap"
ALL_FRAMES = [str(number) for number in range(1, 10)]


@pytest.mark.parametrize("change", [[], ["-o", "gtp.check_etsi:TRUE"], ["-o", "gtp.dissect_tpdu_as:None"],
                                    ["-o", "gtp.track_gtp_session:TRUE"]])
def test_the_port_is_ours_also_after_a_gtp_preference_changed(fields, change):
    """Any change makes Wireshark's dissector take the port again."""
    assert fields(UDP, "gtpp", "frame.number", extra=change) == ALL_FRAMES
    assert fields("gtpp-tcp.pcap", "gtpp && frame.number < 8", "frame.number", extra=change) == ["4", "6"]


@pytest.mark.parametrize("other", ["gtpprime", "data"])
def test_decode_as_is_respected(fields, other):
    args = ["-d", f"udp.port==3386,{other}"]
    assert fields(UDP, "gtpp", "frame.number", extra=args) == []
    assert fields(UDP, other, "frame.number", extra=args) == ALL_FRAMES


def test_decode_as_offers_gtpp(fields):
    """Also where the strict form would not do: a lone bare header on a foreign port."""
    assert fields("gtpp-bare-echo-other-port.pcap", "gtpp && udp.port == 5402", "frame.number") == []
    assert fields("gtpp-bare-echo-other-port.pcap", "gtpp && udp.port == 5402", "frame.number",
                  extra=["-d", "udp.port==5402,gtpp"]) == ["7"]
    off = ["--disable-heuristic", "gtpp_tcp", "-d", "tcp.port==5400,gtpp"]
    assert fields("gtpp-other-port.pcap", "gtpp && tcp", "frame.number", extra=off) == ["8", "10"]


def test_given_back_when_disabled(tshark):
    """Then everything is as it is without us, but for Port Lore."""
    args = ["-T", "fields", "-e", "frame.number", "-e", "frame.protocols", "-e", "gtp.seq_number", "-e", "_ws.col.Info"]
    for name in (UDP, "gtpp-tcp.pcap", "gtpv0-3386.pcap"):
        without = tshark(name, *args, plugins=False)
        assert tshark(name, "--disable-protocol", "gtpp", *args) == without
        assert tshark(name, "--disable-protocol", "gtpp", "-o", "gtp.check_etsi:TRUE", *args) == without


def test_given_back_when_moved_elsewhere(fields):
    moved = ["-o", "gtpp.udp.port:5400"]
    assert fields(UDP, "gtpprime", "frame.number", extra=moved) == ALL_FRAMES
    assert fields("gtpp-bare-echo-other-port.pcap", "gtpp", "frame.number",
                  extra=["-o", "gtpp.udp.port:3386,5401-5402"]) == ["1", "2", "3", "4", "5", "6", "7"]


def test_another_protocols_port_comes_back_to_it(fields):
    """We take a port that the user names from whom it belonged to, and give it back to the same."""
    no_heuristic = ["--disable-heuristic", "dns_udp"]
    taken = fields("port-ephemeral.pcap", "dns", "frame.number", extra=["-o", "gtpp.udp.port:53", *no_heuristic])
    assert taken == []
    back = fields("port-ephemeral.pcap", "dns", "frame.number",
                  extra=["-o", "gtpp.udp.port:53", "--disable-protocol", "gtpp", *no_heuristic])
    assert back == ["11", "12", "13"]


def test_gtpv0_is_passed_on(tshark):
    """It shares the port by standard; its packets look exactly as without us."""
    args = ["-T", "pdml", "--disable-protocol", "portlore"]
    ours = [line for line in tshark("gtpv0-3386.pcap", *args) if "<pdml" not in line]
    stock = [line for line in tshark("gtpv0-3386.pcap", "-T", "pdml", plugins=False) if "<pdml" not in line]
    assert ours == stock


def test_what_is_neither_is_left_to_others(fields):
    assert fields("port-3386-foreign.pcap", "gtpp || gtpprime", "frame.number") == []
    assert fields("port-3386-foreign.pcap", "dns || http", "frame.number") == ["4", "6", "11"]


def test_builtin_is_called_behind_ours(fields):
    """So every gtp.* and gprscdr.* filter still matches, and over TCP more than before."""
    assert fields(UDP, "gtpp && gtpprime", "frame.number") == ALL_FRAMES
    both = fields(UDP, "gtp.seq_number", "gtp.seq_number", "gtpp.seq")
    assert len(both) == 9 and all(int(builtin, 16) == int(ours) for builtin, ours in both)
    tcp = fields("gtpp-tcp.pcap", "frame.number == 4", "gtpp.seq", "gtp.seq_number", "gprscdr.servedIMSI")
    assert tcp[0][:2] == ("1|2|3", "0x0001|0x0002|0x0003")
    assert len(tcp[0][2].split("|")) == 2
    assert fields("gtpp-tcp.pcap", "frame.number == 4", "gtp.seq_number", plugins=False) == ["0x0001"]


def test_builtin_can_be_left_out(fields):
    never = ["-o", "gtpp.builtin:never"]
    assert fields(UDP, "gtpprime", "frame.number", extra=never) == []
    assert fields(UDP, "gtpp", "frame.number", extra=never) == ALL_FRAMES


@pytest.mark.parametrize("value", ["always", "when_wanted", "when wanted", "When wanted"])
def test_values_of_the_builtin_preference(fields, value):
    """Where a field of Wireshark's dissector is wanted, it is there; a value after "never" is one that is known."""
    options = ["-o", "gtpp.builtin:never", "-o", f"gtpp.builtin:{value}"]
    assert fields(UDP, "gtpprime", "frame.number", extra=options) == ALL_FRAMES


def test_what_the_builtin_throws_is_caught(fields):
    """It gives up on a record that runs over; our tree, the columns and Port Lore stay."""
    name = "gtpp-cdr-broken.pcap"
    stopped = fields(name, "gtpp.builtin.stopped", "frame.number")
    assert stopped and set(stopped) <= set(fields(name, "_ws.malformed", "frame.number", plugins=False))
    for info, protocol, seen in fields(name, "gtpp.type == 240", "_ws.col.Info", "_ws.col.Protocol", "portlore.port"):
        assert info.startswith("Data Record Transfer Request seq=") and "alformed" not in info
        assert protocol == "GTP'" and seen in ("", "3386")


def test_builtin_is_not_called_where_it_would_misread(fields):
    rows = fields("gtpp-quirks.pcap", "gtpp.builtin.skipped", "frame.number", "gtpp.requests_responded",
                  "_ws.malformed")
    assert rows == [("4", "1", ""), ("7", "2|3", "")]


@pytest.mark.parametrize("mode", [[], ["-2"]])
def test_heuristics(fields, mode):
    rows = fields("gtpp-other-port.pcap", "gtpp", "frame.number", extra=mode)
    assert rows == ["1", "2", "3", "4", "8", "10"]
    off = ["--disable-heuristic", "gtpp_udp", "--disable-heuristic", "gtpp_tcp"]
    assert fields("gtpp-other-port.pcap", "gtpp", "frame.number", extra=[*mode, *off]) == []


def test_a_bare_header_needs_a_second_message(fields):
    """In one pass from the message that confirms it on; in two passes the first one, too. A lone one never."""
    assert fields("gtpp-bare-echo-other-port.pcap", "gtpp", "frame.number") == ["2", "3", "4", "5", "6"]
    assert fields("gtpp-bare-echo-other-port.pcap", "gtpp", "frame.number", extra=["-2"]) == list("123456")


def test_info_column(fields):
    assert fields(UDP, "gtpp", "_ws.col.Info") == [
        "Echo Request seq=1",
        "Echo Response seq=1, restart counter 7",
        "Node Alive Request seq=2",
        "Node Alive Response seq=2",
        "Data Record Transfer Request seq=3, send, 1 CDR (PGW)",
        "Data Record Transfer Request seq=4, send, 2 CDRs (SGW, PGW)",
        "Data Record Transfer Response seq=4, Request accepted, answers 3, 4",
        "Redirection Request seq=1, This node is about to go down",
        "Redirection Response seq=1, Request accepted",
    ]


def test_tree(tshark):
    lines = tshark(UDP, "-Y", "frame.number == 7", "-O", "gtpp")
    start = lines.index("GTP' Charging, Data Record Transfer Response seq=4, Request accepted, answers 3, 4")
    assert lines[start:start + 19] == [
        "GTP' Charging, Data Record Transfer Response seq=4, Request accepted, answers 3, 4",
        "    First octet: 0x4e",
        "        010. .... = Version: 2",
        "        ...0 .... = Protocol type: 0",
        "        .... 111. = Spare: 7",
        "        .... ...0 = Header length flag: 0",
        "    Message type: Data Record Transfer Response (241)",
        "    Length: 9",
        "    Sequence number: 4",
        "    [Header length: 6]",
        "    Cause: Request accepted (128)",
        "        Element type: Cause (1)",
        "        [Element length: 1]",
        "        Cause: Request accepted (128)",
        "    Requests Responded: 2 numbers",
        "        Element type: Requests Responded (253)",
        "        Element length: 4",
        "        Request responded to: 3",
        "        Request responded to: 4",
    ]
    assert "GPRS Tunneling Protocol Prime" not in lines
    always = tshark(UDP, "-Y", "frame.number == 7", "-O", "gtpp", "-o", "gtpp.builtin:always")
    assert always[start + 19:].count("GPRS Tunneling Protocol Prime") == 1
    # Named by the option, too.
    assert "GPRS Tunneling Protocol Prime" in tshark(UDP, "-Y", "frame.number == 7", "-O", "gtpprime")


# Below and above the ports of the clients in these captures, so that the lower number is once the service and once not.
@pytest.mark.parametrize("port", [700, 65000])
@pytest.mark.parametrize("name", ["gtpp-udp.pcap", "gtpp-duplicate-release-cancel.pcap", "gtpp-failover.pcap",
                                  "gtpp-node-alive-redirection.pcap", "gtpp-release-later.pcap", "gtpp-restart.pcap",
                                  "gtpp-retry-accepted.pcap", "gtpp-unacknowledged.pcap"])
def test_the_account_is_the_same_on_another_port(tshark, tmp_path, name, port):
    """Releases, restarts, redirections and held packets belong to ends, whatever the port's number."""
    def account(where, on, *extra):
        ledger = tshark(where, "-q", "-z", "gtpp,ledger", *extra)
        findings = tshark(where, "-2", "-Y", "gtpp", "-T", "fields", "-e", "frame.number", "-e", "gtpp.cdr.fate",
                          "-e", "_ws.expert.message", "--disable-protocol", "portlore", *extra)
        return [" ".join(line.replace(f":{on}", ":PORT").split()) for line in ledger if ":" in line], findings
    moved = other_port.write(tmp_path / "moved.pcap", CAPTURES / name, port)
    assert account(moved, port, "-o", f"gtpp.udp.port:{port}") == account(name, 3386)


def test_a_port_in_two_preferences_comes_back_to_its_owner(sharkd, capture):
    """Both name DNS's port while files are opened, and let it go again."""
    name = "port-ephemeral.pcap"
    opened = {"method": "load", "params": {"file": str(capture(name))}}

    def named(gtpp, rdgudp):
        return [{"method": "setconf", "params": {"name": "gtpp.udp.port", "value": gtpp}},
                {"method": "setconf", "params": {"name": "rdgudp.udp.port", "value": rdgudp}}, opened, opened]

    def dns(upper):  # another filter each time: sharkd keeps the answers to filters
        return {"method": "frames", "params": {"filter": f"dns && frame.number < {upper}"}}
    replies = sharkd(name, dns(100), *named("53", "53"), *named("3386", "3391"), dns(101), *named("53", "3391"),
                     *named("3386", "53"), *named("3386", "3391"), dns(102))
    rows = [[frame["num"] for frame in reply] for reply in replies if isinstance(reply, list)]
    assert rows == [[11, 12, 13]] * 3

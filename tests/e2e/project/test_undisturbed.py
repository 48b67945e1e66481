"""Packets that are not ours look as they do without the plugin: octet for octet, in every detail that tshark prints.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import subprocess

import pytest
from support import known_traffic
from support.modes import ALL_MODES
from support.paths import shipped
from support.pdml import packets_of

NAMES = shipped()
PORTS = (3311, 3386, 3391, 3406, 3416)
DOCUMENTED = re.compile(rf'<field name="(?:tcp|udp)\.port".* show="(?:{"|".join(map(str, PORTS))})"')
OURS = re.compile(r'<proto name="(?:gtpp|rdgudp|rdghttp)"')
FIELD = re.compile(r'<field name="((?:gtp|gprscdr)\.[^"]*)".*?(?: show="([^"]*)")?(?: value="([^"]*)")?/?>$')
STREAM = re.compile(r'<field name="(?:tcp|udp)\.stream".* show="\d+"')
STOCK = re.compile(r'<proto name="gtp(?:prime)?"')
# On purpose: what Wireshark takes for GTP on port 3386 and is not (TLS, DTLS, DNS), and MySQL, of which it knows port
# 3306 alone.
HANDED_OVER = {"port-3386-others.pcap", "port-short.pcap", "port-mysql.pcap"}
# Kind of traffic -> what Wireshark must find in it, and in how many packets at least: the programs did talk.
KNOWN = {"http": {"http": 4, "http.response.code == 404": 1}, "tls": {"tls": 6},
         "dns": {"dns.flags.response == 0": 8, "dns.flags.response == 1": 8, "dns and tcp": 2},
         "sip-rtp": {"sip": 6, "rtp and ip.src == 192.0.2.1": 30, "rtp and ip.src == 192.0.2.2": 30},
         "quic": {"quic and udp.srcport == 443": 5, "quic and udp.dstport == 443": 5}, "quic-like": {}}


def linewise(lines):
    """Frame number -> the lines of the packet."""
    return {packet.number: packet.lines for packet in packets_of(lines)}


def without_portlore(packet):
    """The packet without Port Lore's own items, and without its name among the protocols."""
    kept = []
    inside = False
    for line in packet:
        inside = inside or line.startswith('  <proto name="portlore"')
        if not inside:
            kept.append(line.replace(":portlore", "") if '"frame.protocols"' in line else line)
        elif line == "  </proto>":
            inside = False
    return kept


def stream_of(packet):
    """Which TCP or UDP conversation it belongs to, if any."""
    return next((match[0] for match in map(STREAM.search, packet) if match), None)


@pytest.fixture
def is_undisturbed(runner, home):
    """Compares a capture of others' packets with and without the plugin. Port Lore may add its items where the port is
    a documented one, and nowhere else. Packets on port 3386 that Wireshark's GTP' dissector reads, and that are not
    GTP', are left out: our GTP' dissector passes them on to other dissectors. Random packets make Wireshark complain of
    its own dissectors."""
    def lines(path, *args, **how):
        answer = runner.run("tshark", "-r", runner.reachable(path), *args, home=home, **how)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout.splitlines()

    def check(path, *mode):
        ours = linewise(lines(path, "-n", *mode, "-T", "pdml"))
        stock = linewise(lines(path, "-n", *mode, "-T", "pdml", plugins=False))
        assert ours.keys() == stock.keys()
        for number, packet in ours.items():
            text = "\n".join(packet)
            if not DOCUMENTED.search(text):
                assert packet == stock[number], number
            elif not OURS.search(text) and not any(map(STOCK.search, stock[number])):
                assert without_portlore(packet) == stock[number], number
        return len(ours)
    return check


@pytest.fixture(scope="module")
def random_packets(tmp_path_factory):
    """Packets of every type that randpkt makes, in one capture."""
    listing = subprocess.run(["randpkt", "-h"], capture_output=True, text=True, check=False)
    types = re.findall(r"^\t([\w.-]+)\s", listing.stdout + listing.stderr, re.M)
    assert len(types) > 20
    folder = tmp_path_factory.mktemp("random")
    folder.chmod(0o755)
    for kind in types:
        subprocess.run(["randpkt", "-t", kind, "-c", "60", "-b", "400", str(folder / f"{kind}.pcap")], check=True,
                       capture_output=True)
    merged = folder / "all.pcapng"
    subprocess.run(["mergecap", "-a", "-F", "pcapng", "-w", str(merged), *map(str, sorted(folder.glob("*.pcap")))],
                   check=True)
    merged.chmod(0o644)
    return merged, 60 * len(types)


@pytest.mark.parametrize("mode", ALL_MODES)
def test_random_packets(random_packets, is_undisturbed, mode):
    path, count = random_packets
    assert is_undisturbed(path, *mode) == count


@pytest.mark.parametrize("kind", known_traffic.TRAFFIC)
def test_known_protocols(sharkd, is_undisturbed, tmp_path, kind):
    """In one pass and in two. The programs did talk: the packets that they must have sent are there."""
    path = tmp_path / "known.pcap"
    path.write_bytes(known_traffic.make(kind))
    path.chmod(0o644)
    assert is_undisturbed(path) > 10
    assert is_undisturbed(path, "-2") > 10
    found = sharkd(path, *({"method": "frames", "params": {"filter": wanted}} for wanted in KNOWN[kind]))
    for (wanted, least), frames in zip(KNOWN[kind].items(), found, strict=True):
        assert len(frames) >= least, wanted


def both(packets, name):
    """Frame number -> the lines of the packet: with the plugin, and without it. With it, Wireshark's own GTP' dissector
    is called for each message; by default it is called only when a field of its own is named."""
    return ({packet.number: packet.lines for packet in packets(name, "-2", *args, plugins=plugins)}
            for plugins, args in ((True, ("-o", "gtpp.builtin:Always")), (False, ())))


@pytest.mark.parametrize("name", [name for name in NAMES
                                  if name not in HANDED_OVER and not name.startswith("rdghttp")])
def test_packets_of_others_in_shipped_captures(packets, name):
    """A TCP segment that waits for the rest of its message is ours, too, so conversations that are ours are left out.
    And on its port, Wireshark's own dissector takes what we leave to others."""
    ours, stock = both(packets, name)
    assert ours.keys() == stock.keys()
    streams = {stream_of(packet) for packet in ours.values() if OURS.search("\n".join(packet))}
    for number, packet in ours.items():
        if (stream_of(packet) is None or stream_of(packet) not in streams) and not OURS.search("\n".join(packet)) and \
                not any(':gtpprime"' in line for line in stock[number]):
            assert without_portlore(packet) == stock[number], number


# Which stock Wireshark does not know, or knows the first message only of each segment of.
NOT_STOCK = {"gtpp-bare-echo-other-port.pcap", "gtpp-other-port.pcap", "gtpp-other-port-hard.pcap", "gtpp-tcp.pcap",
             "gtpp-tcp-ledger.pcap", "gtpp-tcp-split.pcap"}


@pytest.mark.parametrize("name", [name for name in NAMES
                                  if name.startswith("gtp") and name != "gtpp-not-gtpp.pcap"])
def test_fields_of_wireshark_s_own_dissector(packets, name):
    """What Wireshark decodes right by itself (one message to a datagram, nothing malformed) has the same fields with
    the same values in the same packets: so every filter on gtp.* or gprscdr.* finds the same."""
    def fields_of(packet):
        return sorted((match[1], match[2] or "", match[3] or "") for match in map(FIELD.search, packet)
                      if match and match[1] not in left_out)
    ours, stock = both(packets, name)
    assert ours.keys() == stock.keys()
    # Where Wireshark gives up on a request by itself, it does not find its answer either; with us it does.
    gives_up = any("_ws.malformed" in line for packet in stock.values() for line in packet)
    left_out = ("gtp.response_to", "gtp.response_in", "gtp.time") if gives_up else ()
    compared = 0
    for number, packet in stock.items():
        text = "\n".join(packet)
        with_us = "\n".join(ours[number])
        if STOCK.search(text) and '<proto name="tcp"' not in text and "_ws.malformed" not in text and \
                (OURS.search(with_us) or STOCK.search(with_us)) and "gtpp.builtin.skipped" not in with_us:
            assert fields_of(ours[number]) == fields_of(packet) != [], number
            compared += 1
    assert (compared == 0) == (name in NOT_STOCK)

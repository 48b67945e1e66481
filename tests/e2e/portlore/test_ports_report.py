"""The table of service ports, -z portlore,ports.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from collections import defaultdict

import pytest

CAPTURE = "port-registry.pcap"
ALL = ["-o", "portlore.all_ports:TRUE"]
EVERY = ["-o", "portlore.annotate:every"]
MODES = ([], ["-2"])
COLUMNS = ["Port", "Transport", "IANA service", "IANA status", "Found on it", "Match", "Conversations", "Packets",
           "Octets", "Clients", "Servers"]


@pytest.fixture
def table(tshark):
    """table(NAME, ARGUMENT ...): the rows, each a list of its cells."""
    def run(name, *args, report="portlore,ports"):
        lines = [[cell.strip() for cell in line.split("|")] for line in tshark(name, "-q", *args, "-z", report)]
        head = next(number for number, line in enumerate(lines) if line[0] == "Port")
        assert lines[head][:len(COLUMNS)] == COLUMNS
        return [line[:len(COLUMNS)] for line in lines[head + 1:] if line[0].isdigit()]
    return run


@pytest.mark.parametrize("extra", [[], ALL], ids=["default", "all_ports"])
@pytest.mark.parametrize("mode", MODES)
def test_what_runs_here(table, mode, extra):
    """The same rows, whether packets of every port are annotated or not."""
    assert table(CAPTURE, *extra, *mode) == [row.split("|") for row in (
        "53|udp|domain|Assigned|dns|Expected tenant|2|4|316|2|1",
        # Octets that Wireshark's HTTP dissector has taken for the start of a message are not known to be HTTP.
        "80|tcp|http, www, www-http|Assigned||Cannot be told|1|10|645|1|1",
        "443|tcp|https|Assigned|tls|Expected tenant|3|30|1935|2|2",
        "1053|tcp|remote-as|Assigned|data|Cannot be told|1|10|670|1|1",
        "1491|udp||Unassigned|data|Cannot be told|1|2|166|1|1",
        "2049|tcp|shilp, nfs|Assigned||No payload|1|1|60|1|1",
        "3388|tcp|cbserver|Assigned||No payload|1|2|120|1|1",
        "5985|tcp|wsman|Assigned|http|Expected tenant|1|10|756|1|1",
        "6514|tcp|syslog-tls|Assigned|http|Other known protocol|1|10|756|1|1",
        "8291|tcp||Unassigned|http|Cannot be told|1|10|756|1|1",
        "62078|tcp||Not in the registry|tls|Cannot be told|1|10|645|1|1",
    )]


@pytest.mark.parametrize("mode", [*MODES, ["-V"]], ids=["one pass", "two passes", "details"])
def test_the_tree_of_ports_agrees(tshark, mode):
    """Without a tree of the packet, Wireshark keeps a layer of HTTP over octets that are none."""
    lines = [line.split()[:4] for line in tshark(CAPTURE, "-q", *ALL, *mode, "-z", "portlore,tree") if line]
    start = lines.index(["tcp", "80", "http", "10"])
    assert lines[start + 1:start + 3] == [["No", "payload", "8", "0.0816"], ["Cannot", "be", "told", "2"]]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", [CAPTURE, "port-3386-foreign.pcap", "port-ephemeral.pcap", "rdgudp-no-answer.pcap"])
def test_the_report_changes_no_packet(tshark, name, mode):
    """What it lists beside the ports of interest is not annotated, and the tree of ports does not count it."""
    options = [*mode, "-V", "-O", "portlore", "-z", "portlore,tree"]
    alone = tshark(name, *options)
    both = tshark(name, *options, "-z", "portlore,ports")
    table = next(place for place, line in enumerate(both) if line.startswith("Portlore Service Ports"))
    kept = both[:table - 1] + both[both.index(both[table - 1], table) + 1:]
    assert [line for line in kept if line] == [line for line in alone if line]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", [CAPTURE, "port-3386-foreign.pcap", "port-probes.pcap", "port-3416-sustained-udp.pcap",
                                  "port-scans.pcap", "port-ephemeral.pcap"])
def test_the_rows_are_the_sums_of_the_packets(table, fields, name, mode):
    """Of all packets that Port Lore annotates, by the port that it says; an ICMP error is no packet of the port."""
    packets, octets, talks = defaultdict(int), defaultdict(int), defaultdict(set)
    for transport, port, length, tcp, udp in fields(
            name, "portlore.port && !icmp && !icmpv6", "portlore.transport", "portlore.port", "frame.len", "tcp.stream",
            "udp.stream", extra=[*ALL, *EVERY, *mode]):
        key = (port, transport)
        packets[key] += 1
        octets[key] += int(length)
        talks[key].add((tcp, udp))
    rows = {(row[0], row[1]): row for row in table(name, *ALL, *EVERY, *mode)}
    assert {key: (int(row[7]), int(row[8])) for key, row in rows.items()} == {
        key: (count, octets[key]) for key, count in packets.items()}
    assert {key: int(row[6]) for key, row in rows.items()} == {key: len(seen) for key, seen in talks.items()}


def test_each_report_has_its_own_figures(table, tshark):
    lines = tshark(CAPTURE, *ALL, "-q", "-z", "portlore,ports,udp", "-z", "portlore,ports,udp.port == 53")
    numbers = [line.split("|")[0].strip() for line in lines]
    assert [number for number in numbers if number.isdigit()] in (["53", "53", "1491"], ["53", "1491", "53"])


def test_sharkd_has_it(sharkd):
    """With numbers that the GUI sorts as numbers."""
    (answer,) = sharkd("port-3386-foreign.pcap", {"method": "tap", "params": {"tap0": "nstat:portlore,ports"}})
    rows = answer["taps"][0]["tables"][0]["i"]
    assert rows == [
        [3386, "tcp", "gprs-data", "Assigned", "http", "Other known protocol", 1, 10, 756, 1, 1],
        [3386, "udp", "gprs-sig", "Assigned", "dns, data", "Other known protocol, Unrecognised payload", 2, 4,
         380, 1, 1],
        [3391, "tcp", "savant", "Assigned", "data", "Unrecognised payload", 1, 10, 630, 1, 1],
        [3391, "udp", "savant", "Assigned", "data", "Unrecognised payload", 1, 1, 106, 1, 1],
    ]


REPORT = {"method": "tap", "params": {"tap0": "nstat:portlore,ports"}}


def rows_of(answer):
    return [[cell if isinstance(cell, str) else f"{cell:.0f}" for cell in row]
            for row in answer["taps"][0]["tables"][0]["i"]]


@pytest.mark.parametrize("name", [CAPTURE, "port-ephemeral.pcap", "port-mixed-ipv6.pcap", "port-3386-foreign.pcap",
                                  "port-reused.pcap", "rdgudp-no-answer.pcap", "gtpp-tcp.pcap"])
def test_a_file_that_is_open_has_every_port(sharkd, table, name):
    """As when the report is asked for before the file is read; and the same again, whatever was looked at before."""
    look = {"method": "frame", "params": {"frame": 2, "proto": True}}
    answers = sharkd(name, look, {"method": "frames"}, REPORT, look, REPORT)
    expected = table(name, "-2")
    assert expected and rows_of(answers[2]) == expected and rows_of(answers[4]) == expected


def test_the_next_file_has_its_own_ports(sharkd, capture, table):
    load = {"method": "load", "params": {"file": str(capture(CAPTURE))}}
    answers = sharkd("port-ephemeral.pcap", REPORT, load, REPORT)
    assert [rows_of(answers[0]), rows_of(answers[2])] == \
        [table(name, "-2") for name in ("port-ephemeral.pcap", CAPTURE)]

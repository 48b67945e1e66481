"""GTP': statistics, conversations and files, checked against the packets.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
from collections import Counter

import pytest
from support.merged import merge
from support.modes import ALL_MODES, IN_ORDER
from support.paths import CAPTURES as SHIPPED
from support.paths import shipped

COLUMNS = ("cdf", "cgf", "path", "requests", "retransmitted", "copies", "cdrs", "acknowledged", "elsewhere", "rejected",
           "held", "released", "cancelled", "unacknowledged", "undecided", "twice", "missing", "octets", "mean",
           "worst")
# Every record is in one of these.
STATES = COLUMNS[7:15]
CAPTURES = shipped("gtpp-*.pcap")

SEVERAL_IN_A_SEGMENT = ("gtpp-tcp.pcap", "gtpp-tcp-split.pcap", "gtpp-tcp-ledger.pcap", "gtpp-other-port.pcap")


def ledger(tshark, name, *args, display_filter=""):
    """The rows of the ledger, by path; the two ends as text, the rest as numbers, what is empty as None."""
    option = "gtpp,ledger" + (f",{display_filter}" if display_filter else "")
    rows = {}
    for line in tshark(name, "-q", *args, "-z", option):
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == len(COLUMNS) + 1 and cells[2].isdigit():
            row = {column: cell if column in ("cdf", "cgf") else float(cell) if cell else None
                   for column, cell in zip(COLUMNS, cells)}
            rows[int(cells[2])] = row
    return rows


def test_each_ledger_has_its_own_figures(tshark):
    """Asked for twice, and once more for one path."""
    def tables(*reports):
        arguments = [word for report in reports for word in ("-z", report)]
        lines = tshark("gtpp-unacknowledged.pcap", "-q", *arguments)
        rows = [line for line in lines if re.search(r"\| *\d+ *\|", line)]
        return sorted(" ".join(row.split()) for row in rows)
    whole, part = tables("gtpp,ledger"), tables("gtpp,ledger,gtpp.path == 1")
    assert len(whole) == 2 and len(part) == 1 and part[0] in whole
    assert tables("gtpp,ledger", "gtpp,ledger,gtpp.path == 1", "gtpp,ledger") == sorted(whole + part + whole)


COUNTS = ("requests", "retransmitted", "cdrs", "acknowledged", "elsewhere", "rejected", "held", "released", "cancelled",
          "unacknowledged", "undecided", "missing")


def counts(row):
    return tuple(int(row[column]) for column in COUNTS)


@pytest.mark.parametrize("mode", ALL_MODES)
def test_ledger_of_two_cgfs(tshark, mode):
    rows = ledger(tshark, "gtpp-unacknowledged.pcap", *mode)
    assert [(row["cdf"], row["cgf"]) for row in rows.values()] == [
        ("192.0.2.10:49500", "198.51.100.20:3386"), ("192.0.2.10:49500", "198.51.100.21:3386")]
    #           requests, again, CDRs, ack, elsewhere, rejected, held, released, cancelled, unack, undecided, missing
    assert counts(rows[0]) == (5, 0, 8, 5, 0, 0, 0, 0, 0, 3, 0, 0)
    assert counts(rows[1]) == (2, 0, 2, 1, 0, 0, 0, 0, 0, 1, 0, 0)
    assert (rows[0]["mean"], rows[0]["worst"], rows[1]["mean"]) == (178.333, 502, 32)


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("name, path, expected", [
    ("gtpp-retransmission.pcap", 0, (3, 5, 4, 3, 0, 0, 0, 0, 0, 0, 1, 0)),
    ("gtpp-rejected.pcap", 0, (8, 0, 8, 4, 0, 4, 0, 0, 0, 0, 0, 0)),
    ("gtpp-seq-reuse.pcap", 0, (4, 0, 4, 3, 0, 0, 0, 0, 0, 1, 0, 0)),
    ("gtpp-duplicate-release-cancel.pcap", 0, (9, 0, 5, 0, 0, 1, 1, 2, 1, 0, 0, 0)),
    ("gtpp-failover.pcap", 0, (4, 4, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0)),
    ("gtpp-failover.pcap", 1, (4, 0, 2, 0, 0, 0, 0, 1, 1, 0, 0, 0)),
    ("gtpp-retry-accepted.pcap", 0, (2, 1, 2, 1, 0, 0, 0, 1, 0, 0, 0, 0)),
    ("gtpp-local-seq-gap.pcap", 0, (7, 1, 10, 10, 0, 0, 0, 0, 0, 0, 0, 5)),
    ("gtpp-local-seq-gap.pcap", 1, (4, 0, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0)),
    ("gtpp-local-seq-gap.pcap", 2, (4, 0, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0)),
    ("gtpp-tcp-ledger.pcap", 0, (3, 0, 3, 2, 0, 0, 0, 0, 0, 1, 0, 0)),
    ("gtpp-tcp-ledger.pcap", 1, (1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0)),
])
def test_ledger(tshark, mode, name, path, expected):
    assert counts(ledger(tshark, name, *mode)[path]) == expected


FATES = {"0": "undecided", "1": "acknowledged", "2": "elsewhere", "3": "held", "4": "released", "5": "cancelled",
         "6": "rejected", "7": "twice", "8": "unacknowledged", "9": "undecided"}


@pytest.mark.parametrize("name", [each for each in CAPTURES if each not in SEVERAL_IN_A_SEGMENT])
def test_totals_are_those_of_the_packets(tshark, packets, name):
    """Where a packet is one message, its fields say which state its records are in. A record that was accepted twice
    has been acknowledged."""
    proved = {}
    for packet in packets(name, "-2"):
        if not packet.has("gtpp.path"):
            continue
        total = proved.setdefault(int(packet.value("gtpp.path")), Counter())
        if packet.has("gtpp.copy_of"):
            total["copies"] += 1
        elif packet.value("gtpp.type") == "240":
            total["retransmitted" if packet.has("gtpp.retransmission_of") else "requests"] += 1
            for fate in packet.values("gtpp.cdr.fate"):
                total["cdrs"] += 1
                total[FATES[fate]] += 1
                total["acknowledged"] += fate == "7"
    rows = ledger(tshark, name, *IN_ORDER)
    columns = (*COLUMNS[3:15], "twice")
    assert {path: {column: int(row[column]) for column in columns if row[column]}
            for path, row in rows.items()} == {
        path: {column: count for column, count in total.items() if count} for path, total in proved.items()}


def check_states(rows):
    """Each record is in one state, and no figure is below zero."""
    for row in rows.values():
        assert row["cdrs"] == sum(row[column] for column in STATES), row
        assert min(row[column] for column in COLUMNS[3:18]) >= 0, row


@pytest.mark.parametrize("name", CAPTURES)
def test_every_record_is_in_one_state(tshark, name):
    check_states(ledger(tshark, name, *IN_ORDER))


@pytest.fixture(scope="module")
def merged(tmp_path_factory):
    """All captures in one; each has addresses, and so paths, of its own."""
    folder = tmp_path_factory.mktemp("merged")
    folder.chmod(0o755)
    return merge(folder / "merged.pcapng", [SHIPPED / name for name in CAPTURES])


@pytest.mark.parametrize("display_filter", ["", "gtpp.type == 240", "gtpp.cause", "gtpp.cdr.local_seq",
                                            "frame.number & 1", "frame.number & 2", "frame.number & 8"])
def test_every_record_is_in_one_state_with_any_filter(tshark, merged, display_filter):
    """And the figures are those of any pass."""
    rows = ledger(tshark, merged, *IN_ORDER, display_filter=display_filter)
    assert len(rows) > len(CAPTURES)
    check_states(rows)
    assert rows == ledger(tshark, merged, "-2", *IN_ORDER, display_filter=display_filter)


def test_ledger_with_a_filter(tshark):
    """What became of the requests that pass, though the answers do not; and of those whose answers pass."""
    name = "gtpp-unacknowledged.pcap"
    everything = ledger(tshark, name)
    assert ledger(tshark, name, display_filter="gtpp.path == 1") == {1: everything[1]}
    assert ledger(tshark, name, display_filter="gtpp.type == 240") == everything
    answered = ledger(tshark, name, display_filter="gtpp.type == 241")
    assert counts(answered[0]) == (3, 0, 5, 5, 0, 0, 0, 0, 0, 0, 0, 0)
    assert (answered[0]["mean"], answered[0]["worst"]) == (everything[0]["mean"], everything[0]["worst"])
    # One request of the path without an answer, and an answer to one that does not pass.
    some = ledger(tshark, name, display_filter="frame.number in {2, 4}")
    assert counts(some[0]) == (2, 0, 4, 2, 0, 0, 0, 0, 0, 2, 0, 0)


def test_answers_alone_leave_nothing_open(tshark, merged):
    """The requests that they answer, with what became of them: all but those without an answer."""
    everything = ledger(tshark, merged, *IN_ORDER)
    answered = ledger(tshark, merged, *IN_ORDER, display_filter="gtpp.type == 241")
    settled = ("acknowledged", "rejected", "held", "released", "cancelled")
    for path, row in everything.items():
        found = answered.get(path, dict.fromkeys(COLUMNS, 0) | {"mean": None, "worst": None})
        assert {column: found[column] for column in settled} == {column: row[column] for column in settled}, path
        assert found["unacknowledged"] == 0
        assert (found["mean"], found["worst"]) == (row["mean"], row["worst"])
        assert (found["retransmitted"], found["missing"]) == (0, 0)


def test_ledger_of_a_path_over_ipv6(tshark):
    ends = {(row["cdf"], row["cgf"]) for row in ledger(tshark, "port-mixed-ipv6.pcap").values()}
    assert any(cgf.startswith("[2001:db8:") and cgf.endswith("]:3386") for _, cgf in ends), ends


@pytest.mark.parametrize("mode", ALL_MODES)
def test_response_times(tshark, mode):
    """One row for each kind of request that was answered: calls, shortest, longest."""
    def rows(name):
        lines = tshark(name, "-q", *mode, "-z", "gtpp,srt")
        return {line[7:29].strip(): line[29:].split()[-5:-2] for line in lines if line[:5].strip().isdigit()}
    found = rows("gtpp-restart.pcap")
    assert found["Echo Request"] == ["7", "0.001000", "0.001000"]
    lines = "\n".join(tshark("gtpp-seq-collision.pcap", "-q", *mode, "-z", "gtpp,srt"))
    for kind in ("Echo Request", "Node Alive Request", "Data Record Transfer Request"):
        assert kind in lines
    lines = "\n".join(tshark("gtpp-causes.pcap", "-q", *mode, "-z", "gtpp,srt"))
    assert "Redirection Request" in lines


@pytest.mark.parametrize("mode", ALL_MODES)
def test_tree(tshark, mode):
    """Messages, causes and kinds of record; a copy brings no new record."""
    def tree(name):
        lines = [re.match(r" ?(\S.*?)  +(\d+) ", line) for line in tshark(name, "-q", *mode, "-z", "gtpp,tree")]
        return {line[1]: int(line[2]) for line in lines if line}
    found = tree("gtpp-udp.pcap")
    assert found["Messages"] == 9
    assert found["Data Record Transfer Request"] == 2
    assert (found["Request accepted (128)"], found["This node is about to go down (63)"]) == (2, 1)
    assert (found["Charging data records"], found["PGW"], found["SGW"]) == (3, 2, 1)
    assert tree("gtpp-retransmission.pcap")["Charging data records"] == 4
    assert tree("gtpp-record-formats.pcap")["type not known"] == 12


@pytest.mark.parametrize("name", ["gtpp-unacknowledged.pcap", "gtpp-other-port.pcap", "gtpp-tcp-ledger.pcap"])
def test_conversations_and_endpoints(tshark, fields, name):
    """Their frames and octets are those of the packets with the end of a message."""
    rows = fields(name, "gtpp.path", "ip.src", "frame.len")
    total = sum(int(length) for _, length in rows)

    def table(report):
        """Its lines in words, without the units, which Wireshark's versions do not have in the same places."""
        return [line.replace(" bytes ", " ").split() for line in tshark(name, "-q", "-z", report)]

    lines = [line for line in table("conv,gtpp") if "<->" in line]
    assert sum(int(line[7]) for line in lines) == len(rows)
    assert sum(int(line[8]) for line in lines) == total
    sent = Counter(source for source, _ in rows)
    lines = [line for line in table("endpoints,gtpp") if line and line[0][:1].isdigit()]
    found = Counter()
    for line in lines:
        found[line[0]] += int(line[3])
    assert found == sent


# Files

def records_of(fields, name, extra=()):
    """Records in the order of the capture, copies left out: frame and octets."""
    found = []
    for number, octets in fields(name, "gtpp.cdr && !gtpp.retransmission_of", "frame.number", "gtpp.cdr",
                                 extra=extra):
        found += [(int(number), bytes.fromhex(each)) for each in octets.split("|")]
    return found


@pytest.mark.parametrize("mode", ALL_MODES)
@pytest.mark.parametrize("name", ["gtpp-cdr-families.pcap", "gtpp-record-formats.pcap", "gtpp-retransmission.pcap",
                                  "gtpp-tcp.pcap", "gtpp-tcp-split.pcap", "gtpp-other-domains.pcap"])
def test_every_record_becomes_a_file(tshark, fields, home, name, mode):
    """FRAME-RECORD..., its exact octets, each record once."""
    tshark(name, "-q", *mode, *IN_ORDER, "--export-objects", f"gtpp,{home / 'records'}")
    written = {}
    for path in (home / "records").iterdir():
        frame, record = path.stem.split("-")[:2]
        written[int(frame), int(record)] = path.read_bytes()
    expected, seen = {}, Counter()
    for frame, octets in records_of(fields, name, IN_ORDER):
        seen[frame] += 1
        expected[frame, seen[frame]] = octets
    assert written == expected


def test_the_extension_says_the_format(tshark, home):
    tshark("gtpp-record-formats.pcap", "-q", "--export-objects", f"gtpp,{home / 'records'}")
    suffixes = Counter(path.suffix for path in (home / "records").iterdir())
    assert suffixes == {".ber": 4, ".uper": 2, ".aper": 2, ".bin": 8}


def test_where_nothing_is_answered_there_is_no_time(tshark, sharkd):
    """An empty cell, and not 0.000. All cells have the same width, by which the GUI sorts them as numbers."""
    assert {(row["mean"], row["worst"]) for row in ledger(tshark, "gtpp-unacknowledged.pcap",
                                                          display_filter="gtpp.seq == 3").values()} == {(None, None)}
    [taps] = sharkd("gtpp-unacknowledged.pcap", {"method": "tap", "params": {"tap0": "nstat:gtpp,ledger"}})
    assert [row[18:] for row in taps["taps"][0]["tables"][0]["i"]] == [["    178.333", "    502.000"],
                                                                       ["     32.000", "     32.000"]]


# The GUI's way

def test_reports_over_sharkd(sharkd):
    """Twice: a second run must start from nothing."""
    taps = {"tap0": "nstat:gtpp,ledger", "tap1": "srt:gtpp", "tap2": "stat:gtpp", "tap3": "conv:GTP'",
            "tap4": "endpt:GTP'", "tap5": "eo:gtpp"}
    first, second = sharkd("gtpp-unacknowledged.pcap", {"method": "tap", "params": taps},
                           {"method": "tap", "params": taps})
    results = {tap["type"]: tap for tap in first["taps"]}
    rows = results["nstat"]["tables"][0]["i"]
    assert [tuple(row[3:18]) for row in rows] == [(5, 0, 0, 8, 5, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0),
                                                  (2, 0, 0, 2, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0)]
    assert [row["num"] for row in results["srt"]["tables"][0]["r"]] == [2, 4]
    assert results["stats"]["stats"][2]["count"] == 10
    assert [(one["rxf"], one["txf"]) for one in results["conv"]["convs"]] == [(4, 6), (2, 3)]
    assert results["conv"]["convs"][0]["filter"] == (
        "ip.addr==192.0.2.10 && udp.port==49500 && ip.addr==198.51.100.20 && udp.port==3386")
    assert len(results["host"]["hosts"]) == 3
    assert [one["filename"] for one in results["eo"]["objects"]][:3] == ["1-1-PGW.ber", "1-2-PGW.ber", "3-1-PGW.ber"]
    again = {tap["type"]: tap for tap in second["taps"]}
    assert again["nstat"] == results["nstat"]


def test_reports_are_offered(sharkd):
    offered = str(sharkd("gtpp-udp.pcap", {"method": "info"}))
    for tap in ("nstat:gtpp,ledger", "nstat:gtpp,records", "srt:gtpp", "stat:gtpp", "eo:gtpp", "conv:GTP'",
                "endpt:GTP'"):
        assert tap in offered

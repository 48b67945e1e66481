"""GTP': -z gtpp,records, checked against the packets and the ledger.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from collections import Counter

import pytest
from support.modes import ALL_MODES, IN_ORDER
from support.paths import shipped

COLUMNS = ("frame", "time", "cdf", "cgf", "path", "request", "position", "kind", "node", "local_seq", "record_seq",
           "imsi", "msisdn", "apn", "charging_id", "opening", "duration", "up", "down", "rating_groups", "cause",
           "fate", "decided_in", "delay", "age", "digest", "cut")
CAPTURES = shipped("gtpp-*.pcap")
# The ledger's column of a fate, counted from 0; a record that was accepted twice is in that of its request.
LEDGER = {"Acknowledged": 7, "Acknowledged elsewhere": 8, "Rejected": 9, "Held": 10, "Released": 11, "Cancelled": 12,
          "Not acknowledged": 13, "Cannot be told": 14, "Not answered yet": 14}


def table(tshark, name, report, *args):
    """The cells of each row."""
    lines = [[cell.strip() for cell in line.split("|")] for line in tshark(name, "-q", *args, "-z", report)]
    width = {"gtpp,records": len(COLUMNS), "gtpp,ledger": 20}[",".join(report.split(",")[:2])]
    return [line[:-1] for line in lines if len(line) == width + 1 and line[0] not in ("Frame", "CDF")]


def records(tshark, name, *args, display_filter=""):
    report = "gtpp,records" + (f",{display_filter}" if display_filter else "")
    return [dict(zip(COLUMNS, cells)) for cells in table(tshark, name, report, *args)]


@pytest.mark.parametrize("name", CAPTURES)
@pytest.mark.parametrize("mode", ALL_MODES)
def test_rows_add_up_to_the_ledger(tshark, mode, name):
    found = {}
    for row in records(tshark, name, *mode, *IN_ORDER):
        found.setdefault(row["path"], Counter())[row["fate"]] += 1
    for cells in table(tshark, name, "gtpp,ledger", *mode, *IN_ORDER):
        counted = found.pop(cells[2], Counter())
        assert sum(counted.values()) == int(cells[6]), "records"
        assert counted["Accepted twice"] == int(cells[15]), "accepted twice"
        for column in set(LEDGER.values()) - {7, 10, 11}:
            assert sum(counted[fate] for fate, at in LEDGER.items() if at == column) == int(cells[column]), column
        taken = ("Acknowledged", "Held", "Released", "Accepted twice")
        assert sum(counted[fate] for fate in taken) == sum(int(cells[column]) for column in (7, 10, 11))
    assert not found, "rows of no path of the ledger"


@pytest.mark.parametrize("name", CAPTURES)
def test_one_pass_and_two_give_the_same_rows(tshark, name):
    assert records(tshark, name, *IN_ORDER) == records(tshark, name, "-2", *IN_ORDER)


FIELDS = {"node": "gtpp.cdr.node_id", "local_seq": "gtpp.cdr.local_seq", "record_seq": "gtpp.cdr.record_seq",
          "imsi": "gtpp.cdr.imsi", "msisdn": "gtpp.cdr.msisdn", "charging_id": "gtpp.cdr.charging_id",
          "duration": "gtpp.cdr.duration", "cause": "gtpp.cdr.cause_closing"}


@pytest.mark.parametrize("name", ["gtpp-udp.pcap", "gtpp-cdr-families.pcap", "gtpp-tcp.pcap", "gtpp-failover.pcap"])
def test_cells_are_the_fields_of_the_packet(fields, tshark, name):
    rows = records(tshark, name, *IN_ORDER)
    shown = {int(line[0]): line[1:] for line in
             fields(name, "gtpp.cdr", "frame.number", *FIELDS.values(), extra=IN_ORDER)}
    assert rows
    for frame in {int(row["frame"]) for row in rows}:
        for at, column in enumerate(FIELDS):
            cells = [row[column] for row in rows if int(row["frame"]) == frame and row[column]]
            assert cells == [each for each in shown[frame][at].split("|") if each], (frame, column)


@pytest.mark.parametrize("mode", ALL_MODES)
def test_fate_and_what_decided_it(tshark, mode):
    rows = records(tshark, "gtpp-unacknowledged.pcap", *mode)
    assert Counter(row["fate"] for row in rows) == {"Acknowledged": 6, "Not acknowledged": 4}
    for row in rows:
        assert (row["decided_in"] != "") == (row["fate"] == "Acknowledged") == (row["delay"] != "")
        assert row["time"].endswith("Z") and "T" in row["time"]


def test_a_filter_leaves_rows_out_and_changes_none(tshark):
    everything = records(tshark, "gtpp-unacknowledged.pcap")
    some = records(tshark, "gtpp-unacknowledged.pcap", display_filter="gtpp.path == 1")
    assert some and some == [row for row in everything if row["path"] == "1"]


def test_what_a_read_filter_drops_still_answers(tshark):
    """The answers are dropped: the records are acknowledged all the same, in no frame that is shown."""
    everything = records(tshark, "gtpp-unacknowledged.pcap", "-2")
    kept = records(tshark, "gtpp-unacknowledged.pcap", "-2", "-R", "gtpp.type == 240")
    assert [row["fate"] for row in kept] == [row["fate"] for row in everything]
    assert {row["decided_in"] for row in kept} == {""}
    assert [row["delay"] for row in kept] == [row["delay"] for row in everything]


def test_copies_have_no_row(tshark):
    """Retransmissions bring no records, whether they stand before the first copy in the file or behind it."""
    name = "gtpp-retransmission.pcap"
    frames = {int(row["frame"]) for row in records(tshark, name)}
    again = {int(line) for line in tshark(name, "-2", "-Y", "gtpp.retransmission_of", "-T", "fields", "-e",
                                          "frame.number") if line}
    assert frames and again and not frames & again


def test_two_reports_have_their_own_rows(tshark):
    lines = tshark("gtpp-unacknowledged.pcap", "-q", "-z", "gtpp,records", "-z", "gtpp,records,gtpp.path == 1")
    whole = len(records(tshark, "gtpp-unacknowledged.pcap"))
    part = len(records(tshark, "gtpp-unacknowledged.pcap", display_filter="gtpp.path == 1"))
    assert sum(line.count("|") == len(COLUMNS) and not line.startswith("Frame") for line in lines) == whole + part


@pytest.mark.parametrize("name", ["gtpp-unacknowledged.pcap", "gtpp-retransmission.pcap", "gtpp-cdr-families.pcap",
                                  "gtpp-other-domains.pcap"])
def test_the_gui_has_the_rows_of_tshark(sharkd, tshark, name):
    """sharkd and the GUI fill one of Wireshark's tables, and tshark prints rows by itself. Asked for twice, the rows
    are the same: the second table starts from nothing."""
    request = {"method": "tap", "params": {"tap0": "nstat:gtpp,records"}}
    expected = records(tshark, name)
    for answer in sharkd(name, request, request):
        table = answer["taps"][0]
        rows = [[str(cell).strip() for cell in row] for row in table["tables"][0]["i"]]
        assert [dict(zip(COLUMNS, row)) for row in rows] == expected
    titles = tshark(name, "-q", "-z", "gtpp,records")[4].split(" |")[:-1]
    assert [each["c"] for each in table["fields"]] == titles


def test_what_is_no_filter_is_refused(runner, home, capture):
    answer = runner.run("tshark", "-r", capture("gtpp-udp.pcap"), "-q", "-z", "gtpp,records,gtpp.(", home=home)
    assert answer.returncode != 0 and "register tap" in answer.stderr and "Time |" not in answer.stdout

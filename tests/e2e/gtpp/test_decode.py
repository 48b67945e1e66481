"""GTP': every message, every element, every kind of record, and what is wrong with some of them.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
from collections import Counter

import pytest
from support.merged import merge
from support.modes import ALL_MODES
from support.paths import CAPTURES, shipped
from support.pdml import packets_of

ALONE = ["--disable-protocol", "portlore"]


def said(fields, name, display_filter):
    """Frame -> what the expert says there."""
    rows = fields(name, display_filter, "frame.number", "_ws.expert.message", extra=ALONE)
    return {int(number): text.split("|") for number, text in rows}


def info(fields, name):
    return fields(name, "gtpp", "_ws.col.Info")


# Names

def test_every_item_has_a_field_name(tshark, capture, tmp_path):
    """So that keys in JSON are names. Of the expert items, too: Wireshark's own items in them have its names."""
    names = [*shipped("gtpp-*.pcap"), "gtpv0-3386.pcap"]
    every = capture(merge(tmp_path / "all.pcapng", [CAPTURES / name for name in names]))
    items = [item for packet in packets_of(tshark(every, "-2", "-T", "pdml")) for item in packet.within("gtpp", "cdr")]
    assert [item.get("show") for item in items if not item.get("name")] == []
    counts = Counter(item.get("name") for item in items)
    assert counts["gtpp.ie"] == counts["gtpp.ie.type"] > 1000
    assert counts["gtpp.cdr.fault"] > 20 and counts["cdr.fault"] > 20
    assert counts["_ws.expert"] > 500


def test_json_has_what_is_wrong_with_a_record_beside_its_fields(tshark):
    args = ("-Y", "frame.number == 1", "-T", "json", "--no-duplicate-keys", "-J", "gtpp")
    (packet,) = json.loads("\n".join(tshark("gtpp-cdr-broken.pcap", *args)))
    first, second, third = packet["_source"]["layers"]["gtpp"]["gtpp.ie"][1]["gtpp.cdr_tree"]
    assert [each["gtpp.cdr.imsi"] for each in (first, second, third)] == \
        ["001010000000001", "001010000000007", "001010000000001"]
    assert second["gtpp.cdr.fault"].startswith("At octet 0 of the record, the outermost element [79] cannot be read")
    assert "gtpp.cdr.fault" not in first and "gtpp.cdr.fault" not in third


# Messages and elements

def test_every_message(fields):
    """Its name, number, and what it sends or answers, in the packet list (defect 30)."""
    assert info(fields, "gtpp-messages.pcap") == [
        "Echo Request seq=1",
        "Echo Response seq=1, restart counter 7",
        "Node Alive Request seq=2",
        "Node Alive Response seq=2",
        "Node Alive Request seq=3",
        "Node Alive Response seq=3",
        "Redirection Request seq=1, System failure",
        "Redirection Response seq=1, Request accepted",
        "Redirection Request seq=2, The receive buffers are becoming full",
        "Redirection Response seq=2, Service not supported",
        "Data Record Transfer Request seq=4, send, 2 CDRs (PGW, SGW)",
        "Data Record Transfer Response seq=4, Request accepted, answers 4",
        "Data Record Transfer Request seq=5, send possibly duplicated, 1 CDR (PGW)",
        "Data Record Transfer Response seq=5, Request accepted, answers 5",
        "Data Record Transfer Request seq=6, release, releases 5",
        "Data Record Transfer Response seq=6, Request accepted, answers 6",
        "Data Record Transfer Request seq=7, send possibly duplicated, 1 CDR (PGW)",
        "Data Record Transfer Response seq=7, Request accepted, answers 7",
        "Data Record Transfer Request seq=8, cancel, cancels 7",
        "Data Record Transfer Response seq=8, Request accepted, answers 8",
        "Echo Request seq=9",
        "Version Not Supported seq=9",
    ]
    kinds = set(fields("gtpp-messages.pcap", "gtpp", "gtpp.type"))
    assert kinds == {"1", "2", "3", "4", "5", "6", "7", "240", "241"}


# Field, frame, value.
ELEMENTS = [
    ("gtpp.ie.type", 11, "126|252|255"), ("gtpp.ie.length", 4, "9"), ("gtpp.cause", 10, "200"),
    ("gtpp.recovery", 2, "7"),
    ("gtpp.command", 13, "2"), ("gtpp.released", 15, "5"), ("gtpp.cancelled", 19, "7"),
    ("gtpp.requests_responded", 12, "4"), ("gtpp.node.ipv4", 3, "192.0.2.10|192.0.2.11"),
    ("gtpp.node.ipv6", 5, "2001:db8::10|2001:db8::11"), ("gtpp.recommended.ipv4", 7, "198.51.100.21|198.51.100.22"),
    ("gtpp.recommended.ipv6", 9, "2001:db8::21"), ("gtpp.private.enterprise", 1, "32473"),
    ("gtpp.private.value", 1, "6578616d706c65"), ("gtpp.records", 11, "2"), ("gtpp.format", 11, "1"),
    ("gtpp.format.app", 11, "1"), ("gtpp.format.release", 11, "12"), ("gtpp.format.version", 11, "6"),
    ("gtpp.version", 22, "0"), ("gtpp.pt", 1, "0"), ("gtpp.spare", 1, "7"), ("gtpp.hdr_len_flag", 1, "0"),
    ("gtpp.length", 12, "19"), ("gtpp.seq", 12, "4"), ("gtpp.path", 12, "0"),
]


def test_every_element(fields):
    rows = fields("gtpp-messages.pcap", "frame", *(field for field, _, _ in ELEMENTS))
    seen = [(field, frame, rows[frame - 1][i]) for i, (field, frame, _) in enumerate(ELEMENTS)]
    assert seen == ELEMENTS


def test_every_cause(fields):
    rows = fields("gtpp-causes.pcap", "gtpp.type == 6 || gtpp.type == 241", "gtpp.cause")
    assert [int(cause) for cause in rows] == [59, 60, 61, 62, 63, 128, 177, 193, 198, 199, 200, 201, 202, 203, 204, 252,
                                              253, 254, 255, 100, 222]
    names = [line.split(", ")[1] for line in info(fields, "gtpp-causes.pcap") if "Transfer Response" in line]
    assert names[1] == "CDR decoding error"
    assert names[10:] == ["Request related to possibly duplicated packets already fulfilled",
                          "Request already fulfilled",
                          "Sequence numbers of released/cancelled packets IE incorrect", "Request not fulfilled",
                          "unknown cause", "unknown cause"]


# Quirks: read, and nothing malformed about them (defects 11, 16, 22)

@pytest.mark.parametrize("mode", ALL_MODES)
def test_quirks_are_read(fields, mode):
    def at(frame, *names):
        return fields("gtpp-quirks.pcap", f"frame.number == {frame}", *names, extra=mode)[0]
    assert at(1, "gtpp.spare", "gtpp.recovery") == ("5", "0")
    assert at(3, "gtpp.command", "gtpp.cdr.local_seq") == ("", "1")
    assert at(4, "gtpp.requests_responded") == "1"
    assert at(7, "gtpp.requests_responded", "gtpp.private.value") == ("2|3", "61667465722074686520636f756e74")
    assert at(8, "gtpp.private.enterprise") == "32473"
    assert at(10, "gtpp.format", "gtpp.cdr.type") == ("49", "85")
    assert at(12, "gtpp.ie.length", "gtpp.records") == ("1|0", "")
    assert fields("gtpp-quirks.pcap", "_ws.malformed", "frame.number", extra=mode) == []


def test_quirks_are_noted(fields):
    texts = said(fields, "gtpp-quirks.pcap", "_ws.expert")
    assert texts[1] == ["The spare bits are 101; 3GPP TS 32.295 sends 111.",
                        "Recovery does not belong in this message, but some gear sends it."]
    assert texts[3] == ["There is no Packet Transfer Command: some gear leaves it out and means Send Data Record "
                        "Packet."]
    assert texts[4] == [
        "Requests Responded has a one-octet count instead of a length, as some gear sends it.",
        "Wireshark's own dissector was not called: it would misread this message, because its Requests Responded has a "
        "one-octet count instead of a length."]
    assert set(texts) == {1, 3, 4, 7, 12}


def test_the_ledger_reads_quirks_too(fields):
    rows = fields("gtpp-quirks.pcap", "gtpp.response_to", "frame.number", "gtpp.response_to")
    assert rows == [("2", "1"), ("4", "3"), ("7", "5|6"), ("9", "8"), ("11", "10"), ("13", "12")]


# Forms that are wrong (defects 13 to 15, 21, 22)

def test_unknown_elements_are_skipped_by_their_length(fields):
    rows = fields("gtpp-elements.pcap", "frame.number <= 2", "gtpp.ie.type", "gtpp.cdr.imsi", "gtpp.requests_responded")
    assert rows == [("240|126|252", "001010000000001", ""), ("1|239|253", "", "1")]


def test_wrong_elements_are_named(fields):
    texts = said(fields, "gtpp-elements.pcap", "gtpp")
    for frame, sentence in {
            1: "Element type 240 is not one of GTP'; it is skipped by its length.",
            4: "Requests Responded has a value of 3 octets where an even number must be.",
            5: "Sequence Numbers of Released Packets has a value of 3 octets where an even number must be.",
            6: "Requests Responded must be in this message and is not.",
            7: "Sequence Numbers of Cancelled Packets has a value of 1 octet where an even number must be.",
            8: "Cause must be in this message and is not.",
            9: "The message is to send a Data Record Packet, and has none.",
            11: "Node Address has a value of 5 octets where 4 (IPv4) or 16 (IPv6) must be.",
            13: "Node Address must be in this message and is not.",
            16: "The element runs over the end of the message: 4 of its 40 octets are there.",
            17: "Private Extension has a value of 1 octet where at least 2 must be.",
            18: "Recovery must be in this message and is not.",
            20: "Element type 80 is not one of GTP' and has no length: the rest cannot be read.",
            21: "The message is to release packets, and names none.",
            22: "The message is to cancel packets, and names none.",
            23: "Another Data Record Packet in the same message: its records are counted with those of the first.",
            24: "1 octet of the Data Record Packet is behind its last record.",
            25: "Requests Responded has a value of 0 octets where at least one sequence number must be."}.items():
        assert sentence in texts[frame], (frame, texts[frame])
    assert texts[3] == [""]  # elements in another order are no fault


def test_what_is_too_much_can_still_be_read(fields):
    """A second packet of the message, and an octet behind the last record."""
    rows = fields("gtpp-elements.pcap", "frame.number in {23,24}", "gtpp.records", "gtpp.cdr.type", "gtpp.trailing")
    assert rows == [("1|1", "85|85", ""), ("1", "85", "00")]
    infos = fields("gtpp-elements.pcap", "gtpp.packet.repeated", "_ws.col.Info")
    assert infos == ["Data Record Transfer Request seq=15, send, 2 CDRs (PGW)"]


def test_lists_with_an_odd_octet_end_where_they_end(fields):
    """Wireshark reads over the end (767)."""
    rows = fields("gtpp-elements.pcap", "frame.number in {4,5,7}", "gtpp.requests_responded", "gtpp.released",
                  "gtpp.cancelled")
    assert rows == [("2", "", ""), ("", "1", ""), ("", "", "")]


def test_record_counts_that_do_not_fit(fields):
    """No record is lost, and what stands behind the packet is read."""
    rows = fields("gtpp-record-count.pcap", "gtpp.type == 240", "gtpp.records", "gtpp.cdr.type",
                  "gtpp.private.enterprise")
    assert rows == [("1", "85|84", "32473"), ("5", "85|84", "32473"), ("0", "85|84", "32473"), ("1", "85", "32473"),
                    ("", "", "32473"), ("", "", "32473")]
    texts = said(fields, "gtpp-record-count.pcap", "gtpp.records.wrong || gtpp.cdr.length.wrong")
    assert {frame: text[0] for frame, text in texts.items()} == {
        1: "The packet announces 1 record, but holds 2.", 3: "The packet announces 5 records, but holds 2.",
        5: "The packet announces 0 records, but holds 2.",
        7: "The record is said to have 400 octets, but only 203 are left in the packet."}


def test_wrong_lengths_in_the_header(fields):
    """The address is read in spite of each; PT 1, version 3 and half a header are not GTP'."""
    texts = said(fields, "gtpp-length.pcap", "gtpp")
    assert {frame: text[0] for frame, text in texts.items() if text[0]} == {
        1: "The header announces 16 octets, but only 7 follow it in the datagram.",
        2: "The header announces 5 octets, but the elements that follow it have 7.",
        3: "The header announces 0 octets, but the elements that follow it have 7.",
        4: "12 octets follow the end of the message.",
        5: "12 octets follow the end of the message.",
        6: "The spare bits are 000; 3GPP TS 32.295 sends 111.",
        7: "The spare bits are 101; 3GPP TS 32.295 sends 111.",
        8: "The last bit of the first octet is set, which means something in version 0 only."}
    rows = fields("gtpp-length.pcap", "gtpp.type == 4", "frame.number", "gtpp.node.ipv4")
    assert rows == [(str(frame), "192.0.2.10") for frame in (1, 2, 3, 4, 5, 6, 7, 8, 12)]


# Records (defects 10 to 12, 17 to 20, 26, 27)

@pytest.mark.parametrize("mode", ALL_MODES)
def test_every_kind_of_record(fields, mode):
    rows = fields("gtpp-cdr-families.pcap", "gtpp.cdr", "gtpp.cdr.tag", "gtpp.cdr.type", "gtpp.cdr.imsi",
                  "gtpp.cdr.node_id", "gtpp.cdr.local_seq", extra=mode)
    assert rows == [
        ("79", "85", "001010000000001", "PGW-EXAMPLE-01", "1"), ("78", "84", "001010000000002", "SGW-EXAMPLE-01", "2"),
        ("96", "96", "001010000000003", "EPDG-EXAMPLE-01", "3"),
        ("97", "97", "001010000000004", "TWAG-EXAMPLE-01", "4"),
        ("21", "19", "001010000000005", "GGSN-EXAMPLE-01", "5"),
        ("70", "70", "001010000000006", "GGSN-EXAMPLE-02", "6"),
        ("20", "18", "001010000000007", "SGSN-EXAMPLE-01", "7"),
        ("22", "20", "001010000000008", "SGSN-EXAMPLE-01", "8"),
        ("23", "21", "001010000000009", "SGSN-EXAMPLE-01", "9"),
        ("24", "22", "001010000000000", "SGSN-EXAMPLE-01", "10")]
    names = [line.split("(")[1].rstrip(")") for line in info(fields, "gtpp-cdr-families.pcap") if "CDR" in line]
    assert names == ["PGW", "SGW", "ePDG", "TWAG", "GGSN", "eGSN", "SGSN-PDP", "SGSN-MM", "SGSN-SMO", "SGSN-SMT"]


# Field, value.
PGW_RECORD = [
    ("gtpp.cdr.msisdn", "9997000000001"), ("gtpp.cdr.imei", "3500000000000010"), ("gtpp.cdr.apn", "internet.example"),
    ("gtpp.cdr.charging_id", "131072001"), ("gtpp.cdr.duration", "43"), ("gtpp.cdr.cause_closing", "0"),
    ("gtpp.cdr.rat", "6"), ("gtpp.cdr.opening_time", "Mar  5, 2024 09:59:00.000000000 UTC"),
    ("gtpp.cdr.uplink", "840"), ("gtpp.cdr.downlink", "1680"), ("gtpp.cdr.node.ipv4", "192.0.2.10"),
    ("gtpp.cdr.pdp.ipv4", "203.0.113.5"), ("gtpp.cdr.length", "203"),
]


def test_every_field_of_a_pgw_record(fields):
    names = [field for field, _ in PGW_RECORD]
    record, = fields("gtpp-cdr-families.pcap", "frame.number == 1", *names)
    assert list(zip(names, record)) == PGW_RECORD


def test_awkward_values(fields):
    def all_of(field):
        return fields("gtpp-cdr-values.pcap", "gtpp.cdr", field)
    assert all_of("gtpp.cdr.uplink")[:2] == ["1|4294967296|0|500|700", "840|128|65535"]
    assert all_of("gtpp.cdr.downlink")[0] == "2|1099511627776|127|600|4294967295"
    assert all_of("gtpp.cdr.node.ipv6")[2] == "2001:db8::10"
    assert all_of("gtpp.cdr.pdp.ipv6")[2] == "2001:db8:0:2::5"
    assert all_of("gtpp.cdr.opening_time")[3:6] == ["Mar  5, 2024 23:30:00.000000000 UTC"] * 3
    assert all_of("gtpp.cdr.opening_time")[9] == "Jan  1, 2000 00:00:00.000000000 UTC"
    assert all_of("gtpp.cdr.imsi")[6] == "00101000000001"
    assert (all_of("gtpp.cdr.charging_id")[7], all_of("gtpp.cdr.local_seq")[7]) == ("4294967295", "4294967295")
    assert (all_of("gtpp.cdr.record_seq")[7], all_of("gtpp.cdr.cause_closing")[7]) == ("3", "1")
    assert all_of("gtpp.cdr.duration")[8] == "2147483647"


def test_records_can_be_found_by_value_and_time(fields):
    name = "gtpp-cdr-values.pcap"
    assert fields(name, 'gtpp.cdr.opening_time < "2001-01-01 00:00:00"', "frame.number") == ["19"]
    assert fields(name, "gtpp.cdr.uplink > 4294967295", "frame.number") == ["1"]
    assert fields(name, 'gtpp.cdr.imsi == "00101000000001"', "frame.number") == ["13"]
    assert fields(name, "gtpp.cdr.pdp.ipv6 == 2001:db8:0:2::/64", "frame.number") == ["5"]


def test_release_versions(fields, tshark):
    """eGSN under both of its tags; release nibble 0 with the extension octet and without; a letter."""
    name = "gtpp-release-versions.pcap"
    rows = fields(name, "gtpp.cdr", "gtpp.cdr.type", "gtpp.format.release", "gtpp.format.release_ext")
    assert rows == [("70", "6", ""), ("70", "6", ""), ("70", "7", ""), ("85", "9", ""), ("85", "9", ""),
                    ("85", "15", ""),
                    ("85|84", "0", "16"), ("85|84", "0", ""), ("85", "15", "17"), ("85", "12", "")]
    lines = [line.strip() for line in tshark(name, "-O", "gtpp") if "Version Identifier" in line]
    assert lines[4] == "Version Identifier: 66 (3GPP TS 32.298 version 9.B)"
    assert lines[6] == "Version Identifier: 3 (3GPP TS 32.298 version 16.2)"


def test_records_of_other_domains(fields):
    """By recordType, where tags collide: type, length and octets."""
    rows = fields("gtpp-other-domains.pcap", "gtpp.cdr", "gtpp.cdr.tag", "gtpp.cdr.type")
    assert [int(kind) for _, kind in rows[:20]] == [0, 1, 87, 88, 99, 63, 64, 66, 70, 82, 91, 78, 79, 83, 93, 94, 30,
                                                    71, 120, 200]
    assert rows[20] == ("79|78|78", "85|78|84")
    assert fields("gtpp-other-domains.pcap", "gtpp.cdr.imsi", "frame.number") == ["41"]
    names = [line.split("(")[1].rstrip(")") for line in info(fields, "gtpp-other-domains.pcap") if "CDR" in line]
    assert (names[8], names[11], names[19], names[20]) == (
        "E-CSCF", "BM-SC subscriber", "CHF", "PGW, BM-SC subscriber, SGW")


def test_formats_that_are_not_decoded(fields):
    """Split, and said to be what they are."""
    rows = fields("gtpp-record-formats.pcap", "gtpp.cdr", "gtpp.format", "gtpp.cdr.length")
    assert rows == [("1", "203|203"), ("2", "161|161"), ("3", "153|153"), ("4", "50|50"), ("20", "15|15"),
                    ("0", "40|40"), ("49", "203|203"), ("255", "60|60")]
    texts = said(fields, "gtpp-record-formats.pcap", "gtpp.cdr && !gtpp.cdr.tag")
    per = ("The record cannot be read because PER has no tags: which fields a release has must be known, and of 3GPP "
           "TS 32.298 releases 16 to 18 are. The packet says 12.")
    assert [text[-1].split(" are not decoded")[0] for text in texts.values()] == [
        per, per, "Records in XER", "Records in operator format 20",
        "Records in format 0 (not to be used)", "Records in unknown format 255"]
    assert fields("gtpp-record-formats.pcap", "gtpp.format.zero", "frame.number") == ["11"]
    assert [text[:1] for text in fields("gtpp-record-formats.pcap", "gtpp.format == 4", "gtpp.cdr.text")] == ["<"]


def test_a_broken_record_harms_no_other(fields):
    """Five ways to be broken, each between two good ones; then two forms that are legal."""
    rows = fields("gtpp-cdr-broken.pcap", "gtpp.cdr", "gtpp.cdr.length", "gtpp.cdr.local_seq", "gtpp.cdr.type")
    assert [lengths.split("|")[::2] for lengths, _, _ in rows] == [["203", "212"]] * 7
    assert [(seqs.split("|")[0], seqs.split("|")[-1]) for _, seqs, _ in rows] == [
        (str(10 * n), str(10 * n)) for n in range(1, 8)]
    assert [(kinds.split("|")[0], kinds.split("|")[-1]) for _, _, kinds in rows] == [("85", "84")] * 7
    assert fields("gtpp-cdr-broken.pcap", "gtpp.cdr.malformed", "frame.number") == ["1", "3", "5", "7", "9"]


def test_a_capture_with_short_packets(runner, capture, fields, home):
    """What the snapshot length left is read, and nothing is called malformed or a finding for it."""
    cut = home / "cut.pcap"
    done = runner.run("editcap", "-s", "120", capture("gtpp-udp.pcap"), cut)
    assert done.returncode == 0, done.stderr
    assert len(fields(cut, "gtpp", "gtpp.seq")) == 9
    assert fields(cut, "gtpp.response_to", "gtpp.response_to") == ["1", "3", "5|6", "8"]
    assert fields(cut, "gtpp.truncated", "frame.number") == ["5", "6"]

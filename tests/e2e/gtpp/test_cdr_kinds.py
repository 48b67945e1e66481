"""Two kinds of record that share recordType 70 and the outermost tag: an eGSN's and an E-CSCF's.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import random
from dataclasses import replace

import pytest
from captures.make.base.wire import Capture, End
from captures.make.gtpp import cdr, gtpprime, schema_per, schema_records

CDF, CGF = End("192.0.2.10", 49400), End("198.51.100.20", 3386)
NEVER = ["-o", "gtpp.builtin:never"]
TELLING = 3  # servedIMSI, role-of-Node
REL_18 = gtpprime.format_version(0, 9, extension=18)


@pytest.fixture
def kinds(tshark, tmp_path):
    """What each record is called, and the sentence about it if nothing tells which it is."""
    def read(*packets):
        path, capture = tmp_path / "kinds.pcap", Capture()
        for seq, packet in enumerate(packets, 1):
            capture.udp(CDF, CGF, gtpprime.message(240, seq, gtpprime.command(gtpprime.SEND), packet))
        path.write_bytes(capture.octets())
        path.chmod(0o644)
        lines = tshark(path, *NEVER, "-T", "fields", "-e", "gtpp.cdr", "-e", "cdr", "-e", "_ws.expert.message", "-E",
                       "occurrence=a")
        texts = tshark(path, *NEVER, "-O", "gtpp,cdr")
        called = [line.split("record: ")[1].split(",")[0] for line in texts if "Charging data record: " in line]
        assert len(called) == len(lines) == len(packets)
        return list(zip(called, lines))
    return read


def rows():
    return {("eGSN" if row.until else "E-CSCF"): row for row in schema_records.rows()
            if row.number == 70 and row.tag == 70}


def test_records_without_the_telling_element(kinds):
    """Any elements of one of both but [3]: it is that one, or what it is is left open; it is not called the other."""
    dice, made, wanted = random.Random(70), [], []
    for turn in range(60):
        for name, row in rows().items():
            value, _ = schema_records.make(row, 1000 + 13 * turn, 1)
            kept = [(component, part) for component, part in value.parts
                    if component.tag == 0 or component.tag != TELLING and dice.random() < 0.15]
            made.append(gtpprime.data_record_packet(schema_records.ber(row, replace(value, parts=kept))))
            wanted.append(name)
    found = [called for called, _ in kinds(*made)]
    assert not [pair for pair in zip(wanted, found) if pair[1] not in (pair[0], "eGSN or E-CSCF")]
    assert sum(pair[0] == pair[1] for pair in zip(wanted, found)) > 110


def test_a_short_session_id(kinds):
    """Without [3] a session id of five octets or less is no chargingID; beside what an E-CSCF alone has, it is read."""
    session = cdr.cons(70, cdr.prim(0, b"\x46"), cdr.prim(2, b"INVITE"), cdr.prim(5, b"abcd"))
    charging = cdr.cons(70, cdr.prim(0, b"\x46"), cdr.prim(5, b"\x00\x00\x00\x09"))
    either = cdr.cons(70, cdr.prim(0, b"\x46"), cdr.prim(5, b"abcd"))
    found = kinds(*map(gtpprime.data_record_packet, (session, charging, either)))
    assert [called for called, _ in found] == ["E-CSCF", "eGSN", "eGSN or E-CSCF"]
    assert "an eGSN's or an E-CSCF's" in found[2][1]
    assert "an eGSN's or an E-CSCF's" not in found[0][1] + found[1][1]


def test_packed_records_are_of_a_call_session_control(kinds):
    """The releases that can be read in PER have no eGSN."""
    row = rows()["E-CSCF"]
    value, _ = schema_records.make(row, 5, 1)
    kept = [(component, part) for component, part in value.parts if component.tag in (0, 5, 15)]
    packets = [gtpprime.data_record_packet(schema_per.per(row, replace(value, parts=kept), aligned), version=REL_18,
                                           form=gtpprime.ALIGNED_PER if aligned else gtpprime.UNALIGNED_PER)
               for aligned in (False, True)]
    assert [called for called, _ in kinds(*packets)] == ["E-CSCF", "E-CSCF"]

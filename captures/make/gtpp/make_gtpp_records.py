# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of charging records in full depth: one of every type, in every encoding."""
from ..base.wire import Captures, End, Pair
from . import cdr
from . import gtpprime as g
from . import schema_per, schema_records

captures = Captures(__file__)
CDF, CGF = End("192.0.2.10", 49400), End("198.51.100.20", 3386)
REL_18, REL_7 = g.format_version(0, 9, extension=18), g.format_version(7, 6)


@captures.file("gtpp-records-ber.pcap")
def records_ber(capture):
    """One record of every type of TS 32.298, all its fields filled, in BER."""
    pair = Pair(capture, CDF, CGF)
    for seq, row in enumerate(schema_records.rows(), 1):
        value, _ = schema_records.make(row, seq)
        pair.ask(g.message(g.DATA_RECORD_TRANSFER_REQUEST, seq, g.command(g.SEND),
                           g.data_record_packet(schema_records.ber(row, value),
                                                version=REL_7 if row.until else REL_18)))
        pair.reply(g.answer(seq))


def records_per(capture, form, aligned):
    pair = Pair(capture, CDF, CGF)
    for seq, row in enumerate((row for row in schema_records.rows() if not row.until), 1):
        value, _ = schema_records.make(row, seq)
        pair.ask(g.message(g.DATA_RECORD_TRANSFER_REQUEST, seq, g.command(g.SEND),
                           g.data_record_packet(schema_per.per(row, value, aligned), form=form, version=REL_18)))
        pair.reply(g.answer(seq))


@captures.file("gtpp-records-uper.pcap")
def records_unaligned(capture):
    """One record of every type of release 18, all its fields filled, in unaligned PER."""
    records_per(capture, g.UNALIGNED_PER, False)


@captures.file("gtpp-records-aper.pcap")
def records_aligned(capture):
    """One record of every type of release 18, all its fields filled, in aligned PER."""
    records_per(capture, g.ALIGNED_PER, True)


def ims_record():
    """An S-CSCF's record of a call of 61 s, with an element of a vendor."""
    return cdr.cons(
        63, cdr.prim(0, cdr.integer(63)), cdr.prim(2, b"INVITE"), cdr.prim(3, b"\x00"),
        cdr.cons(4, cdr.cons(0, cdr.ip_address("192.0.2.50"))), cdr.prim(5, b"a84b4c76e66710@192.0.2.50"),
        cdr.cons(6, cdr.prim(0, b"sip:alice@ims.example"), cdr.prim(1, b"tel:+9997000000001")),
        cdr.cons(7, cdr.prim(1, b"tel:+9997000000002")), cdr.prim(9, cdr.timestamp(cdr.OPENED, 60)),
        cdr.prim(10, cdr.timestamp(cdr.OPENED + 4, 60)), cdr.prim(11, cdr.timestamp(cdr.OPENED + 65, 60)),
        cdr.prim(15, cdr.integer(4711)), cdr.prim(17, b"\x00"), cdr.prim(600, b"gold"))


def chf_record():
    """A record of 5G's charging function: a session with two rating groups."""
    def used(group, seq, uplink, downlink):
        unit = cdr.sequence(cdr.prim(5, cdr.integer(uplink)), cdr.prim(6, cdr.integer(downlink)),
                            cdr.prim(9, cdr.integer(seq)))
        return cdr.sequence(cdr.prim(0, cdr.integer(group)), cdr.cons(1, unit))
    return cdr.cons(
        200, cdr.prim(0, cdr.integer(200)), cdr.prim(1, b"chf-1.example"),
        cdr.cons(2, cdr.prim(0, b"\x01"), cdr.prim(1, cdr.IMSI.encode())), cdr.cons(3, cdr.prim(0, b"\x01")),
        cdr.cons(5, used(7, 1, 1024, 20480), used(9, 2, 333, 444)), cdr.prim(6, cdr.timestamp(cdr.OPENED, 120)),
        cdr.prim(7, cdr.integer(600)), cdr.prim(9, b"\x00"), cdr.prim(11, cdr.integer(88)),
        cdr.cons(13, cdr.prim(0, cdr.integer(131072001)), cdr.prim(6, b"\x05")))


@captures.file("gtpp-chf-ims.pcap")
def chf_and_ims(capture):
    """A record of an S-CSCF, in which a vendor has a tag of its own, and one of 5G's charging function."""
    pair = Pair(capture, CDF, CGF)
    for seq, record in enumerate((ims_record(), chf_record()), 1):
        pair.ask(g.message(g.DATA_RECORD_TRANSFER_REQUEST, seq, g.command(g.SEND),
                           g.data_record_packet(record, version=REL_18)))
        pair.reply(g.answer(seq))

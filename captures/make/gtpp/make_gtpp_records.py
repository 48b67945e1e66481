# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of charging records in full depth: one of every type, in every encoding."""
from ..base.wire import Captures, End, Pair
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

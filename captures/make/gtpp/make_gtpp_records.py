# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of charging records in full depth: one of every type, in every encoding."""
from ..base.wire import Captures, End, Pair
from . import gtpprime as g
from . import schema_records

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

# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures about charging data records: every family, every release, other domains, awkward values."""
from ..base.wire import START, Captures, End, Pair
from . import cdr
from . import gtpprime as g

captures = Captures(__file__)
CDF, CGF = End("192.0.2.10", 49400), End("198.51.100.20", 3386)
REQUEST = g.DATA_RECORD_TRANSFER_REQUEST


def carry(pair, seq, packet):
    """Send a Data Record Packet and have it accepted."""
    pair.ask(g.message(REQUEST, seq, g.command(g.SEND), packet))
    pair.reply(g.answer(seq))


@captures.file("gtpp-cdr-families.pcap")
def families(capture):
    """One record of each kind that is decoded: PGW, SGW, ePDG, TWAG, GGSN, eGSN, SGSN PDP, SGSN MM, SMO, SMT."""
    pair = Pair(capture, CDF, CGF)
    modern = g.format_version(12, 6)
    rel7 = g.format_version(7, 5)
    makers = ((cdr.pgw, modern), (cdr.sgw, modern), (cdr.epdg, modern), (cdr.twag, modern), (cdr.ggsn, rel7),
              (cdr.egsn, rel7), (cdr.sgsn_pdp, modern), (cdr.sgsn_mm, modern), (cdr.sgsn_smo, modern),
              (cdr.sgsn_smt, modern))
    for seq, (make, version) in enumerate(makers, 1):
        record = make(imsi=f"00101000000000{seq % 10}", local_seq=seq)
        carry(pair, seq, g.data_record_packet(record, version=version))


@captures.file("gtpp-cdr-values.pcap")
def values(capture):
    """Values that are easily decoded wrongly: three traffic volumes beyond 32 bits, service data, IPv6, offsets from
    UTC in both directions and over midnight, a 14-digit IMSI, the largest charging id and local sequence number, a
    partial record, the all-zero time of the year 2000."""
    pair = Pair(capture, CDF, CGF)
    midnight = START + 13 * 3600 + 1800
    records = (
        cdr.pgw(volumes=[(1, 2), (4294967296, 1099511627776), (0, 127)],
                services=[(10, 500, 600), (20, 700, 4294967295)]),
        cdr.egsn(services=[(10, 128, 255), (11, 65535, 65536)]),
        cdr.pgw(node="2001:db8::10", peer="2001:db8::20", pdp="2001:db8:0:2::5"),
        cdr.pgw(opened=midnight, offset=330), cdr.pgw(opened=midnight, offset=-210),
        cdr.sgw(opened=midnight, offset=60),
        cdr.pgw(imsi="00101000000001", msisdn="999700000002", imei="35000000000001"),
        cdr.pgw(charging_id=0xFFFFFFFF, local_seq=4294967295, record_seq=3, closing=1, duration=3600),
        cdr.sgsn_mm(closing=4, duration=2147483647), cdr.pgw(opened=946684800, duration=0, closing=20))
    for seq, record in enumerate(records, 1):
        version = g.format_version(7, 5) if record[:2] == b"\xbf\x46" else g.REL_12_5
        carry(pair, seq, g.data_record_packet(record, version=version))


@captures.file("gtpp-release-versions.pcap")
def release_versions(capture):
    """Data Record Format Version: releases 6, 7, 9, 15; a letter; nibble 0 with a release extension and without; eGSN
    under its tags 28 and 70."""
    pair = Pair(capture, CDF, CGF)
    packets = (
        g.data_record_packet(cdr.egsn(outer=28), version=g.format_version(6, 5)),
        g.data_record_packet(cdr.egsn(outer=70), version=g.format_version(6, 5)),
        g.data_record_packet(cdr.egsn(outer=70), version=g.format_version(7, 5)),
        g.data_record_packet(cdr.pgw(), version=g.format_version(9, 2)),
        g.data_record_packet(cdr.pgw(), version=g.format_version(9, ord("B"))),
        g.data_record_packet(cdr.pgw(), version=g.format_version(15, 4)),
        g.data_record_packet(cdr.pgw(), cdr.sgw(), version=g.format_version(0, 3, extension=16)),
        g.data_record_packet(cdr.pgw(), cdr.sgw(), version=g.format_version(0, 3)),
        g.data_record_packet(cdr.pgw(), version=g.format_version(15, 4, extension=17)),
        g.data_record_packet(cdr.pgw(), version=g.format_version(12, 6, app=2)))
    for seq, packet in enumerate(packets, 1):
        carry(pair, seq, packet)


OTHER_DOMAINS = ((0, 0), (1, 1), (20, 87), (21, 88), (22, 99), (63, 63), (64, 64), (66, 66), (70, 70), (82, 82),
                 (91, 91), (78, 78), (79, 79), (83, 83), (93, 93), (94, 94), (30, 30), (71, 71), (120, 120), (200, 200))


@captures.file("gtpp-other-domains.pcap")
def other_domains(capture):
    """Records of CS, IMS, MBMS, MMTel, SMS, MMS, LCS, API and CHF; tags 20, 21, 22, 70, 78 and 79 collide with those of
    the PS domain. Then a PGW and a BM-SC record in one packet, and an undefined tag and recordType."""
    pair = Pair(capture, CDF, CGF)
    for seq, (outer, kind) in enumerate(OTHER_DOMAINS, 1):
        carry(pair, seq, g.data_record_packet(cdr.other_domain(outer, kind)))
    last = len(OTHER_DOMAINS)
    carry(pair, last + 1, g.data_record_packet(cdr.pgw(), cdr.other_domain(78, 78), cdr.sgw()))
    carry(pair, last + 2, g.data_record_packet(cdr.other_domain(300, 300)))

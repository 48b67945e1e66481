# SPDX-License-Identifier: GPL-2.0-or-later
"""Charging data records (3GPP TS 32.298) in BER, with test numbers and documentation addresses."""
import datetime
import ipaddress

from ..base.wire import START

IMSI, MSISDN, IMEI = "001010000000001", "9997000000001", "3500000000000010"
APN = b"internet.example"
OPENED = START - 60

SGSN_PDP, GGSN, SGSN_MM, SGSN_SMO, SGSN_SMT, EGSN = 18, 19, 20, 21, 22, 70
SGW, PGW, EPDG, TWAG = 84, 85, 96, 97
OUTER_TAG = {SGSN_PDP: 20, GGSN: 21, SGSN_MM: 22, SGSN_SMO: 23, SGSN_SMT: 24, EGSN: 70, SGW: 78, PGW: 79, EPDG: 96,
             TWAG: 97}


def tag(number, constructed=False, universal=False):
    """A BER identifier; context class unless universal."""
    first = (0 if universal else 0x80) | (0x20 if constructed else 0)
    if number < 31:
        return bytes([first | number])
    if number < 128:
        return bytes([first | 31, number])
    return bytes([first | 31, 0x80 | number >> 7, number & 0x7F])


def ber_length(count):
    """A definite BER length in the shortest form."""
    if count < 128:
        return bytes([count])
    octets = count.to_bytes((count.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets


def prim(number, value):
    """A primitive element with a context tag."""
    return tag(number) + ber_length(len(value)) + value


def cons(number, *parts):
    """A constructed element with a context tag."""
    value = b"".join(parts)
    return tag(number, True) + ber_length(len(value)) + value


def sequence(*parts):
    """A universal SEQUENCE."""
    value = b"".join(parts)
    return tag(16, True, True) + ber_length(len(value)) + value


def integer(value):
    """The content octets of an INTEGER, as few as the sign allows."""
    return value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True)


def tbcd(digits):
    """Digits, low nibble first, filled up with F."""
    digits += "F" * (len(digits) % 2)
    return bytes(int(digits[i + 1] + digits[i], 16) for i in range(0, len(digits), 2))


def isdn(digits):
    """An international number: type of number, then TBCD."""
    return b"\x91" + tbcd(digits)


def timestamp(epoch, offset_minutes=0):
    """Local time YYMMDDhhmmss in BCD, then the sign and hhmm of the offset from UTC."""
    zone = datetime.timezone(datetime.timedelta(minutes=offset_minutes))
    local = datetime.datetime.fromtimestamp(epoch, zone)
    hours, minutes = divmod(abs(offset_minutes), 60)
    sign = "-" if offset_minutes < 0 else "+"
    return bytes.fromhex(local.strftime("%y%m%d%H%M%S")) + sign.encode() + bytes.fromhex(f"{hours:02d}{minutes:02d}")


def ip_address(address):
    """IPAddress: [0] IPv4 or [1] IPv6 in binary."""
    address = ipaddress.ip_address(address)
    return prim(0 if address.version == 4 else 1, address.packed)


def pdp_address(number, address):
    """PDPAddress, which wraps the IPAddress once more."""
    return cons(number, cons(0, ip_address(address)))


def traffic_volume(uplink, downlink, condition=2, at=OPENED + 43):
    """One container of listOfTrafficVolumes; condition 2 is recordClosure."""
    return sequence(prim(3, integer(uplink)), prim(4, integer(downlink)), prim(5, integer(condition)),
                    prim(6, timestamp(at)))


def service_data(group, uplink, downlink, at=OPENED + 43):
    """One container of listOfServiceData, PGW and eGSN."""
    return sequence(prim(1, integer(group)), prim(5, timestamp(OPENED)), prim(6, timestamp(at)), prim(7, integer(43)),
                    prim(8, b"\x07\x00"), prim(12, integer(uplink)), prim(13, integer(downlink)),
                    prim(14, timestamp(at)), prim(17, integer(group * 10)))


class Subject:
    """The subscriber and the values of a record; a maker changes only those that matter to it."""

    def __init__(self, **changes):
        self.imsi, self.msisdn, self.imei = IMSI, MSISDN, IMEI
        self.charging_id, self.local_seq, self.record_seq = 0x07D00001, 1, None
        self.node, self.node_id, self.peer, self.pdp = "192.0.2.10", "", "192.0.2.20", "203.0.113.5"
        self.opened, self.offset, self.duration, self.closing = OPENED, 0, 43, 0
        self.volumes, self.services = [(840, 1680)], []
        for name, value in changes.items():
            getattr(self, name)
            setattr(self, name, value)

    def containers(self):
        """The traffic volumes; all but the last one end with a tariff change."""
        last = len(self.volumes) - 1
        return [traffic_volume(up, down, 2 if i == last else 1, self.opened + self.duration)
                for i, (up, down) in enumerate(self.volumes)]


def record(kind, fields, outer=None):
    """The SET of a record: recordType, then the other fields, which may be None."""
    parts = [prim(0, integer(kind))] + [field for field in fields if field]
    return cons(OUTER_TAG[kind] if outer is None else outer, *parts)


def bearer(kind, default_node_id, extra, **changes):
    """PGW, SGW, ePDG, TWAG, GGSN and eGSN records share the numbers of their common fields."""
    s = Subject(**changes)
    fields = [prim(3, tbcd(s.imsi)), cons(4, ip_address(s.node)), prim(5, s.charging_id.to_bytes(4, "big")),
              cons(6, ip_address(s.peer)) if kind not in (EPDG, TWAG) else None,
              prim(7, APN), prim(8, b"\xf1\x21"), pdp_address(9, s.pdp), prim(11, b"\xff"),
              cons(12, *s.containers()) if kind != PGW or s.volumes else None,
              prim(13, timestamp(s.opened, s.offset)), prim(14, integer(s.duration)), prim(15, integer(s.closing)),
              prim(17, integer(s.record_seq)) if s.record_seq is not None else None,
              prim(18, (s.node_id or default_node_id).encode()), prim(20, integer(s.local_seq)), prim(21, b"\0"),
              prim(22, isdn(s.msisdn)), prim(23, b"\x08\x00"), prim(29, tbcd(s.imei)), prim(30, integer(extra["rat"])),
              cons(34, *(service_data(*item) for item in s.services)) if s.services else None]
    return record(kind, fields + extra["fields"](s), extra.get("outer"))


def pgw(**changes):
    """A PGW record."""
    return bearer(PGW, "PGW-EXAMPLE-01", {"rat": 6, "fields": lambda s: [
        cons(35, tag(10, universal=True) + b"\x01\x02"), prim(38, timestamp(s.opened)),
        prim(39, timestamp(s.opened + s.duration)), prim(41, s.charging_id.to_bytes(4, "big"))]}, **changes)


def sgw(**changes):
    """An SGW record."""
    return bearer(SGW, "SGW-EXAMPLE-01", {"rat": 6, "fields": lambda s: [
        cons(35, tag(10, universal=True) + b"\x01\x05"), cons(36, ip_address("192.0.2.30")),
        prim(38, timestamp(s.opened)), prim(39, timestamp(s.opened + s.duration)),
        prim(40, s.charging_id.to_bytes(4, "big"))]}, **changes)


def epdg(**changes):
    """An ePDG record."""
    return bearer(EPDG, "EPDG-EXAMPLE-01", {"rat": 3, "fields": lambda s: [
        prim(38, timestamp(s.opened)), prim(40, s.charging_id.to_bytes(4, "big"))]}, **changes)


def twag(**changes):
    """A TWAG record."""
    return bearer(TWAG, "TWAG-EXAMPLE-01", {"rat": 3, "fields": lambda s: [
        prim(38, timestamp(s.opened)), prim(40, s.charging_id.to_bytes(4, "big"))]}, **changes)


def ggsn(**changes):
    """A GGSN record."""
    return bearer(GGSN, "GGSN-EXAMPLE-01", {"rat": 1, "fields": lambda s: []}, **changes)


def egsn(outer=70, **changes):
    """An eGSN record; its outer tag is 70, or 28 in version 6.4.1."""
    return bearer(EGSN, "GGSN-EXAMPLE-02", {"rat": 1, "fields": lambda s: [], "outer": outer}, **changes)


def sgsn_pdp(**changes):
    """A record of the SGSN about a PDP context."""
    s = Subject(**changes)
    return record(SGSN_PDP, [
        prim(3, tbcd(s.imsi)), prim(4, tbcd(s.imei)), cons(5, ip_address(s.node)), prim(7, b"\x07"),
        prim(8, b"\x00\x64"), prim(9, b"\x00\x01"), prim(10, s.charging_id.to_bytes(4, "big")),
        cons(11, ip_address(s.peer)), prim(12, APN), prim(13, b"\xf1\x21"), pdp_address(14, s.pdp),
        cons(15, *s.containers()), prim(16, timestamp(s.opened, s.offset)), prim(17, integer(s.duration)),
        prim(19, integer(s.closing)), prim(21, integer(s.record_seq)) if s.record_seq is not None else None,
        prim(22, (s.node_id or "SGSN-EXAMPLE-01").encode()), prim(24, integer(s.local_seq)), prim(25, b"\0"),
        prim(27, isdn(s.msisdn)), prim(28, b"\x08\x00"), prim(29, integer(1)), prim(33, b"\xff")])


def sgsn_mm(**changes):
    """A record of the SGSN about mobility management."""
    s = Subject(**changes)
    return record(SGSN_MM, [
        prim(1, tbcd(s.imsi)), prim(2, tbcd(s.imei)), cons(3, ip_address(s.node)), prim(5, b"\x07"),
        prim(6, b"\x00\x64"), prim(7, b"\x00\x01"), prim(9, timestamp(s.opened, s.offset)),
        prim(10, integer(s.duration)), prim(12, integer(s.closing)),
        prim(14, integer(s.record_seq)) if s.record_seq is not None else None,
        prim(15, (s.node_id or "SGSN-EXAMPLE-01").encode()), prim(17, integer(s.local_seq)), prim(18, isdn(s.msisdn)),
        prim(19, b"\x08\x00"), prim(21, integer(1))])


def short_message(kind, time_tag, **changes):
    """What the two short message records of the SGSN have in common."""
    s = Subject(**changes)
    result = [prim(10, b"\x01")] if kind == SGSN_SMO else []
    return record(kind, [
        prim(1, tbcd(s.imsi)), prim(2, tbcd(s.imei)), prim(3, isdn(s.msisdn)), prim(5, isdn("9997000000099")),
        prim(6, isdn("9997000000098")), prim(7, b"\x00\x64"), prim(8, b"\x07"), prim(9, b"\x00\x01"), *result,
        prim(time_tag, timestamp(s.opened, s.offset)), prim(time_tag + 3, (s.node_id or "SGSN-EXAMPLE-01").encode()),
        prim(time_tag + 4, integer(s.local_seq)), prim(time_tag + 5, b"\x08\x00"), prim(time_tag + 6, integer(1)),
        prim(time_tag + 10, integer(0))])


def sgsn_smo(**changes):
    """A record of the SGSN about a short message from the mobile."""
    return short_message(SGSN_SMO, 11, **changes)


def sgsn_smt(**changes):
    """A record of the SGSN about a short message to the mobile."""
    return short_message(SGSN_SMT, 10, **changes)


def other_domain(outer, record_type):
    """A record of another domain, with the first fields of an IMS record: what PS records have under the same tags is
    something else."""
    return cons(outer, prim(0, integer(record_type)), prim(2, b"INVITE"), prim(3, b"\x01"),
                cons(4, ip_address("192.0.2.50")), prim(5, b"session-1@ims.example"), prim(9, timestamp(OPENED)))


def indefinite(whole):
    """The same record with its outer length in the indefinite form, which BER allows."""
    start, body = contents(whole)
    return whole[:start] + b"\x80" + body + b"\0\0"


def with_length(whole, claimed):
    """The same record with another outer length than the true one, in the form of two octets."""
    start, body = contents(whole)
    return whole[:start] + b"\x82" + claimed.to_bytes(2, "big") + body


def contents(whole):
    """Where the outer length starts, and the octets that it counts."""
    start = 1
    if whole[0] & 31 == 31:
        while whole[start] & 0x80:
            start += 1
        start += 1
    more = whole[start] & 0x7F if whole[start] & 0x80 else 0
    return start, whole[start + 1 + more:]

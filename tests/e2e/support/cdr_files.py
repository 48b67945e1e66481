"""Makes files of charging records (3GPP TS 32.297) as different programs write them, whole and damaged.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct

ADDRESS = b"\xff" * 4 + bytes(10) + b"\xff\xff" + bytes((192, 0, 2, 1))


def element(tag, value):
    """A BER element with a context tag below 31; lengths in one octet or three."""
    size = bytes((len(value),)) if len(value) < 128 else b"\x82" + struct.pack(">H", len(value))
    return bytes((tag,)) + size + value


def pgw(local_seq, node=b"PGW-EXAMPLE-01", opened="2403051200002b0200", fill=0):
    """A PGW record: type, IMSI, opening time, node, local number."""
    return b"\xbf\x4f" + element(0, b"".join((
        element(0x80, b"\x55"), element(0x83, bytes.fromhex("00010100000000f1")),
        element(0x8d, bytes.fromhex(opened)) if opened else b"", element(0x92, node),
        element(0x94, struct.pack(">I", local_seq)), bytes(fill))))[1:]


def record(octets, release=18, form=1, specification=7, length=None):
    """A record behind its header; releases above 9 have a fifth octet."""
    bits = 7 if release > 9 else release - 3
    rest = bytes((release - 10,)) if release > 9 else b""
    length = len(octets) if length is None else length
    return struct.pack(">HBB", length, bits << 5 | 2, form << 5 | specification) + rest + octets


def cdr_file(records, *, release=18, routeing=b"", extension=b"", has_extension_length=True, length=None,
             header_length=None, announced=None):
    """A file of records that have their headers."""
    bits = (7 if release > 9 else release - 3) << 5
    behind = struct.pack(">H", len(routeing)) + routeing
    if has_extension_length:
        behind += struct.pack(">H", len(extension)) + extension
    if release > 9:
        behind += bytes((release - 10,)) * 2
    size = 48 + len(behind)
    body = b"".join(records)
    return struct.pack(">IIBBIIIIB", size + len(body) if length is None else length,
                       size if header_length is None else header_length, bits, bits, 0x1114_0880, 0x1114_0880,
                       len(records) if announced is None else announced, 1, 0) + ADDRESS + b"\0" + behind + body

# SPDX-License-Identifier: GPL-2.0-or-later
"""Capture files: classic pcap and pcapng, written and read as lists of frames."""
import pathlib
import struct

ETHERNET, RAW_IP, UPPER_PDU = 1, 101, 252
SNAPSHOT_LENGTH = 262144
PCAP_MAGIC, SECTION, INTERFACE, PACKET, SECRETS, TLS_KEY_LOG = 0xA1B2C3D4, 0x0A0D0D0A, 1, 6, 10, 0x544C534B


def pcap_head(link=ETHERNET):
    """The header of a classic pcap file: little-endian, times in microseconds."""
    return struct.pack("<IHHiIII", PCAP_MAGIC, 2, 4, 0, 0, SNAPSHOT_LENGTH, link)


def pcap_frame(micros, octets, reported=None):
    """A frame of a pcap file. REPORTED is its length on the wire, where the capture has less."""
    return struct.pack("<IIII", *divmod(micros, 1000000), len(octets), reported or len(octets)) + octets


def pcap(frames, link=ETHERNET):
    """A whole pcap file of (microseconds, octets)."""
    return pcap_head(link) + b"".join(pcap_frame(*frame) for frame in frames)


def block(kind, body):
    """A pcapng block."""
    body += b"\0" * (-len(body) % 4)
    length = struct.pack("<I", 12 + len(body))
    return struct.pack("<I", kind) + length + body + length


def pcapng(frames, secrets):
    """A pcapng file of (microseconds, octets) with TLS key log lines ahead of the packets."""
    out = [block(SECTION, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)),
           block(INTERFACE, struct.pack("<HHI", ETHERNET, 0, SNAPSHOT_LENGTH)),
           block(SECRETS, struct.pack("<II", TLS_KEY_LOG, len(secrets)) + secrets)]
    for micros, octets in frames:
        fixed = struct.pack("<IIIII", 0, micros >> 32, micros & 0xFFFFFFFF, len(octets), len(octets))
        out.append(block(PACKET, fixed + octets))
    return b"".join(out)


def write(path, frames, start, gap):
    """Write a pcap file from an iterable of (link type, octets), all of the same link type, GAP microseconds apart. The
    number of frames."""
    count = 0
    with open(path, "wb", buffering=1 << 20) as out:
        for link, octets in frames:
            if count == 0:
                out.write(pcap_head(link))
            out.write(pcap_frame(start * 1000000 + count * gap, octets))
            count += 1
    return count


def read_pcap(octets):
    """The frames of a pcap file as (microseconds, octets)."""
    at = 24
    while at + 16 <= len(octets):
        seconds, micros, captured, _ = struct.unpack_from("<IIII", octets, at)
        yield seconds * 1000000 + micros, octets[at + 16:at + 16 + captured]
        at += 16 + captured


def blocks(octets):
    """The blocks of a pcapng file: type, body."""
    at = 0
    while at + 12 <= len(octets):
        kind, length = struct.unpack_from("<II", octets, at)
        yield kind, octets[at + 8:at + length - 4]
        at += length


def read_pcapng(octets):
    """The same of a pcapng file."""
    for kind, body in blocks(octets):
        if kind == PACKET:
            high, low, captured = struct.unpack_from("<III", body, 4)
            yield high << 32 | low, body[20:20 + captured]


def secrets(path):
    """The TLS key log lines inside a pcapng file."""
    return b"".join(body[8:8 + struct.unpack_from("<I", body, 4)[0]]
                    for kind, body in blocks(pathlib.Path(path).read_bytes()) if kind == SECRETS)


def read(path):
    """The frames of a capture that this project wrote, as (microseconds, octets)."""
    octets = pathlib.Path(path).read_bytes()
    return list(read_pcap(octets) if octets[:4] == struct.pack("<I", PCAP_MAGIC) else read_pcapng(octets))

"""A shipped capture whose GTP' is on another port.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct

USUAL = struct.pack("!H", 3386)
UDP = 17
ETHERNET = 14


def udp_header(frame):
    """Where the UDP header of an Ethernet frame begins, or None. The shipped captures have no extension headers."""
    if frame[12:14] == b"\x08\x00" and frame[ETHERNET + 9] == UDP:
        return ETHERNET + (frame[ETHERNET] & 15) * 4
    if frame[12:14] == b"\x86\xdd" and frame[ETHERNET + 6] == UDP:
        return ETHERNET + 40
    return None


def on_port(frame, port):
    at = udp_header(frame)
    if at is None:
        return frame
    source, target = (struct.pack("!H", port) if end == USUAL else end
                      for end in (frame[at:at + 2], frame[at + 2:at + 4]))
    # Without a checksum: 0 says that the sender made none, and Wireshark does not check it by default.
    return frame[:at] + source + target + frame[at + 4:at + 6] + b"\0\0" + frame[at + 8:]


def write(path, capture, port):
    """Writes to PATH the packets of a classic pcap file of this byte order, with PORT in place of 3386; PATH."""
    octets = capture.read_bytes()
    written, at = [octets[:24]], 24
    while at < len(octets):
        length = struct.unpack("<I", octets[at + 8:at + 12])[0]
        written += [octets[at:at + 16], on_port(octets[at + 16:at + 16 + length], port)]
        at += 16 + length
    path.write_bytes(b"".join(written))
    return path

# SPDX-License-Identifier: GPL-2.0-or-later
"""IPv4 packets by the hundred thousand: addresses are numbers, checksums are left out, which Wireshark accepts."""
import struct

TCP, UDP = 6, 17
PSH_ACK = 0x18


def ip(source, destination, protocol, payload):
    """An IPv4 packet without options."""
    return struct.pack("!BBHHHBBHII", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0, source, destination) + payload


def udp(source, source_port, destination, destination_port, payload):
    """A UDP datagram in IPv4."""
    head = struct.pack("!HHHH", source_port, destination_port, 8 + len(payload), 0)
    return ip(source, destination, UDP, head + payload)


def tcp(source, source_port, destination, destination_port, seq, payload, ack=1):
    """A TCP segment in IPv4."""
    head = struct.pack("!HHIIBBHHH", source_port, destination_port, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 0x50, PSH_ACK,
                       65535, 0, 0)
    return ip(source, destination, TCP, head + payload)


def ethernet(packet):
    """An Ethernet frame between the addresses zero."""
    return bytes(12) + b"\x08\x00" + packet

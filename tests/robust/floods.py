"""Captures that are made to exhaust time or memory: a function for each, which yields frames.

A frame is (link type, octets); all frames of a capture have the same link type. Addresses are of 198.18.0.0/15, which
is for tests of this kind (RFC 2544).

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct
import sys
import uuid
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

from captures.make.base import files, tls  # noqa: E402  (found only now)
from captures.make.base.bulk import tcp, udp  # noqa: E402
from captures.make.base.files import RAW_IP, UPPER_PDU  # noqa: E402
from captures.make.base.wire import START  # noqa: E402
from captures.make.gtpp import cdr  # noqa: E402
from captures.make.gtpp import gtpprime as gtpp  # noqa: E402
from captures.make.rdg import rdgudp  # noqa: E402

SERVER, HOSTS = 0xC6120001, 0xC6130000
GTPP, RDG, HTTPS = 3386, 3391, 443
LARGEST = 65507


def upper_pdu(dissector, source, source_port, destination, destination_port, payload):
    """What a lower protocol has unpacked: goes to the dissector directly."""
    name = dissector.encode().ljust((len(dissector) + 3) // 4 * 4, b"\0")
    options = struct.pack("!HH", 12, len(name)) + name
    for kind, value in ((20, source), (21, destination), (24, 3), (25, source_port), (26, destination_port)):
        options += struct.pack("!HHI", kind, 4, value)
    return options + bytes(4) + payload


def client(index):
    """Address and port of a client, different for each index. The service's port is the lower one: Wireshark asks that
    first."""
    return HOSTS + index // 60000, 4000 + index % 60000


# Microseconds between two frames, where it matters: a channel is called silent after half a second.
GAPS = {"channels": 10000}


def write(path, frames, gap=100):
    """A pcap file of frames GAP microseconds apart; their number."""
    return files.write(path, frames, START, gap)


# GTP'

def numbers(count):
    """Requests without an answer: all numbers, and a path for each 1,000 of them."""
    packet = gtpp.transfer(0, cdr.pgw())
    for i in range(count):
        host, port = client(i // 1000)
        yield RAW_IP, udp(host, port, SERVER, GTPP, packet[:4] + struct.pack("!H", i & 0xFFFF) + packet[6:])


def paths(count):
    """Requests without an answer, each on a path of its own between two hosts of its own."""
    packet = gtpp.transfer(1, cdr.pgw())
    for i in range(count):
        yield RAW_IP, udp(HOSTS + i * 2, 40000, HOSTS + i * 2 + 1, GTPP, packet)


def answered(count):
    """Requests and answers on one path, with all 65,536 numbers again and again."""
    request, answer = gtpp.transfer(0, cdr.pgw()), gtpp.answer(0)
    for i in range(count // 2):
        seq = struct.pack("!H", i & 0xFFFF)
        changed = request[:-4] + struct.pack("!I", i)
        yield RAW_IP, udp(HOSTS, 40000, SERVER, GTPP, changed[:4] + seq + changed[6:])
        yield RAW_IP, udp(SERVER, GTPP, HOSTS, 40000, answer[:4] + seq + answer[6:-2] + seq)


def lists(count):
    """Answers with a Requests Responded list as long as a datagram can be, to requests that were asked before."""
    packet = gtpp.transfer(0)
    most = (LARGEST - 6 - 2 - 3) // 2
    whole = gtpp.answer(7, *range(most))
    for i in range(count):
        if i % 4 == 3:
            yield RAW_IP, udp(SERVER, GTPP, HOSTS, 40000, whole)
        else:
            yield RAW_IP, udp(HOSTS, 40000, SERVER, GTPP, packet[:4] + struct.pack("!H", i & 0x7FFF) + packet[6:])


def held(count):
    """Possibly duplicated packets over as many paths of one pair of hosts, accepted, then all of them released."""
    packet = gtpp.transfer(0, cdr.pgw(), how=gtpp.POSSIBLY_DUPLICATED)
    done = 0
    while done < count:
        batch = min(20000, (count - done) // 2)
        if batch == 0:
            return
        for i in range(batch):
            seq = struct.pack("!H", i)
            changed = packet[:-4] + struct.pack("!I", done + i)
            yield RAW_IP, udp(HOSTS, 20000 + i, SERVER, GTPP, changed[:4] + seq + changed[6:])
            yield RAW_IP, udp(SERVER, GTPP, HOSTS, 20000 + i, gtpp.answer(i))
        release = gtpp.message(gtpp.DATA_RECORD_TRANSFER_REQUEST, 60000 + done // batch % 5000,
                               gtpp.command(gtpp.RELEASE), gtpp.released(*range(batch)))
        yield RAW_IP, udp(HOSTS, 20000, SERVER, GTPP, release)
        yield RAW_IP, udp(SERVER, GTPP, HOSTS, 20000, gtpp.answer(60000 + done // batch % 5000))
        done += 2 * batch + 2


def elements(count):
    """Datagrams as large as can be, full of the smallest elements."""
    body = (gtpp.cause(128) + gtpp.recovery(1) + gtpp.command(1)) * ((LARGEST - 6) // 6)
    for i in range(count):
        yield RAW_IP, udp(HOSTS, 40000, SERVER, GTPP, gtpp.message(gtpp.DATA_RECORD_TRANSFER_REQUEST, i & 0xFFFF, body))


def records(count):
    """Datagrams full of the smallest records, and of records that open a gap each."""
    for i in range(count):
        if i % 2 == 0:
            many = [b"\x80\x00"] * 12000
        else:
            node = "n" + str(i)
            many = [cdr.pgw(local_seq=(i * 1000 + k) * 37 % 4000000000, node_id=node) for k in range(100)]
        packet = gtpp.data_record_packet(*many, count=min(len(many), 255))
        yield RAW_IP, udp(HOSTS, 40000, SERVER, GTPP,
                          gtpp.message(gtpp.DATA_RECORD_TRANSFER_REQUEST, i & 0xFFFF, gtpp.command(gtpp.SEND), packet))


def kinds(count):
    """Datagrams of 6,000 records, each of another kind."""
    many = [b"\xbf\x4f\x04\x80\x02" + struct.pack("!H", 1000 + i) for i in range(6000)]
    packet = gtpp.data_record_packet(*many, count=255)
    for i in range(count):
        yield RAW_IP, udp(HOSTS, 40000, SERVER, GTPP,
                          gtpp.message(gtpp.DATA_RECORD_TRANSFER_REQUEST, i & 0xFFFF, gtpp.command(gtpp.SEND), packet))


def stream(count):
    """TCP segments full of the smallest messages."""
    most = 65000 // 6
    sequence = 1
    for i in range(count):
        payload = b"".join(gtpp.echo_request((i * most + k) & 0xFFFF) for k in range(most))
        yield RAW_IP, tcp(HOSTS, 40000, SERVER, GTPP, sequence, payload)
        sequence += len(payload)


def trickle(count):
    """The longest messages in TCP segments of eight octets."""
    message = gtpp.message(gtpp.DATA_RECORD_TRANSFER_REQUEST, 1, gtpp.command(gtpp.SEND),
                           gtpp.data_record_packet(b"\x80" * 65000))
    octets = message * (count * 8 // len(message) + 1)
    for i in range(count):
        yield RAW_IP, tcp(HOSTS, 40000, SERVER, GTPP, 1 + i * 8, octets[i * 8:i * 8 + 8])


# RD Gateway

def hello(index, attempt=0):
    """A DTLS ClientHello with a trailer of its own: record, handshake header, hello. What is sent again has another
    record number."""
    body = struct.pack("!H", tls.DTLS_1_2) + struct.pack("!I", index) * 8 + b"\0\0\0\2\xc0\x2f\1\0"
    message = tls.dtls_handshake(tls.CLIENT_HELLO, body)
    return (tls.dtls_record(tls.HANDSHAKE, message, tls.DTLS_1_0, number=attempt) +
            rdgudp.trailer(uuid.UUID(int=(0xC0FFEE00 << 96) + index)))


def channels(count):
    """Channels that get no answer, all of one session to a host, since only then is it certain whose the TCP connection
    is; and HTTPS between the same hosts before and after."""
    record = b"\x17\3\3\0\1x"
    hosts = range(HOSTS, HOSTS + count // 2 // 60000 + 1)
    for host in hosts:
        yield RAW_IP, tcp(host, 50000, SERVER, HTTPS, 1, record)
    for attempt in range(2):
        for i in range(count // 2):
            host, port = client(i)
            yield RAW_IP, udp(host, port, SERVER, RDG, hello(host, attempt))
    for host in hosts:
        sent = 1 + len(record)
        yield RAW_IP, tcp(host, 50000, SERVER, HTTPS, sent, record)
        yield RAW_IP, tcp(SERVER, HTTPS, host, 50000, 1, record, ack=sent + len(record))
        yield RAW_IP, tcp(host, 50000, SERVER, HTTPS, sent + len(record), b"", ack=1 + len(record))


def siblings(count):
    """Sessions of two channels; all second channels come after all first ones."""
    for i in range(count):
        host, port = client(i)
        yield RAW_IP, udp(host, port, SERVER, RDG, hello(i % (count // 2)))


def fragments(count):
    """Inside DTLS: fragments with every id and count, on 64 channels."""
    for i in range(count):
        host, port = client(i // 64 % 64)
        body = struct.pack("<HHH", i * 7919 & 0xFFFF if i % 2 else i % 80, i * 104729 & 0xFFFF if i % 3 else i % 70, 8)
        packet = struct.pack("<HH", rdgudp.CONNECT_REQ_FRAGMENT, 14) + body + struct.pack("<Q", i)
        yield UPPER_PDU, upper_pdu("rdgudp_packet", host, port, SERVER, RDG, packet)


# Port Lore

def scan(count):
    """A datagram without a meaning on a documented port, each from a client of its own."""
    for i in range(count):
        host, port = client(i)
        yield RAW_IP, udp(host, port, SERVER + i % 200, 3406 if i % 2 else GTPP, b"????")

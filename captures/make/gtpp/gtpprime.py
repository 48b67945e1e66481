# SPDX-License-Identifier: GPL-2.0-or-later
"""GTP' messages (3GPP TS 32.295): headers of every version, all information elements, Data Record Packets."""
import ipaddress
import struct

ECHO_REQUEST, ECHO_RESPONSE, VERSION_NOT_SUPPORTED = 1, 2, 3
NODE_ALIVE_REQUEST, NODE_ALIVE_RESPONSE = 4, 5
REDIRECTION_REQUEST, REDIRECTION_RESPONSE = 6, 7
DATA_RECORD_TRANSFER_REQUEST, DATA_RECORD_TRANSFER_RESPONSE = 240, 241

SEND, POSSIBLY_DUPLICATED, CANCEL, RELEASE = 1, 2, 3, 4
BER, UNALIGNED_PER, ALIGNED_PER, XER = 1, 2, 3, 4

THIS_NODE_GOING_DOWN, ANOTHER_NODE_GOING_DOWN = 63, 62
RECEIVE_BUFFERS_FULL, TRANSMIT_BUFFERS_FULL, SYSTEM_FAILURE_REQUEST = 61, 60, 59
ACCEPTED, CDR_DECODING_ERROR = 128, 177
INVALID_MESSAGE_FORMAT, VERSION_CAUSE, NO_RESOURCES, SERVICE_NOT_SUPPORTED = 193, 198, 199, 200
MANDATORY_INCORRECT, MANDATORY_MISSING, OPTIONAL_INCORRECT, SYSTEM_FAILURE = 201, 202, 203, 204
DUPLICATES_FULFILLED, ALREADY_FULFILLED, NUMBERS_INCORRECT, NOT_FULFILLED = 252, 253, 254, 255

PORT = 3386


def header(kind, seq, length, version=2, short=True, spare=7, last=None):
    """The header: 6 octets, or 20 with the unused fields of GTPv0. In version 0, the last bit is set for 6 octets."""
    if last is None:
        last = 1 if version == 0 and short else 0
    head = struct.pack("!BBHH", version << 5 | spare << 1 | last, kind, length, seq)
    return head if short else head + b"\0\0\xff\xff\xff\xff" + bytes(8)


def message(kind, seq, *ies, length=None, **head):
    """A whole message. LENGTH replaces the true one."""
    body = b"".join(ies)
    return header(kind, seq, len(body) if length is None else length, **head) + body


def tlv(kind, value, length=None):
    """An information element with a length field."""
    return struct.pack("!BH", kind, len(value) if length is None else length) + value


def cause(value):
    """Cause (1)."""
    return bytes([1, value])


def recovery(counter):
    """Recovery (14): the restart counter."""
    return bytes([14, counter])


def command(value):
    """Packet Transfer Command (126)."""
    return bytes([126, value])


def numbers(kind, values):
    """A list of sequence numbers."""
    return tlv(kind, b"".join(struct.pack("!H", value) for value in values))


def released(*values):
    """Sequence Numbers of Released Packets (249)."""
    return numbers(249, values)


def cancelled(*values):
    """Sequence Numbers of Cancelled Packets (250)."""
    return numbers(250, values)


def node_address(address):
    """Node Address (251)."""
    return tlv(251, ipaddress.ip_address(address).packed)


def recommended_node(address):
    """Address of Recommended Node (254)."""
    return tlv(254, ipaddress.ip_address(address).packed)


def responded(*values):
    """Requests Responded (253)."""
    return numbers(253, values)


def responded_with_count(*values):
    """Requests Responded in the form with a count of one octet and no length."""
    return bytes([253, len(values)]) + b"".join(struct.pack("!H", value) for value in values)


def private(enterprise, value):
    """Private Extension (255)."""
    return tlv(255, struct.pack("!H", enterprise) + value)


def format_version(release, version, app=1, extension=None):
    """Data Record Format Version: application and release nibbles, version octet, release extension if any."""
    head = bytes([app << 4 | release, version])
    return head if extension is None else head + bytes([extension])


REL_12_5 = format_version(12, 6)


def data_record_packet(*records, form=BER, version=REL_12_5, count=None):
    """Data Record Packet (252). COUNT replaces the true one."""
    value = bytes([len(records) if count is None else count, form]) + version
    for record in records:
        value += struct.pack("!H", len(record)) + record
    return tlv(252, value)


def empty_packet():
    """A Data Record Packet without content, which asks about a number only."""
    return tlv(252, b"")


def transfer(seq, *records, how=SEND, **head):
    """A Data Record Transfer Request that carries records."""
    return message(DATA_RECORD_TRANSFER_REQUEST, seq, command(how), data_record_packet(*records), **head)


def answer(seq, *requests, why=ACCEPTED, **head):
    """A Data Record Transfer Response; it answers the request of its own number unless REQUESTS are given."""
    return message(DATA_RECORD_TRANSFER_RESPONSE, seq, cause(why), responded(*(requests or [seq])), **head)


def echo_request(seq, *ies, **head):
    """An Echo Request."""
    return message(ECHO_REQUEST, seq, *ies, **head)


def echo_response(seq, counter=7, **head):
    """An Echo Response with the restart counter."""
    return message(ECHO_RESPONSE, seq, recovery(counter), **head)

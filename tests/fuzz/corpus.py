"""corpus.py FOLDER [--whole]: makes the fuzzer's starting inputs, a folder for each target, from the shipped captures.

An input is what targets.h says: an octet on how to look, then packets. Each capture becomes one input per target that
has packets in it, in several ways of looking, and each of its packets one more, but with --whole. Those of registry_csv
are rows or a file.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import hashlib
import shutil
import struct
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
CAPTURES = REPOSITORY / "captures"
sys.path.append(str(REPOSITORY))

from captures.make.base import files, tls  # noqa: E402  (found only now)
from captures.make.rdg import rdghttp, rdgudp  # noqa: E402

TO_CLIENT, CUT, ODD = 0x01, 0x20, 0x40
DROPPED = 0x8000  # in a packet's length
FIRST_TREE, INVISIBLE, BACKWARDS, NO_COLUMNS, TWO_PASSES, EARLY_ROWS, REDISSECT = 1, 2, 4, 8, 0x10, 0x20, 0xC0
CHANNELS, MAX_FRAMES = 4, 64
GTPP_PORT, RDG_PORT, PLAIN_PORT = 3386, 3391, 8080
# Steps of rdghttp_steps (steps.h), and what carries a packet.
REQUEST_OUT, REQUEST_IN, ANSWER, PACKET, OCTETS, FIN, RESET, DATAGRAM, NO_PORT = range(9)
IN_WEBSOCKET, IN_CHUNK, ASK_WEBSOCKET, ASK_CHUNKED, ASK_NTLM = 0x80, 0x40, 1, 2, 4
SWITCHING, GOOD, GOOD_CHUNKED, GOOD_EMPTY, CHALLENGE, ACCOUNT_RESTRICTED, NOT_FOUND = range(7)
WAYS = (FIRST_TREE, INVISIBLE | NO_COLUMNS, TWO_PASSES | BACKWARDS, EARLY_ROWS | REDISSECT)
# Of whole captures, whose parts the other targets have.
FRAMES_WAYS = (INVISIBLE | NO_COLUMNS, EARLY_ROWS | REDISSECT)
# With a read filter: how to look, and which packets the filter drops.
FILTERED = ((TWO_PASSES, 0), (EARLY_ROWS | REDISSECT | FIRST_TREE, 1))
DATA_RECORD_PACKET = 252
# The user's copy of IANA's CSV: its head, and rows of every form, right and wrong.
CSV_HEAD = ("Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,Registration Date,"
            "Modification Date,Reference,Service Code,Unauthorized Use Reported,Assignment Notes\r\n")
CSV_ROWS = (
    "echo,7,tcp,Echo,[A_Person],[A_Person],2002-02,,[RFC862][A_Person][1],,,\r\n",
    "x,9,,\"A \"\"quoted\"\", text\n  on two lines\",,,,2026-09-01,,,Known,\"By [A_Person], see [RFC9]\"\r\n",
    ",1024,udp,Reserved,,,,,,,,\r\n", ",6000-6063,tcp,X Window System,,,,,,,,\r\n", ",49152-65535,,,,,,,,,,\n",
    "http,80,sctp,World Wide Web HTTP,,,,,[RFC-ietf-x],,,Defined TXT keys: u=<username>\n",
    "name,,,No number,,,,,,,,\n", ",2-4,udp,Unassigned,,,,,,,,\n", "y,65536,tcp,,,,,,,,,\n", "y,9-7,tcp,,,,,,,,,\n",
    "y,x,tcp,,,,,,,,,\n", "y,5,tcp,too few\n", "y,5,tcp,\"not closed,,,,,,,,\n", "y,5,tcp,\xe4\xf6,,,,,,,,\r", "\n")


def transport_of(frame):
    """(protocol, source, destination, payload) of a frame; None when it has none of TCP and UDP."""
    kind = struct.unpack_from("!H", frame, 12)[0]
    if kind == 0x0800 and len(frame) >= 34:
        protocol, at = frame[23], 14 + (frame[14] & 15) * 4
        end = 14 + struct.unpack_from("!H", frame, 16)[0]
        source, destination = frame[26:30], frame[30:34]
    elif kind == 0x86DD and len(frame) >= 54:
        protocol, at, end = frame[20], 54, 54 + struct.unpack_from("!H", frame, 18)[0]
        source, destination = frame[22:38], frame[38:54]
    else:
        return None
    if protocol not in (6, 17) or len(frame) < at + 8:
        return None
    ports = struct.unpack_from("!HH", frame, at)
    start = at + 8 if protocol == 17 else at + (frame[at + 12] >> 4) * 4
    return protocol, (source, ports[0]), (destination, ports[1]), frame[start:end]


def wait_bits(seconds):
    return (0 if seconds < 0.05 else 1 if seconds < 2 else 2 if seconds < 400 else 3) << 3


def packet(bits, octets):
    return struct.pack("<BH", bits, len(octets)) + octets


def mark(octets, bits):
    """The same packet with more bits."""
    return bytes([octets[0] | bits]) + octets[1:]


def drop(octets):
    """The same packet, which the read filter drops."""
    bits, length = struct.unpack_from("<BH", octets)
    return struct.pack("<BH", bits, length | DROPPED) + octets[3:]


def write_keys(path):
    """The keys of all captures as one key log file."""
    keys = b"".join(each.read_bytes() for each in sorted(CAPTURES.glob("*.keys")))
    Path(path).write_bytes(keys + b"".join(files.secrets(each) for each in sorted(CAPTURES.glob("*.pcapng"))))


def all_captures():
    return sorted([*CAPTURES.glob("*.pcap"), *CAPTURES.glob("*.pcapng")])


def write_frames(folder):
    """Each capture as one input of the target frames, under the capture's name."""
    shutil.rmtree(folder, ignore_errors=True)
    Path(folder).mkdir(parents=True)
    for path in all_captures():
        packets = b"".join(packet(0, frame) for _, frame in files.read(path))
        Path(folder, path.name).write_bytes(bytes([FIRST_TREE]) + packets)


class Corpus:
    """Inputs by target, each once. WITH_SINGLES also adds each packet as an input of its own, from which the fuzzer
    reaches more."""

    def __init__(self, folder, with_singles):
        self.folder = Path(folder)
        self.with_singles = with_singles

    def add(self, target, packets):
        """A conversation: in each way of looking, with a read filter that drops every second packet, on the other port,
        and cut."""
        for start in range(0, len(packets), MAX_FRAMES):
            part = packets[start:start + MAX_FRAMES]
            for way in FRAMES_WAYS if target == "frames" else WAYS:
                self.write(target, way, part)
            for way, first in FILTERED:
                self.write(target, way, [drop(each) if at % 2 == first else each for at, each in enumerate(part)])
            self.write(target, FIRST_TREE, [mark(each, CUT) for each in part])
            if target != "frames":
                self.write(target, FIRST_TREE, [mark(each, ODD) for each in part])
                self.add_singles(target, part)

    def add_singles(self, target, packets):
        """Each packet alone, and with its marks."""
        for each in packets if self.with_singles else ():
            self.write(target, FIRST_TREE, [each])
            self.write(target, FIRST_TREE, [mark(each, ODD), mark(each, CUT)])

    def write(self, target, way, packets):
        """One input."""
        self.write_octets(target, bytes([way]) + b"".join(packets))

    def write_octets(self, target, octets):
        """One input, under a name of its own."""
        folder = self.folder / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha1(octets).hexdigest()).write_bytes(octets)

    def add_capture(self, path):
        """Everything that a capture has for any target."""
        whole, by_target, channels, last = [], {}, {}, None
        for time, frame in files.read(path):
            bits = wait_bits((time - last) / 1e6 if last is not None else 0)
            last = time
            whole.append(packet(bits, frame))
            transport = transport_of(frame)
            if transport is None or not transport[3]:
                continue
            protocol, source, destination, payload = transport
            service = destination if destination[1] in (GTPP_PORT, RDG_PORT) or source[1] > destination[1] else source
            client = source if service is destination else destination
            channel = channels.setdefault((client, service[0]), len(channels) % CHANNELS)
            bits |= (client is destination) * TO_CLIENT | channel << 1
            if PLAIN_PORT in (source[1], destination[1]):
                by_target.setdefault("rdghttp_plain", []).append(packet(bits, payload))
                continue
            prefix = "rdgudp" if RDG_PORT in (source[1], destination[1]) or "rdgudp" in path.name else "gtpp"
            target = f"{prefix}_{'tcp' if protocol == 6 else 'udp'}"
            by_target.setdefault(target, []).append(packet(bits, payload))
            if prefix == "gtpp":
                self.add_records(payload)
        self.add("frames", whole)
        for target, packets in by_target.items():
            if target == "rdgudp_tcp":
                continue
            self.add(target, packets)

    def add_records(self, payload):
        """The charging records in a GTP' message, whatever its header: found by their element."""
        at = payload.find(bytes([DATA_RECORD_PACKET]))
        while 0 <= at < len(payload) - 10:
            length = struct.unpack_from("!H", payload, at + 1)[0]
            value = payload[at + 3:at + 3 + length]
            if 6 < length == len(value):
                self.add_record_list(value)
            at = payload.find(bytes([DATA_RECORD_PACKET]), at + 1)

    def add_record_list(self, value):
        per = {2: 0, 3: ODD}.get(value[1])
        target, bits = ("cdr", 0) if per is None else ("cdr_per", per)
        for start in (4, 5):
            at, records = start, []
            while at + 2 <= len(value):
                length = struct.unpack_from("!H", value, at)[0]
                records.append(packet(bits, value[at + 2:at + 2 + length]))
                at += 2 + length
            if at == len(value) and records:
                self.write(target, FIRST_TREE, records)
                self.add_singles(target, records)

    def add_channels(self):
        """What DTLS would have decrypted: whole lives of channels, with cookies in one packet and in fragments."""
        signed = bytes(range(256)) * 4
        text = rdgudp.cookie_text(1700003600)
        cookies = [text, text + signed, signed * 3, b""]
        for index, cookie in enumerate(cookies):
            connect = rdgudp.connect(cookie, lossy=index % 2 == 1)
            pieces = rdgudp.fragments(connect, pad_first_to=1100)
            life = [packet(0, connect), packet(1, rdgudp.connect_response(index))]
            carried = [rdgudp.data(rdgudp.rdpeudp_v1(rdgudp.tls_hello(1, b"c"), 7, 8)),
                       rdgudp.data(rdgudp.rdpeudp_v1(rdgudp.tls_hello(2, b"s"), 7, 8, b"\x01\x02"))]
            for way, each in enumerate(carried):
                life.append(packet(way, each))
            life.append(packet(8, rdgudp.disconnect(index)))
            self.add("rdgudp_inner", life)
            for order in (pieces, pieces[::-1], pieces + pieces, pieces[1:]):
                self.add("rdgudp_inner", [packet(0, piece) for piece in order] + life[1:])

    def add_main_channels(self):
        """Main channels without TLS: over WebSocket, over two HTTP channels with chunks and without, with rounds of the
        authentication, refusals, rare packets, and borders that mean nothing."""
        h, cookie = rdghttp, rdghttp.cookie(1700000300)
        pairs = [(h.handshake(), h.handshake_response()), (h.tunnel_create(), h.tunnel_response()),
                 (h.tunnel_auth(), h.tunnel_auth_response(idle=30)),
                 (h.channel_create("host.example", "192.0.2.77", alternatives=("other.example",)),
                  h.channel_response(cookie=cookie)),
                 (h.data(rdgudp.tls_hello(1, b"c")), h.data(rdgudp.tls_hello(2, b"s"))),
                 (h.close(), h.close_response())]
        more = bytes(16) + h.text("CN=gateway.example") + h.text("Only for work.")
        rare = [(h.packet(h.EXTENDED_AUTH, bytes(4) + h.counted(h.ntlm(1))), h.packet(h.REAUTH_MESSAGE, bytes(8))),
                (h.tunnel_create(paa=b"token", reauth=4), h.tunnel_response(more=0x14, rest=more)),
                (h.tunnel_auth(soh=b"healthy"), h.tunnel_auth_response(code=0x59DB)),
                (h.packet(h.KEEPALIVE), h.packet(h.SERVICE_MESSAGE, h.text("Soon."))),
                (h.packet(99, b"?"), h.channel_response(code=0x800759DA)), (h.data(b""), h.close(0x800759F6))]
        rounds = [packet(0, h.request(headers=[f"Authorization: Negotiate {h.negotiate(1)}"])),
                  packet(1, h.refusal("401 Unauthorized", f"WWW-Authenticate: Negotiate {h.negotiate(2)}")),
                  packet(0, h.request(headers=[f"Authorization: Negotiate {h.negotiate(3)}"]))]
        for talk in (pairs, rare):
            frames = [packet(to_client, h.frame(each, not to_client))
                      for pair in talk for to_client, each in enumerate(pair)]
            self.add("rdghttp_plain", [*rounds, packet(1, h.SWITCHING), *frames])
            for headers, put in (((), bytes), (("Transfer-Encoding: chunked",), h.chunk)):
                opening = [packet(0, h.request(websocket=False)), packet(1, h.response("200 OK", *headers)),
                           packet(1, put(h.SEED)),
                           packet(2, h.request("RDG_IN_DATA", ["Transfer-Encoding: chunked"], websocket=False))]
                sides = [(packet(2, h.chunk(ask)), packet(1, put(answer))) for ask, answer in talk]
                self.add("rdghttp_plain", opening + [each for pair in sides for each in pair])
            joined = b"".join(ask for ask, _ in talk)
            self.add("rdghttp_plain", [packet(0, h.request()[:3]), packet(0, h.request()[3:90]),
                                       packet(0, h.request()[90:]), packet(1, h.SWITCHING),
                                       packet(0, h.frame(joined[:15], True, fin=False) + h.frame(b"", True, h.PING)),
                                       packet(0, h.frame(joined[15:], True, h.CONTINUATION))])
        self.add("rdghttp_plain", [packet(0, h.request()), packet(1, h.refusal("401 User Account Restricted"))])

    def add_steps(self):
        """Sessions over several connections: two channels and their UDP, two users of one host, one connection id
        again, rounds, refusals, resets, what ICMP says."""
        def ask(number, correlation, bits, kind=REQUEST_OUT):
            return bytes([kind, number, correlation, bits])

        def carry(how, octets):
            """A packet of the maker's: its type and its body."""
            return bytes([PACKET | how, octets[0]]) + octets[8:]

        def talk(channel, how, udp_port=3391, into=None):
            h, cookie = rdghttp, rdghttp.cookie(1700000300)
            into = channel if into is None else into
            pairs = [(h.handshake(), h.handshake_response()), (h.tunnel_create(), h.tunnel_response()),
                     (h.tunnel_auth(), h.tunnel_auth_response()),
                     (h.channel_create("host.example"), h.channel_response(udp_port=udp_port, cookie=cookie)),
                     (h.data(b"\3\0\0\7\2\xf0\x80"), h.data(b"\3\0\0\7\2\xf0\x80"))]
            return [each for one, other in pairs
                    for each in (packet(into << 1, carry(how[0], one)), packet(channel << 1 | 1, carry(how[1], other)))]
        web = (IN_WEBSOCKET, IN_WEBSOCKET)
        hello = tls.dtls_client_hello(b"steps") + rdgudp.trailer()
        over_udp = [packet(0, bytes([DATAGRAM, 0]) + hello), packet(1, bytes([DATAGRAM, 0]) + bytes([22, 254, 253])),
                    packet(8, bytes([DATAGRAM, 0]) + hello), packet(1, bytes([NO_PORT, 0, 3]))]
        opened = [packet(0, ask(0, 0, ASK_WEBSOCKET)), packet(1, bytes([ANSWER, SWITCHING]))]
        close = [packet(0, carry(IN_WEBSOCKET, rdghttp.close())),
                 packet(1, carry(IN_WEBSOCKET, rdghttp.close_response())), packet(0, bytes([RESET]))]
        self.add("rdghttp_steps", opened + talk(0, web) + over_udp + close)
        self.add("rdghttp_steps", opened + talk(0, web, 4391) + [
            packet(2, ask(1, 1, ASK_WEBSOCKET)), packet(3, bytes([ANSWER, SWITCHING]))] + talk(1, web) + over_udp)
        for chunked, answer, how in ((0, GOOD, (IN_CHUNK, 0)), (ASK_CHUNKED, GOOD_CHUNKED, (IN_CHUNK, IN_CHUNK))):
            self.add("rdghttp_steps", [
                packet(0, ask(0, 0, chunked)), packet(1, bytes([ANSWER, answer])),
                packet(1, bytes([OCTETS | how[1]]) + rdghttp.SEED), packet(2, ask(0, 0, 0, REQUEST_IN)),
                packet(3, bytes([ANSWER, GOOD_EMPTY])), packet(2, ask(0, 0, ASK_CHUNKED, REQUEST_IN))] +
                talk(0, how, into=1) + over_udp + [packet(2, bytes([FIN])), packet(1, bytes([FIN]))])
        self.add("rdghttp_steps", [
            packet(0, ask(0, 0, ASK_NTLM)), packet(1, bytes([ANSWER, CHALLENGE])), packet(0, ask(0, 0, ASK_NTLM)),
            packet(1, bytes([ANSWER, ACCOUNT_RESTRICTED])), packet(4, ask(0, 0, ASK_WEBSOCKET)),
            packet(5, bytes([ANSWER, SWITCHING]))] + talk(2, web) + [packet(6, ask(2, 0, 0)),
                                                                     packet(7, bytes([ANSWER, NOT_FOUND]))])

    def add_csv(self):
        """Rows as they are behind a head, and whole files."""
        rows = [*CSV_ROWS, "".join(CSV_ROWS), "".join(CSV_ROWS[:8])]
        files_of_rows = [CSV_HEAD + "".join(CSV_ROWS[:8]), CSV_HEAD, "\ufeff" + CSV_HEAD + CSV_ROWS[0],
                         "Service Name,Port Number\n" + CSV_ROWS[0], CSV_ROWS[0]]
        for text in rows + files_of_rows:
            self.write_octets("registry_csv", text.encode("utf-8"))
        self.write_octets("registry_csv", (CSV_HEAD + CSV_ROWS[-2]).encode("latin-1"))


def main(folder, with_singles=True):
    """Makes the folder anew; FOLDER.keys are the captures' keys."""
    shutil.rmtree(folder, ignore_errors=True)
    corpus = Corpus(folder, with_singles)
    for path in all_captures():
        corpus.add_capture(path)
    corpus.add_channels()
    corpus.add_main_channels()
    corpus.add_steps()
    corpus.add_csv()
    write_keys(f"{folder}.keys")
    for each in sorted(Path(folder).iterdir()):
        print(f"{each.name}: {sum(1 for _ in each.iterdir())} inputs")


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[2:] not in ([], ["--whole"]):
        sys.exit(__doc__)
    main(sys.argv[1], with_singles=len(sys.argv) == 2)

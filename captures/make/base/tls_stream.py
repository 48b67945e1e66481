# SPDX-License-Identifier: GPL-2.0-or-later
"""A TLS 1.2 connection that comes out the same each time: TLS_RSA_WITH_RC4_128_SHA, whose stream cipher takes a few
lines, with randoms and master secret from labels. No certificate is sent, and both Finished are made up: Wireshark
checks neither. With the key log lines, it decrypts the rest as that of any other connection."""
import hashlib
import hmac
import struct

from . import tls
from .wire import PSH, ACK, noise

NULL_SHA, RC4_128_SHA = 0x0002, 0x0005
CERTIFICATE, SERVER_HELLO_DONE, CLIENT_KEY_EXCHANGE, FINISHED = 11, 14, 16, 20
LARGEST = 16384


def expand(secret, label, seed, size):
    """P_SHA256 of RFC 5246 section 5."""
    seed = label + seed
    out, step = b"", seed
    while len(out) < size:
        step = hmac.digest(secret, step, "sha256")
        out += hmac.digest(secret, step + seed, "sha256")
    return out[:size]


def rc4(key):
    """The octets of RC4's key stream."""
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 255
        state[i], state[j] = state[j], state[i]
    i = j = 0
    while True:
        i = (i + 1) & 255
        j = (j + state[i]) & 255
        state[i], state[j] = state[j], state[i]
        yield state[(state[i] + state[j]) & 255]


class Sealer:
    """One direction: records that are encrypted."""

    def __init__(self, mac, key):
        self.mac, self.stream, self.number = mac, rc4(key), 0

    def seal(self, kind, octets):
        """One record."""
        head = struct.pack("!QBHH", self.number, kind, tls.TLS_1_2, len(octets))
        self.number += 1
        plain = octets + hmac.digest(self.mac, head + octets, hashlib.sha1)
        return tls.record(kind, bytes(a ^ b for a, b in zip(plain, self.stream)))


class NullSealer(Sealer):
    """One direction: records with a MAC and without a cipher, for captures of many megabytes."""

    def seal(self, kind, octets):
        head = struct.pack("!QBHH", self.number, kind, tls.TLS_1_2, len(octets))
        self.number += 1
        return tls.record(kind, octets + hmac.digest(self.mac, head + octets, hashlib.sha1))


def hello_body(random, suites, extensions):
    """Version, random, no session id; the suites as the caller writes them."""
    return struct.pack("!H", tls.TLS_1_2) + random + b"\0" + suites + extensions


def extension(number, entry):
    """An extension whose body is a list of one entry."""
    body = struct.pack("!H", len(entry)) + entry
    return struct.pack("!HH", number, len(body)) + body


def server_name(name):
    """The extension server_name."""
    return extension(0, b"\0" + struct.pack("!H", len(name)) + name.encode())


def application_protocol(name):
    """The extension application_layer_protocol_negotiation, or nothing for no name."""
    return extension(16, bytes([len(name)]) + name.encode()) if name else b""


def extensions(*parts):
    """The list of extensions of a hello; nothing when there is none."""
    octets = b"".join(parts)
    return struct.pack("!H", len(octets)) + octets if octets else b""


class Endpoints:
    """Both ends of a TLS connection: handshakes, and records of either. KEYS are its key log lines."""
    suite = RC4_128_SHA

    def __init__(self, label, name="gateway.example", alpn=None):
        self.alpn = alpn  # what both ends agree on
        self.client_random, self.server_random = noise(32, f"{label} client"), noise(32, f"{label} server")
        self.label, self.name = label, name
        master = noise(48, f"{label} master")
        block = expand(master, b"key expansion", self.server_random + self.client_random, 72)
        self.sealers = {"client": Sealer(block[:20], block[40:56]), "server": Sealer(block[20:40], block[56:72])}
        self.keys = f"CLIENT_RANDOM {self.client_random.hex()} {master.hex()}\n".encode()

    def handshake(self):
        """The flights in order: (end, octets)."""
        def message(kind, body):
            return tls.handshake(kind, body)
        hello = message(tls.CLIENT_HELLO, hello_body(self.client_random, struct.pack("!HH", 2, self.suite) + b"\1\0",
                                                     extensions(server_name(self.name),
                                                                application_protocol(self.alpn))))
        flight = (message(tls.SERVER_HELLO, hello_body(self.server_random, struct.pack("!HB", self.suite, 0),
                                                       extensions(application_protocol(self.alpn)))) +
                  message(CERTIFICATE, b"\0\0\0") + message(SERVER_HELLO_DONE, b""))
        exchange = message(CLIENT_KEY_EXCHANGE, struct.pack("!H", 256) + noise(256, f"{self.label} premaster"))
        change = tls.record(tls.CHANGE_CIPHER_SPEC, b"\1")
        yield "client", tls.record(tls.HANDSHAKE, hello)
        yield "server", tls.record(tls.HANDSHAKE, flight)
        yield "client", tls.record(tls.HANDSHAKE, exchange) + change + self.finished("client")
        yield "server", change + self.finished("server")

    def finished(self, end):
        """An encrypted Finished."""
        return self.sealers[end].seal(tls.HANDSHAKE, tls.handshake(FINISHED, noise(12, f"{self.label} {end} done")))

    def data(self, end, octets):
        """Records of application data."""
        return b"".join(self.sealers[end].seal(tls.APPLICATION_DATA, octets[at:at + LARGEST])
                        for at in range(0, len(octets), LARGEST))


class NullEndpoints(Endpoints):
    """Both ends of a connection with TLS_RSA_WITH_NULL_SHA, which Wireshark reads without any key."""
    suite = NULL_SHA

    def __init__(self, label, name="gateway.example"):
        super().__init__(label, name)
        self.sealers = {end: NullSealer(sealer.mac, b"\0") for end, sealer in self.sealers.items()}


class TlsStream:
    """A TLS connection over a wire.Stream, whose ends are "client" and "server". The key log lines are added to the
    capture's secrets, or to its keys when INSIDE is false."""

    def __init__(self, stream, label, name="gateway.example", inside=True, alpn=None):
        self.stream = stream
        self.ends = {"client": stream.client, "server": stream.server}
        self.endpoints = Endpoints(label, name, alpn)
        if inside:
            stream.capture.secrets += self.endpoints.keys
        else:
            stream.capture.keys += self.endpoints.keys
        stream.handshake()
        for end, octets in self.endpoints.handshake():
            stream.send(self.ends[end], octets)

    def send(self, end, *pieces):
        """Each piece in records of its own, all in one TCP segment when they fit."""
        octets = b"".join(self.endpoints.data(end, piece) for piece in pieces)
        cuts = range(1400, len(octets), 1400)
        self.stream.send(self.ends[end], octets, cuts)

    def lose(self, end, octets):
        """Records that the capture lacks."""
        self.stream.build(self.ends[end], self.endpoints.data(end, octets), PSH | ACK)

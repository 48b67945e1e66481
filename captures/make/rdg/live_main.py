# SPDX-License-Identifier: GPL-2.0-or-later
"""Records main channels of an RD Gateway: a stand-in gateway and client, Python's ssl at both ends, TLS 1.2 over TCP on
the loopback interface.

Every octet of TCP goes through a relay, which notes it with documentation addresses, sequence numbers of its own and
the real time since the first one. The packets inside are those of MS-TSGU; the certificate is of this run only."""
import pathlib
import socket
import ssl
import tempfile
import threading
import time

from ..base.wire import Stream
from . import rdghttp as h
from .live import certificate

PATIENCE = 10
LARGEST_SEGMENT = 1400


def connected():
    """Both ends of a TCP connection of the loopback interface."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        near = socket.create_connection(listener.getsockname())
        far, _ = listener.accept()
    return near, far


class Relay:
    """Between two TCP connections of the loopback interface: passes octets on and records them."""

    def __init__(self, capture, stream, client, gateway):
        self.capture, self.stream = capture, stream
        self.lock, self.begun, self.start_time = threading.Lock(), time.monotonic(), capture.now
        self.threads = [threading.Thread(target=self.run, args=each, daemon=True)
                        for each in ((client, gateway, stream.client), (gateway, client, stream.server))]
        for thread in self.threads:
            thread.start()

    def run(self, source, sink, end):
        """One direction, until the end closes."""
        while octets := source.recv(65536):
            with self.lock:
                self.capture.now = max(self.capture.now,
                                       self.start_time + round((time.monotonic() - self.begun) * 1000000))
                self.stream.send(end, octets, range(LARGEST_SEGMENT, len(octets), LARGEST_SEGMENT))
            sink.sendall(octets)
        sink.shutdown(socket.SHUT_WR)


class Ends:
    """The stand-in client and gateway of a connection, which talk through a relay."""

    def __init__(self, capture, client, gateway):
        self.capture, self.stream = capture, Stream(capture, client, gateway).handshake()
        (own, near), (far, other) = connected(), connected()
        self.relay = Relay(capture, self.stream, near, far)
        with tempfile.TemporaryDirectory() as name:
            keys = pathlib.Path(name, "keys")
            asking, answering = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            asking.check_hostname, asking.verify_mode = False, ssl.CERT_NONE
            key, cert = certificate(pathlib.Path(name), "gateway")
            answering.load_cert_chain(cert, key)
            asking.maximum_version, asking.keylog_filename = ssl.TLSVersion.TLSv1_2, str(keys)
            for end in (own, other):
                end.settimeout(PATIENCE)
            server = threading.Thread(target=self.accept, args=(answering, other))
            server.start()
            self.client = asking.wrap_socket(own, server_hostname="gateway.example")
            server.join()
            capture.secrets += b"".join(line for line in keys.read_bytes().splitlines(keepends=True)
                                        if line.startswith(b"CLIENT_RANDOM"))

    def accept(self, context, end):
        """The gateway's half of the handshake."""
        self.gateway = context.wrap_socket(end, server_side=True)

    def say(self, source, sink, octets):
        """One end says what the other one reads to the last octet."""
        source.sendall(octets)
        left = len(octets)
        while left > 0:
            got = sink.recv(left)
            if not got:
                raise EOFError("the other end has closed")
            left -= len(got)

    def up(self, *octets):
        """The client says each in a record of its own."""
        for each in octets:
            self.say(self.client, self.gateway, each)

    def down(self, *octets):
        """The gateway does."""
        for each in octets:
            self.say(self.gateway, self.client, each)

    def ask(self, packet, answer):
        """A packet of the client, and the gateway's answer."""
        self.up(h.frame(packet, True))
        self.down(h.frame(answer, False))

    def close(self):
        """Both ends close; the capture has a normal end of TCP."""
        self.client.close()
        self.gateway.close()
        for thread in self.relay.threads:
            thread.join(PATIENCE)
        self.stream.close()

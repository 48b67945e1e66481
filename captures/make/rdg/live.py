# SPDX-License-Identifier: GPL-2.0-or-later
"""Records RD Gateway UDP channels: OpenSSL at both ends of a DTLS 1.2 channel on the loopback interface.

A proxy between the ends passes the datagrams on, appends the clear trailer to ClientHellos on the way to the gateway
(OpenSSL ignores it), and records everything with documentation addresses and its real relative times. The packets
inside are those of MS-TSGU; the cookie is signed by a key of this run only.
"""
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time

from ..base.tls import APPLICATION_DATA, CLIENT_HELLO, HANDSHAKE
from ..base.wire import START, End
from . import rdgudp

CLIENT, GATEWAY = End("192.0.2.10", 50123), End("198.51.100.20", 3391)
DTLS_1_2 = ("-dtls1_2",)
PATIENCE = 10
HERE = pathlib.Path(__file__).resolve().parent


def free_port():
    """A free UDP port of the loopback interface."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_client_hello(datagram):
    """Whether a datagram starts with a ClientHello."""
    return len(datagram) > 13 and datagram[0] == HANDSHAKE and datagram[13] == CLIENT_HELLO


class Proxy:
    """Passes datagrams between the two ends, adds trailers, records."""

    def __init__(self, capture, gateway, trailers, client=CLIENT):
        self.capture, self.gateway, self.trailers, self.client = capture, gateway, trailers, client
        self.start_time = capture.now
        self.lock, self.begun, self.is_recording = threading.Lock(), None, True
        self.data = {"client": 0, "gateway": 0}
        self.front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for end in (self.front, self.back):
            end.bind(("127.0.0.1", 0))
        self.client_address = None
        self.server_port = free_port()
        self.back.connect(("127.0.0.1", self.server_port))

    def start(self):
        """Begin to pass datagrams on."""
        for run in (self.from_client, self.from_gateway):
            threading.Thread(target=run, daemon=True).start()

    def close(self):
        """Stop: the threads end with their sockets."""
        self.front.close()
        self.back.close()

    def note(self, who, datagram):
        """Record a datagram at its real time since the first one."""
        with self.lock:
            if not self.is_recording:
                return
            now = time.monotonic()
            self.begun = self.begun or now
            self.capture.now = self.start_time + round((now - self.begun) * 1000000)
            ends = (self.client, self.gateway) if who == "client" else (self.gateway, self.client)
            self.capture.udp(*ends, datagram)
            self.data[who] += datagram[0] == APPLICATION_DATA

    def from_client(self):
        """Client to gateway, with trailers."""
        while True:
            try:
                datagram, self.client_address = self.front.recvfrom(65536)
            except OSError:
                return
            if is_client_hello(datagram) and self.trailers > 0:
                self.trailers -= 1
                datagram += rdgudp.trailer()
            self.note("client", datagram)
            self.back.send(datagram)

    def from_gateway(self):
        """Gateway to client."""
        while True:
            try:
                datagram = self.back.recv(65536)
            except OSError:
                return
            self.note("gateway", datagram)
            self.front.sendto(datagram, self.client_address)


def run(*command, **options):
    """Run a program to its end; its output."""
    return subprocess.run(command, check=True, capture_output=True, **options).stdout


def certificate(directory, name):
    """A key and a certificate of its own, for this run only."""
    key, cert = directory / f"{name}.key", directory / f"{name}.pem"
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "3650",
        "-subj", f"/CN={name}.example")
    return key, cert


def signed_cookie(key, cert, expires=START + 300):
    """The cookie text as PKCS#7 SignedData with the certificate in it; by default five minutes before it expires."""
    return run("openssl", "cms", "-sign", "-binary", "-nodetach", "-noattr", "-md", "sha256", "-outform", "DER",
               "-signer", cert, "-inkey", key, input=rdgudp.cookie_text(expires))


def conversation(cookie, pad_first_to):
    """The packets inside the channel in order, each with its sender."""
    client_data = rdgudp.rdpeudp_v1(rdgudp.tls_hello(1, "inner client"), 0x55667788, 0x11223345)
    gateway_data = rdgudp.rdpeudp_v1(rdgudp.tls_hello(2, "inner server"), 0x11223345, 0x55667789, acks=b"\x01")
    out = [("client", piece) for piece in rdgudp.fragments(rdgudp.connect(cookie), pad_first_to)]
    return out + [("gateway", rdgudp.connect_response()), ("client", rdgudp.data(client_data)),
                  ("gateway", rdgudp.data(gateway_data)), ("client", rdgudp.disconnect())]


def server_command(proxy, key, cert, verify, version):
    """The gateway's end: s_server, or our own server when there is to be no HelloVerifyRequest."""
    if verify:
        return ["openssl", "s_server", *version, "-accept", f"127.0.0.1:{proxy.server_port}", "-cert", cert, "-key",
                key, "-quiet", "-listen"]
    ports = [str(proxy.server_port), str(proxy.back.getsockname()[1])]
    return [sys.executable, HERE / "dtls_server.py", *ports, cert, key]


def client_command(proxy, keys, version):
    """The client's end."""
    return ["openssl", "s_client", *version, "-connect", f"127.0.0.1:{proxy.front.getsockname()[1]}", "-nocommands",
            "-keylogfile", keys]


def wait_for(condition, what):
    """Wait until something is so, or fail."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"live.py: waited in vain for {what}")
        time.sleep(0.01)


def talk(proxy, ends, script):
    """Have the ends send the packets of SCRIPT, one datagram each, in order."""
    for who, octets in script:
        before = proxy.data[who]
        ends[who].stdin.write(octets)
        ends[who].stdin.flush()
        wait_for(lambda: proxy.data[who] > before, f"a datagram of the {who}")
        time.sleep(0.02)


def record_channel(capture, trailers, gateway=GATEWAY, verify=True, pad_first_to=1132, *, client=CLIENT, say=None,
                   version=DTLS_1_2, expires=START + 300, ends=True):
    """Record one channel from its handshake to its end, or without the end; the key log lines are added to
    capture.keys. SAY makes the packets inside the channel from the cookie."""
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        key, cert = certificate(directory, "gateway")
        cookie = signed_cookie(key, cert, expires)
        script = say(cookie) if say else conversation(cookie, pad_first_to)
        proxy = Proxy(capture, gateway, trailers, client)
        quiet = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        server = subprocess.Popen(server_command(proxy, key, cert, verify, version), **quiet)
        time.sleep(0.5)
        proxy.start()
        program = subprocess.Popen(client_command(proxy, directory / "keys", version), **quiet)
        try:
            keys = directory / "keys"
            wait_for(lambda: keys.exists() and b"CLIENT_RANDOM" in keys.read_bytes(), "the handshake")
            time.sleep(0.2)
            talk(proxy, {"client": program, "gateway": server}, script)
            proxy.is_recording = ends
            program.stdin.close()
            program.wait(PATIENCE)
            time.sleep(0.2)
            lines = keys.read_bytes().splitlines(keepends=True)
            capture.keys += b"".join(line for line in lines if line.startswith(b"CLIENT_RANDOM"))
        finally:
            program.kill()
            server.kill()
            proxy.close()

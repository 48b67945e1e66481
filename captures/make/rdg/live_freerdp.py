# SPDX-License-Identifier: GPL-2.0-or-later
"""Records main channels of FreeRDP 3: a client that is not ours, in a Debian 13 that is made for it (mmdebstrap),
against a stand-in gateway and a stand-in target, Python's ssl.

All of it runs as root in a network of its own with nothing but a loopback, on a host that is named as the client is to
be. Every octet of TCP goes through a relay, which notes it, and the end of each connection, with documentation
addresses, sequence numbers of its own and the real time since the first one. The keys are those of this run only."""
import base64
import contextlib
import hashlib
import os
import pathlib
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time

from ..base.wire import ACK, FIN, Stream
from . import rdghttp as h
from .live import certificate
from .live_main import PATIENCE, Relay, connected

HERE = pathlib.Path(__file__).resolve()
DEBIAN_SH = HERE.parents[3] / "tools/debian.sh"
GATEWAY, TARGET, HOST = "gateway.example", "target.example", "CLIENT1"
APART = "PORTLORE_RECORDS_APART"
DISPLAY = ":77"
X224_CONFIRM = bytes.fromhex("030000130ed00000123400021f080001000000")  # TLS, extended client data


def shell(script, *arguments):
    """Run a shell script with tools/debian.sh at hand; its output."""
    head = f'set -eu; here={DEBIAN_SH.parents[1]}; . {DEBIAN_SH}; archive=$caches/freerdp/trixie; '
    return subprocess.run(["sh", "-c", head + script, "sh", *arguments], check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def stand_apart():
    """Begin the program again where only its own loopback is there; make the Debian first, while there is a mirror."""
    if os.environ.get(APART):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        socket.sethostname(HOST)
        return
    shell('"$here/tools/packages" matrix >&2; debian "$archive" trixie freerdp >&2')
    os.environ[APART] = "yes"
    os.execvp("unshare", ["unshare", "--net", "--uts", "--mount", "--pid", "--fork", "--kill-child", sys.executable,
                          *sys.argv])


@contextlib.contextmanager
def debian():
    """The Debian with FreeRDP, unpacked, with an X server that runs in it."""
    with tempfile.TemporaryDirectory() as name:
        shell('root=$1; unpack_debian "$archive"', name)
        root = pathlib.Path(name)
        root.joinpath("etc/hosts").write_text(f"127.0.0.1 localhost {GATEWAY} {HOST}\n")
        subprocess.run(["mount", "-t", "proc", "proc", root / "proc"], check=True)
        screen = subprocess.Popen(["chroot", root, "Xvfb", DISPLAY, "-screen", "0", "640x480x24", "-nolisten", "tcp"],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + PATIENCE
            while not (root / f"tmp/.X11-unix/X{DISPLAY[1:]}").exists() and time.monotonic() < deadline:
                time.sleep(0.1)
            yield root
        finally:
            screen.kill()
            screen.wait()
            subprocess.run(["umount", root / "proc"], check=True)


class EndsToo(Relay):
    """A relay that also records which end closes, and how."""

    def run(self, source, sink, end):
        try:
            super().run(source, sink, end)
        except ConnectionResetError:
            with self.lock:
                self.stream.reset(end)
            return
        except OSError:
            pass  # the other end has gone
        with self.lock:
            self.stream.record(self.stream.build(end, flags=FIN | ACK))
            self.stream.ack(self.stream.peer(end))


class Target:
    """The target behind the gateway, as far as RDP's beginning: X.224, TLS, what the client sends first in it."""

    def __init__(self, context):
        self.came, self.goes = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.came, self.goes, server_side=True)
        self.has_confirmed, self.is_secured, self.got = False, False, b""

    def answer(self, octets):
        """What the target says to the client's octets; None when it closes instead."""
        if not self.has_confirmed:
            self.has_confirmed = True
            return X224_CONFIRM
        self.came.write(octets)
        with contextlib.suppress(ssl.SSLWantReadError):
            if not self.is_secured:
                self.tls.do_handshake()
                self.is_secured = True
            self.got += self.tls.read()
        return None if self.got else self.goes.read()


class Gateway:
    """One session at the gateway's end, whatever the transport: READ gives octets, WRITE takes them."""

    def __init__(self, read, write, target):
        self.read, self.write, self.target = read, write, target

    def packets(self):
        """The client's packets in order."""
        left = b""
        while octets := self.read():
            left += octets
            while len(left) >= 8 and len(left) >= (length := struct.unpack_from("<I", left, 4)[0]):
                yield struct.unpack_from("<H", left)[0], left[8:length]
                left = left[length:]

    def run(self):
        """Answer until the client closes."""
        answers = {h.HANDSHAKE_REQUEST: h.handshake_response, h.TUNNEL_CREATE: h.tunnel_response,
                   h.TUNNEL_AUTH: h.tunnel_auth_response, h.CHANNEL_CREATE: lambda: h.channel_response(udp_port=None),
                   h.CLOSE_CHANNEL: h.close_response}
        has_closed = False
        for kind, body in self.packets():
            if kind == h.EXTENDED_AUTH:
                said = challenge() if body[6:].startswith(h.ntlm(1)[:12]) else b""
                self.write(h.packet(h.EXTENDED_AUTH, struct.pack("<I", 0) + h.counted(said)))
            elif kind == h.DATA and not has_closed:
                said = self.target.answer(body[2:])
                has_closed = said is None
                if has_closed:
                    self.write(h.close())
                elif said:
                    self.write(h.data(said))
            elif kind in answers:
                self.write(answers[kind]())


def challenge():
    """CHALLENGE_MESSAGE of NTLM with what a client of today wants of it: the target's name and time."""
    name = "EXAMPLE".encode("utf-16-le")
    pairs = b"".join(struct.pack("<HH", kind, len(value)) + value for kind, value in
                     ((2, name), (1, "GATEWAY".encode("utf-16-le")), (7, struct.pack("<Q", 133541064000000000)),
                      (0, b"")))
    fixed = 56
    return (b"NTLMSSP\0" + struct.pack("<IHHI", 2, len(name), len(name), fixed) + struct.pack("<I", 0xE2898215) +
            os.urandom(8) + bytes(8) + struct.pack("<HHI", len(pairs), len(pairs), fixed + len(name)) +
            bytes.fromhex("0a0063450000000f") + name + pairs)


def read_head(end, left):
    """A head of HTTP and the octets behind it; LEFT are those that came before. Empty at the end."""
    while b"\r\n\r\n" not in left:
        more = end.recv(65536)
        if not more:
            return "", b""
        left += more
    head, _, rest = left.partition(b"\r\n\r\n")
    return head.decode(), rest


def messages(end, left):
    """The octets of each WebSocket frame of a client, whatever their borders."""
    buffer = left

    def need(count):
        nonlocal buffer
        while len(buffer) < count:
            more = end.recv(65536)
            if not more:
                raise EOFError
            buffer += more
        out, buffer = buffer[:count], buffer[count:]
        return out

    while True:
        first, second = need(2)
        size = second & 127
        if size > 125:
            size = int.from_bytes(need(2 if size == 126 else 8), "big")
        mask = need(4)
        octets = bytes(octet ^ mask[i % 4] for i, octet in enumerate(need(size)))
        if first & 15 == h.CLOSE:
            end.sendall(h.frame(octets, False, h.CLOSE))
            return
        if first & 15 in (h.BINARY, h.CONTINUATION):
            yield octets


def chunks(end, left):
    """The octets of each chunk."""
    buffer = left

    def fill(enough):
        nonlocal buffer
        while not enough():
            more = end.recv(65536)
            if not more:
                raise EOFError
            buffer += more

    while True:
        fill(lambda: b"\r\n" in buffer)
        line, _, buffer = buffer.partition(b"\r\n")
        size = int(line.split(b";")[0], 16)
        fill(lambda: len(buffer) >= size + 2)
        octets, buffer = buffer[:size], buffer[size + 2:]
        if size == 0:
            return
        yield octets


class Server:
    """The stand-in gateway: takes FreeRDP's connections behind relays, one thread each."""

    def __init__(self, capture, ends, directory, websocket):
        self.capture, self.client, self.gateway = capture, *ends
        self.keys, self.websocket, self.relays, self.out = directory / "keys", websocket, [], {}
        self.started, self.lock, self.threads = capture.now, threading.RLock(), []
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*reversed(certificate(directory, "gateway")))
        self.inner = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.inner.load_cert_chain(*reversed(certificate(directory, "target")))
        for context in (self.context, self.inner):
            context.keylog_filename = str(self.keys)
        self.listener = socket.create_server(("127.0.0.1", 443))
        self.start(self.listen)

    def start(self, run, *arguments):
        """Run a function beside the others."""
        thread = threading.Thread(target=run, args=arguments, daemon=True)
        self.threads.append(thread)
        thread.start()

    def listen(self):
        """Take connections until the listener closes."""
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far, own = connected()
            with self.lock:
                stream = Stream(self.capture, self.client.at(self.client.port + len(self.relays)), self.gateway)
                stream.handshake()
                relay = EndsToo(self.capture, stream, near, far)
                relay.lock, relay.start_time = self.lock, self.started
                relay.begun = self.relays[0].begun if self.relays else relay.begun
                self.relays.append(relay)
            self.start(self.serve, own)

    def serve(self, end):
        """One connection, from TLS to its end."""
        with contextlib.suppress(OSError, EOFError), self.context.wrap_socket(end, server_side=True) as secured:
            self.talk(secured)

    def talk(self, end):
        """Requests, until one opens a channel."""
        left = b""
        while True:
            head, left = read_head(end, left)
            if not head:
                return
            fields = {name.strip().lower(): value.strip() for name, _, value in
                      (line.partition(":") for line in head.split("\r\n")[1:])}
            method, is_chunked = head.split(" ")[0], fields.get("transfer-encoding", "").lower() == "chunked"
            if self.websocket and (answer := self.refuse(fields)):
                end.sendall(answer)
            elif self.websocket and fields.get("upgrade", "").lower() == "websocket":
                end.sendall(h.response("101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
                                       f"Sec-WebSocket-Accept: {accept(fields['sec-websocket-key'])}"))
                self.session(messages(end, left), lambda octets: end.sendall(h.frame(octets, False)))
                return
            elif method == "RDG_OUT_DATA":
                end.sendall(h.response("200 OK", "Server: Microsoft-HTTPAPI/2.0"))
                end.sendall(h.SEED)
                self.out[fields["rdg-connection-id"]] = end
                end.recv(1)
                return
            elif is_chunked:
                out = self.out[fields["rdg-connection-id"]]
                self.session(chunks(end, left), out.sendall)
                out.close()
                return
            else:
                end.sendall(h.response("200 OK", "Content-Length: 0"))

    @staticmethod
    def refuse(fields):
        """The rounds of NTLM at HTTP: the answer that asks for another; empty when the client has been believed."""
        scheme, _, token = fields.get("authorization", "").partition(" ")
        message = base64.b64decode(token)
        if b"NTLMSSP\0\3" in message:
            return b""
        if message.startswith(b"NTLMSSP\0\1"):
            return h.refusal("401 Unauthorized", f"WWW-Authenticate: {scheme} {base64.b64encode(challenge()).decode()}")
        return h.refusal("401 Unauthorized", "WWW-Authenticate: NTLM", "WWW-Authenticate: Negotiate")

    def session(self, pieces, write):
        """A channel is open."""
        Gateway(lambda: next(pieces, b""), write, Target(self.inner)).run()


def accept(key):
    """Sec-WebSocket-Accept of RFC 6455."""
    return base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()


def record_freerdp(capture, root, ends, *options, websocket=True):
    """Record a session of FreeRDP, from its first connection to its last. OPTIONS are those of /gateway."""
    with tempfile.TemporaryDirectory() as name:
        server = Server(capture, ends, pathlib.Path(name), websocket)
        log = pathlib.Path(os.environ.get("FREERDP_LOG", "/dev/null"))
        with log.open("ab") as out:
            subprocess.run(["chroot", root, "env", "-i", f"DISPLAY={DISPLAY}", "HOME=/tmp", "LC_ALL=C.UTF-8",
                            "PATH=/usr/bin", "timeout", "20", "xfreerdp3", f"/v:{TARGET}", "/u:user", "/d:EXAMPLE",
                            "/p:secret", "/cert:ignore", "/sec:tls",
                            f"/gateway:g:{GATEWAY},u:user,d:EXAMPLE,p:secret," + ",".join(options)],
                           stdout=out, stderr=out, check=False)
        time.sleep(0.5)
        server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()
        for relay in server.relays:
            for thread in relay.threads:
                thread.join(PATIENCE)
        capture.secrets += b"".join(line for line in server.keys.read_bytes().splitlines(keepends=True)
                                    if not line.startswith(b"#"))

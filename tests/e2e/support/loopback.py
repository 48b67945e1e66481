"""Debian's own programs at talk on the loopback, and a relay between them that notes who said what.

Nobody needs a right to capture, and no address of the machine gets into a capture: the test puts packets of its own
around these octets.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import contextlib
import selectors
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from runner import Runner

HOST = "127.0.0.1"
# Seconds for anything that takes milliseconds; a machine may be busy.
PATIENCE = 30
LISTENING = "0A"


class NotPossible(Exception):
    """The programs cannot talk here."""


def bound(kind, port=0):
    """A socket of this kind on the loopback."""
    one = socket.socket(socket.AF_INET, kind)
    try:
        one.bind((HOST, port))
    except OSError:
        one.close()
        raise
    return one


def check_loopback():
    """Without it, programs fail with all sorts of complaints; so here is the one that helps."""
    try:
        with bound(socket.SOCK_DGRAM) as one:
            one.sendto(b"to myself", one.getsockname())
    except OSError as reason:
        raise NotPossible(f"Nothing can be sent to {HOST} ({reason.strerror}): the network interface lo must be up"
                          ' ("ip link set lo up").') from None


def free_port():
    """A port that neither a UDP nor a TCP socket of the loopback has."""
    for _ in range(100):
        with bound(socket.SOCK_DGRAM) as first:
            port = first.getsockname()[1]
            try:
                bound(socket.SOCK_STREAM, port).close()
            except OSError:
                continue
            return port
    raise NotPossible("No port of the loopback is free.")


def is_open(kind, port):
    """Whether some program waits for datagrams, or for connections, on this port."""
    name = {socket.SOCK_DGRAM: "udp", socket.SOCK_STREAM: "tcp"}[kind]
    rows = [line.split() for line in Path("/proc/net", name).read_text(encoding="ascii").splitlines()[1:]]
    return any(int(row[1].rpartition(":")[2], 16) == port and (name == "udp" or row[3] == LISTENING) for row in rows)


class Programs:
    """Runs programs in a folder of their own, as somebody without rights; ends those that are left at its end."""

    def __init__(self):
        check_loopback()
        self.place = tempfile.TemporaryDirectory(prefix="portlore-")
        self.folder = Path(self.place.name)
        self.folder.chmod(0o777)
        self.started = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for program, _, _ in self.started:
            program.terminate()
        for program, _, log in self.started:
            try:
                program.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()
            log.close()
        self.place.cleanup()

    def write(self, name, octets):
        """A file that the programs can read; its path."""
        path = self.folder / name
        path.write_bytes(octets)
        path.chmod(0o644)
        return str(path)

    def start(self, *command, **opens):
        """Starts a program, and waits until it listens: udp=PORT, tcp=PORT or both."""
        log = tempfile.TemporaryFile()
        program = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                                   **Runner.identity())
        self.started.append((program, command, log))
        kinds = {"udp": socket.SOCK_DGRAM, "tcp": socket.SOCK_STREAM}
        until = time.monotonic() + PATIENCE
        while not all(is_open(kinds[name], port) for name, port in opens.items()):
            if program.poll() is not None or time.monotonic() > until:
                log.seek(0)
                raise NotPossible(f"{' '.join(command)}: it does not listen. {log.read().decode(errors='replace')}")
            time.sleep(0.01)

    def run(self, *command, success=0):
        """Runs a program to its end; what it says. It must end with this code."""
        answer = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                cwd=self.folder, timeout=PATIENCE, check=False, **Runner.identity())
        said = answer.stdout.decode(errors="replace")
        if answer.returncode != success:
            raise NotPossible(f"{' '.join(command)}: it ended with {answer.returncode}. {said}")
        return said


class Relay:
    """Stands between clients and servers, and notes what they say: SAID has (leg, client's port, whether the client
    said it, octets), in order. A client's port tells one connection of a leg from the next."""

    def __init__(self):
        self.said = []
        self.selector = selectors.DefaultSelector()
        self.sockets = []
        self.stopping, self.stop = socket.socketpair()
        self.keep(self.stopping, None)
        self.thread = threading.Thread(target=self.work)
        self.failure = None

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.close()
        self.thread.join()
        for each in self.sockets:
            each.close()
        self.selector.close()
        if self.failure:
            raise self.failure

    def keep(self, one, handler):
        self.sockets.append(one)
        self.selector.register(one, selectors.EVENT_READ, handler)

    def work(self):
        while True:
            for key, _ in self.selector.select():
                if key.data is None:
                    return
                try:
                    key.data()
                except OSError as reason:
                    self.failure = reason
                    return

    def udp(self, leg, server, edit=lambda octets: octets):
        """The port on which a client finds the server on port SERVER. EDIT changes what the client gets to read."""
        front, back = bound(socket.SOCK_DGRAM), bound(socket.SOCK_DGRAM)
        clients = []

        def from_client():
            octets, client = front.recvfrom(65535)
            clients.append(client)
            self.said.append((leg, client[1], True, octets))
            back.sendto(octets, (HOST, server))

        def from_server():
            octets, source = back.recvfrom(65535)
            # Only what answers the client that spoke last; all of them ask one after the other.
            if clients and source == (HOST, server):
                self.said.append((leg, clients[-1][1], False, octets))
                front.sendto(edit(octets), clients[-1])

        self.keep(front, from_client)
        self.keep(back, from_server)
        return front.getsockname()[1]

    def tcp(self, leg, server):
        """Likewise for connections."""
        listener = bound(socket.SOCK_STREAM)
        listener.listen()

        def pump(number, is_client, source, target):
            def carry():
                octets = source.recv(65536)
                if octets:
                    self.said.append((leg, number, is_client, octets))
                    target.sendall(octets)
                    return
                self.selector.unregister(source)
                with contextlib.suppress(OSError):  # it may have gone already
                    target.shutdown(socket.SHUT_WR)
            return carry

        def accept():
            front, client = listener.accept()
            back = socket.create_connection((HOST, server), PATIENCE)
            self.keep(front, pump(client[1], True, front, back))
            self.keep(back, pump(client[1], False, back, front))

        self.keep(listener, accept)
        return listener.getsockname()[1]

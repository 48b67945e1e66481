"""Runs of Wireshark's programs that begin where the library has registered all protocols.

A server is a tshark or sharkd that prefork.c stops there. It runs each request in a copy of itself. Of tshark's
arguments, a few are read before that point: each combination of these has a server of its own.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import array
import os
import socket
import struct
import subprocess

# Arguments of a server: as many as a request may have. tshark reads -r before the protocols are registered and passes
# over it afterwards, so that any number of them does no harm.
MAX_ARGUMENTS = 80
STAND_IN = "capture-of-the-request"
# Options that tshark reads before it registers the protocols: without a value, and with one.
EARLY = ("-V", "-x", "-P")
EARLY_WITH_VALUE = ("-O",)
# Those that do more than that, so that their runs need a program of their own; and fields of Wireshark's own dissector
# of GTP', for which the plugin looks when it is loaded.
OWN = ("-j", "-J", "-G", "-C", "-X", "-h", "-v", "-i", "--elastic-mapping-filter", "--temp-dir", "--log-level",
       "--log-domain")
LOOKED_FOR = ("gtp.", "gtpprime", "gprscdr", "gtpv2", "gsm_", "e212", "e164", "ber.")


class Prefork:
    """One server. It lives until close(). A COMMAND takes the program's place where it is run in another way."""

    def __init__(self, library, program, early, env, command=None, **identity):
        self.ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        words = [f"-r{STAND_IN}"] * MAX_ARGUMENTS if program == "tshark" else ["-"]
        env = dict(env, LD_PRELOAD=str(library), PORTLORE_PREFORK=str(theirs.fileno()),
                   PORTLORE_PREFORK_CAPTURE=STAND_IN)
        with theirs:
            self.process = subprocess.Popen([*(command or [program]), *early, *words], env=env, cwd="/",
                                            pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
                                            stdout=subprocess.DEVNULL, **identity)

    def close(self):
        self.ours.close()
        self.process.wait()

    def run(self, args, capture, folder, files, timeout):
        """Runs one request; its exit code as subprocess has it. FILES: what become its standard files."""
        words = "".join(f"{word}\0" for word in (folder, capture, *args)).encode()
        self.ours.settimeout(timeout)
        self.ours.sendmsg([words], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))])
        pid = struct.unpack("i", self.answer())[0]
        try:
            status = struct.unpack("i", self.answer())[0]
        except TimeoutError:
            os.kill(pid, 9)
            self.answer()
            raise subprocess.TimeoutExpired(args, timeout) from None
        return os.waitstatus_to_exitcode(status)

    def answer(self):
        octets = self.ours.recv(4)
        if not octets:
            raise RuntimeError("the waiting program has ended")
        return octets


def early_words(program, args):
    """The arguments that the server must have been started with, or None where a request needs its own program."""
    if program == "sharkd":
        return () if list(args) == ["-"] else None
    if program != "tshark" or len(args) > MAX_ARGUMENTS - 2 or any(word.startswith(OWN) for word in args):
        return None
    if args.count("-r") != 1 or any("extcap." in word or word.startswith(LOOKED_FOR) for word in args):
        return None
    words = [word for word in args if word in EARLY]
    for option in EARLY_WITH_VALUE:
        if any(word.startswith(option) and word != option for word in args):
            return None
        words += [part for at, word in enumerate(args[:-1]) if word == option for part in args[at:at + 2]]
    return tuple(words)

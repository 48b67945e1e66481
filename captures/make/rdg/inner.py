# SPDX-License-Identifier: GPL-2.0-or-later
"""TLS and DTLS sessions between a client and its target, by OpenSSL at both ends, and what RDP says in them first.

Only live makers use this; it needs Debian's python3-openssl.
"""
import pathlib
import struct
import tempfile
import warnings

from .live import run

# MS-RDPEMT 2.2.1.1, 2.2.2.1, 2.2.2.2
CREATE_REQUEST, CREATE_RESPONSE = 0, 1


def tunnel(action, body):
    """A packet of the multitransport channel."""
    return struct.pack("<BHB", action, len(body), 4) + body


SAID = [("client", tunnel(CREATE_REQUEST, struct.pack("<II16s", 1, 0, b"\x5a" * 16))),
        ("gateway", tunnel(CREATE_RESPONSE, struct.pack("<I", 0)))]


def contexts(ssl, method, directory, keys):
    """The client's and the target's settings: version 1.2, a small certificate, key log lines into KEYS."""
    files = directory / "target.key", directory / "target.pem"
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
        files[0], "-out", files[1], "-days", "3650", "-subj", "/CN=target.example")
    made = []
    for _ in range(2):
        context = ssl.Context(method)
        context.set_max_proto_version(0xFEFD if method == ssl.DTLS_METHOD else ssl.TLS1_2_VERSION)
        context.use_privatekey_file(str(files[0]))
        context.use_certificate_file(str(files[1]))
        context.set_cookie_generate_callback(lambda _: b"\x77" * 20)
        context.set_cookie_verify_callback(lambda _, cookie: cookie == b"\x77" * 20)
        made.append(context)
    made[0].set_keylog_callback(lambda _, line: keys.append(line + b"\n"))
    return made


def session(lossy):
    """The whole session in order, each flight with its sender, and its key log lines. LOSSY: DTLS, with
    HelloVerifyRequest."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from OpenSSL import SSL  # pylint: disable=import-outside-toplevel,import-error
    flights, keys = [], []
    with tempfile.TemporaryDirectory() as name:
        client_context, target_context = contexts(SSL, SSL.DTLS_METHOD if lossy else SSL.TLS_METHOD,
                                                  pathlib.Path(name), keys)
        ends = {"client": SSL.Connection(client_context), "gateway": SSL.Connection(target_context)}
    for who, end in ends.items():
        if lossy:
            end.set_ciphertext_mtu(1150)
        (end.set_connect_state if who == "client" else end.set_accept_state)()

    def attempt(action):
        try:
            return action()
        except SSL.WantReadError:
            return None

    def carry(who):
        """What an end has to send goes to the other one."""
        flight = attempt(lambda: ends[who].bio_read(65536))
        if flight:
            flights.append((who, flight))
            ends["gateway" if who == "client" else "client"].bio_write(flight)
        return flight

    for _ in range(2 if lossy else 0):
        attempt(ends["client"].do_handshake)
        carry("client")
        attempt(ends["gateway"].DTLSv1_listen)
        carry("gateway")
    for who in ("client", "gateway") * 4:
        attempt(ends[who].do_handshake)
        carry(who)
    for who, words in SAID:
        ends[who].send(words)
        carry(who)
    ends["client"].shutdown()
    carry("client")
    return flights, b"".join(keys)

# SPDX-License-Identifier: GPL-2.0-or-later
"""A DTLS 1.2 server that answers a ClientHello without a HelloVerifyRequest, which s_server cannot do.

    dtls_server.py PORT PEER_PORT CERTIFICATE KEY

One channel over 127.0.0.1: standard input goes out, one record per read; what comes in goes to standard output.
"""
import ctypes
import ctypes.util
import os
import socket
import sys
import threading

FILETYPE_PEM, NO_CLOSE, SET_CONNECTED = 1, 0, 32
lib = ctypes.CDLL(ctypes.util.find_library("ssl"))
for name in ("DTLS_server_method", "SSL_CTX_new", "SSL_new", "BIO_new_dgram"):
    getattr(lib, name).restype = ctypes.c_void_p


def pointer(value):
    """A C pointer as an argument."""
    return ctypes.c_void_p(value)


def channel(port, peer_port, certificate, key):
    """A UDP socket between the two ports and a server-side SSL object on it."""
    end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    end.bind(("127.0.0.1", port))
    end.connect(("127.0.0.1", peer_port))
    context = pointer(lib.SSL_CTX_new(pointer(lib.DTLS_server_method())))
    lib.SSL_CTX_use_certificate_file(context, os.fsencode(certificate), FILETYPE_PEM)
    lib.SSL_CTX_use_PrivateKey_file(context, os.fsencode(key), FILETYPE_PEM)
    bio = pointer(lib.BIO_new_dgram(end.fileno(), NO_CLOSE))
    peer = b"\2\0" + peer_port.to_bytes(2, "big") + socket.inet_aton("127.0.0.1") + bytes(120)
    lib.BIO_ctrl(bio, SET_CONNECTED, ctypes.c_long(0), peer)
    ssl = pointer(lib.SSL_new(context))
    lib.SSL_set_bio(ssl, bio, bio)
    return end, ssl


def copy_input(ssl):
    """Standard input to the channel."""
    while chunk := os.read(0, 16384):
        lib.SSL_write(ssl, chunk, len(chunk))


def main(port, peer_port, certificate, key):
    """Shake hands, then copy both ways until the peer closes."""
    end, ssl = channel(int(port), int(peer_port), certificate, key)
    if lib.SSL_accept(ssl) != 1:
        sys.exit("dtls_server.py: the handshake failed")
    threading.Thread(target=copy_input, args=(ssl,), daemon=True).start()
    space = ctypes.create_string_buffer(16384)
    while (count := lib.SSL_read(ssl, space, len(space))) > 0:
        os.write(1, space.raw[:count])
    lib.SSL_shutdown(ssl)
    end.close()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])

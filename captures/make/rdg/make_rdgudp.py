# SPDX-License-Identifier: GPL-2.0-or-later
"""Live captures of RD Gateway UDP channels: where the clear trailer is, and which port the gateway has."""
from ..base.wire import Captures
from .live import GATEWAY, record_channel

captures = Captures(__file__, live=True)


@captures.file("rdgudp-trailer-first.pcap")
def trailer_first(capture):
    """A channel on UDP 3391 with HelloVerifyRequest; only the first ClientHello carries the clear trailer."""
    record_channel(capture, trailers=1)


@captures.file("rdgudp-trailer-all.pcap")
def trailer_all(capture):
    """The same with the trailer on both ClientHellos, as the client repeats them."""
    record_channel(capture, trailers=99)


@captures.file("rdgudp-trailer-none.pcap")
def trailer_none(capture):
    """The same without any trailer, and without padding of the first fragment."""
    record_channel(capture, trailers=0, pad_first_to=0)


@captures.file("rdgudp-other-port.pcap")
def other_port(capture):
    """A gateway on UDP 4391, trailer on both ClientHellos."""
    record_channel(capture, trailers=99, gateway=GATEWAY.at(4391))


@captures.file("rdgudp-no-verify.pcap")
def no_verify(capture):
    """A gateway that sends no HelloVerifyRequest: the one ClientHello carries the trailer, and who loses that datagram
    can decrypt nothing."""
    record_channel(capture, trailers=99, verify=False)


@captures.file("rdgudp-keys-inside.pcapng")
def keys_inside(capture):
    """Trailer on both ClientHellos, with the key log lines inside the capture file."""
    record_channel(capture, trailers=99)
    capture.secrets, capture.keys = capture.keys, b""

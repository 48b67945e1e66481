"""Traffic of protocols that are none of ours, for tests.

Debian's own programs and libraries say it: Python's http.server and its client, OpenSSL, dnsmasq and drill, SIPp,
ngtcp2's client and server. They talk over memory or the loopback, and the packets are put around their octets here.
Datagrams that look encrypted and are nobody's are written here.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import platform
import random
import re
import ssl
import urllib.error
import urllib.request
from functools import lru_cache

from captures.make.base.wire import Capture, End, Pair, Stream
from support.loopback import HOST, Programs, Relay, free_port

CLIENT, SERVER = End("192.0.2.10", 50000), End("198.51.100.20")
# The ends of a call have addresses as long as that of the loopback: what a Content-Length counts stays as long.
CALLER, CALLED = End("192.0.2.1"), End("192.0.2.2")
SEGMENT = 1400
VOICE = bytes(range(256)) * 32  # a second of 8,000 octets, and a bit


def say(stream, said):
    """Puts what was said on a TCP connection, in segments."""
    for from_client, octets in said:
        if octets:
            stream.send(stream.client if from_client else stream.server, octets, range(SEGMENT, len(octets), SEGMENT))


def put(capture, said, transport, port, first):
    """Packets around what a relay noted of one leg. The clients' ports are FIRST and those behind it."""
    numbers = list(dict.fromkeys(number for number, _, _ in said))
    for index, number in enumerate(numbers):
        talk = [(from_client, octets) for each, from_client, octets in said if each == number]
        client, server = CLIENT.at(first + index), SERVER.at(port)
        if transport == "tcp":
            stream = Stream(capture, client, server).handshake()
            say(stream, talk)
            stream.close()
            continue
        pair = Pair(capture, client, server)
        for from_client, octets in talk:
            (pair.ask if from_client else pair.reply)(octets)


def leg_of(relay, leg):
    """What was said on one leg: client's port, whether the client said it, octets."""
    return [entry[1:] for entry in relay.said if entry[0] == leg]


def http_traffic(capture):
    """Python's http.server, asked for a page, and for one that it does not have."""
    with Programs() as programs, Relay() as relay:
        programs.write("index.html", b"<html><body>" + b"An example. " * 300 + b"</body></html>")
        port = free_port()
        programs.start("/usr/bin/python3", "-m", "http.server", "--bind", HOST, str(port), tcp=port)
        way = relay.tcp("http", port)
        # No proxy, whatever the environment says.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for path in ("/", "/nothing-here"):
            question = urllib.request.Request(f"http://{HOST}:{way}{path}", headers={"Host": "www.example"})
            try:
                opener.open(question, timeout=20).read()
            except urllib.error.HTTPError as answer:
                answer.read()
    put(capture, leg_of(relay, "http"), "tcp", 80, 50000)


def tls_traffic(capture):
    """OpenSSL on both ends, in memory. Without a certificate, which neither the test nor Wireshark needs."""
    ends = []
    for purpose in (ssl.PROTOCOL_TLS_CLIENT, ssl.PROTOCOL_TLS_SERVER):
        context = ssl.SSLContext(purpose)
        if purpose == ssl.PROTOCOL_TLS_CLIENT:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("AECDH:@SECLEVEL=0")
        inward, outward = ssl.MemoryBIO(), ssl.MemoryBIO()
        side = context.wrap_bio(inward, outward, server_side=purpose == ssl.PROTOCOL_TLS_SERVER)
        ends.append((side, inward, outward))
    said = []

    def carry():
        for number, (_, _, outward) in enumerate(ends):
            octets = outward.read()
            if octets:
                said.append((number == 0, octets))
                ends[1 - number][1].write(octets)

    waiting = [ends[0][0], ends[1][0]]
    while waiting:
        for end in list(waiting):
            try:
                end.do_handshake()
                waiting.remove(end)
            except ssl.SSLWantReadError:
                pass
            carry()
    for number in (0, 1):
        ends[number][0].write(b"An example. " * 200)
        carry()
    stream = Stream(capture, CLIENT.at(50001), SERVER.at(443)).handshake()
    say(stream, said)
    stream.close()


def dns_traffic(capture):
    """dnsmasq, which knows some names, asked by drill: over UDP, with EDNS, over TCP."""
    with Programs() as programs, Relay() as relay:
        port = free_port()
        programs.start("/usr/sbin/dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--pid-file=", "--user=",
                       "--no-resolv", "--no-hosts", f"--port={port}", f"--listen-address={HOST}", "--bind-interfaces",
                       "--local=/example/", "--host-record=www.example,192.0.2.1,2001:db8::1",
                       "--mx-host=example,mail.example,10", "--txt-record=example,An example.", udp=port, tcp=port)
        ways = {"udp": relay.udp("udp", port), "tcp": relay.tcp("tcp", port)}
        for transport, *question in (("udp", "www.example", "A"), ("udp", "www.example", "AAAA"),
                                     ("udp", "example", "MX"), ("udp", "example", "TXT"),
                                     ("udp", "nobody.example", "A"), ("udp", "-x", "192.0.2.1"),
                                     ("udp", "-D", "www.example", "A"), ("tcp", "-t", "example", "MX")):
            programs.run("/usr/bin/drill", "-p", str(ways[transport]), *question, f"@{HOST}")
    put(capture, leg_of(relay, "udp"), "udp", 53, 50100)
    put(capture, leg_of(relay, "tcp"), "tcp", 53, 50200)


def documented(octets, speaker, ports):
    """SIP with the addresses of the capture in place of the loopback's. PORTS: port on the loopback -> who it is."""
    text = octets.decode()
    for port, end in ports.items():
        text = text.replace(f"{HOST}:{port}", f"{end.address}:{end.port}")
    text = text.replace(f"@{HOST}", f"@{CALLER.address}")  # in Call-ID, whoever says it
    return text.replace(HOST, str(speaker.address)).encode()


def call_traffic(capture):
    """SIPp calls SIPp: its built-in scenarios, in which a second of voice is heard in place of the pause."""
    audio = re.compile(rb"m=audio (\d+)")
    with Programs() as programs, Relay() as relay:
        asks, answers, media = free_port(), free_port(), free_port()
        programs.start("/usr/bin/sipp", "-sn", "uas", "-i", HOST, "-p", str(answers), "-mi", HOST, "-mp", str(media),
                       "-rtp_echo", "-nostdin", "-timeout", "60s", udp=answers)
        voice = relay.udp("rtp", media)
        way = relay.udp("sip", answers, lambda octets: audio.sub(b"m=audio %d" % voice, octets))
        scenario = programs.run("/usr/bin/sipp", "-sd", "uac", success=99)
        play = f'<nop><action><exec rtp_stream="{programs.write("voice.ulaw", VOICE)},1,0"/></action></nop>'
        assert "<pause/>" in scenario and "[media_port]" in scenario
        scenario = scenario.replace("<pause/>", f'{play}<pause milliseconds="1200"/>')
        scenario = scenario.replace("[media_port]", "[rtpstream_audio_port]")
        programs.run("/usr/bin/sipp", "-sf", programs.write("call.xml", scenario.encode()), "-i", HOST,
                     "-p", str(asks), "-mi", HOST, "-mp", str(free_port()), "-m", "1", "-nostdin", "-timeout", "20s",
                     f"{HOST}:{way}")
    ends = {asks: CALLER.at(5060), way: CALLED.at(5060), answers: CALLED.at(5060)}
    for leg, port, from_caller, octets in relay.said:
        if leg == "sip":
            caller, called = CALLER.at(5060), CALLED.at(5060)
            octets = documented(octets, caller if from_caller else called, ends)
        else:
            caller, called = CALLER.at(port), CALLED.at(media)
        pair = Pair(capture, caller, called)
        (pair.ask if from_caller else pair.reply)(octets)


def quic_traffic(capture):
    """ngtcp2's client loads a page from its server."""
    with Programs() as programs, Relay() as relay:
        programs.run("/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                     "-nodes", "-keyout", "key.pem", "-out", "certificate.pem", "-subj", "/CN=www.example")
        programs.write("page.html", b"An example. " * 1000)
        port = free_port()
        programs.start("/usr/sbin/gtlsserver", "-q", "-d", ".", HOST, str(port), "key.pem", "certificate.pem", udp=port)
        programs.run("/usr/bin/gtlsclient", "-q", "--exit-on-all-streams-close", HOST, str(relay.udp("quic", port)),
                     "https://www.example/page.html")
    put(capture, leg_of(relay, "quic"), "udp", 443, 50300)


def quic_like_traffic(capture):
    """Datagrams that look encrypted: with the long header of a version to come, the short header, no header at all."""
    dice = random.Random(1)
    for number in range(600):
        pair = Pair(capture, CLIENT.at(51000 + number % 60), SERVER.at((443, 4433, 8443, 50001)[number % 4]))
        first = (b"\xc3\x1a\x2a\x3a\x4a\x08", b"\x40", b"")[number % 3]
        (pair.ask, pair.reply)[number % 2](first + dice.randbytes(20 + dice.randrange(1200)))


TRAFFIC = {"http": http_traffic, "tls": tls_traffic, "dns": dns_traffic, "sip-rtp": call_traffic,
           "quic-like": quic_like_traffic}
# Other Debians do not have ngtcp2's programs; tools/packages.list installs them where they are.
if platform.freedesktop_os_release().get("VERSION_CODENAME") in ("bookworm", "trixie"):
    TRAFFIC["quic"] = quic_traffic


@lru_cache(None)
def make(kind):
    """The octets of a capture of this kind."""
    capture = Capture()
    TRAFFIC[kind](capture)
    return capture.octets()

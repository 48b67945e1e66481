# SPDX-License-Identifier: GPL-2.0-or-later
"""The first rule: no claim contradicts the truth."""
from make.base import tls

from . import datagrams as d
from . import truth as t

FINDING_OF = {"rdgudp.no_answer": t.NO_ANSWER, "rdgudp.refused": t.REFUSED, "rdgudp.stuck": t.STUCK,
              "rdgudp.died": t.DIED, "rdgudp.path_mtu": t.MTU, "rdgudp.prohibited": t.PROHIBITED,
              "rdgudp.no_route": t.NO_ROUTE, "rdgudp.unsolicited": t.UNSOLICITED, "rdgudp.not_a_channel": t.NOT_OURS,
              "rdgudp.alert": t.FAILED}
TELLING = 19  # octets: the record's header, and a message's up to its number
CLOCK_FAULTS = {"clock_step", "two_taps"}


class Claim:
    """What is said on a frame, and what is true of it."""

    def __init__(self, truth, frame, shown, about):
        self.truth, self.frame, self.shown = truth, frame, shown
        self.true_frame = truth.capture.frames[frame.number - 1]
        self.load = self.true_frame.packet.load
        self.attempt = about
        self.channel = about.channel
        self.faults = set(truth.capture.faults)

    def visible(self):
        """The datagrams of the attempt that are in the capture."""
        return shown_of(self.truth, self.attempt)


def shown_of(truth, attempt):
    """The datagrams of an attempt of which the capture has enough to tell what they are."""
    return [frame.packet.load for frame in truth.of_attempt(attempt)
            if frame.holds() >= min(TELLING, len(frame.packet.load.octets))]


def check(truth, reading):
    """All that is false: (frame, what is said, what is true)."""
    channels = {}
    for frame, shown in reading.messages():
        if not shown.has("rdgudp.channel"):
            continue
        load = truth.capture.frames[frame.number - 1].packet.load
        if isinstance(load, d.Datagram):
            channels.setdefault(shown.number("rdgudp.channel"), []).append(load.attempt.channel)
    for index, found in channels.items():
        if len(set(found)) > 1:
            yield 0, f"channel {index}", "its datagrams are of several channels"
    for frame, shown in reading.messages():
        load = truth.capture.frames[frame.number - 1].packet.load
        if isinstance(load, d.Datagram):
            about = load.attempt
        else:
            found = channels.get(shown.number("rdgudp.channel"))
            about = truth.last_attempt(found[0]) if found else None
        if about is None:
            continue
        claim = Claim(truth, frame, shown, about)
        for rule in (verdicts, findings, stops, copies, fallback, words):
            for said, true in rule(claim):
                yield frame.number, said, true


def verdicts(claim):
    """Up, closed and the like, on the packet and in the end."""
    attempt = claim.attempt
    for name in ("rdgudp.verdict", "rdgudp.outcome"):
        value = claim.shown.number(name)
        if name == "rdgudp.outcome":
            attempt = claim.truth.last_attempt(claim.channel)
        kinds = {load.kind for load in attempt.datagrams}
        if value in (t.SECURED, t.CONNECTED) and d.FINISHED not in kinds and d.DATA not in kinds:
            yield f"{name} {value}", "the handshake was not completed"
        if value == t.CLOSED and d.CLOSE not in kinds:
            yield f"{name} {value}", "nothing closed it"
        if value == t.NOT_OURS and not claim.channel.is_foreign:
            yield f"{name} {value}", "it is an RD Gateway's channel"
        if value == t.EXPLOIT and not getattr(claim.channel, "is_scan", False):
            yield f"{name} {value}", "no scan"
        if name == "rdgudp.outcome":
            yield from outcome(claim, attempt, value)


def outcome(claim, attempt, value):
    """What became of it: nothing that the capture has may contradict it."""
    visible = shown_of(claim.truth, attempt)
    yield from judged(claim, attempt, visible, value, f"outcome {value}")


def judged(claim, attempt, visible, value, said):
    """A verdict against what is in the capture."""
    kinds = {load.kind for load in visible}
    answers = [load for load in visible if load.from_gateway]
    if value == t.NO_ANSWER:
        proofs = [load for load in visible if load.has_cookie or load.kind in (d.EXCHANGE, d.DATA, d.CLOSE)]
        if proofs or (answers and claim.channel.answers_from is claim.channel.gateway):
            yield said, "the capture shows that the gateway has answered"
    if value == t.STUCK and (d.DATA in kinds or (d.FINISHED in kinds and d.EXCHANGE in kinds)):
        yield said, "the handshake was completed"
    if value == t.DIED and not attempt.died_at and not claim.faults:
        yield said, "it did not die"
    if value == t.UNSOLICITED and any(load.kind == d.HELLO for load in visible):
        yield said, "a ClientHello is in the capture"
    if value == t.FAILED and d.ALERT not in kinds:
        yield said, "no alert in the clear"
    if value in t.BY_ICMP:
        errors = [frame for frame in claim.truth.errors.get(claim.channel, [])
                  if t.meaning(frame.packet.load, claim.channel) == value]
        if not errors:
            yield said, "no such ICMP error is in the capture"
        elif any(load.kind in (d.DATA, d.CLOSE) for load in visible) and not claim.faults & CLOCK_FAULTS:
            yield said, "the channel came up"


def findings(claim):
    """Findings, as they stand in the end."""
    visible = claim.visible()
    for name, value in FINDING_OF.items():
        if any(item == name for item, _ in claim.shown.texts):
            yield from judged(claim, claim.attempt, visible, value, name)
            if name == "rdgudp.not_a_channel" and not claim.channel.is_foreign:
                yield name, "it is an RD Gateway's channel"


def stops(claim):
    """Who stopped it."""
    for sender in claim.shown.all("rdgudp.stopped_by"):
        if not any(frame.packet.load.sender == sender for frame in claim.truth.errors.get(claim.channel, [])):
            yield f"stopped_by {sender}", "no such sender"
    for place in claim.shown.all("rdgudp.answer_from"):
        if claim.channel.answers_from is claim.channel.gateway:
            yield f"answer_from {place}", "the answers come from the gateway"
    if claim.shown.has("rdgudp.moved_to") and not claim.channel.moved_to:
        yield "moved_to", "the client's port did not change"
    shown = claim.shown.number("rdgudp.dtls_version")
    if shown and shown != claim.channel.version:
        yield f"dtls_version {shown:x}", f"{claim.channel.version:x}"
    if claim.shown.has("rdgudp.old_dtls") and claim.channel.version != tls.DTLS_1_0:
        yield "old_dtls", "DTLS 1.2"


def copies(claim):
    """Copies are of the same datagram."""
    if claim.shown.has("rdgudp.copied") and len([frame for frame in claim.truth.capture.frames
                                                 if frame.packet.load is claim.load]) < 2:
        yield "copied", "it is in the capture once"
    for number in claim.shown.numbers("rdgudp.copy_of"):
        other = claim.truth.capture.frames[number - 1]
        if other.packet.load is not claim.load:
            yield f"copy_of {number}", "another datagram"


def fallback(claim):
    """The connection that carries on."""
    for stream in claim.shown.numbers("rdgudp.fallback_stream"):
        if "files_in_wrong_order" in claim.faults:
            continue  # Wireshark makes two streams of a connection whose SYN stands behind its data
        connections = claim.truth.streams
        connection = connections[stream] if stream < len(connections) else None
        session = getattr(claim.channel, "session", None)
        if not session or connection is not session.main:
            yield f"fallback_stream {stream}", "another connection"
            continue
        hellos = [load for load in claim.attempt.datagrams if load.kind == d.HELLO]
        since = hellos[0].sent if hellos else 0
        if not claim.faults & CLOCK_FAULTS and not claim.truth.carried_on(claim.channel, since):
            yield f"fallback_stream {stream}", "it did not carry data both ways since"


def words(claim):
    """Sentences."""
    for name, text in claim.shown.texts:
        if "the capture lacks the ClientHello" in text:
            whole = [f for f in claim.truth.of_attempt(claim.attempt) if f.packet.load.kind == d.HELLO
                     and f.holds() >= len(f.packet.load.octets)]
            if whole:
                yield text, "it is in frame " + str(whole[0].number)
        if "the capture lacks the ServerHello" in text and any(
                f.packet.load.kind == d.FLIGHT and f.holds() >= len(f.packet.load.octets)
                for f in claim.truth.of_attempt(claim.attempt)):
            yield text, "it is in the capture"
        if "is not a correlation trailer" in text:
            yield text, "it is one"
        if "%" in name or "(null)" in text:
            yield text, "no words"
    for offered in claim.shown.numbers("rdgudp.dtls_offered"):
        if offered != tls.DTLS_1_2:
            yield f"dtls_offered {offered:x}", "DTLS 1.2"

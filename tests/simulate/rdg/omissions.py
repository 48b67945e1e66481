# SPDX-License-Identifier: GPL-2.0-or-later
"""The second rule: in a capture without any fault, no true event is passed over."""
from . import datagrams as d
from . import truth as t
from .claims import FINDING_OF


def check(truth, reading):
    """All that is passed over: (frame, what is said, what is true)."""
    shown = {}  # number of a frame -> what is shown of its datagram
    for frame, message in reading.messages():
        if isinstance(truth.capture.frames[frame.number - 1].packet.load, d.Datagram):
            shown[frame.number] = message
    for rule in (unread, outcomes, copies, moved):
        yield from rule(truth, reading, shown)


def unread(truth, _, shown):
    """Every datagram is shown."""
    for frames in truth.seen.values():
        for frame in frames:
            load = frame.packet.load
            if frame.number not in shown and not (load.from_gateway and load.attempt.channel.answers_from
                                                  is not load.attempt.channel.gateway):
                yield frame.number, "nothing of the datagram", load.kind


def outcomes(truth, reading, shown):
    """What became of each channel, once as a finding, and whether TCP carries on."""
    said = {}
    for frame, message in reading.messages():
        index = message.number("rdgudp.channel")
        for name, _ in message.texts:
            said.setdefault(index, set()).add(name)
        if message.has("rdgudp.fallback_stream"):
            said.setdefault(index, set()).add("stream")
    for channel, frames in truth.seen.items():
        last = frames[-1].number
        if last not in shown or not shown[last].has("rdgudp.outcome"):
            continue
        outcome, expected = shown[last].number("rdgudp.outcome"), truth.expected(channel)
        names = said.get(shown[last].number("rdgudp.channel"), set())
        if outcome not in expected:
            yield last, f"outcome {outcome}", f"{sorted(expected)} ({getattr(channel, 'scene', '')})"
            continue
        finding = next((name for name, value in FINDING_OF.items() if value == outcome), None)
        if finding and finding not in names:
            yield last, f"no {finding}", f"outcome {outcome} ({getattr(channel, 'scene', '')})"
        for name in names:
            if FINDING_OF.get(name, outcome) in t.FAILURES and FINDING_OF.get(name, outcome) != outcome and len(
                    channel.attempts) == 1 and outcome in (t.SECURED, t.CLOSED):
                yield last, name, f"outcome {outcome}"
        yield from carried(truth, channel, outcome, names, last)


def carried(truth, channel, outcome, names, last):
    """TCP carries on."""
    session = getattr(channel, "session", None)
    if outcome not in t.FAILURES or not session or channel.style["trailer"] == "none":
        return
    if any(other is not channel and getattr(other, "session", None) is session for other in truth.day.channels):
        return  # another channel of the session may do the work
    since = channel.given_up_at or (channel.attempts[-1].died_at if outcome == t.DIED else None)
    if session.behaviour == "carries on" and since and truth.carried_on(channel, since) and "stream" not in names:
        if len([c for c in truth.streams if c.server.port == 443]) == 1:
            yield last, "no fallback", "the main channel carries data both ways since"


def copies(truth, _, shown):
    """Copies by the network."""
    first = {}
    for frame in truth.capture.frames:
        load = frame.packet.load
        if isinstance(load, d.Datagram) and frame.number in shown and load.kind not in (d.CLEAR, d.MEDIA):
            if load in first and not shown[frame.number].has("rdgudp.copied"):
                yield frame.number, "no copied", f"frame {first[load]} has the same datagram"
            first.setdefault(load, frame.number)


def is_unclear(truth, channel):
    """True when so many of its datagrams did not pass that its record numbers prove nothing, or others are there."""
    secrets = {}
    for other, frames in truth.seen.items():
        for frame in frames:
            load = frame.packet.load
            if load.kind in (d.DATA, d.CLOSE, d.EXCHANGE) and not load.from_gateway:
                number = int.from_bytes(load.octets[5:11], "big") if load.kind != d.EXCHANGE else 0
                secrets.setdefault(other, []).append((frame.passed, number))
    own = [number for _, number in secrets.get(channel, [])]
    return len(truth.seen) > 1 or any(later - number > 3 for number, later in zip(own, own[1:]))


def moved(truth, _, shown):
    """A session from another port of its NAT."""
    for channel, frames in truth.seen.items():
        if not channel.moved_to or is_unclear(truth, channel):
            continue
        before = {shown[f.number].number("rdgudp.channel") for f in frames if f.number in shown}
        if len(before) > 1:
            yield frames[-1].number, f"channels {sorted(before)}", "one, from another port of its NAT"

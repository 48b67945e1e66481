# SPDX-License-Identifier: GPL-2.0-or-later
"""What a capture holds of the packets that pass: all of them, or with the faults that captures have.

A fault is a function of the frames so far; it returns the frames that are left, in the order of the file, and adds to
the notes what is true of the capture.
"""
from dataclasses import dataclass, field

from make.base import files, wire

from .network import MILLISECOND, SECOND

MIRROR_VLAN = 300


@dataclass(eq=False)
class Frame:
    """A frame of the file."""

    time: int   # as its time stamp says
    passed: int  # when the packet passed, by the true clock
    packet: object
    octets: bytes
    captured: int = 0       # octets of it that are in the file
    mirror_of: object = None  # the frame of which a mirror port made this one
    number: int = 0

    @property
    def link_length(self):
        """Octets before the IP header."""
        return 18 if self.octets[12:14] == b"\x81\x00" else 14

    def holds(self):
        """How many octets behind the UDP or TCP header are in the file; below zero when not even that."""
        head = self.link_length + self.packet.header_length
        return min(self.captured, self.link_length + len(self.packet.octets)) - head


@dataclass
class Capture:
    """The frames in the order of the file, and what is true of them."""

    frames: list
    faults: list = field(default_factory=list)  # names of the faults
    begins: int = 0     # nothing that passed before is in the capture, by the true clock
    ends: int = 0

    def octets(self):
        """The file."""
        head = files.pcap_head()
        frames = (files.pcap_frame(wire.START * SECOND + frame.time, frame.octets[:frame.captured], len(frame.octets))
                  for frame in self.frames)
        return head + b"".join(frames)


def with_vlan(octets, vlan):
    """The frame with an 802.1Q tag."""
    return octets[:12] + b"\x81\x00" + vlan.to_bytes(2, "big") + octets[12:]


# {{{ The faults


def some_not_captured(frames, dice, _):
    """Packets are not captured here and there."""
    rate = dice.choice((0.03, 0.08, 0.2))
    return [frame for frame in frames if dice.random() >= rate]


def burst_not_captured(frames, dice, _):
    """All packets of a short while are not captured."""
    if not frames:
        return frames
    first = dice.randrange(len(frames))
    count = dice.randint(2, max(3, len(frames) // 5))
    return frames[:first] + frames[first + count:]


def one_direction(frames, dice, _):
    """All packets from one host, or to one, are missing."""
    hosts = sorted({str(frame.packet.source.address) for frame in frames})
    if not hosts:
        return frames
    missing = dice.choice(hosts)
    return [frame for frame in frames if str(frame.packet.source.address) != missing]


def begins_late(frames, dice, capture):
    """The capture begins when the day has begun."""
    first = dice.randrange(1, max(2, len(frames) // 2))
    capture.begins = frames[first].passed if first < len(frames) else 0
    return frames[first:]


def ends_early(frames, dice, _):
    """The capture ends before the day."""
    return frames[:dice.randint(len(frames) // 2, len(frames))]


def snapshot(frames, dice, _):
    """The frames are cut."""
    length = dice.choice((60, 64, 68, 80, 96, 110, 128, 160, 200, 256))
    for frame in frames:
        frame.captured = min(frame.captured, length)
    return frames


def mirrored(frames, dice, _):
    """A mirror port sends every frame a second time, within microseconds, with another VLAN or none."""
    tagged = dice.random() < 0.5
    rate = dice.choice((1, 1, 0.5))
    result = []
    for frame in frames:
        result.append(frame)
        if dice.random() < rate:
            octets = with_vlan(frame.octets, MIRROR_VLAN) if tagged else frame.octets
            behind = dice.randint(1, 90)
            result.append(Frame(frame.time + behind, frame.passed + behind, frame.packet, octets, len(octets), frame))
    return sorted(result, key=lambda frame: frame.time)


def two_taps(frames, dice, _):
    """Each direction has a tap of its own, whose clocks differ by milliseconds; the file is sorted by time."""
    skew = dice.choice((-1, 1)) * round(dice.uniform(1, 40) * MILLISECOND)
    for frame in frames:
        if frame.packet.source.port > frame.packet.target.port:
            frame.time += skew
    return sorted(frames, key=lambda frame: frame.time)


def clock_step(frames, dice, _):
    """The clock is set, back or on, in the course of the day."""
    if not frames:
        return frames
    since = dice.choice(frames).passed
    step = round(dice.choice((-1, -1, 1)) * dice.uniform(0.3, 8) * SECOND)
    for frame in frames:
        if frame.passed >= since:
            frame.time += step
    return frames


def files_in_wrong_order(frames, dice, _):
    """Files that follow each other in time are joined in the wrong order."""
    if len(frames) < 4:
        return frames
    first = dice.randrange(len(frames) // 4, len(frames) * 3 // 4)
    return frames[first:] + frames[:first]


# }}}

FAULTS = [some_not_captured, burst_not_captured, one_direction, begins_late, ends_early, mirrored, two_taps, clock_step,
          files_in_wrong_order, snapshot]
SECOND_FAULTS = [some_not_captured, burst_not_captured, begins_late, ends_early, snapshot, mirrored]


def draw_faults(dice):
    """One fault, or two."""
    faults = [dice.choice(FAULTS)]
    if dice.random() < 0.25:
        faults.append(dice.choice([fault for fault in SECOND_FAULTS if fault not in faults]))
    return sorted(faults, key=FAULTS.index)


def capture_packets(packets, dice, faults=()):
    """The capture of PACKETS, which are in the order in which they passed."""
    frames = []
    for packet in packets:
        octets = wire.ethernet(packet.source, packet.target, packet.octets)
        frames.append(Frame(packet.time, packet.time, packet, octets, len(octets)))
    capture = Capture(frames, [fault.__name__ for fault in faults])
    for fault in faults:
        capture.frames = fault(capture.frames, dice, capture)
    for number, frame in enumerate(capture.frames, 1):
        frame.number = number
        frame.packet.frames.append(frame)
    capture.ends = max((frame.time for frame in capture.frames), default=0)
    return capture

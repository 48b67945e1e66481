# SPDX-License-Identifier: GPL-2.0-or-later
"""Which message of the day a shown message is."""
from ..base.tcp import Segment
from .messages import Message


def match(truth, reading):
    """(frame, shown, message or None) for all messages that are shown, and in which frames each message is shown."""
    found, shown_in, taken = [], {}, {}
    for shown_frame, shown in reading.messages():
        frame = truth.by_frame.get(shown_frame.number)
        message = find(truth, frame, shown, taken) if frame else None
        found.append((shown_frame, shown, message))
        if message:
            shown_in.setdefault(message, []).append(shown_frame.number)
    return found, shown_in


def find(truth, frame, shown, taken):
    """The message, or None when the frame's sender sent none of that type and number."""
    what = shown.number("gtpp.type"), shown.number("gtpp.seq")
    load = truth.load_of(frame)
    if isinstance(load, Message):
        return load if what in ((load.kind, load.seq), (load.kind, None), (None, None)) else None
    if not isinstance(load, Segment):
        return None
    stream = truth.in_stream.get((load.connection, load.source), [])
    written = [item for item in stream if (item[2].kind, item[2].seq) == what]
    if not written:
        return None

    def rank(item):
        """Of several under one number, one that has not been shown, that this frame completes, then the nearest: a
        segment that fills a hole brings also those behind it."""
        is_own = item[0] < load.stop and item[1] > load.start
        return (load.connection, item[2].uid) in taken, not is_own, abs(item[1] - load.stop)

    best = min(written, key=rank)
    taken[(load.connection, best[2].uid)] = True
    return best[2]

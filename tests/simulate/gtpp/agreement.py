# SPDX-License-Identifier: GPL-2.0-or-later
"""The third and the fourth rule: passes and read filters agree, and the ledger is the sum of its packets."""
from collections import Counter

LEDGER = "Portlore GTP' Ledger"
PARTS = ("Acknowledged", "Elsewhere", "Rejected", "Held", "Released", "Cancelled", "Unacknowledged", "Undecided")
COLUMN_OF_FATE = {0: "Undecided", 1: "Acknowledged", 2: "Elsewhere", 3: "Held", 4: "Released", 5: "Cancelled",
                  6: "Rejected", 8: "Unacknowledged", 9: "Undecided"}
FRAME_FIELDS = ("gtpp.response_in", "gtpp.response_to", "gtpp.retransmission_of", "gtpp.copy_of", "gtpp.elsewhere_in",
                "gtpp.accepted_in", "gtpp.other_end_in", "gtpp.cdr.fate_in")
ONCE = {"gtpp.analysis.one_way", "gtpp.analysis.file_order"}  # said at the first message that is shown


def rows_of(reading):
    """The ledger's rows as dictionaries."""
    rows = reading.tables.get(LEDGER, [])
    return [dict(zip(rows[0], row)) for row in rows[1:]] if rows else []


# {{{ The ledger


def check_ledger(found, reading):
    """Sums of each row, and the fates of the packets."""
    rows = rows_of(reading)
    if not rows:
        if any(shown.has("gtpp.path") for _, shown, _ in found):
            yield 0, "no ledger", "there are messages"
        return
    if "Elsewhere" not in rows[0]:
        yield 0, f"columns {list(rows[0])}", "those of the interface"
        return
    fates, announced, is_cut = {}, {}, set()
    for _, shown, _ in found:
        path = shown.number("gtpp.path")
        fates.setdefault(path, Counter()).update(shown.numbers("gtpp.cdr.fate"))
        if shown.has("gtpp.analysis.cut"):
            is_cut.add(path)
        if shown.has("gtpp.cdr.fate"):
            announced[path] = announced.get(path, 0) + (shown.number("gtpp.records") or 0)
    for row in rows:
        path = int(row["Path"])
        total = sum(int(row[name]) for name in PARTS)
        if total != int(row["CDRs"]):
            yield 0, f"path {path}: CDRs {row['CDRs']}", f"its parts make {total}"
        if any(int(row[name]) < 0 for name in (*PARTS, "CDRs", "Requests", "Twice")):
            yield 0, f"path {path}: {row}", "no figure is below zero"
        if path not in is_cut:
            yield from compare_fates(path, row, fates.get(path, Counter()))


def compare_fates(path, row, fates):
    """The row of a path against the fates of its packets."""
    counted = Counter()
    for fate, count in fates.items():
        counted[COLUMN_OF_FATE.get(fate, "Twice")] += count
    if sum(fates.values()) != int(row["CDRs"]):
        yield 0, f"path {path}: CDRs {row['CDRs']}", f"the packets have {sum(fates.values())} fates"
    if counted["Twice"] != int(row["Twice"]):
        yield 0, f"path {path}: Twice {row['Twice']}", f"the packets have {counted['Twice']}"
    for name in PARTS:
        low, high = counted[name], counted[name] + counted["Twice"]
        if not low <= int(row[name]) <= high:
            yield 0, f"path {path}: {name} {row[name]}", f"the packets have {low}"


# }}}
# {{{ Passes


def analysis_of(shown):
    """Fields that say something of a message's relations and findings, as a list of (name, value)."""
    return [(name, value) for name, value in shown.fields
            if (name.startswith("gtpp.analysis.") and not name.endswith(".expert")) or name in FRAME_FIELDS
            or name in ("gtpp.time", "gtpp.path", "gtpp.cdr.fate", "gtpp.hole_octets")]


RELATIONS = ("gtpp.response_in", "gtpp.response_to", "gtpp.retransmission_of", "gtpp.copy_of", "gtpp.time")


def check_passes(one, two):
    """What one pass shows is what two show, and the reports are the same. Where the file is not in the order of time,
    one pass cannot know which message is the nearest."""
    times = [frame.time for frame in two.frames]  # all with as many digits: seconds, or from 4.6 on a date
    is_ordered = times == sorted(times)
    if len(one.frames) != len(two.frames):
        yield 0, f"{len(one.frames)} frames in one pass", f"{len(two.frames)} in two"
        return
    for first, second in zip(one.frames, two.frames):
        if len(first.messages) != len(second.messages):
            yield first.number, f"{len(first.messages)} messages in one pass", f"{len(second.messages)} in two"
            continue
        for early, late in zip(first.messages, second.messages):
            extra = Counter(analysis_of(early)) - Counter(analysis_of(late))
            for name, value in extra:
                if is_ordered or name not in RELATIONS:
                    yield first.number, f"one pass says {name} {value}", f"two say {late.all(name) or 'nothing'}"
    for name in set(one.tables) | set(two.tables):
        if one.tables.get(name) != two.tables.get(name):
            yield 0, f"{name} in one pass: {difference(one, two, name)}", "the same in two"


def difference(one, two, name):
    """The rows that differ."""
    ours, theirs = one.tables.get(name, []), two.tables.get(name, [])
    return [pair for pair in zip(ours, theirs) if pair[0] != pair[1]][:2] or f"{len(ours)} rows, {len(theirs)}"


# }}}
# {{{ Read filters


def check_filter(filtered, whole):
    """What a read filter keeps is shown as without it, but for frames that it drops. Whether it drops the capture's
    last frame no later frame tells, so that a link to that one may be missing."""
    kept, at = {}, 0
    for frame in filtered.frames:
        while at < len(whole.frames) and (whole.frames[at].time, whole.frames[at].length) != (frame.time, frame.length):
            at += 1
        if at == len(whole.frames):
            yield frame.number, f"a frame of {frame.time}", "it is not in the capture, or not in this order"
            return
        kept[frame.number] = whole.frames[at]
        at += 1
    old_to_new = {frame.number: number for number, frame in kept.items()}
    for frame in filtered.frames:
        original = kept[frame.number]
        if len(frame.messages) != len(original.messages):
            yield frame.number, f"{len(frame.messages)} messages", f"{len(original.messages)} without the filter"
            continue
        for shown, before in zip(frame.messages, original.messages):
            yield from compare_filtered(frame.number, shown, before, old_to_new, whole.frames[-1].number)


def compare_filtered(number, shown, before, old_to_new, last):
    """One message with the filter, and without. LAST: the number of the capture's last frame."""
    expected = Counter()
    for name, value in analysis_of(before):
        if name in FRAME_FIELDS:
            if int(value) in old_to_new:
                expected[(name, str(old_to_new[int(value)]))] += 1
        else:
            expected[(name, value)] += 1
    got = Counter(analysis_of(shown))
    for name, value in got - expected:
        if name not in ONCE and name != "gtpp.time":
            yield number, f"{name} {value}", f"without the filter {before.all(name) or 'nothing'}"
    for name, value in expected - got:
        is_last = name in FRAME_FIELDS and value == str(old_to_new.get(last))
        if name not in ONCE and name != "gtpp.time" and not is_last:
            yield number, f"not {name} {value}", "it is said without the filter"


# }}}

# SPDX-License-Identifier: GPL-2.0-or-later
"""The third and the fourth rule: passes and read filters agree, and the reports are the sums of the packets."""
from collections import Counter

CHANNELS, TREE = "Portlore RD Gateway UDP Channels", "RD Gateway UDP Packets and Findings"
FRAME_FIELDS = ("rdgudp.copy_of", "rdgudp.answer_in")
SAME_IN_PASSES = ("rdgudp.channel", "rdgudp.verdict", "rdgudp.hello_count", "rdgudp.dtls_version", "rdgudp.copy_of",
                  "rdgudp.why", "rdgudp.data_both_ways", "rdgudp.correlation_id", "rdgudp.moved_to")
SAME_WITH_FILTER = SAME_IN_PASSES + ("rdgudp.outcome", "rdgudp.stopped_by", "rdgudp.fallback_stream",
                                     "rdgudp.answer_from", "rdgudp.answer_in")


def rows_of(reading):
    """The rows of the table as dictionaries."""
    rows = reading.tables.get(CHANNELS, [])
    return [dict(zip(rows[0], row)) for row in rows[1:]] if rows else []


def is_datagram(frame):
    """True when a frame is a datagram, not an ICMP error or TCP."""
    return ":udp" in frame.protocols and "icmp" not in frame.protocols


def check_sums(reading):
    """The table and the tree against the packets."""
    packets, octets, sources, channels, copies = Counter(), Counter(), Counter(), set(), 0
    for frame, shown in reading.messages():
        index = shown.number("rdgudp.channel")
        if index is None:
            continue
        channels.add(index)
        if not is_datagram(frame):
            continue
        if shown.has("rdgudp.copied"):
            copies += 1
            continue
        packets[index] += 1
        octets[index, frame.source] += frame.length
        sources[index, frame.source] += 1
    rows = rows_of(reading)
    if {int(row["Channel"]) for row in rows} != channels or len(rows) != len(channels):
        yield 0, f"rows of channels {sorted(int(row['Channel']) for row in rows)}", f"packets of {sorted(channels)}"
        return
    for row in rows:
        index = int(row["Channel"])
        if int(row["Packets"]) != packets[index]:
            yield 0, f"channel {index}: Packets {row['Packets']}", f"{packets[index]} packets"
        up = octets[index, client_of(row)]
        down = sum(count for (channel, _), count in octets.items() if channel == index) - up
        if (int(row["Octets up"]), int(row["Octets down"])) != (up, down):
            yield 0, f"channel {index}: Octets {row['Octets up']} up, {row['Octets down']} down", f"{up} and {down}"
        if any(int(row[name]) > 1 << 31 for name in ("Hellos", "Packets", "Octets up", "Octets down")):
            yield 0, f"channel {index}: {row}", "no figure is below zero"
    from_clients = sum(sources[int(row["Channel"]), client_of(row)] for row in rows)
    yield from check_tree(reading, rows, (from_clients, sum(packets.values()) - from_clients), copies)


def client_of(row):
    """The address of a row's client."""
    return row["Client"].rpartition(":")[0].strip("[]")


def check_tree(reading, rows, ways, copies):
    """The tree against the table, and against the datagrams from clients and from gateways (WAYS)."""
    packets = sum(ways)
    nodes = reading.trees.get(TREE)
    if not nodes:
        yield 0, "no tree", "it was asked for"
        return
    top = {name: count for depth, name, count in nodes if depth == 0}
    if top.get("Channels") != len(rows) or top.get("Datagrams") != packets or top.get("Copies") != copies:
        yield 0, f"tree {top}", f"{len(rows)} channels, {packets} datagrams, {copies} copies"
    if any(count < 0 or count > 1 << 31 for _, _, count in nodes):
        yield 0, f"tree {nodes}", "no figure is below zero"
    verdicts, under = Counter(row["Verdict"] for row in rows), ""
    for depth, name, count in nodes:
        under = name if depth == 0 else under
        counted = dict(zip(("From the client", "From the gateway"), ways))
        if depth and under == "Datagrams" and count != counted.get(name):
            yield 0, f"tree: {name} {count}", f"{ways} from clients and gateways"
        if depth and under == "Channels" and count != verdicts[name]:
            yield 0, f"tree: {name} {count}", f"the table has {verdicts[name]}"


def picked(shown, names):
    """Some fields, as a list of (name, value)."""
    return [(name, value) for name, value in shown.fields if name in names]


def check_passes(one, two):
    """What one pass shows is what two show, and the reports are the same."""
    if len(one.frames) != len(two.frames):
        yield 0, f"{len(one.frames)} frames in one pass", f"{len(two.frames)} in two"
        return
    for first, second in zip(one.frames, two.frames):
        if len(first.messages) != len(second.messages):
            yield first.number, f"{len(first.messages)} messages in one pass", f"{len(second.messages)} in two"
            continue
        for early, late in zip(first.messages, second.messages):
            for name, value in Counter(picked(early, SAME_IN_PASSES)) - Counter(picked(late, SAME_IN_PASSES)):
                is_hello = name == "rdgudp.verdict" and value == "0"
                if not is_hello:
                    yield first.number, f"one pass says {name} {value}", f"two say {late.all(name) or 'nothing'}"
    # A hello after which a channel is silent has no answer half a second later. One pass does not come back to it.
    is_late = False
    for first, second in zip(rows_of(one), rows_of(two)):
        is_silent = first["Verdict"] == "hello sent" and second["Verdict"] == "no answer"
        is_late = is_late or is_silent
        if first != second and not is_silent:
            yield 0, f"row in one pass: {set(first.items()) - set(second.items())}", set(second.items()) - set(
                first.items())
    if len(rows_of(one)) != len(rows_of(two)):
        yield 0, f"{len(rows_of(one))} rows in one pass", f"{len(rows_of(two))}"
    # A node that was counted into and is empty again stays: one pass has more of these.
    trees = [{node for node in reading.trees.get(TREE, []) if node[0] == 0 or node[2] != 0} for reading in (one, two)]
    if trees[0] != trees[1] and not is_late:
        yield 0, f"tree in one pass: {trees[0] ^ trees[1]}", "the same in two"


def check_filter(filtered, whole):
    """What a read filter keeps is shown as without it, but for frames that it drops."""
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
            expected = Counter()
            for name, value in picked(before, SAME_WITH_FILTER):
                if name not in FRAME_FIELDS:
                    expected[(name, value)] += 1
                elif int(value) in old_to_new:
                    expected[(name, str(old_to_new[int(value)]))] += 1
            got = Counter(picked(shown, SAME_WITH_FILTER))
            for name, value in got - expected:
                yield frame.number, f"{name} {value}", f"without the filter {before.all(name) or 'nothing'}"
            for name, value in expected - got:
                yield frame.number, f"not {name} {value}", "it is said without the filter"

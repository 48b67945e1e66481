#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""gprscdr [CAPTURE ...] [--random N] [--list]: records of packet-switched domains in BER, as the plugin and as
Wireshark's own gprscdr show them.

Without captures: all that are shipped, and N random records of each type (20), made by the table. Every plain value of
the plugin is looked for in Wireshark's tree, by its octets' place, its name and what it shows; and the other way round.
A value is equal, not equal for one of the reasons in REASONS, or differs. Exit code 1 when one differs.
"""
import argparse
import datetime
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP), str(TOP / "tools")]

# pylint: disable=wrong-import-position
from captures.make.base.wire import Capture, End  # noqa: E402
from captures.make.gtpp import gtpprime, schema_records  # noqa: E402
from runner import Runner  # noqa: E402

NOT_VALUES = {"item", "element", "misfit", "fault", "unknown", "malformed", "too_many"}
EQUAL, DIFFERS = "equal", "differs"
# Why a value of the plugin is not in Wireshark's tree under its name, or the other way round.
OTHER_DISSECTOR = "Wireshark hands it to another dissector"
STOPPED = "Wireshark stops before it, at an error of its own"
INSIDE = "Wireshark does not look into the extension"
WIDTH = "Wireshark's field has 32 bits, the number more"
SIGN = "Wireshark shows the number as negative, which counts and cannot be"
WHOLE = "Wireshark shows as one what the plugin takes apart"
UNREAD = "Wireshark reads nothing of the record"
REASONS = (UNREAD, OTHER_DISSECTOR, STOPPED, INSIDE, WIDTH, SIGN, WHOLE)
HANDED = {"userLocationInformation", "lastUserLocationInformation", "aRP", "pdpPDNType", "pdpType", "qosRequested",
          "qosNegotiated", "qoSInformationNeg", "information", "iPCANsessionType", "externalAddress",
          "locationEstimateType"}
# What Wireshark calls by its type, as items of a list.
CALLED = {"eventTimeStamps": "timeStamp", "listofRAs": "rAIdentity"}


class Leaf:
    """A plain value in a tree: its name without prefix and ending, where its octets are, what it shows."""

    def __init__(self, item, prefix):
        name = re.sub(r"(_text|_parts|_choice|_element|_item|_\d\d)+$", "", item.get("name")[len(prefix):])
        self.name = name[:1].lower() + name[1:]  # Wireshark calls an item of a list by its type
        self.start, self.size = int(item.get("pos")), int(item.get("size"))
        self.shown, self.octets = item.get("show") or "", item.get("value") or ""

    def __repr__(self):
        return f"{self.name}@{self.start}+{self.size}={self.shown!r}"


def items(packet, prefix):
    """All that stands under these names."""
    return [Leaf(item, prefix) for item in packet.iter("field") if (item.get("name") or "").startswith(prefix)]


def leaves(packet, prefix):
    """The values under these names that have no others inside."""
    found = []
    for item in packet.iter("field"):
        name = item.get("name") or ""
        if not name.startswith(prefix) or name[len(prefix):] in NOT_VALUES:
            continue
        if any((child.get("name") or "").startswith(prefix) for child in item.iter() if child is not item):
            continue
        found.append(Leaf(item, prefix))
    return found


def moment(octets):
    """A TimeStamp in UTC; reckoned by other means than in the plugin."""
    zone = datetime.timedelta(hours=int(octets[14:16]), minutes=int(octets[16:18]))
    local = datetime.datetime.strptime("20" + octets[:12], "%Y%m%d%H%M%S")
    utc = local - zone if octets[12:14] == "2b" else local + zone
    return f"{utc:%b} {utc.day:2d}, {utc:%Y %H:%M:%S}.000000000 UTC"


def number(text):
    """A number as either writes it, also a truth value; None when it is none."""
    if text in ("True", "False"):
        return int(text == "True")
    try:
        return int(text, 0)
    except ValueError:
        return None


def judge(ours, theirs):
    """Whether two values of the same octets show the same: as they stand; as numbers; Wireshark's octets as the number,
    the time or the digits that they are."""
    mine, other = number(ours.shown), number(theirs.shown)
    octets = theirs.shown.replace(":", "")
    if ours.shown == theirs.shown or (mine is not None and mine == other):
        return EQUAL
    if octets == ours.octets:
        if ours.size == 9 and ours.shown.endswith("UTC"):
            return EQUAL if ours.shown == moment(octets) else DIFFERS
        if mine is not None and mine == int(octets, 16):
            return EQUAL
        swapped = "".join(octets[i + 1] + octets[i] for i in range(0, len(octets), 2)).rstrip("f")
        if re.fullmatch(r"[0-9*#]+", ours.shown):  # with octets of length, type or plan in front, or none
            return EQUAL if ours.shown in (swapped, swapped[2:], swapped[4:]) else DIFFERS
        return EQUAL  # of a form that Wireshark does not show: the octets are the same
    if mine is not None and other is not None and mine != other and (mine - other) % (1 << 32) == 0:
        return WIDTH if mine >= 1 << 32 or mine < -(1 << 31) else SIGN
    return DIFFERS


def stops_of(packet, theirs):
    """The octets from which on Wireshark says of its own that it cannot go on; where it gave up without a place, those
    behind its last value."""
    found = []
    for item in packet.iter():
        inside = {each.get("name") or "" for each in item}
        if item.get("name") == "_ws.expert" and any(name.startswith("ber.") and name != "ber.error.oid_not_implemented"
                                                    for name in inside):
            found.append(int(item.get("pos")))
        elif item.get("name") == "_ws.malformed" or "BER Error" in (item.get("showname") or ""):
            found.append(max((each.start for each in theirs), default=0) + 1)
    # An estimate of a place that is none ends Wireshark's reading without a word.
    estimates = [each.start for each in theirs if each.name == "locationEstimate"]
    return found + [at for at in estimates if max(each.start for each in theirs) <= at + 1]


def reason_of(ours, inside, stops):
    """Why Wireshark does not have a value under its name. STOPS are the octets at which it stopped."""
    if ours.name in HANDED:
        return OTHER_DISSECTOR
    if inside:
        return INSIDE
    return STOPPED if stops and min(stops) <= ours.start else DIFFERS


def extensions(packet):
    """The octets of vendors' extensions: (start, end)."""
    return [(int(item.get("pos")), int(item.get("pos")) + int(item.get("size"))) for item in packet.iter("field")
            if re.fullmatch(r"cdr\.(recordExtensions|information|extensions?\w*)", item.get("name") or "")]


def records_of(packet):
    """The octets of the records: (start, end)."""
    return [(int(item.get("pos")), int(item.get("pos")) + int(item.get("size"))) for item in packet.iter("field")
            if item.get("name") == "gtpp.cdr"]


def compare(packet):
    """(verdict, value of the plugin or None, value of Wireshark or None) for each value of a packet."""
    ours, theirs = leaves(packet, "cdr."), leaves(packet, "gprscdr.")
    places, stops, outside = {}, stops_of(packet, theirs), extensions(packet)
    starts, records = {leaf.start for leaf in ours}, records_of(packet)
    for leaf in items(packet, "gprscdr."):
        places.setdefault(leaf.start, []).append(leaf)
        places.setdefault(leaf.start - 1, []).append(leaf)  # a BIT STRING, without the octet of its unused bits
    used, found = set(), []
    for leaf in ours:
        others = [each for each in places.get(leaf.start, ()) if each.name in (leaf.name, CALLED.get(leaf.name))]
        if not leaf.shown:  # NULL: nothing but its place
            others = [each for at in range(leaf.start, leaf.start + leaf.size + 2) for each in places.get(at, ())
                      if each.name == leaf.name]
        # Of a BIT STRING, and of NULL, place and name alone are compared.
        same = next((each for each in others if judge(leaf, each) == EQUAL or each.start == leaf.start + 1 or
                     not leaf.shown), None)
        if same is not None:
            used.add(same.start)
            found.append((EQUAL, leaf, same))
        elif others:
            used.add(others[0].start)
            found.append((judge(leaf, others[0]), leaf, others[0]))
        else:
            inside = any(start <= leaf.start < end for start, end in outside)
            record = next((one for one in records if one[0] <= leaf.start < one[1]), (0, 0))
            is_read = any(record[0] <= place < record[1] for place in places)
            found.append((reason_of(leaf, inside, stops) if is_read else UNREAD, leaf, None))
    shown = {place for leaf in ours for place in range(leaf.start, leaf.start + leaf.size)}
    for leaf in theirs:
        if leaf.start not in used and leaf.start not in shown and leaf.size > 0:
            within = any(start in starts for start in range(leaf.start, leaf.start + leaf.size))
            found.append((WHOLE if within else DIFFERS, None, leaf))
    return found


def packets_of(pdml):
    """The packets with a record that Wireshark has read, too."""
    for packet in ElementTree.fromstring(pdml).iter("packet"):
        names = {item.get("name") or "" for item in packet.iter("field")}
        if any(name.startswith("gprscdr.") for name in names) and "gtpp.cdr" in names:
            yield packet


def random_capture(count):
    """COUNT records of each packet-switched type."""
    capture = Capture()
    rows = [row for row in schema_records.rows() if row.domain == "PS"]
    for seed in range(count):
        for at, row in enumerate(rows):
            value, _ = schema_records.make(row, 10007 * seed + 131 * at, (3, 5, 2, 1, 0)[seed % 5])
            record = schema_records.ber(row, value)
            if len(record) < 60000:
                capture.udp(End("192.0.2.10", 49400), End("198.51.100.20", 3386), gtpprime.message(
                    240, seed, gtpprime.command(gtpprime.SEND),
                    gtpprime.data_record_packet(record, version=gtpprime.format_version(0, 9, extension=18))))
    return capture


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("captures", nargs="*", type=Path)
    parser.add_argument("--random", type=int, default=20, metavar="N")
    parser.add_argument("--list", action="store_true", help="each value that differs")
    given = parser.parse_args()
    total, records = Counter(), 0
    with Runner(TOP / "build" / "default") as runner, tempfile.TemporaryDirectory() as folder:
        runner.check_loaded()
        captures = given.captures or sorted((TOP / "captures").glob("gtpp-*.pcap"))
        if not given.captures:
            made = Path(folder) / "random.pcap"
            made.write_bytes(random_capture(given.random).octets())
            captures.append(made)
        for path in captures:
            answer = runner.run("tshark", "-r", runner.reachable(path), "-o", "gtpp.builtin:always", "-T", "pdml",
                                timeout=3600)
            for packet in packets_of(answer.stdout):
                records += 1
                for verdict, ours, theirs in compare(packet):
                    total[verdict] += 1
                    if verdict == DIFFERS and given.list:
                        print(path.name, ours, theirs)
    print(f"{records} packets, {sum(total.values())} values")
    for verdict, count in total.most_common():
        print(f"{count:9} {verdict}")
    return 1 if total[DIFFERS] else 0


if __name__ == "__main__":
    sys.exit(main())

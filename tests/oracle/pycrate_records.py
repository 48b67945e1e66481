#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""pycrate_records [--records N] [--domain NAME ...] [--per] [--list]: random charging records encoded by pycrate, as
the plugin shows them.

Run it with a Python that has pycrate 0.8.1 from PyPI; nothing else of the project needs it. pycrate has the ASN.1
modules of TS 32.298 release 16.11, without CHF's and the exposure function's, and an encoder of its own: nothing of
data/cdr.schema is behind what the plugin is held against. In BER each value is compared by name and order, numbers and
texts by what is shown, octets by themselves; bit strings and NULL by name and order only. --per adds both kinds of PER.
There pycrate is put right in one thing (in_canonical_order), and iPTextV6Address is left out: its shortest value is 15
characters in pycrate's module and 2 in data/cdr.schema, and PER counts from there. Exit code 1 when a value differs.
"""
import argparse
import random
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from pycrate_asn1dir import CDR

sys.path[:0] = [str(Path(__file__).resolve().parent)]

# pylint: disable=wrong-import-position
from gprscdr import TOP, leaves, number  # noqa: E402

from captures.make.base.wire import Capture, End  # noqa: E402
from captures.make.gtpp import gtpprime  # noqa: E402
from captures.make.gtpp.cdr import timestamp  # noqa: E402
from runner import Runner  # noqa: E402

DOMAINS = {"PS": ("GPRSChargingDataTypes", "GPRSRecord"), "IMS": ("IMSChargingDataTypes", "IMSRecord")}
TYPES = CDR.GenericChargingDataTypes.RecordType._cont
TEXTS = {"UTF8String", "IA5String", "GraphicString", "PrintableString", "VisibleString", "NumericString"}
UNLIKE_IN_PER = {"iPTextV6Address"}
LEFT_OUT = {"OPEN_TYPE", "ANY", "REAL", "EXTERNAL", "EMBEDDED PDV"}  # what may be anything
VERSION = gtpprime.format_version(0, 12, extension=16)
ENCODINGS = (("BER", gtpprime.BER), ("unaligned PER", gtpprime.UNALIGNED_PER), ("aligned PER", gtpprime.ALIGNED_PER))
EPOCH = 1704164645


def limits(rule, low, high):
    """The least and the greatest that a constraint of pycrate allows."""
    if rule is None:
        return low, high
    ranges = [(each.lb, each.ub) if hasattr(each, "lb") else (each, each) for each in rule.root]
    least = min(low if start is None else start for start, _ in ranges)
    return least, max(max(high, least) if end is None else end for _, end in ranges)


def is_left_out(kind, depth=0):
    """Whether a value of this type must hold what may be anything."""
    if kind.TYPE in LEFT_OUT:
        return True
    if depth > 6:
        return False
    if kind.TYPE in ("SEQUENCE OF", "SET OF"):
        return is_left_out(kind._cont, depth + 1)
    return kind.TYPE in ("SEQUENCE", "SET") and any(is_left_out(kind._cont[name], depth + 1)
                                                    for name in kind._root_mand)


def in_canonical_order(kind, done=()):
    """The bits for what is optional in a SET stand in the order of its tags, as its components do (X.691 section 21);
    pycrate has them in the order of the text."""
    if kind.TYPE == "SET" and kind._root_opt:
        kind._root_opt = [each for each in kind._root_canon if each in kind._root_opt]
    parts = [kind._cont] if kind.TYPE in ("SEQUENCE OF", "SET OF") else \
        kind._cont.values() if kind.TYPE in ("SET", "SEQUENCE", "CHOICE") else []
    for part in parts:
        if not any(part is each for each in done):
            in_canonical_order(part, (*done, part))


class Maker:
    def __init__(self, seed, left_out=()):
        self.dice, self.found, self.left_out = random.Random(seed), [], left_out

    def octets(self, kind, low, high):
        called = kind._typeref.called[1] if kind._typeref is not None else ""
        if called == "TimeStamp":
            return timestamp(EPOCH + self.dice.randrange(10 ** 7), self.dice.choice((0, 60, 330, -210)))
        count = self.dice.randint(low, min(high, low + 6))
        # Octets that are text, and digits of TBCD; numbers have their nature and plan in front.
        front = b"\x91" if re.search("Address|MSISDN|Number|RecordingEntity", called) else b""
        return (front + bytes(self.dice.randrange(0x30, 0x3A) for _ in range(count)))[:count]

    def plain(self, name, kind):
        """The value of a plain type; notes what is to be shown."""
        if kind.TYPE == "INTEGER":
            low, high = limits(kind._const_val, 0, 1 << 40)
            value = self.dice.choice((low, high, self.dice.randint(low, high), min(high, low + 99)))
            shown = str(value)
        elif kind.TYPE == "ENUMERATED":
            value = self.dice.choice(kind._root)
            shown = str(kind._cont[value])
        elif kind.TYPE == "BOOLEAN":
            value = self.dice.random() < 0.5
            shown = str(int(value))
        elif kind.TYPE == "NULL":
            value, shown = 0, None
        elif kind.TYPE == "BIT STRING":
            low, high = limits(kind._const_sz, 8, 8)
            bits = self.dice.randint(low, high)
            value, shown = (self.dice.getrandbits(bits), bits), None
        elif kind.TYPE == "OCTET STRING":
            value = self.octets(kind, *limits(kind._const_sz, 1, 20))
            shown = value
        elif kind.TYPE == "OBJECT IDENTIFIER":
            value, shown = (1, 3, 6, 1, 4, 1, 32473, self.dice.randrange(1, 200)), None
            shown = ".".join(map(str, value))
        elif kind.TYPE in TEXTS:
            low, high = limits(kind._const_sz, 1, 12)
            count = self.dice.randint(max(low, min(high, 6)), min(high, max(low, 6) + 12))
            value = "".join(self.dice.choice("abcdefghijklmnop0123456789") for _ in range(count))
            shown = value
        else:
            raise ValueError(f"{name}: {kind.TYPE}")
        self.found.append((name, kind.TYPE, shown))
        return value

    def value(self, name, kind, depth=0):
        if kind.TYPE in ("SEQUENCE", "SET"):
            made = {}
            later = {each for group in kind._ext or () for each in (group if isinstance(group, list) else [group])}
            for each, part in kind._cont.items():
                if each in later or part._def is not None or (part._opt and (is_left_out(part) or depth > 7)):
                    continue
                if not part._opt or self.dice.random() < (0.6, 0.6, 0.4, 0.3)[min(depth, 3)]:
                    made[each] = self.value(each, part, depth + 1)
            return made
        if kind.TYPE in ("SEQUENCE OF", "SET OF"):
            low, high = limits(kind._const_sz, 1, 2)
            return [self.value(name, kind._cont, depth + 1) for _ in range(self.dice.randint(low, min(high, low + 2)))]
        if kind.TYPE == "CHOICE":
            choices = [each for each in kind._root if each not in self.left_out and not is_left_out(kind._cont[each])]
            chosen = self.dice.choice(choices)
            return chosen, self.value(chosen, kind._cont[chosen], depth + 1)
        return self.plain(name, kind)


def in_order(values):
    """Name -> its values."""
    found = {}
    for name, *value in values:
        name = name.replace("-", "_")
        found.setdefault(name[:1].lower() + name[1:], []).append(value)
    return found


def same(kind, wanted, leaf, like):
    """LIKE is what the same value shows in BER, or None when this is BER."""
    if kind in ("INTEGER", "ENUMERATED", "BOOLEAN"):
        return number(leaf.shown) == int(wanted)
    if kind in TEXTS or kind == "OBJECT IDENTIFIER":
        return leaf.shown == wanted
    if like is not None:
        return leaf.shown == like.shown
    return wanted is None or leaf.octets == wanted.hex()


def compare(wanted, shown, in_ber, total, wrong):
    """Counts the values of a record that are equal; those that are not go to WRONG."""
    for name, values in in_order(wanted).items():
        there = [each for each, in shown.get(name, ())]
        like = [each for each, in in_ber.get(name, ())] if in_ber is not None else [None] * len(values)
        if len(there) != len(values) or len(like) != len(values):
            wrong.append((name, values, there))
            continue
        for (kind, value), leaf, other in zip(values, there, like):
            if same(kind, value, leaf, other):
                total[kind] += 1
            else:
                wrong.append((name, (kind, value), leaf))
    total["more"] += sum(name not in in_order(wanted) for name in shown)


def records_of(domain, count, seed, left_out):
    """(type, what it holds, its octets in each encoding)."""
    module, outer = DOMAINS[domain]
    choice = getattr(getattr(CDR, module), outer)
    in_canonical_order(choice)
    for name in choice._cont:
        for turn in range(count):
            maker = Maker(f"{seed} {domain} {name} {turn}", left_out)
            value = maker.value(name, choice._cont[name])
            value["recordType"] = TYPES[name]
            maker.found = [(each, kind, str(TYPES[name]) if each == "recordType" else shown)
                           for each, kind, shown in maker.found]
            choice.set_val((name, value))
            yield name, maker.found, (choice.to_ber(), choice.to_uper(), choice.to_aper())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=20, metavar="N", help="of each type (20)")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--domain", nargs="*", default=sorted(DOMAINS), choices=sorted(DOMAINS))
    parser.add_argument("--per", action="store_true", help="PER as well")
    parser.add_argument("--list", action="store_true", help="each value that differs")
    given = parser.parse_args()
    made = [each for domain in given.domain for each in records_of(
        domain, given.records, given.seed, UNLIKE_IN_PER if given.per else ())]
    made = [each for each in made if max(map(len, each[2])) < 60000]
    total, failed, in_ber = Counter(), Counter(), {}
    with Runner(TOP / "build" / "default") as runner, tempfile.TemporaryDirectory() as folder:
        runner.check_loaded()
        for at, (encoding, form) in enumerate(ENCODINGS if given.per else ENCODINGS[:1]):
            capture = Capture()
            for seq, (_, _, octets) in enumerate(made):
                capture.udp(End("192.0.2.10", 49400), End("198.51.100.20", 3386), gtpprime.message(
                    240, seq & 0xFFFF, gtpprime.command(gtpprime.SEND),
                    gtpprime.data_record_packet(octets[at], form=form, version=VERSION)))
            path = Path(folder) / f"{form}.pcap"
            path.write_bytes(capture.octets())
            answer = runner.run("tshark", "-r", runner.reachable(path), "-o", "gtpp.builtin:never", "-T", "pdml",
                                timeout=3600)
            packets = ElementTree.fromstring(answer.stdout).findall("packet")
            packets = [each for each in packets if any(item.get("name") == "gtpp" for item in each.iter("proto"))]
            for seq, ((name, wanted, _), packet) in enumerate(zip(made, packets, strict=True)):
                shown = in_order((leaf.name, leaf) for leaf in leaves(packet, "cdr."))
                wrong = []
                compare(wanted, shown, in_ber.get(seq) if at else None, total, wrong)
                if not at:
                    in_ber[seq] = shown
                failed[encoding] += len(wrong)
                for each in wrong if given.list else ():
                    print(encoding, name, *each)
    print(f"{len(made)} records")
    for what, count in total.most_common():
        print(f"{count:9} {'names beyond those that were sent' if what == 'more' else what}")
    print(f"{sum(failed.values()):9} differ", dict(failed))
    return 1 if sum(failed.values()) else 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: GPL-2.0-or-later
"""What tshark says of a capture: per frame the fields of one protocol, and the tables of reports."""
import json
import re
from dataclasses import dataclass, field


# An assertion of Wireshark's own reassembly that out-of-order segments of a capture with holes can meet.
OWN_BUG = re.compile(r"^.*Dissector bug, protocol TCP, in packet \d+: \./epan/dissectors/packet-tcp\.c.*\n", re.M)


@dataclass(eq=False)
class Shown:
    """One message as it is shown: its fields in their order, and its expert texts by the item's name."""

    fields: list = field(default_factory=list)  # (name, value)
    texts: list = field(default_factory=list)   # (name of the expert item, sentence)

    def all(self, name):
        """The values of a field."""
        return [value for other, value in self.fields if other == name]

    def numbers(self, name):
        """The same as numbers."""
        return [int(value, 0) for value in self.all(name)]

    def number(self, name):
        """The first of them, or None."""
        found = self.numbers(name)
        return found[0] if found else None

    def has(self, name):
        """True when the field is there."""
        return any(other == name for other, _ in self.fields)

    def text(self, name):
        """The first sentence of an expert item, or ''."""
        return next((text for other, text in self.texts if other == name), "")


@dataclass(eq=False)
class ShownFrame:
    """A frame as it is shown."""

    number: int
    time: str  # seconds since 1970, as printed
    length: int
    messages: list
    protocols: str = ""  # as frame.protocols has them
    source: str = ""     # the innermost IP address that it comes from, where addresses were asked for


@dataclass
class Reading:
    """One run of tshark over one capture."""

    frames: list
    tables: dict  # name of a report -> its rows: lists of the columns' values
    trees: dict = field(default_factory=dict)  # name of a statistics tree -> its nodes: (depth, name, count)
    complaint: str = ""  # what tshark wrote to its standard error, or how it died

    def messages(self):
        """All (frame, message)."""
        return [(frame, message) for frame in self.frames for message in frame.messages]


def flatten(pairs, shown):
    """Fields of a tree into SHOWN, in their order."""
    for name, value in pairs:
        if name == "_ws.expert":
            item = dict(value)
            expert = next((key for key in item if not key.startswith("_ws.")), "")
            shown.texts.append((expert, item.get("_ws.expert.message", "")))
        elif isinstance(value, list):
            if "." in name and " " not in name and not name.endswith("_tree"):
                shown.fields.append((name, ""))
            flatten(value, shown)
        else:
            shown.fields.append((name, value))


def read_frame(layers, protocol):
    """One frame of tshark's JSON."""
    frame = dict(next(value for name, value in layers if name == "frame"))
    messages, source = [], ""
    for name, value in layers:
        if name in ("ip", "ipv6"):
            source = dict(value).get(f"{name}.src", "")
        if name == protocol and isinstance(value, list):
            shown = Shown()
            flatten(value, shown)
            messages.append(shown)
    return ShownFrame(int(frame["frame.number"]), frame["frame.time_epoch"], int(frame["frame.len"]), messages,
                      frame["frame.protocols"], source)


def read_tables(text):
    """The tables of Wireshark's stat taps: rows of columns that end in |."""
    tables, name = {}, ""
    for line in text.splitlines():
        if line.endswith(":") and not line.startswith("Filter"):
            name = line[:-1]
            tables[name] = []
        elif line.rstrip().endswith("|") and name:
            tables[name].append([cell.strip() for cell in line.rstrip()[:-1].split("|")])
    return tables


NODE = re.compile(r"^( *)(.*?) {2,}(-?\d+)(?: |$)")


def read_trees(text):
    """Wireshark's statistics trees: their nodes in order. The name begins with that of its menu, behind which Wireshark
    4.6 writes spaces."""
    trees, name, before = {}, "", ""
    for line in text.splitlines():
        if line.startswith("Topic / Item"):
            name = before.rstrip(":").rpartition("/")[2].strip()
            trees[name] = []
        elif name and not line.startswith("-"):
            node = NODE.match(line)
            if not node:
                name = ""
            else:
                trees[name].append((len(node.group(1)), node.group(2), int(node.group(3))))
        before = line
    return trees


def read(runner, path, home, protocol, reports, options=(), with_addresses=False):
    """Run tshark once over a capture."""
    layers = f"frame ip ipv6 {protocol}" if with_addresses else f"frame {protocol}"
    args = [word for report in reports for word in ("-z", report)]
    answer = runner.run("tshark", "-r", path, "-T", "json", "-J", layers, *args, *options, home=home)
    if answer.returncode != 0:
        return Reading([], {}, {}, f"tshark ends with {answer.returncode}: {answer.stderr.strip()[-300:]}")
    start = answer.stdout.find("[")
    packets, end = json.JSONDecoder(object_pairs_hook=list).raw_decode(answer.stdout[start:])
    frames = [read_frame(dict(dict(packet)["_source"])["layers"], protocol) for packet in packets]
    told = answer.stdout[start + end:]
    return Reading(frames, read_tables(told), read_trees(told), OWN_BUG.sub("", answer.stderr).strip())

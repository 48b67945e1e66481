"""Filters that are drawn by a seed from the fields and values of a capture: fields of the plugin, and common ones. They
are used as read filters (tshark -2 -R), which drop frames whose numbers go to later frames, and as display filters of
sharkd.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import random

OURS = ("gtpp", "cdr", "rdgudp", "rdghttp", "portlore")
COMMON = {"frame.number": "FT_UINT32", "frame.len": "FT_UINT32", "ip.src": "FT_IPv4", "ip.dst": "FT_IPv4",
          "udp.srcport": "FT_UINT16", "udp.dstport": "FT_UINT16", "tcp.len": "FT_UINT32", "tcp.srcport": "FT_UINT16",
          "dtls.record.content_type": "FT_UINT8", "icmp.type": "FT_UINT8"}
# Of these, tshark prints what a filter takes; of others, a filter only asks whether they are there.
PLAIN = {"FT_UINT8", "FT_UINT16", "FT_UINT24", "FT_UINT32", "FT_UINT64", "FT_FRAMENUM", "FT_IPv4", "FT_IPv6"}
ORDERED = {name for name in PLAIN if "UINT" in name or name == "FT_FRAMENUM"}
COUNT = 4


def known_fields(run):
    """Name -> type, of all fields of the plugin and the common ones."""
    found = dict(COMMON)
    for line in run("tshark", "-G", "fields").stdout.splitlines():
        part = line.split("\t")
        if part[0] == "F" and part[4] in OURS:
            found[part[2]] = part[3]
    return found


def values_of(run, capture, fields, options):
    """Field -> its values in a capture, in order, each once. Fields that do not occur are left out."""
    names = sorted(fields)
    answer = run("tshark", "-2", "-r", capture, *options, "-T", "fields", "-E", "aggregator=|",
                 *(word for name in names for word in ("-e", name)))
    found = {}
    for line in answer.stdout.splitlines():
        for name, text in zip(names, line.split("\t")):
            if text:
                found.setdefault(name, {}).update(dict.fromkeys(text.split("|")))
    return {name: list(values) for name, values in found.items()}


def test_of(fields, values, chance):
    """A test of one field that occurs in the capture. Three of four are of the plugin's fields, where there are any."""
    ours = sorted(name for name in values if name not in COMMON)
    name = chance.choice(ours if ours and chance.random() < 0.75 else sorted(set(values) & set(COMMON)))
    if fields[name] not in PLAIN or chance.random() < 0.2:
        return name
    operators = ("==", "==", "!=", "<", ">") if fields[name] in ORDERED else ("==", "!=")
    return f"{name} {chance.choice(operators)} {chance.choice(values[name])}"


def draw(fields, values, seed):
    """COUNT filters; the same for the same seed."""
    chance = random.Random(seed)
    drawn = []
    for _ in range(COUNT):
        text = test_of(fields, values, chance)
        if chance.random() < 0.4:
            text = f"{text} {chance.choice(('or', 'and'))} {test_of(fields, values, chance)}"
        drawn.append(f"!({text})" if chance.random() < 0.4 else text)
    return drawn


def sharkd_requests(path, keys, filters, taps):
    """What asks sharkd for the rows, a tree and the reports with each filter, on its standard input; and how many
    requests that is."""
    requests = [("setconf", {"name": "tls.keylog_file", "value": str(keys)})] if keys else []
    requests.append(("load", {"file": str(path)}))
    for text in filters:
        requests += [("frames", {"filter": text}), ("tap", {f"tap{at}": name for at, name in enumerate(taps)}),
                     ("frame", {"frame": 1, "proto": True, "columns": True}), ("intervals", {"filter": text})]
    return "".join(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}) + "\n"
                   for number, (method, params) in enumerate(requests, 1)), len(requests)

"""IANA's registry, as we have it, against Wireshark's own table of services, for every port.

docs/proof.md has the figures of each series.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
from collections import defaultdict
from pathlib import Path

from support.paths import REPOSITORY

FILE = Path("/usr/share/wireshark/services")  # 4.0 has a file, later ones print what is compiled in
TRANSPORTS = ("tcp", "udp", "sctp", "dccp")


def ports(number):
    first, _, last = number.partition("-")
    return range(int(first), int(last or first) + 1)


def our_names():
    """(port, transport) -> its names in data/iana.tsv; and those whose row is a range, or names no transport."""
    names, wide = defaultdict(set), set()
    for line in (REPOSITORY / "data/iana.tsv").read_text(encoding="utf-8").splitlines()[2:]:
        number, transport, service = line.split("\t")[:3]
        for port in ports(number) if service else ():
            for one in [transport] if transport else TRANSPORTS:
                names[port, one].add(service)
                if "-" in number or not transport:
                    wide.add((port, one))
    return names, wide


def their_names(runner):
    """(port, transport) -> the name in Wireshark's table."""
    if FILE.exists():
        lines = [line.partition("#")[0].split() for line in FILE.read_text(encoding="utf-8").splitlines()]
        rows = [(line[0], *line[1].partition("/")[::2]) for line in lines if len(line) > 1]
    else:
        rows = [line.split("\t")[:3] for line in runner.run("tshark", "-G", "services").stdout.splitlines()]
    return {(port, transport): name for name, number, transports in reversed(rows)
            for port in ports(number) for transport in transports.split("/")}


def test_names_against_wiresharks(runner):
    ours, wide = our_names()
    theirs = their_names(runner)
    assert len(theirs) > 11000
    missing = set(ours) - set(theirs)
    counts = (len([key for key in theirs if theirs[key] in ours.get(key, ())]),
              len([key for key in theirs if key in ours and theirs[key] not in ours[key]]),
              len(missing & wide), len(missing - wide), len(set(theirs) - set(ours)))
    version = runner.run("tshark", "--version").stdout.splitlines()[0]
    series = re.search(r"\d+\.\d+", version).group()
    text = (REPOSITORY / "docs/proof.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| {re.escape(series)} \|((?: [\d,]+ \|){{5}})$", text, re.M)
    assert row, f"docs/proof.md has no figures of {series}: {counts}"
    assert counts == tuple(int(cell.replace(",", "")) for cell in row.group(1).split("|")[:5])

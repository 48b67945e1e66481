"""The profile: Wireshark takes it without complaint, and every name in it means something.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv
import re
import shutil

import pytest
from support.paths import REPOSITORY

PROFILE = REPOSITORY / "docs" / "profile" / "Portlore"
FIELD = re.compile(r"\b(?:gtpp|rdgudp|rdghttp|portlore)\b(?:\.[a-z0-9_]+)*")


def rows(name):
    """The rows of one of the profile's tables."""
    lines = (PROFILE / name).read_text(encoding="utf-8").splitlines()
    return list(csv.reader(line for line in lines if not line.startswith("#")))


def colour_rules():
    lines = (PROFILE / "colorfilters").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("@")[1:3]) for line in lines if not line.startswith("#")]


def filters():
    """(where, filter) of every filter in the profile."""
    yield from ((f"colour {name}", rule) for name, rule in colour_rules())
    yield from ((f"button {row[1]}", row[2]) for row in rows("dfilter_buttons"))
    yield from ((f"graph {row[1]}", row[2]) for row in rows("io_graphs") if row[2])


@pytest.fixture
def profiled(runner, home, capture):
    """profiled(CAPTURE, ARGUMENT ...): the lines of tshark with the profile. It must have nothing to complain about."""
    configuration = home / ".config" / "wireshark" / "profiles"
    shutil.copytree(PROFILE, configuration / "Portlore")
    for path in home.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)

    def run(name, *args):
        answer = runner.run("tshark", "-C", "Portlore", "-2", "-r", capture(name), *args, home=home)
        assert answer.returncode == 0, answer.stderr
        assert answer.stderr == ""
        return answer.stdout.splitlines()
    return run


def test_every_filter_is_understood(sharkd):
    """Without an error, which sharkd would answer, and without a warning."""
    known = list(filters())
    answers = sharkd("gtpp-udp.pcap", *({"method": "check", "params": {"filter": rule}} for _, rule in known))
    assert len(known) > 20
    assert [(where, answer) for (where, _), answer in zip(known, answers)] == \
        [(where, {"status": "OK"}) for where, _ in known]


def test_every_name_is_a_field(runner):
    listed = {line.split("\t")[2] for line in runner.run("tshark", "-G", "fields").stdout.splitlines()}
    text = "".join((PROFILE / name).read_text(encoding="utf-8") for name in
                   ("colorfilters", "dfilter_buttons", "io_graphs", "preferences"))
    names = set(FIELD.findall(text))
    assert len(names) > 20
    assert sorted(names - listed) == []


@pytest.mark.parametrize("name, display_filter, rule", [
    ("gtpp-udp.pcap", "gtpp.cdr", "Portlore: GTP'"),
    ("gtpp-unacknowledged.pcap", "gtpp.analysis.unacknowledged",
     "Portlore: charging record not acknowledged, refused or billed twice"),
    ("gtpp-retransmission.pcap", "gtpp.analysis.retransmission", "Portlore: charging records to look at"),
    ("port-3386-foreign.pcap", "portlore.unexpected", "Portlore: does not belong on this port"),
    ("port-3311-sustained.pcap", "portlore.sustained", "Portlore: lasting traffic on a dormant port"),
    ("port-probes.pcap", "portlore.probe && !portlore.unexpected", "Portlore: port was tried"),
    ("rdgudp-trailer-all.pcap", "rdgudp.correlation_id", "Portlore: RD Gateway"),
    ("rdgudp-no-answer.pcap", "rdgudp.no_answer", "Portlore: RD Gateway channel failed"),
    ("rdgudp-unsolicited.pcap", "rdgudp.unsolicited", "Portlore: attack on an RD Gateway"),
    ("rdghttp-udp-blocked.pcapng", "rdghttp.udp_no_answer",
     "Portlore: RD Gateway session refused, stopped, or its UDP failed"),
    ("rdghttp-websocket.pcapng", "rdghttp.type == 4", "Portlore: RD Gateway"),
])
def test_colour(profiled, name, display_filter, rule):
    """Every packet that the filter lets pass has the colour of that rule, or of one that comes before it."""
    order = [title for title, _ in colour_rules()]
    seen = profiled(name, "--color", "-Y", display_filter, "-T", "fields", "-e", "frame.coloring_rule.name")
    assert rule in seen
    assert all(order.index(title) <= order.index(rule) for title in seen)


def column(profiled, name, frame, title):
    """What the profile's column shows for a packet."""
    text = (PROFILE / "preferences").read_text(encoding="utf-8")
    titles = re.findall(r'^\t"([^"]+)", "%', text, re.M)
    cells = profiled(name, "-T", "tabs", "-Y", f"frame.number == {frame}")[0].split("\t")
    # tshark puts an arrow between source and destination, as a cell of its own.
    cells = [cell for cell in cells if cell != "→"]
    assert len(cells) == len(titles)
    return cells[titles.index(title)]


def test_columns(profiled, fields):
    time = fields("gtpp-udp.pcap", "gtpp.time", "frame.number", "gtpp.time", extra=["-2"])[0]
    assert float(column(profiled, "gtpp-udp.pcap", time[0], "Response time")) == float(time[1])
    service = fields("gtpp-udp.pcap", "portlore.iana.service", "frame.number", "portlore.iana.service")[0]
    assert column(profiled, "gtpp-udp.pcap", service[0], "IANA service") == service[1]


def test_verdict_column(profiled):
    """Of the port where there is one, of the channel where there is one; both in words."""
    assert "Expected tenant" in column(profiled, "gtpp-udp.pcap", 1, "Verdict")
    first = profiled("rdgudp-trailer-all.pcap", "-Y", "rdgudp.verdict", "-T", "fields", "-e", "frame.number")[-1]
    assert re.search(r"[A-Za-z]{4}", column(profiled, "rdgudp-trailer-all.pcap", first, "Verdict"))
    assert "offered, tried, no answer" in column(profiled, "rdghttp-udp-blocked.pcapng", 30, "Verdict")


def test_buttons_and_graphs_are_whole():
    for row in rows("dfilter_buttons"):
        assert len(row) == 4 and row[0] in ("TRUE", "FALSE") and row[1]
    for row in rows("io_graphs"):
        assert len(row) == 9 and row[0] in ("Enabled", "Disabled")
        assert bool(row[6]) == ("Field" in row[5])

"""GTP' in IP fragments, of which the capture lacks some: what they held is not known, so nothing is said of it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest
from captures.make.base.wire import Capture, End
from captures.make.gtpp import make_gtpp_fragments as make
from support.paths import CAPTURES

CAPTURE = CAPTURES / "gtpp-fragments-missing.pcap"
LACKS = "fragments of a datagram from {} are missing in this capture."
HIDES = ("Whether local sequence numbers 102 to 105 are missing cannot be told: parts of messages that may have held "
         "them are not in this capture.")
FINDINGS = {
    3: [HIDES],
    7: [HIDES],
    4: ["Whether number 2 was asked for cannot be told: " + LACKS.format("192.0.2.10")],
    8: ["Whether number 2 was asked for cannot be told: " + LACKS.format("2001:db8::10")],
    9: ["Whether this request was answered cannot be told: " + LACKS.format("198.51.100.20")],
    10: ["Whether this request was answered cannot be told: " + LACKS.format("198.51.100.20")],
    # The datagram of which a fragment is missing here is that of another service.
    23: ["4 local sequence numbers before a record of this message are not in this capture: 102 to 105."],
    24: ["Nothing in the capture asked for this answer: number 2."],
}


@pytest.fixture(scope="module")
def findings(runner):
    """Frame -> what is said of GTP' in it."""
    home = runner.new_home()
    answer = runner.run("tshark", "-2", "--disable-protocol", "portlore", "-r", runner.reachable(CAPTURE), "-Y", "gtpp",
                        "-T", "fields", "-e", "frame.number", "-e", "_ws.expert.message", "-E", "aggregator=|",
                        home=home)
    assert answer.returncode == 0, answer.stderr
    said = {}
    for line in answer.stdout.splitlines():
        number, texts = line.split("\t")
        said[int(number)] = [text for text in texts.split("|") if text and "Wireshark's own" not in text]
    return said


@pytest.mark.parametrize("frame", sorted(FINDINGS))
def test_what_is_said(findings, frame):
    """A missing fragment of a request, of an answer; and one of another service, which explains nothing."""
    assert findings[frame] == FINDINGS[frame]


def test_nothing_else_is_said(findings):
    """No gap is said before the records of the frames 3 and 7; fragments that came twice are no datagram of their
    own."""
    assert {frame for frame, texts in findings.items() if texts} == set(FINDINGS)


def test_the_ledger_counts_the_request_as_undecided(runner):
    """Not as unacknowledged."""
    answer = runner.run("tshark", "-q", "-r", runner.reachable(CAPTURE), "-z", "gtpp,ledger", home=runner.new_home())
    lines = [[cell.strip() for cell in line.split("|")] for line in answer.stdout.splitlines() if "|" in line]
    rows = [dict(zip(lines[0], line)) for line in lines[1:]]
    assert [(row["Undecided"], row["Unacknowledged"], row["Local seq missing"]) for row in rows] == [
        ("0", "0", "0"), ("0", "0", "0"), ("2", "0", "0"), ("0", "0", "0"), ("0", "0", "4")]


def test_without_reassembly(runner):
    """A first fragment that IP hands on alone is drawn as far as it goes, as if it were cut, and nothing else is
    wrong with it. Those that follow belong to it."""
    answer = runner.run("tshark", "-2", "-o", "ip.defragment:FALSE", "--disable-protocol", "portlore", "-r",
                        runner.reachable(CAPTURE), "-T", "fields", "-e", "frame.number", "-e", "gtpp.records",
                        "-e", "_ws.expert.message", "-E", "aggregator=|", home=runner.new_home())
    assert answer.returncode == 0, answer.stderr
    rows = {int(line.split("\t")[0]): line.split("\t")[1:] for line in answer.stdout.splitlines()}
    drawn = "Only 69 of the record's 203 octets are here: fields behind them are not shown."
    cut = "Only 496 of this message's 835 octets are here."
    assert rows[2] == ["4", f"{drawn}|{cut}"]
    assert rows[15] == ["4", f"{drawn}|{cut}"]
    assert rows[3] == ["1", HIDES.replace("102", "104")]
    assert rows[19] == rows[3]
    assert rows[20][1] == ""  # the fragments of frames 17 and 18 are those of the request in frame 15
    assert "runs over" not in answer.stdout


@pytest.mark.parametrize("ends, drawn", [(("192.0.2.10", "198.51.100.20"), True),
                                         (("2001:db8::10", "2001:db8:1::20"), False)], ids=["ipv4", "ipv6"])
def test_cut_fragments_that_the_network_copied(fields, written, ends, drawn):
    """The first fragment is drawn as far as it was captured; the second one has the same identification. Of IPv6,
    Wireshark hands on no fragment that the capture cut."""
    capture = Capture()
    source, target = End(ends[0], 49500), End(ends[1], 3386)
    frames = make.fragments(capture, source, target, make.transfer(2, 4))
    for frame in (*frames, *frames):
        capture.wait(0.06)
        capture.frame(frame)
    rows = fields(written(capture, 110), "gtpp", "frame.number", "gtpp.copy_of", "gtpp.retransmission_of", extra=["-2"])
    assert rows == ([("1", "", ""), (str(len(frames) + 1), "1", "")] if drawn else [])

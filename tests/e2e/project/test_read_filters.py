"""Read filters (tshark -2 -R, the read filter of Wireshark's Open dialog).

Wireshark gives the number of a dropped frame to the next one. What is found out must stay with its frame, and a dropped
frame must still count as evidence: an answer is an answer.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest
from support.merged import merge
from support.modes import IN_ORDER
from support.paths import CAPTURES, shipped

KINDS = {"gtpp": "gtpp-*.pcap", "rdgudp": "rdgudp-*.pcap", "port": "port-*.pcap"}
# Fields that say what was found out about a packet, but no frame numbers: those change with the filter.
FOUND = {
    "gtpp": [f"gtpp.analysis.{name}" for name in (
        "retransmission", "changed_copy", "copied", "unacknowledged", "not_yet", "undecided", "elsewhere", "twice",
        "other_end", "unsolicited", "asked_before", "duplicate_ack", "rejected", "restart", "redirected",
        "after_redirection", "held")] + ["gtpp.cdr.fate"],
    "rdgudp": ["rdgudp.verdict", "rdgudp.stopped_by", "rdgudp.outcome", "rdgudp.channel"],
    "port": ["portlore.match", "portlore.unexpected", "portlore.probe", "portlore.sustained"],
}
FILTERS = {
    "gtpp": ["gtpp.type == 241", "gtpp.type == 240", "udp.dstport == 3386 || tcp", "frame.len % 2 == 0"],
    "rdgudp": ["udp.dstport == 3391", "udp.srcport == 3391", "frame.len % 2 == 0", "icmp || tcp || udp.length > 200"],
    "port": ["tcp.flags.syn == 1", "tcp.len > 0 || udp", "frame.len % 2 == 0"],
}


@pytest.fixture(scope="module")
def all_of(tmp_path_factory):
    """all_of(KIND): one capture of all that are shipped of this kind."""
    folder, made = tmp_path_factory.mktemp("merged"), {}

    def find(kind):
        if kind not in made:
            made[kind] = merge(folder / f"{kind}.pcap", [CAPTURES / name for name in shipped(KINDS[kind])])
        return made[kind]
    return find


@pytest.mark.parametrize("kind, text", [(kind, text) for kind in KINDS for text in FILTERS[kind]])
def test_what_is_found_out_stays_with_its_frame(tshark, all_of, kind, text):
    """The same packets, with the same findings, as a display filter shows."""
    columns = [*IN_ORDER, "-T", "fields", "-e", "frame.time_epoch", "-e", "ip.id"]
    for name in FOUND[kind]:
        columns += ["-e", name]
    shown = tshark(all_of(kind), "-2", "-Y", text, *columns)
    assert len([line for line in shown if line.split("\t", 2)[2].strip()]) > 5
    assert tshark(all_of(kind), "-2", "-R", text, *columns) == shown


@pytest.mark.parametrize("text", FILTERS["gtpp"])
def test_an_arrow_never_points_at_a_dropped_frame(tshark, all_of, text):
    """A field with a frame's number names a frame that is there, and another frame than its own."""
    names = ["gtpp.response_in", "gtpp.response_to", "gtpp.retransmission_of", "gtpp.cdr.fate_in"]
    columns = ["-T", "fields", "-e", "frame.number"]
    for name in names:
        columns += ["-e", name]
    lines = tshark(all_of("gtpp"), "-2", "-R", text, *columns)
    for number, *others in (line.split("\t") for line in lines):
        for other in ",".join(others).split(","):
            assert not other or (other != number and 1 <= int(other) <= len(lines))

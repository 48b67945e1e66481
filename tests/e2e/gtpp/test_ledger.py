"""GTP': which message answers which, and what became of the records.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest
from support.modes import ALL_MODES, IN_ORDER

TWO = ["-2"]
ALONE = ["--disable-protocol", "portlore"]


def frames(fields, name, display_filter, extra=()):
    return [int(number) for number in fields(name, display_filter, "frame.number", extra=extra)]


def said(fields, name, display_filter, extra=()):
    """Frame -> what the expert says there."""
    rows = fields(name, display_filter, "frame.number", "_ws.expert.message", extra=[*ALONE, *extra])
    return {int(number): text.split("|") for number, text in rows}


def answers(fields, name, extra=()):
    """Frame of a response -> frames of the requests that it answers."""
    rows = fields(name, "gtpp.response_to", "frame.number", "gtpp.response_to", extra=extra)
    return {int(number): [int(each) for each in to.split("|")] for number, to in rows}


# Who answers whom

@pytest.mark.parametrize("mode", ALL_MODES)
def test_requests_responded_is_what_answers(fields, mode):
    """One for three; one whose header number nobody used; one that lists none and counts by its header."""
    assert answers(fields, "gtpp-one-response-many.pcap", mode) == {4: [1, 2, 3], 7: [5, 6], 9: [8]}


@pytest.mark.parametrize("mode", ALL_MODES)
def test_numbers_belong_to_a_direction_and_a_kind_of_message(fields, mode):
    assert answers(fields, "gtpp-seq-collision.pcap", mode) == {3: [2], 4: [1], 8: [7], 9: [6], 10: [5]}


@pytest.mark.parametrize("mode", ALL_MODES)
def test_node_alive_and_redirection_are_matched(fields, mode):
    assert answers(fields, "gtpp-node-alive-redirection.pcap", mode) == {
        2: [1], 4: [3], 6: [5], 8: [7], 10: [9], 12: [11]}


@pytest.mark.parametrize("mode", ALL_MODES)
def test_wrap(fields, mode):
    assert answers(fields, "gtpp-seq-wrap.pcap", mode) == {7: [2, 3, 4, 5], 8: [1], 9: [6]}


def test_version_not_supported_answers(fields):
    assert answers(fields, "gtpp-messages.pcap")[22] == [21]
    assert said(fields, "gtpp-messages.pcap", "gtpp.type == 3") == {
        22: ["The version of the request in frame 21 is not supported; the highest that is supported is 0."]}


@pytest.mark.parametrize("name", [
    "gtpp-one-response-many.pcap", "gtpp-seq-collision.pcap", "gtpp-retransmission.pcap", "gtpp-failover.pcap",
    "gtpp-seq-wrap.pcap", "gtpp-tcp.pcap", "gtpp-messages.pcap", "gtpp-release-later.pcap"])
def test_links_agree_in_both_directions(fields, name):
    """Every request that a response names, names that response; a duplicate answer is not the one that counts."""
    mode = [*TWO, *IN_ORDER]
    to = {(request, response) for response, requests in answers(fields, name, mode).items() for request in requests}
    late = set(frames(fields, name, "gtpp.analysis.duplicate_ack", mode))
    back = set()
    for number, found in fields(name, "gtpp.response_in && !gtpp.retransmission_of", "frame.number", "gtpp.response_in",
                                extra=mode):
        back |= {(int(number), int(each)) for each in found.split("|")}
    assert back == {(request, response) for request, response in to if response not in late}


def test_response_in_is_known_from_the_second_pass_on(fields):
    assert frames(fields, "gtpp-udp.pcap", "gtpp.response_in") == []
    assert frames(fields, "gtpp-udp.pcap", "gtpp.response_in", TWO) == [1, 3, 5, 6, 8]


# Copies

@pytest.mark.parametrize("mode", ALL_MODES)
def test_time_runs_from_the_first_copy(fields, mode):
    rows = fields("gtpp-retransmission.pcap", "gtpp.response_to", "frame.number", "gtpp.response_to", "gtpp.time",
                  extra=mode)
    assert rows == [("4", "1", "3.253000000"), ("7", "5", "1.002000000"), ("8", "5", ""),
                    ("13", "12", "0.001000000"), ("15", "12", "")]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_copies(fields, mode):
    rows = fields("gtpp-retransmission.pcap", "gtpp.analysis.retransmission", "frame.number", "gtpp.retransmission_of",
                  extra=mode)
    assert rows == [("2", "1"), ("3", "1"), ("6", "5"), ("10", "9"), ("11", "9"), ("14", "12")]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_duplicate_answers_are_a_chat(fields, mode):
    assert frames(fields, "gtpp-retransmission.pcap", "gtpp.analysis.duplicate_ack", mode) == [8, 15]
    # Of a request that was sent once, a second answer may be that to a request which stands behind it in the file.
    assert frames(fields, "gtpp-unsolicited.pcap", "gtpp.analysis.duplicate_ack", mode) == ([8, 9] if mode else [])
    severity = fields("gtpp-retransmission.pcap", "gtpp.analysis.duplicate_ack.expert", "_ws.expert.severity",
                      extra=mode)
    assert [int(each) for each in severity] == [0x200000, 0x200000]


def test_answers_without_a_request(fields):
    """A request may follow its answer in the file, so that this is known once the file has been read."""
    assert frames(fields, "gtpp-unsolicited.pcap", "gtpp.analysis.unsolicited") == []
    assert said(fields, "gtpp-unsolicited.pcap", "gtpp.analysis.unsolicited", TWO) == {
        3: ["Nothing in the capture asked for this answer: number 88."],
        4: ["Nothing in the capture asked for this answer: number 5."]}
    assert said(fields, "gtpp-unsolicited.pcap", "gtpp.analysis.asked_before", TWO) == {
        1: ["Probably asked for before the capture began: number 77."]}


def test_reuse_of_an_unanswered_number(fields):
    """A number that was answered before (frame 3) is no reuse."""
    assert frames(fields, "gtpp-seq-reuse.pcap", "gtpp.analysis.retransmission", TWO) == []
    assert said(fields, "gtpp-seq-reuse.pcap", "gtpp.analysis.seq_reused", TWO) == {
        6: ["Number 2 is that of the request in frame 5, which is different and to which the capture holds no answer."]}


def test_not_acknowledged(fields):
    """Known once the last packet has been seen, and said where the capture goes on for longer than T3."""
    assert frames(fields, "gtpp-unacknowledged.pcap", "gtpp.analysis") == []
    assert said(fields, "gtpp-unacknowledged.pcap", "gtpp.analysis.unacknowledged", TWO) == {
        4: ["No answer to this request is in the capture; 2 records not acknowledged."],
        7: ["No answer to this request is in the capture; 1 record not acknowledged."],
        10: ["No answer to this request is in the capture; 1 record not acknowledged."]}
    assert frames(fields, "gtpp-seq-reuse.pcap", "gtpp.analysis.unacknowledged", TWO) == [5]
    late = ["-2", "-o", "gtpp.t3:1"]
    assert said(fields, "gtpp-retransmission.pcap", "gtpp.analysis.unacknowledged", late) == {
        9: ["No answer to this request is in the capture, although it was sent 3 times; 1 record not acknowledged."]}


def test_not_answered_yet(fields):
    """The capture ends less than T3 after the last copy of the request."""
    assert said(fields, "gtpp-retransmission.pcap", "gtpp.analysis.not_yet", TWO) == {
        9: ["Not answered when the capture ends, 1.504 s later."]}


# Causes

@pytest.mark.parametrize("mode", ALL_MODES)
def test_what_a_cause_means(fields, mode):
    """252 and 253 are good news; 177 took the packet; what nobody knows is judged by its range."""
    def causes(finding):
        return [int(each) for each in fields("gtpp-causes.pcap", f"gtpp.type == 241 && gtpp.analysis.{finding}",
                                             "gtpp.cause", extra=mode)]
    assert causes("rejected") == [193, 198, 199, 200, 201, 202, 203, 204, 254, 255, 100, 222]
    assert causes("fulfilled") == [252, 253]
    assert causes("undecodable") == [177]
    assert fields("gtpp-causes.pcap", "gtpp.type == 241 && !gtpp.analysis", "gtpp.cause", extra=mode) == ["128"]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_redirection(fields, mode):
    rows = fields("gtpp-causes.pcap", "gtpp.type == 6 && gtpp.analysis.redirected", "gtpp.cause", extra=mode)
    assert rows == ["59", "60", "61", "62", "63"]
    assert fields("gtpp-causes.pcap", "gtpp.analysis.buffers_full", "gtpp.cause", extra=mode) == ["60", "61"]
    assert fields("gtpp-causes.pcap", "gtpp.analysis.going_down", "gtpp.cause", extra=mode) == ["62", "63"]
    name = "gtpp-node-alive-redirection.pcap"
    assert said(fields, name, "gtpp.analysis.redirected", mode) == {
        5: ["The node asks that records go to 198.51.100.21 instead: This node is about to go down (63).",
            "This node is about to go down (63)."],
        9: ["The node asks not to be sent records, and names no other node: "
            "The transmit buffers are becoming full (60).",
            "The transmit buffers are becoming full (60)."]}
    assert frames(fields, name, "gtpp.analysis.after_redirection", TWO) == [7]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_rejected_then_accepted_under_the_same_number(fields, mode):
    assert answers(fields, "gtpp-retry-accepted.pcap", mode)[4] == [1]
    assert frames(fields, "gtpp-retry-accepted.pcap", "gtpp.analysis.duplicate_ack", mode) == []
    assert frames(fields, "gtpp-retry-accepted.pcap", "gtpp.analysis.rejected", mode) == [2]


def test_restart(fields):
    """Of the CGFs; the CDF has a counter of its own, which stays. A counter that came back would be no restart."""
    assert said(fields, "gtpp-restart.pcap", "gtpp.analysis.restart", TWO) == {
        7: ["The restart counter of this node went from 7 to 8: it has restarted."],
        17: ["The restart counter of this node went from 255 to 0: it has restarted."]}


# Possibly duplicated packets

def test_held_then_released_or_cancelled(fields):
    name = "gtpp-duplicate-release-cancel.pcap"
    assert frames(fields, name, "gtpp.type == 241 && gtpp.analysis.held") == [2, 4, 6, 8]
    assert frames(fields, name, "gtpp.released && gtpp.analysis.released", TWO) == [11]
    assert frames(fields, name, "gtpp.cancelled && gtpp.analysis.cancelled", TWO) == [13]
    unknown = said(fields, name, "gtpp.analysis.unknown_packet", TWO)
    assert {frame: texts[0] for frame, texts in unknown.items()} == {
        15: "The capture shows no packet of number 99 from 192.0.2.10 that was held before."}
    settled = said(fields, name, "gtpp.analysis.settled_before", TWO)
    assert {frame: texts[0] for frame, texts in settled.items()} == {
        17: "Packet 1 had been settled already, by the request in frame 11."}


def test_what_became_of_a_held_packet(fields):
    texts = said(fields, "gtpp-duplicate-release-cancel.pcap", "gtpp.command == 2", TWO)
    assert texts == {
        1: ["This packet was held since frame 2, and was released by frame 11."],
        3: ["This packet was held since frame 4, and was released by frame 11."],
        5: ["This packet was held since frame 6, and was cancelled by frame 13."],
        7: ["This packet has been held since frame 8: no later accepted release or cancellation by 192.0.2.10 is in "
            "the capture."],
        9: ["This request was rejected in frame 10."]}


def test_release_an_hour_and_three_wraps_later(fields):
    assert said(fields, "gtpp-release-later.pcap", "gtpp.analysis.released", TWO) == {
        1: ["This packet was held since frame 2, and was released by frame 33."],
        33: ["Held packet 5 of frame 1 is to be processed."]}


def test_release_on_another_connection(fields):
    assert said(fields, "gtpp-retry-accepted.pcap", "gtpp.command == 2", TWO) == {
        5: ["This packet was held since frame 6, and was released by frame 7."]}


def test_failover(fields):
    """The empty packets ask CGF 1 about the old numbers: 253 acknowledges the second; 128 says that the first had not
    arrived, which CGF 2 accepted."""
    name = "gtpp-failover.pcap"
    assert frames(fields, name, "gtpp.analysis.seq_reused", TWO) == []
    assert frames(fields, name, "gtpp.analysis.unacknowledged", TWO) == []
    assert fields(name, "gtpp.analysis.elsewhere", "frame.number", "gtpp.elsewhere_in", "gtpp.cdr.fate", extra=TWO) == [
        ("1", "9", "2")]
    assert fields(name, "frame.number == 2", "gtpp.cdr.fate", "gtpp.cdr.fate_in", extra=TWO) == [("1", "15")]
    assert frames(fields, name, "gtpp.command == 2 && gtpp.analysis.released", TWO) == [7]
    assert frames(fields, name, "gtpp.command == 2 && gtpp.analysis.cancelled", TWO) == [8]


# Local sequence numbers

def test_local_gap(fields):
    """Neither the copy, nor what came out of order, nor the wrap, nor the new start."""
    assert frames(fields, "gtpp-local-seq-gap.pcap", "gtpp.analysis.local_seq_gap") == []
    assert said(fields, "gtpp-local-seq-gap.pcap", "gtpp.analysis.local_seq_gap", TWO) == {
        5: ["2 local sequence numbers before a record of this message are not in this capture: 4 to 5."],
        8: ["3 local sequence numbers before a record of this message are not in this capture: 102 to 104."]}


# Where messages come from

@pytest.mark.parametrize("mode", ALL_MODES)
def test_what_icmp_quotes_is_no_message(fields, mode):
    assert fields("gtpp-icmp.pcap", "gtpp.path", "frame.number", extra=mode) == ["1", "3", "5"]
    assert frames(fields, "gtpp-icmp.pcap", "gtpp.analysis.retransmission", mode) == [3]
    assert frames(fields, "gtpp-icmp.pcap", "gtpp", mode) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_several_messages_in_a_segment(fields, mode):
    name = "gtpp-tcp-ledger.pcap"
    assert answers(fields, name, mode) == {6: [4, 4], 14: [12], 18: [16]}
    assert fields(name, "gtpp", "gtpp.path", extra=mode) == ["0|0|0", "0|0", "1", "1", "1", "1"]


def test_every_pass_has_the_same_order_in_a_segment(tshark):
    """The third of three requests is the one that nobody answered."""
    lines = tshark("gtpp-tcp-ledger.pcap", "-2", "-Y", "frame.number == 4", "-O", "gtpp")
    messages = [line for line in lines if line.startswith("GTP' Charging") or "[Not acknowledged]" in line]
    assert [line.strip() for line in messages][2:] == [messages[2], "[Not acknowledged]"]


def test_a_request_that_only_its_answer_makes_believable(fields):
    """Bare Echo Requests on another port: the ledger learns of them when the answer confirms them."""
    assert answers(fields, "gtpp-bare-echo-other-port.pcap") == {2: [1], 4: [3], 6: [5]}
    assert frames(fields, "gtpp-bare-echo-other-port.pcap", "gtpp.analysis.unsolicited") == []
    assert frames(fields, "gtpp-bare-echo-other-port.pcap", "gtpp", TWO) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("mode", ALL_MODES)
def test_findings_do_not_depend_on_a_filter_or_the_tree(tshark, mode):
    """Fields in columns, without a filter that names them."""
    lines = tshark("gtpp-retransmission.pcap", *mode, "-T", "fields", "-e", "gtpp.retransmission_of")
    assert lines == ["", "1", "1", "", "", "5", "", "", "", "9", "9", "", "", "12", ""]
    column = ["-o", 'gui.column.format:"Of","%Cus:gtpp.retransmission_of:0:R"']
    assert [line.strip() for line in tshark("gtpp-retransmission.pcap", *mode, *column)] == lines


def test_the_gui_sees_the_same(sharkd):
    tree, = sharkd("gtpp-tcp-ledger.pcap", {"method": "frame", "params": {"frame": 4, "proto": True}})
    text = str(tree)
    assert text.count("Fate of the record: Not acknowledged") == 1
    assert text.count("Response in: 6") == 2


def test_every_finding_has_an_expert_item(runner):
    lines = runner.run("tshark", "-G", "fields").stdout.splitlines()
    abbreviations = {line.split("\t")[2] for line in lines if "\tgtpp.analysis." in line}
    findings = {each for each in abbreviations if not each.endswith(".expert")}
    # That of a cut message is gtpp.truncated.
    assert {each + ".expert" for each in findings - {"gtpp.analysis.cut"}} == abbreviations - findings
    assert {"gtpp.analysis." + each for each in (
        "retransmission", "unacknowledged", "unsolicited", "duplicate_ack", "rejected", "restart", "redirected", "held",
        "released", "cancelled", "local_seq_gap", "seq_reused", "not_yet", "undecided", "asked_before", "elsewhere",
        "twice", "other_end", "copied", "changed_copy", "cut", "hole", "one_way", "file_order")} <= findings


def test_times_that_step_back(fields):
    """Nothing is said to lie before the capture's start or behind its end, nor to be sent by a NAT, that does not."""
    set_back = ". The clock may have been set back, or the file may be put together in the wrong order."
    found = said(fields, "gtpp-times-step-back.pcap", "gtpp", TWO)
    assert [found[number] for number in (1, 3)] == [["This request was rejected in frame 2."],
                                                    ["This request was rejected in frame 4."]]
    assert found[7] == ["Whether this request was answered cannot be told: the file goes on with earlier times, as "
                        "where a clock was set back."]
    assert found[8] == ["Whether this request was answered cannot be told: an answer with this number stands behind it "
                        "in the file, in frame 9, with an earlier time" + set_back]
    assert found[9][0] == ("Whether number 5 was asked for cannot be told: the request with this number, in frame 8, "
                           "stands before it in the file, with a later time" + set_back)
    assert found[13] == ["Probably the answer to the request in frame 12, which went from 192.0.2.10:49500 to "
                         "198.51.100.20:3386."]
    assert found[14] == ["Whether number 701 was asked for cannot be told: its path has no messages the other way."]

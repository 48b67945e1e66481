# SPDX-License-Identifier: GPL-2.0-or-later
"""The first rule: no claim contradicts the truth. Each function looks at one message as it is shown, and yields what is
wrong with it."""
import re

from make.gtpp import gtpprime as g

from ..base.network import MILLISECOND, SECOND
from .messages import ANSWERED, TRANSFER

T3 = 5 * SECOND  # of the preference gtpp.t3
ANALYSIS = "gtpp.analysis."
FORBIDDEN = re.compile(r"\b(never|nobody|lost|none)\b", re.I)


class Claim:
    """A message as it is shown, with what is true of it."""

    def __init__(self, truth, shown_in, frame, shown, message):
        self.truth, self.shown_in, self.frame, self.shown, self.message = truth, shown_in, frame, shown, message
        self.true_frame = truth.by_frame[frame.number]
        self.request = message.request

    def has(self, finding):
        """True when a finding is claimed."""
        return self.shown.has(ANALYSIS + finding)

    def text(self, finding):
        """Its sentence."""
        return self.shown.text(f"{ANALYSIS}{finding}.expert")

    def numbers(self, message):
        """The frames in which a message is."""
        return {frame.number for frame in self.truth.sight(message).frames} | set(self.shown_in.get(message, []))

    def numbers_of(self, messages):
        """The frames in which any of the messages is."""
        return set().union(*map(self.numbers, messages))

    def seen_before(self, messages):
        """Those that are in the capture before this frame, by the true clock."""
        return [m for m in messages if self.truth.is_visible(m) and self.truth.passed(m) < self.true_frame.passed]


def near_end(claim):
    """How long before the capture's end, in the file's time, the request was sent last."""
    frames = [frame for copy in claim.request.copies for frame in claim.truth.sight(copy).frames]
    return claim.truth.capture.ends - max(frame.time for frame in frames)


def accepted_anywhere(truth, request):
    """True when every record of the request is, as far as the capture shows, with a node that accepted it."""
    return bool(request.records) and all(truth.acceptances(request) or truth.elsewhere(record, request)
                                         for record in request.records)


# {{{ Words and links


def words(claim):
    """Words that need a proof that a capture does not hold, and frames that are not there."""
    for name, text in claim.shown.texts:
        if name.startswith(ANALYSIS) or name.startswith("gtpp."):
            if FORBIDDEN.search(text):
                yield f'"{text}"', f'"{FORBIDDEN.search(text)[0]}" is not for a capture to say'
            for number in map(int, re.findall(r"\bframe (\d+)", text)):
                if number not in claim.truth.by_frame:
                    yield f'"{text}"', f"there is no frame {number}"


def links(claim):
    """Frame numbers of relations."""
    truth, message, request = claim.truth, claim.message, claim.request
    for number in claim.shown.numbers("gtpp.response_in"):
        if not request or number not in claim.numbers_of(request.answers + truth.apparent_answers(request)):
            yield f"response_in {number}", answers_text(claim)
    for number in claim.shown.numbers("gtpp.response_to"):
        copies = [copy for other in message.responds for copy in other.copies]
        copies += [copy for other in message.responds if other.probes and message in
                   truth.apparent_answers(other.probes) for copy in other.probes.copies]
        if number not in claim.numbers_of(copies):
            yield f"response_to {number}", f"it answers {sorted(claim.numbers_of(copies))}"
    for number in claim.shown.numbers("gtpp.copy_of"):
        other = truth.by_frame.get(number)
        if not other or not (truth.same_packet(other, claim.true_frame) or is_like_copy(claim)):
            yield f"copy_of {number}", "another packet"
    for number in claim.shown.numbers("gtpp.retransmission_of"):
        if not request or number not in claim.numbers_of(c for c in request.copies if c is not message):
            yield f"retransmission_of {number}", "not a copy of this request" if request else "no request"
    for value in claim.shown.all("gtpp.time"):
        if value.startswith("-"):
            yield f"time {value}", "time does not go back"


def answers_text(claim):
    """What the true answers are."""
    if not claim.request:
        return "this is no request"
    return f"it is answered in {sorted(claim.numbers_of(claim.request.answers)) or 'no frame'}"


def is_like_copy(claim):
    """True when the message is said to be probably a copy, and another one of its node is like it in all."""
    return ("probably" in claim.text("copied") and claim.request is not None
            and any(other is not claim.message and claim.truth.is_visible(other)
                    and claim.truth.seems_one_packet(claim.message, other) for other in claim.request.copies))


def copies(claim):
    """Retransmissions by the node, and copies by others."""
    truth, request = claim.truth, claim.request
    if claim.has("copied") and not truth.twins(claim.true_frame) and not is_like_copy(claim):
        yield "copied", "there is no other frame of this packet"
    for finding in ("retransmission", "changed_copy"):
        if claim.has(finding):
            if not request or not [c for c in truth.visible_copies(request) if c is not claim.message]:
                yield finding, "sent once, as far as the capture shows"
            elif truth.is_copy(claim.true_frame) and claim.message is request.copies[0]:
                yield finding, "a copy of the node's first packet, by a mirror port or the network"
    if claim.has("changed_copy") and request:
        others = {copy.octets for copy in truth.visible_copies(request)}
        if len(others) < 2:
            yield "changed_copy", "all copies have the same octets"


# }}}
# {{{ Requests


def unanswered(claim):
    """unacknowledged and not_yet."""
    truth, request = claim.truth, claim.request
    for finding in ("unacknowledged", "not_yet"):
        if not claim.has(finding):
            continue
        said = f'{finding} "{claim.text(finding)}"'
        if not request:
            yield said, "this is no request"
            continue
        answers = truth.readable_answers(request)
        denied = [a for p in truth.probes.get(request, []) for a in truth.visible_answers(p)
                  if truth.says(a, p) != "before"]
        if answers:
            yield said, answers_text(claim)
        elif accepted_anywhere(truth, request):
            frames = sorted(claim.numbers_of(
                a for record in request.records for _, a in truth.elsewhere(record, request)))
            yield said, f"acknowledged in {frames or 'answer to an empty packet'}"
        elif finding == "unacknowledged" and not denied:
            yield from unproved(claim, said)
        elif finding == "not_yet" and near_end(claim) > T3 and "clock_step" not in truth.capture.faults:
            yield said, f"{near_end(claim) / SECOND:.3f} s before the end"


def unproved(claim, said):
    """What the capture would have to show before it can say that there is no answer."""
    truth, request = claim.truth, claim.request
    peer, own = claim.message.ends[1], claim.message.ends[0]
    if not truth.speaks(peer[0]):
        yield said, f"no message from {peer[0]} is in the capture"
    if near_end(claim) <= T3 - 300 * MILLISECOND and "clock_step" not in truth.capture.faults:
        yield said, f"the capture ends {near_end(claim) / SECOND:.3f} s later"
    if any(truth.sight(answer).holed and is_followed(truth, answer) for answer in request.answers):
        yield said, f"octets from {peer[0]} to {own[0]} are missing in the stream"


def is_followed(truth, message):
    """True when the capture has later segments of the message's direction, so that a hole can be seen."""
    for (_, _), written in truth.in_stream.items():
        for start, _, other in written:
            if other is message:
                key = next(k for k, v in truth.in_stream.items() if v is written)
                return any(first > start for _, first, _ in truth.streams.get(key, []))
    return False


def other_ways(claim):
    """elsewhere, twice, other_end, seq_reused, after_redirection."""
    truth, request, message = claim.truth, claim.request, claim.message
    if claim.has("elsewhere"):
        found = [a for r in (request.records if request else []) for _, a in truth.elsewhere(r, request)]
        if not found:
            yield "elsewhere", "no other acceptance of its records is in the capture"
        for number in claim.shown.numbers("gtpp.elsewhere_in"):
            if found and number not in claim.numbers_of(found):
                yield f"elsewhere_in {number}", f"acknowledged in {sorted(claim.numbers_of(found))}"
    if claim.has("twice"):
        requests = [request] if request else message.responds
        both = [(r, other) for own in requests for r in own.records if truth.acceptances(own)
                for other, _ in truth.elsewhere(r, own)]
        if not both:
            yield "twice", "accepted once, as far as the capture shows"
        for number in claim.shown.numbers("gtpp.accepted_in"):
            frames = claim.numbers_of(m for _, other in both for m in other.copies + other.answers)
            if both and number not in frames:
                yield f"accepted_in {number}", f"accepted in {sorted(frames)}"
    if claim.has("other_end"):
        pairs = [a for a in request.answers if a.ends != (message.ends[1], message.ends[0])] if request else \
            [c for r in message.responds for c in r.copies if c.ends != (message.ends[1], message.ends[0])]
        if not any(map(truth.is_visible, pairs)):
            yield "other_end", "request and answer have the same ends"
        for number in claim.shown.numbers("gtpp.other_end_in"):
            if pairs and number not in claim.numbers_of(pairs):
                yield f"other_end_in {number}", f"it is in {sorted(claim.numbers_of(pairs))}"
    if claim.has("seq_reused"):
        waiting = [r for r in earlier_of_number(claim) if not claim.seen_before(r.answers)]
        if not waiting:
            yield "seq_reused", "no other request under this number waits"
    if claim.has("after_redirection"):
        asked = [r for r in truth.requests if r.kind == g.REDIRECTION_REQUEST and request and r.node is request.peer
                 and r.peer is request.node and any(c.sent < message.sent for c in r.copies)]
        if not asked:
            yield "after_redirection", "that node was not asked"


def earlier_of_number(claim):
    """Other requests under the same number between the same ends, seen before."""
    message = claim.message
    return [r for r in claim.truth.requests if r is not claim.request and claim.request
            and (r.kind, r.seq, r.node) == (claim.request.kind, claim.request.seq, claim.request.node)
            and any(c.ends == message.ends for c in claim.seen_before(r.copies))]


def settled(claim):
    """held, released, cancelled, unknown_packet."""
    truth, request = claim.truth, claim.request
    requests = [request] if request else claim.message.responds
    if claim.has("held"):
        ok = [r for r in requests if truth.is_duplicated(r) and truth.acceptances(r)]
        if not ok:
            yield "held", "nothing possibly duplicated was accepted, as far as the capture shows"
        elif request and (truth.settlements(request, g.RELEASE) or truth.settlements(request, g.CANCEL)):
            yield "held", "it was released or cancelled"
    for finding, how in (("released", g.RELEASE), ("cancelled", g.CANCEL)):
        if claim.has(finding):
            if not any((r.settles and r.command == how) or truth.settlements(r, how, False) for r in requests):
                yield finding, "not in this capture"
    if claim.has("unknown_packet") and request and request.settles:
        if all(truth.visible_copies(other) for other in request.settles):
            frames = sorted(claim.numbers_of(c for other in request.settles for c in other.copies))
            yield f'unknown_packet "{claim.text("unknown_packet")}"', f"it is packet {frames}"


# }}}
# {{{ Answers


def answers(claim):
    """unsolicited, asked_before, duplicate_ack, rejected."""
    truth, message = claim.truth, claim.message
    for finding in ("unsolicited", "asked_before"):
        if claim.has(finding):
            yield from asked(claim, finding)
    if claim.has("duplicate_ack"):
        others = [a for r in message.responds for a in r.answers if a is not message and truth.is_visible(a)]
        probed = [a for r in message.responds if r.probes for a in truth.visible_answers(r.probes)]
        if not others and not probed:
            yield "duplicate_ack", "the only answer in the capture"
    if claim.has("rejected"):
        if claim.request:
            if not truth.rejections(claim.request):
                yield "rejected", "no rejection of it is in the capture"
        elif not message.rejects:
            yield "rejected", f"cause {message.cause}"
        elif message.kind == ANSWERED and truth.sight(message).prefix < 8:
            yield "rejected", "the cause was cut"


def asked(claim, finding):
    """Whether an answer that is called unasked for was asked for."""
    truth, message = claim.truth, claim.message
    said = f'{finding} "{claim.text(finding)}"'
    if not message.responds:
        return
    # A copy that was sent after the answer did not ask for it.
    seen = [r for r in message.responds if claim.seen_before(r.copies)]
    if finding == "asked_before":  # a request whose start is missing was asked before in part
        seen = [r for r in seen if any(truth.sight(copy).whole for copy in claim.seen_before(r.copies))]
    if len(seen) == len(message.responds):
        yield said, f"asked for in {sorted(claim.numbers_of(c for r in seen for c in r.copies))}"
        return
    if finding == "asked_before":
        return
    missing = [c for r in message.responds if r not in seen for c in r.copies]
    if truth.capture.begins and all(c.sent < truth.capture.begins for c in missing):
        yield said, "asked before the capture began"
    elif not truth.speaks(message.ends[1][0]):
        yield said, f"no message from {message.ends[1][0]} is in the capture"
    elif any(truth.sight(c).holed and is_followed(truth, c) for c in missing):
        yield said, f"octets from {message.ends[1][0]} are missing in the stream"


# }}}
# {{{ Nodes and records


def restarts(claim):
    """A restart of the node that sent the message."""
    if not claim.has("restart"):
        return
    said = f'"{claim.text("restart")}"'
    found = re.search(r"from (\d+) to (\d+)", said)
    history = claim.truth.restart_counters(claim.message.sender)
    if not found or claim.message.counter != int(found[2]):
        yield said, f"the message has {claim.message.counter}"
    elif not any(counter == int(found[1]) and m.sent < claim.message.sent for counter, m in history) \
            or int(found[1]) == int(found[2]):
        yield said, f"the node had {[counter for counter, _ in history]}"


def within(number, first, last):
    """True when a local sequence number lies between two, modulo 2^32."""
    return (number - first) & 0xFFFFFFFF <= (last - first) & 0xFFFFFFFF


def gaps(claim):
    """Missing local sequence numbers."""
    truth = claim.truth
    texts = [text for name, text in claim.shown.texts if name == f"{ANALYSIS}local_seq_gap.expert"]
    for text in texts:
        count = int(re.match(r"\d+", text)[0]) if re.match(r"\d+", text) else 1
        range_text = re.search(r": (\d+)(?: to (\d+)(?:, not counting 0)?)?\.$", text)
        if not range_text or not claim.request:
            yield f'"{text}"', "not understood"
            continue
        first, last = int(range_text[1]), int(range_text[2] or range_text[1])
        span = ((last - first) & 0xFFFFFFFF) + 1
        counters = list(dict.fromkeys(record.counter for record in claim.request.records))
        issued = [r for c in counters for r in c.issued if within(r.local_seq, first, last)]
        gone = [r for r in issued if not truth.record_sight(r)]
        there = sorted(r.local_seq for r in issued if truth.record_sight(r) == "whole")
        maybe = sorted(r.local_seq for r in issued if truth.record_sight(r) == "maybe")
        said = f'"{text}"'
        if count == span and there:
            yield said, f"{there[:5]} are in the capture"
        elif count == span and maybe:
            yield said, f"{maybe[:5]} may be in what was cut or is missing in a stream"
        elif len(gone) < count and not is_hidden_restart(claim, counters):
            yield said, f"{len(gone)} are missing: {[r.local_seq for r in gone][:5]}"


def is_hidden_restart(claim, counters):
    """True when a counter began anew and the capture has nothing that tells so."""
    node = counters[0].owner if counters else None
    return node is not None and node.generation > 0 and not claim.truth.has_visible_restart(node)


# }}}
# {{{ The capture


def coverage(claim):
    """one_way, file_order, cut, hole."""
    truth, message = claim.truth, claim.message
    if claim.has("one_way"):
        text = claim.text("one_way")
        named = re.search(r"from (\S+?)(?::\d+)? (?:is|to)\b", text)
        if "No whole message" in text:
            whole = [m for m in truth.messages if m.ends[0][0] == message.ends[1][0] and truth.is_clear(m)]
            if whole:
                yield f'one_way "{text}"', f"type {whole[0].kind} number {whole[0].seq} is whole"
        elif truth.speaks(message.ends[0], message.ends[1]) and truth.speaks(message.ends[1], message.ends[0]):
            yield f'one_way "{text}"', "messages of both directions are in the capture"
        elif named and not re.search(r":\d+ ", text) and truth.speaks(named[1].strip("[]")):
            yield f'one_way "{text}"', f"messages from {named[1]} are in the capture"
    times = [frame.time for frame in truth.capture.frames]
    if claim.has("file_order") and times == sorted(times):
        yield "file_order", "the frames are in the order of time"
    if claim.has("cut") and not message.is_tcp and claim.true_frame.holds() >= len(message.octets):
        yield "cut", "the whole message is in the frame"
    if claim.has("hole") and not truth.sight(message).holed:
        yield "hole", "the stream is in order, and nothing is missing"
    if claim.has("hole_behind") and not (message.is_tcp and lacks_octets_behind(truth, message)):
        yield "hole_behind", "no octets behind it are missing"
    if claim.has("redirected") and message.kind != g.REDIRECTION_REQUEST:
        yield "redirected", "no Redirection Request"


def lacks_octets_behind(truth, message):
    """True when a message that was sent on the same stream, later, is not whole in the capture."""
    later = (other for other in truth.messages if other.is_tcp and other.ends == message.ends)
    return any(other.sent >= message.sent and not truth.sight(other).whole for other in later)


def fates(claim):
    """What is said to have become of the records."""
    truth, request = claim.truth, claim.request
    said = claim.shown.numbers("gtpp.cdr.fate")
    if not said:
        return
    if not request or request.kind != TRANSFER:
        yield f"fate {said}", "no records"
        return
    for record, fate in zip(request.records, said):
        wrong = is_false_fate(claim, record, fate)
        if wrong:
            yield f"fate {fate} of record {record.local_seq}", wrong
    allowed = claim.numbers_of(a for record in request.records for other in record.requests for r in
                               [other, *truth.settled.get(other, []), *truth.probes.get(other, [])] for a in r.answers)
    for number in claim.shown.numbers("gtpp.cdr.fate_in"):
        if number not in allowed:
            yield f"fate_in {number}", f"decided in {sorted(allowed)}"


def is_false_fate(claim, record, fate):
    """Why a fate is false, or ''."""
    truth, request = claim.truth, claim.request
    own, other = truth.acceptances(request), truth.elsewhere(record, request)
    duplicated = truth.is_duplicated(request)
    settled_by = {how: truth.settlements(request, how) for how in (g.RELEASE, g.CANCEL)}
    answered = truth.readable_answers(request)
    lies = {
        1: "not accepted in this capture" if not own else "",
        2: "" if other else "accepted nowhere else in this capture",
        3: "not held" if not own or not duplicated or settled_by[g.RELEASE] or settled_by[g.CANCEL] else "",
        4: "" if settled_by[g.RELEASE] else "not released",
        5: "" if settled_by[g.CANCEL] else "not cancelled",
        6: "" if truth.rejections(request) and not own else "accepted in the end" if own else "not rejected",
        7: "" if own and other else "accepted once",
        8: answers_text(claim) if answered else "accepted elsewhere" if own or other else "",
        9: answers_text(claim) if answered else "accepted elsewhere" if own or other else "",
    }
    return lies.get(fate, "")


# }}}

RULES = [words, links, copies, unanswered, other_ways, settled, answers, restarts, gaps, coverage, fates]

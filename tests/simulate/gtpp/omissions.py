# SPDX-License-Identifier: GPL-2.0-or-later
"""The second rule: in a capture without any fault, no true event is passed over.

Where the network itself broke the order of a TCP stream, or several nodes share an address, the capture cannot tell:
there nothing is asked for.
"""
from make.gtpp import gtpprime as g

from ..base.network import MILLISECOND, SECOND
from .claims import T3, Claim, accepted_anywhere, is_like_copy, near_end, within
from .messages import ANSWERED, TRANSFER


class Faultless:
    """A capture without faults: what is shown of each message, at its first frame."""

    def __init__(self, truth, found, shown_in):
        self.truth, self.shown_in = truth, shown_in
        self.shown = {}  # message -> Claim of the frame in which it passed first
        self.all = []
        for frame, shown, message in found:
            if message:
                claim = Claim(truth, shown_in, frame, shown, message)
                self.all.append(claim)
                old = self.shown.get(message)
                if not old or claim.true_frame.passed < old.true_frame.passed:
                    self.shown[message] = claim

    def first(self, request):
        """The first copy of a request that passed, when it is clear; None."""
        visible = self.truth.visible_copies(request)
        if not visible or not all(map(self.truth.is_clear, visible)):
            return None
        return self.shown.get(visible[0])


def check(truth, found, shown_in, whole):
    """All that is passed over: (frame, what is not said, what is true)."""
    day = Faultless(truth, found, shown_in)
    for rule in (unread, copied, sent_again, answered, fates, settled, restarts, gaps, reused):
        yield from rule(day)
    yield from table(day, whole)


def unread(day):
    """Every message is shown."""
    for message in day.truth.messages:
        if day.truth.is_clear(message) and message not in day.shown:
            frame = day.truth.sight(message).frames[0].number
            yield frame, "nothing of the message", f"type {message.kind} number {message.seq}"


def copied(day):
    """Copies by the network."""
    for claim in day.all:
        if not claim.message.is_tcp and day.truth.is_copy(claim.true_frame) and not claim.has("copied"):
            yield claim.frame.number, "no copied", "the network copied the packet of " + str(
                sorted(frame.number for frame in day.truth.twins(claim.true_frame)))


def is_bare(request):
    """True for a request without content: after its answer, the same octets may as well be a new request."""
    return not request.records and not request.settles


def sent_again(day):
    """Retransmissions by the node."""
    for request in day.truth.requests:
        first = day.first(request)
        for copy in day.truth.visible_copies(request)[1:] if first else []:
            claim = day.shown[copy]
            if is_bare(request) and claim.seen_before(request.answers) or is_like_copy(claim):
                continue
            finding = "retransmission" if copy.octets == first.message.octets else "changed_copy"
            if not claim.has("retransmission") and not claim.has("changed_copy"):
                yield claim.frame.number, f"no {finding}", f"sent first in frame {first.frame.number}"
            elif first.frame.number not in claim.shown.numbers("gtpp.retransmission_of"):
                yield (claim.frame.number, f"retransmission_of {claim.shown.all('gtpp.retransmission_of')}",
                       f"sent first in frame {first.frame.number}")


def answered(day):
    """Answers, and that there is none."""
    truth = day.truth
    for request in truth.requests:
        first = day.first(request)
        answers = [a for a in truth.visible_answers(request) if truth.is_clear(a) and a in day.shown]
        if not first or any(truth.sight(a).holed for a in request.answers):
            continue
        if not answers and not truth.visible_answers(request):
            yield from silent(day, request, first)
            continue
        usual = [a for a in answers if a.ends == (first.message.ends[1], first.message.ends[0])]
        if answers and not usual and not first.has("other_end"):
            yield first.frame.number, "no other_end", f"answered in {sorted(first.numbers_of(answers))} from elsewhere"
        if usual and not first.shown.has("gtpp.response_in"):
            yield first.frame.number, "no response_in", f"answered in {sorted(first.numbers_of(usual))}"
        for i, answer in enumerate(usual):
            yield from one_answer(day, first, answer, i)


def one_answer(day, first, answer, place):
    """What is shown of an answer: PLACE is 0 for the first one."""
    claim = day.shown[answer]
    if not claim.numbers_of(first.request.copies) & set(claim.shown.numbers("gtpp.response_to")):
        yield claim.frame.number, "no response_to", f"it answers frame {first.frame.number}"
    if place and not claim.has("duplicate_ack") and not is_bare(first.request) and not rejected_before(first, answer):
        yield claim.frame.number, "no duplicate_ack", f"frame {first.frame.number} had been answered before"
    if not place and answer.rejects and not claim.has("rejected"):
        yield claim.frame.number, "no rejected", f"cause {answer.cause}"
    if not place and answer.accepts and first.message.command == g.POSSIBLY_DUPLICATED and first.request.records \
            and not claim.has("held") and len(answer.responds) == 1 and answer.cause == g.ACCEPTED:
        yield claim.frame.number, "no held", f"frame {first.frame.number} is held"


def rejected_before(first, answer):
    """True when an earlier answer said no: the node was asked again."""
    return any(other.rejects for other in first.request.answers if other is not answer)


def silent(day, request, first):
    """A request without any answer."""
    truth, ends = day.truth, first.message.ends
    probed = any(truth.visible_answers(p) for p in truth.probes.get(request, []))
    number = first.frame.number
    if accepted_anywhere(truth, request):
        if not truth.acceptances(request) and not first.has("elsewhere"):
            yield number, "no elsewhere", "acknowledged under another request"
        return
    if request.records and any(truth.elsewhere(record, request) for record in request.records):
        return
    if probed or not truth.speaks(ends[1], ends[0]) or is_ambiguous(day, request, first):
        return
    left = near_end(first)
    if left > T3 + 100 * MILLISECOND and not first.has("unacknowledged"):
        yield number, f"no unacknowledged ({findings(first)})", f"no answer, {left / SECOND:.1f} s before the end"
    elif left < T3 - 100 * MILLISECOND and not first.has("not_yet"):
        yield number, f"no not_yet ({findings(first)})", f"no answer, {left / SECOND:.1f} s before the end"


def is_ambiguous(day, request, first):
    """True when an answer may be meant for it: the number is used again soon, or the peer answers from elsewhere."""
    again = any(other is not request and other.seq == request.seq and other.node is request.node
                and other.kind == request.kind and day.truth.visible_copies(other) for other in day.truth.requests)
    return again or bool(getattr(request.peer, "style", {}).get("answers_from"))


def findings(claim):
    """The findings that are there."""
    return " ".join(name.split(".", 2)[2] for name, _ in claim.shown.fields
                    if name.startswith("gtpp.analysis.") and not name.endswith(".expert")) or "nothing"


def fates(day):
    """What became of each record."""
    truth = day.truth
    for request in truth.requests:
        first = day.first(request)
        involved = [a for record in request.records for other in record.requests
                    for r in [other, *truth.settled.get(other, []), *truth.probes.get(other, [])]
                    for a in r.copies + r.answers]
        if request.kind != TRANSFER or not request.records or not first or any(truth.sight(a).holed for a in involved):
            continue
        said = first.shown.numbers("gtpp.cdr.fate")
        if len(said) != len(request.records):
            yield first.frame.number, f"{len(said)} fates", f"{len(request.records)} records"
            continue
        for record, fate in zip(request.records, said):
            right = expected_fates(day, request, record, first)
            if right and fate not in right:
                yield first.frame.number, f"fate {fate} of record {record.local_seq}", f"one of {sorted(right)}"


def expected_fates(day, request, record, first):
    """The fates that are true; empty where the capture cannot tell."""
    truth = day.truth
    own, other = truth.acceptances(request), truth.elsewhere(record, request)
    probed = any(truth.visible_copies(p) for p in truth.probes.get(request, []))
    commands = {copy.command for copy in truth.visible_copies(request)}
    odd_end = is_ambiguous(day, request, first)
    if own:
        held = {3}
        if truth.settlements(request, g.RELEASE):
            held = {4}
        elif truth.settlements(request, g.CANCEL):
            held = {5}
        right = held if commands == {g.POSSIBLY_DUPLICATED} else {1} if commands == {g.SEND} else held | {1}
        return right | ({7} if other else set()) | ({0, 2} if odd_end or probed else set())
    if other:
        return {2, 6} if truth.rejections(request) else {2}
    if truth.rejections(request):
        return {6}
    return set() if odd_end or probed or not truth.speaks(first.message.ends[1], first.message.ends[0]) else \
        {8} if near_end(first) > T3 + 100 * MILLISECOND else {9} if near_end(first) < T3 - 100 * MILLISECOND else {8, 9}


def settled(day):
    """Redirections, releases, cancellations, records accepted twice."""
    truth = day.truth
    for request in truth.requests:
        first = day.first(request)
        if not first:
            continue
        if request.kind == g.REDIRECTION_REQUEST and not first.has("redirected"):
            yield first.frame.number, "no redirected", "a Redirection Request"
        for how, finding in ((g.RELEASE, "released"), (g.CANCEL, "cancelled")):
            if request.settles and request.command == how and truth.acceptances(request):
                held = [day.first(other) for other in request.settles]
                if all(held) and all(map(truth.acceptances, request.settles)) and \
                        not any(c.has(finding) for c in [first, *held]):
                    yield first.frame.number, f"no {finding}", f"of frame {held[0].frame.number}"
        yield from twice(day, request, first)


def twice(day, request, first):
    """A record that was accepted before under another request, both times to be processed."""
    truth = day.truth
    if not request.records or truth.is_duplicated(request) or not truth.acceptances(request):
        return
    when = min(map(truth.passed, truth.acceptances(request)))
    for record in request.records:
        for other, answer in truth.elsewhere(record, request):
            if truth.is_clear(answer) and day.first(other) and not truth.is_duplicated(other) \
                    and truth.passed(answer) < when and day.first(other).true_frame.passed < first.true_frame.passed:
                if not first.has("twice"):
                    yield first.frame.number, "no twice", f"record {record.local_seq} was accepted in " + str(
                        sorted(first.numbers(answer)))
                return


def restarts(day):
    """A node whose restart counter went on."""
    truth = day.truth
    for node in day.truth.day.cdfs + day.truth.day.cgfs:
        if not truth.sends_alone(node):
            continue
        told = [item for item in truth.restart_counters(node) if truth.is_clear(item[1])]
        for (before, earlier), (after, _) in zip(told, told[1:]):
            if before != after:
                same = [m for counter, m in truth.restart_counters(node) if counter == after and m.sent >= earlier.sent]
                claims = [day.shown[m] for m in same if m in day.shown]
                if claims and not any(claim.has("restart") for claim in claims):
                    yield claims[0].frame.number, "no restart", f"from {before} to {after}"


def expected_gaps(day):
    """The numbers that are missing between others, by counter, where that can be told. Behind 4294967295 one counter
    goes to 0 and another to 1: a capture without 0 does not show which one it is."""
    truth = day.truth
    for cdf in truth.day.cdfs:
        counters = list(dict.fromkeys(r.counter for request in truth.requests if request.node is cdf
                                      for r in request.records))
        if len(counters) != 1 or not truth.sends_alone(cdf) or len(cdf.style["kinds"]) > 1 or cdf.generation:
            continue
        issued = counters[0].issued
        if any(truth.record_sight(record) == "maybe" for record in issued):
            continue
        there = [i for i, record in enumerate(issued) if truth.record_sight(record)]
        missing = [issued[i] for i in range(there[0], there[-1]) if i not in there and issued[i].local_seq != 0] \
            if there else []
        yield cdf, issued, missing


def gaps(day):
    """Local sequence numbers that are missing."""
    for cdf, _, missing in expected_gaps(day):
        texts = [text for claim in day.all if claim.message.sender is cdf for name, text in claim.shown.texts
                 if name == "gtpp.analysis.local_seq_gap.expert"]
        ranges = [list(map(int, text.rsplit(": ", 1)[-1].replace(", not counting 0", "").rstrip(".").split(" to ")))
                  for text in texts if ": " in text]
        for record in missing:
            if not any(within(record.local_seq, found[0], found[-1]) for found in ranges):
                yield 0, f"no local_seq_gap ({ranges})", f"{record.local_seq} of {cdf.node_id} is missing"


def reused(day):
    """A number that is used again though its request was not answered."""
    truth = day.truth
    for cdf in truth.day.cdfs:
        mine = [r for r in truth.requests if r.node is cdf and r.records and day.first(r)]
        for i, old in enumerate(mine):
            for new in mine[i + 1:]:
                if old.way is new.way and old.seq == new.seq and old.records != new.records and \
                        not truth.visible_answers(old) and not truth.probes.get(old) and \
                        day.first(old).true_frame.passed < day.first(new).true_frame.passed and \
                        day.first(old).message.ends == day.first(new).message.ends and \
                        not day.first(new).has("seq_reused"):
                    yield (day.first(new).frame.number, "no seq_reused",
                           f"frame {day.first(old).frame.number} had the number, and no answer")
                break_here = old.way is new.way and old.seq == new.seq
                if break_here:
                    break


def table(day, whole):
    """Requests, Retransmitted and CDRs of the ledger."""
    truth = day.truth
    rows = whole.tables.get("Portlore GTP' Ledger", [])
    if not rows:
        return
    columns = rows[0]
    sums = {name: sum(int(row[columns.index(name)]) for row in rows[1:])
            for name in ("Requests", "Retransmitted", "CDRs") if name in columns}
    requests = [r for r in truth.requests if r.kind == TRANSFER and truth.visible_copies(r)]
    if any(truth.sight(m).holed for m in truth.messages if m.kind in (TRANSFER, ANSWERED)):
        return
    copies = [copy for request in requests for copy in truth.visible_copies(request)[1:]]
    true = {"Requests": len(requests), "CDRs": sum(len(r.records) for r in requests),
            "Retransmitted": sum(not is_like_copy(day.shown[copy]) if copy in day.shown else 1 for copy in copies)}
    for name, value in sums.items():
        if value != true[name]:
            yield 0, f"ledger: {name} {value}", str(true[name])

# SPDX-License-Identifier: GPL-2.0-or-later
"""The oracle itself: days made by hand, whose truth is obvious, and readings that say it, or something else.

Each test first lets the oracle read what is right, then one lie or one omission, and sees that it is found.
"""
import random
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "captures"), str(TOP / "tests")]

# pylint: disable=wrong-import-position
from make.base import wire  # noqa: E402
from make.gtpp import gtpprime as g  # noqa: E402

from simulate.base import capture_point  # noqa: E402
from simulate.base.network import SECOND, Conditions  # noqa: E402
from simulate.base.reader import Reading, Shown, ShownFrame  # noqa: E402
from simulate.gtpp import agreement  # noqa: E402
from simulate.gtpp.cdf import Cdf  # noqa: E402
from simulate.gtpp.day import Day  # noqa: E402
from simulate.gtpp.nodes import Cgf  # noqa: E402
from simulate.gtpp.oracle import judge  # noqa: E402

CGF_STYLE = {"members": 1, "answers_from": None, "elsewhere": 0, "batch": 0, "slow": 0, "ignores": 0, "version": 2}
CDF_STYLE = {"kinds": ["pgw"], "counts": "node", "modulus": 65536, "tries": 3, "first_seq": 1, "marks": False,
             "roams": False, "echo_zero": False, "without_zero": False, "drops": 0, "failover": "held"}
COLUMNS = ["CDF", "CGF", "Path", "Requests", "Retransmitted", "CDRs", *agreement.PARTS, "Twice"]


class Scene:
    """One CDF and two CGFs in a network without faults."""

    def __init__(self, **style):
        self.day = Day(random.Random(1), Conditions())
        self.day.t3 = 2 * SECOND
        self.cgfs = [Cgf(self.day, wire.End(f"198.51.100.{20 + i}", 3386), dict(CGF_STYLE)) for i in range(2)]
        self.day.cgfs = self.cgfs
        self.cdf = Cdf(self.day, "NODE-01", {**CDF_STYLE, **style}, 101, restart_counter=7)
        self.day.cdfs = [self.cdf]
        for cgf in self.cgfs:
            self.day.join(self.cdf, cgf, [wire.End("192.0.2.10", 49500)])

    def capture(self, seconds, *faults):
        """Let it happen and capture it."""
        self.day.run(seconds)
        return capture_point.capture_packets(self.day.network.in_order(), random.Random(1), faults)


def shown(message, *fields, texts=()):
    """A message as it might be shown."""
    path = "0" if "198.51.100.20" in (message.ends[0][0], message.ends[1][0]) else "1"
    known = [("gtpp.type", str(message.kind)), ("gtpp.seq", str(message.seq)), ("gtpp.path", path)]
    more = [(f"gtpp.analysis.{word}", "") if isinstance(word, str) else (f"gtpp.{word[0]}", str(word[1]))
            for word in fields]
    return Shown(known + more, [(f"gtpp.analysis.{name}.expert", text) for name, text in texts])


def reading(capture, said, rows):
    """A reading: SAID by frame number is what is shown beside type and number, as fields, or (fields, texts)."""
    frames = []
    for frame in capture.frames:
        fields, texts = said.get(frame.number, ((), ()))
        frames.append(ShownFrame(frame.number, f"{wire.START}.{frame.time:09d}", len(frame.octets),
                                 [shown(frame.packet.load, *fields, texts=texts)]))
    table = [COLUMNS] + [["a", "b", *map(str, row)] for row in rows]
    return Reading(frames, {agreement.LEDGER: table})


def complaints(scene, capture, said, rows):
    """What the oracle has to say, as lines."""
    return [str(each) for each in judge(scene.day, capture, reading(capture, said, rows))]


def what(*fields, **texts):
    """Fields and texts of one frame."""
    return fields, tuple(texts.items())


#                path, requests, again, CDRs, ack, else, rej, held, rel, can, unack, undec, twice
ONE_ANSWERED = [[0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]]
ONE_SILENT = [[0, 1, 2, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0]]


def one_answered():
    """Frame 1 asks with a record, frame 2 accepts it."""
    scene = Scene()
    scene.day.at(1, scene.cdf.hand_over, 1)
    capture = scene.capture(10)
    assert [frame.packet.load.kind for frame in capture.frames] == [240, 241]
    return scene, capture, {1: what(("response_in", 2), ("cdr.fate", 1)), 2: what(("response_to", 1))}


def test_a_request_and_its_answer():
    scene, capture, right = one_answered()
    assert complaints(scene, capture, right, ONE_ANSWERED) == []


def test_called_unacknowledged_though_answered():
    scene, capture, right = one_answered()
    right[1] = what("unacknowledged", ("cdr.fate", 8), unacknowledged="No answer.")
    rows = [[0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0]]
    found = complaints(scene, capture, right, rows)
    assert '[false] frame 1: unacknowledged "No answer."; true: it is answered in [2]' in found
    assert any("fate 8" in each for each in found)
    assert any("no response_in" in each for each in found)


def test_links_to_other_frames():
    scene, capture, right = one_answered()
    right[1] = what(("response_in", 1), ("cdr.fate", 1))
    right[2] = what(("response_to", 2))
    found = complaints(scene, capture, right, ONE_ANSWERED)
    assert "[false] frame 1: response_in 1; true: it is answered in [2]" in found
    assert "[false] frame 2: response_to 2; true: it answers [1]" in found


def test_words_and_frames_that_are_not_there():
    scene, capture, right = one_answered()
    right[1] = what(("response_in", 2), ("cdr.fate", 1), held="It was never seen.", cut="See frame 9.")
    found = complaints(scene, capture, right, ONE_ANSWERED)
    assert any('"never" is not for a capture to say' in each for each in found)
    assert any("there is no frame 9" in each for each in found)


def test_a_message_that_was_not_sent():
    scene, capture, right = one_answered()
    read = reading(capture, right, ONE_ANSWERED)
    read.frames[1].messages.append(Shown([("gtpp.type", "1"), ("gtpp.seq", "585"), ("gtpp.path", "0")]))
    found = [str(each) for each in judge(scene.day, capture, read)]
    assert found == ["[false] frame 2: type 1 number 585; true: no such message was sent"]


def test_sums_of_the_ledger():
    scene, capture, right = one_answered()
    found = complaints(scene, capture, right, [[0, 1, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0]])
    assert "[ledger] path 0: CDRs 2; true: its parts make 1" in found
    found = complaints(scene, capture, right, [[0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]])
    assert "[ledger] path 0: Acknowledged 0; true: the packets have 1" in found


def silent():
    """The CGF hears nothing: frames 1 to 3 are the tries, frame 4 and 5 an earlier exchange's Echo by the CGF."""
    scene = Scene(failover="none")
    scene.day.at(0, scene.cgfs[0].ping, scene.cdf.ways[0][0])
    scene.day.at(1, setattr, scene.cgfs[0], "deaf_until", 60 * SECOND)
    scene.day.at(2, scene.cdf.hand_over, 1)
    scene.day.at(30, setattr, scene.cgfs[0], "deaf_until", 0)
    scene.day.at(31, scene.cdf.ping, scene.cdf.ways[0][0])
    scene.cdf.give_up = lambda request: None
    capture = scene.capture(40)
    kinds = [frame.packet.load.kind for frame in capture.frames]
    assert kinds[-2:] == [1, 2] and kinds.count(240) == 3
    first = kinds.index(240) + 1
    echo = len(kinds)
    said = {first: what("unacknowledged", ("cdr.fate", 8), unacknowledged="No answer."),
            first + 1: what("retransmission", ("retransmission_of", first)),
            first + 2: what("retransmission", ("retransmission_of", first)),
            echo - 1: what(("response_in", echo)), echo: what(("response_to", echo - 1))}
    for number in range(1, first, 2):
        said[number], said[number + 1] = what(("response_in", number + 1)), what(("response_to", number))
    return scene, capture, said, first


def test_a_request_that_is_not_answered():
    scene, capture, right, _ = silent()
    assert complaints(scene, capture, right, ONE_SILENT) == []


def test_not_said_to_be_unanswered():
    scene, capture, right, first = silent()
    right[first] = what("not_yet", ("cdr.fate", 9))
    rows = [[0, 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0]]
    found = complaints(scene, capture, right, rows)
    assert any("not_yet" in each and "before the end" in each for each in found)
    assert any(f"frame {first}: no unacknowledged (not_yet)" in each for each in found)


def test_retransmissions_passed_over_or_ascribed():
    scene, capture, right, first = silent()
    right[first + 1] = what()
    right[first + 2] = what("retransmission", ("retransmission_of", 1))
    found = complaints(scene, capture, right, ONE_SILENT)
    assert any(f"frame {first + 1}: no retransmission" in each for each in found)
    assert any(f"frame {first + 2}: retransmission_of 1; true: not a copy" in each for each in found)


def test_a_mirror_copy_is_no_retransmission():
    scene = Scene()
    scene.day.at(1, scene.cdf.hand_over, 1)

    def both(frames, _, __):
        return [each for frame in frames for each in
                (frame, capture_point.Frame(frame.time + 9, frame.passed + 9, frame.packet, frame.octets,
                                            len(frame.octets), frame))]
    capture = scene.capture(10, both)
    right = {1: what(("response_in", 3), ("cdr.fate", 1)), 2: what("copied", ("copy_of", 1)),
             3: what(("response_to", 1)), 4: what("copied", ("copy_of", 3))}
    assert complaints(scene, capture, right, ONE_ANSWERED) == []
    right[2] = what("retransmission", ("retransmission_of", 1))
    right[4] = what("duplicate_ack", ("copy_of", 1))
    found = complaints(scene, capture, right, ONE_ANSWERED)
    assert "[false] frame 2: retransmission; true: sent once, as far as the capture shows" in found
    assert "[false] frame 4: duplicate_ack; true: the only answer in the capture" in found
    assert "[false] frame 4: copy_of 1; true: another packet" in found


def failover():
    """CGF 1 is deaf for a while; its packet goes to CGF 2 as possibly duplicated, is probed, and released."""
    scene = Scene(tries=2)
    scene.day.at(0, scene.cdf.ping, scene.cdf.ways[0][0])
    scene.day.at(1, setattr, scene.cgfs[0], "deaf_until", 10 * SECOND)
    scene.day.at(2, scene.cdf.hand_over, 1)
    capture = scene.capture(60)
    loads = [(frame.packet.load.kind, frame.packet.load.command, str(frame.packet.target.address))
             for frame in capture.frames]
    assert [kind for kind, _, _ in loads] == [1, 2, 240, 240, 240, 241, 240, 241, 240, 241]
    assert loads[4][1:] == (g.POSSIBLY_DUPLICATED, "198.51.100.21") and loads[8][1] == g.RELEASE
    right = {1: what(("response_in", 2)), 2: what(("response_to", 1)),
             3: what("elsewhere", ("elsewhere_in", 6), ("cdr.fate", 2)),
             4: what("retransmission", ("retransmission_of", 3)),
             5: what("released", ("response_in", 6), ("cdr.fate", 4)), 6: what("held", ("response_to", 5)),
             7: what(("response_in", 8)), 8: what(("response_to", 7)),
             9: what("released", ("response_in", 10)), 10: what(("response_to", 9))}
    rows = [[0, 2, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0], [1, 2, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0]]
    return scene, capture, right, rows


def test_failover():
    scene, capture, right, rows = failover()
    assert complaints(scene, capture, right, rows) == []


def test_lies_about_a_failover():
    scene, capture, right, rows = failover()
    right[3] = what("unacknowledged", ("response_in", 8), ("cdr.fate", 1), unacknowledged="No answer.")
    right[5] = what("held", ("response_in", 6), ("cdr.fate", 3))
    right[8] = what(("response_to", 3))
    found = complaints(scene, capture, right, rows)
    assert any("frame 3: unacknowledged" in each and "acknowledged in [6]" in each for each in found)
    assert any("frame 3: response_in 8; true: it is answered in no frame" in each for each in found)
    assert any("frame 3: fate 1" in each for each in found)
    assert any("frame 5: held; true: it was released" in each for each in found)
    assert any("frame 5: fate 3" in each for each in found)
    assert any("frame 8: response_to 3; true: it answers [7]" in each for each in found)
    assert any("frame 3: no elsewhere" in each for each in found)


def test_gaps():
    scene = Scene()
    scene.day.at(1, scene.cdf.hand_over, 1)
    scene.day.at(2, scene.cdf.write_record)  # 102 is written and not sent
    scene.day.at(3, scene.cdf.hand_over, 1)
    scene.day.at(4, scene.cdf.hand_over, 1)
    capture = scene.capture(20)
    right = {}
    for number in (1, 3, 5):
        right[number], right[number + 1] = what(("response_in", number + 1), ("cdr.fate", 1)), \
            what(("response_to", number))
    rows = [[0, 3, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0]]
    assert any("no local_seq_gap ([]); true: 102" in each for each in complaints(scene, capture, right, rows))
    gap = "1 local sequence number before a record of this message is not in this capture: 102."
    right[3] = what("local_seq_gap", ("response_in", 4), ("cdr.fate", 1), local_seq_gap=gap)
    assert complaints(scene, capture, right, rows) == []
    right[5] = what("local_seq_gap", ("response_in", 6), ("cdr.fate", 1), local_seq_gap=gap.replace("102", "103"))
    assert any("[103] are in the capture" in each for each in complaints(scene, capture, right, rows))


def hand_over_around_zero(*sent):
    """Records from 4294967294 on, of which those at the places SENT are handed over, with a reading without gaps."""
    scene = Scene()
    scene.cdf.local_start = 0xFFFFFFFE
    for place in range(5):
        scene.day.at(1 + place, *((scene.cdf.hand_over, 1) if place in sent else (scene.cdf.write_record,)))
    capture = scene.capture(20)
    right = {}
    for number in range(1, 2 * len(sent), 2):
        right[number], right[number + 1] = what(("response_in", number + 1), ("cdr.fate", 1)), \
            what(("response_to", number))
    count = len(sent)
    return complaints(scene, capture, right, [[0, count, 0, count, count, 0, 0, 0, 0, 0, 0, 0, 0]])


def test_zero_may_not_be_counted():
    assert hand_over_around_zero(0, 1, 3, 4) == []
    assert any("true: 1 of NODE-01 is missing" in each for each in hand_over_around_zero(0, 1, 2, 4))
    found = hand_over_around_zero(0, 3, 4)
    assert [each for each in found if "is missing" in each] == \
        ["[passed over] no local_seq_gap ([]); true: 4294967295 of NODE-01 is missing"]


def test_restarts():
    scene = Scene()
    way = scene.cdf.ways[1][0]
    scene.day.at(1, way.cgf.ping, way)
    scene.day.at(3, scene.cdf.restart, 8, False, False)
    capture = scene.capture(40)
    echoes = [frame.number for frame in capture.frames
              if frame.packet.load.counter is not None and frame.packet.load.sender is scene.cdf]
    assert [capture.frames[n - 1].packet.load.counter for n in echoes][:2] == [7, 8]
    right = {}
    for frame in capture.frames:
        other = next(f.number for f in capture.frames if f is not frame and (
            f.packet.load.request in frame.packet.load.responds or frame.packet.load.request in f.packet.load.responds))
        right[frame.number] = what(("response_in" if frame.packet.load.request else "response_to", other))
    text = "The restart counter of this node went from 7 to 8: it has restarted."
    found = complaints(scene, capture, right, [])
    assert any(f"frame {echoes[1]}: no restart; true: from 7 to 8" in each for each in found)
    right[echoes[1]] = (("restart", *right[echoes[1]][0]), (("restart", text),))
    assert [each for each in complaints(scene, capture, right, []) if "restart" in each] == []
    right[echoes[1]] = (right[echoes[1]][0], (("restart", text.replace("7", "6")),))
    assert any("the node had [7, 8" in each for each in complaints(scene, capture, right, []))


def test_one_direction():
    scene = Scene(failover="none")
    scene.day.at(1, scene.cdf.hand_over, 1)

    def one_way(frames, _, __):
        return frames[:1]
    capture = scene.capture(2, one_way)
    right = {1: what("undecided", ("cdr.fate", 0))}
    rows = [[0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0]]
    assert complaints(scene, capture, right, rows) == []
    right[1] = what("unacknowledged", ("cdr.fate", 8), unacknowledged="No answer.")
    rows = [[0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0]]
    assert any("no message from 198.51.100.20 is in the capture" in each
               for each in complaints(scene, capture, right, rows))


def test_passes_and_filters():
    scene, capture, right = one_answered()
    whole = reading(capture, right, ONE_ANSWERED)
    early = {1: what(), 2: right[2]}
    assert list(agreement.check_passes(reading(capture, early, ONE_ANSWERED), whole)) == []
    early[1] = what("unacknowledged")
    assert len(list(agreement.check_passes(reading(capture, early, ONE_SILENT), whole))) == 2
    alone = Reading([ShownFrame(1, whole.frames[1].time, whole.frames[1].length,
                                [shown(capture.frames[1].packet.load)])], {})
    assert list(agreement.check_filter(alone, whole)) == []
    alone.frames[0].messages = [shown(capture.frames[1].packet.load, ("response_to", 1))]
    assert len(list(agreement.check_filter(alone, whole))) == 1

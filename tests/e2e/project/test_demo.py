"""./dev demo: questions with their answers, and summaries of captures.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import shlex
import struct
import subprocess
import sys

import pytest
from support.paths import CAPTURES, REPOSITORY

sys.path.insert(0, str(REPOSITORY / "tools"))
from demo_questions import QUESTIONS  # noqa: E402  # pylint: disable=wrong-import-position


def demo(*names):
    build = os.environ.get("PORTLORE_BUILD", REPOSITORY / "build" / "default")
    answer = subprocess.run(["/usr/bin/python3", "-B", REPOSITORY / "tools" / "demo.py", *map(str, names)],
                            env={**os.environ, "PORTLORE_BUILD": str(build)}, capture_output=True, encoding="utf-8",
                            check=False, timeout=300)
    return answer.returncode, answer.stdout.splitlines(), answer.stderr.splitlines()


@pytest.fixture(scope="module")
def asked():
    code, lines, complaints = demo()
    assert (code, complaints) == (0, [])
    return lines


def test_it_fits_a_terminal(asked):
    assert len(asked) <= 70
    assert [line for line in asked if len(line) > 100] == []


def test_the_answers(asked):
    """One paragraph for each question; its last line answers."""
    paragraphs = "\n".join(asked).split("\n\n")
    assert [paragraph.splitlines()[0] for paragraph in paragraphs[:-1]] == [question.text for question in QUESTIONS]
    for paragraph, answer in zip(paragraphs, (
            "3 requests with 4 charging records: the capture holds no answer, and no other CGF took them.",
            "No: nothing answered 3 ClientHellos on UDP, and the session goes on over TCP (tcp.stream 0).",
            "Not what belongs there by registry and practice: http on 3386 (1 packet), dns on 3386 (1 packet), "
            "octets of no protocol that Wireshark recognises on 3386 (1 packet), octets of no protocol that Wireshark "
            "recognises on 3391 (2 packets).",
            "4 documented ports (3311, 3391, 3406, 3416): tried, and refused or never answered in this capture.")):
        assert " ".join(paragraph.split("\n")).endswith(answer)


def test_what_is_typed_prints_what_is_shown(asked, tshark):
    """Each command, typed as it stands, but for the alignment that column(1) makes."""
    for paragraph in "\n".join(asked).split("\n\n")[:-1]:
        words = shlex.split(paragraph.split("$ ", 1)[1].split("| column")[0].replace("\\\n", " "))
        assert words[:2] == ["tshark", "-2"] and words[2] == "-r"
        printed = tshark(words[3].removeprefix("captures/"), "-2", *words[4:])
        shown = [line.split() for line in paragraph.splitlines()]
        assert len(printed) > 1
        assert [line for line in ([cell for cell in line.split("\t") if cell] for line in printed)
                if line not in shown] == []


def test_a_capture_begins_with_a_summary():
    code, lines, complaints = demo(CAPTURES / "rdgudp-exploit.pcap")
    assert (code, complaints) == (0, [])
    assert [line.split() for line in lines[1:3]] == [["RDGUDP", "19", "packets"], ["Port", "Lore", "1", "packet"]]
    ranks = [line.split()[0] for line in lines[3:] if re.match(r"  (Error|Warning|Note) ", line)]
    assert ranks[0] == "Error" and ranks == sorted(ranks, key=["Error", "Warning", "Note"].index)
    assert sum("CONNECT_PKT_FRAGMENT" in line for line in lines) == 11  # decrypted, by the keys beside it


def test_our_columns_stand_below_each_other():
    """The Info column begins at one place, whether a packet has something in Port Lore's columns or not."""
    lines = demo(CAPTURES / "port-3406-http.pcap")[1]
    packets = [line for line in lines if "192.0.2.10" in line and "198.51.100.20" in line]
    assert len(packets) == 10
    starts = {re.search(r"\d+ → \d+ \[|GET |HTTP/1.1 200", line).start() for line in packets}
    assert len(starts) == 1
    assert sum("nokia-ann-ch2 No payload " in line for line in packets) == 1


def test_the_main_channel_is_in_the_summary():
    lines = demo(CAPTURES / "rdghttp-udp-blocked.pcapng")[1]
    summary = lines[1:lines.index("")]
    assert [line.split()[0] for line in summary[:3]] == ["RDGHTTP", "RDGUDP", "Port"]
    assert "Warning 1x RDGHTTP: UDP port 3391 was offered and tried" in " ".join(" ".join(summary).split())


def test_a_capture_without_any_of_our_protocols(tmp_path):
    path = tmp_path / "other.pcap"
    # One Ethernet frame of a type that is for experiments.
    path.write_bytes(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1) + struct.pack("<IIII", 0, 0, 60, 60) +
                     bytes(12) + b"\x88\xb5" + bytes(46))
    code, lines, complaints = demo(path)
    assert (code, complaints) == (0, [])
    assert lines[1] == "  No packet of GTP', RDGHTTP, RDGUDP, or of a port that Port Lore annotates."


def test_a_folder_stands_for_its_captures(tmp_path):
    for name in ("gtpp-udp.pcap", "port-probes.pcap"):
        (tmp_path / name).write_bytes((CAPTURES / name).read_bytes())
    (tmp_path / "notes.txt").write_text("No capture.", encoding="utf-8")
    code, lines, _ = demo(tmp_path)
    assert code == 0
    assert [line for line in lines if line.startswith("== ")] == ["== gtpp-udp.pcap", "== port-probes.pcap"]


@pytest.mark.parametrize("content, complaint", [
    (b"", "the file is empty."), (b"No capture.\n" * 9, "it isn't a capture file in a format TShark understands."),
    (b"\x89PNG\r\n\x1a\n" + bytes(40), None), (None, "there is no such file or folder.")])
def test_what_is_no_capture(tmp_path, content, complaint):
    path = tmp_path / "given.png"
    if content is not None:
        path.write_bytes(content)
    code, lines, complaints = demo(path)
    assert (code, lines, len(complaints)) == (2, [], 1)
    assert complaints[0].startswith(f"demo: {path}: ") and "/tmp/" not in complaints[0].removeprefix(f"demo: {path}")
    assert (complaint is None or complaints[0].endswith(complaint))


def test_an_empty_folder_and_an_unknown_option(tmp_path):
    assert demo(tmp_path)[0] == 2
    assert demo("--frobnicate") == (2, [], ["demo: there is no option --frobnicate; ./dev demo --help lists them."])
    assert demo("--help")[0] == 0

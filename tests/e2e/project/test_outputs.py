"""tools/outputs.py and tools/sharkd_outputs.py, which compare platforms: every capture is asked about, and every
difference is found.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import importlib.util
import re
import sys

import pytest

from support.paths import REPOSITORY, shipped


def module_of(name):
    spec = importlib.util.spec_from_file_location(name, REPOSITORY / f"tools/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def outputs():
    return module_of("outputs")


def write(folder, texts):
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())
    return folder


def test_differences_are_found(outputs, tmp_path, capsys):
    one = write(tmp_path / "one", {"a": "same\n", "b": "x\ny\n", "c": "x\n", "d": "only\n", "f": "x\n", "a.errors": ""})
    other = write(tmp_path / "other", {"a": "same\n", "b": "x\nz\n", "c": "x\nmore\n", "e": "only\n", "f": "x\r\n"})
    assert outputs.compare(one, other) == (5, 5, 5)
    told = capsys.readouterr().out
    for part in ("b differs in line 2:\n  y\n  z\n", "c differs in line 2:\n  (ends)\n  more\n",
                 "d is on one side only", "e is on one side only", "f differs in line 1"):
        assert part in told
    assert outputs.main(["compare", str(one), str(one)]) == 0
    assert outputs.main(["compare", str(one), str(other)]) == 1
    assert capsys.readouterr().out.endswith("5 outputs, 5 lines, 5 DIFFERENT\n")
    # Nothing is no proof.
    empty = write(tmp_path / "empty", {})
    assert outputs.main(["compare", str(empty), str(empty)]) == 1


class Server:
    """Stands for Prefork: answers with the words of the request, and fails."""

    def __init__(self, library, program, early, env, command):
        assert (str(library), program, early) == ("library", "tshark", ["-V"])
        assert command == ["emulator", "-L", "folder", "tshark"]

    def run(self, words, capture, folder, files, timeout):
        with open(files[1], "w", encoding="utf-8", closefd=False) as answer:
            print(capture, *words, file=answer)
        return 3

    def close(self):
        pass


def test_every_capture_is_asked_about(outputs, monkeypatch, tmp_path):
    """With its keys and every report; that it failed is part of the answer."""
    monkeypatch.setattr(outputs, "Prefork", Server)
    assert outputs.main(["print", "--prefork", "library", "--modes", "twice", str(tmp_path / "out"),
                         str(REPOSITORY / "captures"), "--", "emulator", "-L", "folder", "tshark"]) == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir() if path.suffix != ".errors")
    assert names == [f"{name}.twice" for name in shipped()]
    answer = (tmp_path / "out/rdgudp-two-channels.pcap.twice").read_text()
    assert "-2 -V" in answer and "rdgudp-two-channels.keys" in answer and answer.endswith("\nexit code 3\n")
    text = (REPOSITORY / "docs/reference.md").read_text().partition("\n## Reports\n")[2].partition("\n## ")[0]
    reports = re.findall(r"^\| `([a-z,]+)` \|", text, re.M)
    assert len(reports) > 5 and all(f"-z {report}" in answer for report in reports)


def test_programs_of_their_own(outputs, tmp_path):
    """Without a library, each request is a program; and a cut capture is read with the keys of the whole one."""
    folder = write(tmp_path / "cut", {"rdgudp-two-channels-70.pcap": "", "gtpp-udp-70.pcap": "", "notes.txt": ""})
    told = "import sys; print(sys.argv[1:]); sys.exit(2)"
    assert outputs.main(["print", str(tmp_path / "out"), str(folder), "--", sys.executable, "-c", told]) == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir() if path.suffix != ".errors")
    assert names == [f"{name}-70.pcap.{mode}" for name in ("gtpp-udp", "rdgudp-two-channels")
                     for mode in ("once", "twice")]
    answer = (tmp_path / "out/rdgudp-two-channels-70.pcap.once").read_text()
    assert "captures/rdgudp-two-channels.keys'" in answer and "rdgudp-two-channels-70.pcap'" in answer
    assert "'-2'" not in answer and answer.endswith("\nexit code 2\n")
    assert answer.replace("['-V'", "['-2', '-V'") == (tmp_path / "out/rdgudp-two-channels-70.pcap.twice").read_text()
    assert "keylog" not in (tmp_path / "out/gtpp-udp-70.pcap.once").read_text()


TABLE = "=" * 30 + "\nGTP' Conversations\nFilter:<No Filter>\n 10.0.0.1  {}  8 bytes\n" + "=" * 30 + "\n"
# A time in an answer of sharkd.
FILTER = r'"f": "frame.time == \"2024-03-05 10:00:{}\""'


@pytest.mark.parametrize("linux, windows, alike", [
    ("Time: 1, 2026 12:00:00.5 UTC\n", "Time: 1, 2026 12:00:00.5 UT\r\n", True),
    ("a  b\n", "a b\r\n", False),
    ("1234 records\n", "1,234 records\r\n", False),
    ("UTC\n", "UT\r\n", False),
    (FILTER.format("00+0000"), FILTER.format("00-0000"), True),
    (FILTER.format("00.001+0000"), FILTER.format("00.001-0000"), True),
    (FILTER.format("00+0100"), FILTER.format("00-0100"), False),
    ("10:00:00+0000\n", "10:00:00-0000\n", False),
    (TABLE.format("1234"), TABLE.format("1,234").replace("\n", "\r\n"), True),
    (TABLE.format("1234"), TABLE.format("1,235").replace("\n", "\r\n"), False),
])
def test_what_windows_does_otherwise(outputs, tmp_path, linux, windows, alike):
    """Only that is passed over, and only when it is asked for."""
    one, other = write(tmp_path / "one", {"a": linux}), write(tmp_path / "other", {"a": windows})
    assert outputs.main(["compare", str(one), str(other)]) == 1
    assert outputs.main(["compare", "--windows", str(one), str(other)]) == (0 if alike else 1)


def test_every_nth_capture(outputs, tmp_path):
    folder = write(tmp_path / "some", {f"{name}.pcap": "" for name in "abcde"})
    assert outputs.main(["print", "--every", "2", "--modes", "once", str(tmp_path / "out"), str(folder), "--",
                         "true"]) == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir() if path.suffix != ".errors")
    assert names == [f"{name}.pcap.once" for name in "ace"]


def test_a_long_line_is_shown_where_it_differs(outputs, tmp_path, capsys):
    one, other = (write(tmp_path / name, {"a": "x" * 5000 + name + "y" * 5000}) for name in ("one", "other"))
    assert outputs.main(["compare", str(one), str(other)]) == 1
    told = capsys.readouterr().out
    assert "xone" in told and "xother" in told and max(map(len, told.splitlines())) < 250


def test_captures_are_cut(outputs, tmp_path):
    told = "import sys; open(sys.argv[4], 'w').write(' '.join(sys.argv[1:4]))"
    assert outputs.main(["cut", str(tmp_path / "cut"), "--", sys.executable, "-c", told]) == 0
    assert len(list((tmp_path / "cut").iterdir())) == 2 * len(shipped())
    assert (tmp_path / "cut/gtpp-udp-70.pcap").read_text() == f"-s 70 {REPOSITORY}/captures/gtpp-udp.pcap"


SHARKD = """
import json, sys
print("Hello in child.", flush=True)
keys, loaded = "", ""
for line in sys.stdin:
    request = json.loads(line)
    words = request.get("params", {})
    method = request["method"]
    if method == "setconf":
        keys = words["value"]
    if method == "load":
        loaded = words["file"]
        if "BAD" in loaded:
            sys.exit(5)
    empty = {"stats": [], "nstat": [], "srt": [], "convs": [], "eo": []}
    answer = {"result": {
        "info": dict(empty, stats=[{"tap": "stat:gtpp"}, {"tap": "stat:dns"}], nstat=[{"tap": "nstat:rdgudp,channels"}],
                     convs=[{"tap": "conv:GTP'"}, {"tap": "conv:GTPv2"}]) if OURS else empty,
        "frames": [{"num": 1, "c": ["one"]}, {"num": 2, "c": ["two"]}],
        "frame": {"tree": [{"l": f"packet {words.get('frame')}", "e": SEED}]},
        "tap": {"taps": [{"tap": tap} for tap in words.values()]},
    }.get(method, {"status": f"{loaded} {keys}"})}
    print(json.dumps({"jsonrpc": "2.0", "id": request["id"], **answer}), flush=True)
"""


@pytest.fixture
def of_sharkd(monkeypatch, tmp_path):
    """of_sharkd(NAMES, SEED, OURS): runs tools/sharkd_outputs.py on captures of these names; the folder of answers."""
    monkeypatch.syspath_prepend(REPOSITORY / "tools")
    program = module_of("sharkd_outputs")

    def run(names, seed=1, ours=True):
        folder = write(tmp_path / f"captures-{seed}", {name: "" for name in names})
        stands_in = SHARKD.replace("SEED", str(seed)).replace("OURS", str(ours))
        assert program.main([str(tmp_path / f"out-{seed}"), str(folder), "--", sys.executable, "-c", stands_in]) == 0
        return tmp_path / f"out-{seed}"
    return run


def test_sharkd_is_asked_about_every_packet(of_sharkd):
    """One sharkd for all captures: each has its own keys or none, and every report of the plugin, no other."""
    out = of_sharkd(["gtpp-udp-70.pcap", "rdgudp-two-channels-70.pcap", "notes.txt"])
    assert sorted(path.name for path in out.iterdir()) == \
        ["gtpp-udp-70.pcap.sharkd", "rdgudp-two-channels-70.pcap.sharkd"]
    lines = (out / "rdgudp-two-channels-70.pcap.sharkd").read_text().splitlines()
    assert "rdgudp-two-channels-70.pcap " in lines[0] and "captures/rdgudp-two-channels.keys" in lines[0]
    assert lines[2:] == [
        'frames {"num": 1, "c": ["one"]}', 'frames {"num": 2, "c": ["two"]}',
        'frame {"tree": [{"l": "packet 1"}]}', 'frame {"tree": [{"l": "packet 2"}]}',
        'tap {"tap": "stat:gtpp"}', 'tap {"tap": "nstat:rdgudp,channels"}', """tap {"tap": "conv:GTP'"}"""]
    assert ".keys" not in (out / "gtpp-udp-70.pcap.sharkd").read_text()


def test_a_sharkd_that_ends_or_lacks_the_plugin(of_sharkd):
    with pytest.raises(RuntimeError, match="exit code 5"):
        of_sharkd(["a.pcap", "b-BAD.pcap"])
    with pytest.raises(RuntimeError, match="no report of the plugin"):
        of_sharkd(["a.pcap"], seed=2, ours=False)


def test_numbers_of_trees_are_left_out(of_sharkd):
    """Two builds of Wireshark number them otherwise."""
    names = ["gtpp-udp-70.pcap"]
    one, other = (of_sharkd(names, seed) / f"{names[0]}.sharkd" for seed in (1, 2))
    assert one.read_text().replace("captures-1", "captures-2") == other.read_text()

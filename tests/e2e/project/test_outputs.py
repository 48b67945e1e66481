"""tools/outputs.py, which compares platforms: every capture is asked about, and every difference is found.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import importlib.util
import re

import pytest

from support.paths import REPOSITORY, shipped


@pytest.fixture(scope="module")
def outputs():
    spec = importlib.util.spec_from_file_location("outputs", REPOSITORY / "tools/outputs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
    assert outputs.main("compare", str(one), str(one)) == 0
    assert outputs.main("compare", str(one), str(other)) == 1
    assert capsys.readouterr().out.endswith("5 captures, 5 lines, 5 DIFFERENT\n")
    # Nothing is no proof.
    empty = write(tmp_path / "empty", {})
    assert outputs.main("compare", str(empty), str(empty)) == 1


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
    assert outputs.main("print", "library", str(tmp_path / "out"), "emulator", "-L", "folder", "tshark") == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir() if path.suffix != ".errors")
    assert names == shipped()
    answer = (tmp_path / "out/rdgudp-two-channels.pcap").read_text()
    assert "-2 -V" in answer and "rdgudp-two-channels.keys" in answer and answer.endswith("\nexit code 3\n")
    text = (REPOSITORY / "docs/reference.md").read_text().partition("\n## Reports\n")[2].partition("\n## ")[0]
    reports = re.findall(r"^\| `([a-z,]+)` \|", text, re.M)
    assert len(reports) > 5 and all(f"-z {report}" in answer for report in reports)

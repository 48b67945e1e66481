"""tools/progress: how far a build or an installation has come.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import subprocess

import pytest
from support.paths import REPOSITORY


@pytest.fixture
def progress(tmp_path):
    """progress(TEXT): exit code, what it printed, what it kept."""
    def run(text):
        answer = subprocess.run([REPOSITORY / "tools/progress", "Building", tmp_path / "log"], input=text,
                                capture_output=True, text=True, check=False)
        assert answer.stdout == ""
        return answer.returncode, answer.stderr.splitlines(), (tmp_path / "log").read_text(encoding="utf-8")
    return run


def test_of_a_build(progress):
    steps = "".join(f"[{step}/200] Building C object {step}.o\n" for step in range(1, 201))
    code, told, kept = progress("-- Configuring done\n" + steps + "exit 0\n")
    assert (code, told) == (0, [f"Building: {percent} %" for percent in range(10, 101, 10)])
    assert kept == "-- Configuring done\n" + steps


def test_a_short_build_says_nothing(progress):
    assert progress("[1/2] Building C object a.o\n[2/2] Linking\nexit 0\n") == (
        0, [], "[1/2] Building C object a.o\n[2/2] Linking\n")


def test_of_an_installation(progress):
    code, told, kept = progress(
        "dlstatus:1:4.1:Retrieving file 1 of 9\ndlstatus:5:51.3:Retrieving file 5 of 9\nSelecting libexample.\n"
        "pmstatus:libexample:56.4706:Preparing libexample (amd64)\npmstatus:libexample:57.0:Unpacking\nexit 0\n")
    assert (code, kept) == (0, "Selecting libexample.\n")
    assert told == ["Building: downloading: 50 %", "Building: unpacking and setting up: 50 %"]


@pytest.mark.parametrize("text, expected", [
    ("[1/2] x\nerror\nexit 3\n", 3), ("killed before its end\n", 1), ("[a/b] x\n[1/2/3] y\n[/] z\nexit 0\n", 0)])
def test_the_exit_code_is_that_of_what_it_reads(progress, text, expected):
    code, told, kept = progress(text)
    assert (code, told) == (expected, [])
    assert kept == "".join(line + "\n" for line in text.splitlines() if not line.startswith("exit "))

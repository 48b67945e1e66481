"""./dev VERB --help: every verb says what it does, and does nothing.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import shutil
import subprocess

import pytest
from support.paths import REPOSITORY

VERBS = sorted(set(re.findall(r"^#: \./dev ([a-z0-9]+)", (REPOSITORY / "dev").read_text(encoding="utf-8"), re.M)))
WITHOUT_ARGUMENTS = ["build", "coverage", "install", "lint", "package", "reference", "release", "uninstall"]


@pytest.fixture
def dev(tmp_path):
    """dev(ARGUMENT ...): exit code, lines of output and of errors, of a copy that has nothing to build or to run."""
    (tmp_path / "tools").mkdir()
    shutil.copy(REPOSITORY / "dev", tmp_path)
    shutil.copy(REPOSITORY / "tools/verbs.txt", tmp_path / "tools")

    def run(*args):
        answer = subprocess.run([tmp_path / "dev", *args], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["dev", "tools"]
        return answer.returncode, answer.stdout.splitlines(), answer.stderr.splitlines()
    return run


def test_the_verbs_are_those_that_dev_knows():
    known = re.findall(r"^([a-z0-9]+)\) ", (REPOSITORY / "dev").read_text(encoding="utf-8"), re.M)
    assert sorted(known) == VERBS


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("args", [["--help"], ["-h"], ["something", "--help"]])
def test_every_verb_has_help(dev, verb, args):
    code, lines, errors = dev(verb, *args)
    assert (code, errors) == (0, [])
    assert lines[0].startswith(f"./dev {verb} ")
    assert any(line.startswith("  ") for line in lines)
    assert all(len(line) <= 120 for line in lines)


@pytest.mark.parametrize("verb", WITHOUT_ARGUMENTS)
def test_what_takes_no_arguments_says_so(dev, verb):
    assert dev(verb, "3") == (2, [], [f'dev: {verb} takes no arguments, but was given "3". ./dev {verb} --help says '
                                      'what it does.'])


def test_a_verb_that_is_not_there(dev):
    assert dev("frobnicate", "--help") == (
        2, [], ['dev: there is no "frobnicate"; ./dev help lists what there is.'])


@pytest.mark.parametrize("args, complaint", [
    (["windows", "3.6"], 'windows does not know "3.6"; it takes 4.0 4.4 4.6 test --twice --clean.'),
    (["windows", "4.4", "--twice"], "windows takes --twice before 4.4."),
    (["arm64", "4.4", "5.0"], 'arm64 does not know "5.0"; it takes 4.0 4.4 4.6 --build --clean.'),
    (["matrix", "sid"], 'matrix does not know "sid"; it takes bookworm trixie forky --clean.')])
def test_a_series_that_is_not_there_is_refused_at_once(dev, args, complaint):
    assert dev(*args) == (2, [], [f"dev: {complaint}"])

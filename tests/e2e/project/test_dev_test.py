"""./dev test NAME: selects tests by their names, and says how far it has come.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from support.paths import REPOSITORY

BUILD = Path(os.environ.get("PORTLORE_BUILD", "build/default")).name


@pytest.fixture
def dev_test(tmp_path):
    """dev_test(ARGUMENT ...): exit code, and what it printed. Runs on a copy of the build's list of tests, so that what
    ctest notes of a run that goes on meanwhile stays as it is."""
    folder = tmp_path / "repository"
    made_by_python = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "tools", folder / "tools", ignore=made_by_python)
    shutil.copytree(REPOSITORY / "tests" / "e2e", folder / "tests" / "e2e", ignore=made_by_python)
    shutil.copy(REPOSITORY / "CMakePresets.json", folder)
    for name in ("data", "tests/robust", "captures"):
        (folder / name).symlink_to(REPOSITORY / name)
    build = folder / "build" / BUILD
    for path in (REPOSITORY / "build" / BUILD).glob("**/CTestTestfile.cmake"):
        copy = build / path.relative_to(REPOSITORY / "build" / BUILD)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)

    def run(*args):
        answer = subprocess.run(["/usr/bin/python3", "-B", folder / "tools" / "test.py", BUILD, *args], cwd=folder,
                                capture_output=True, text=True, check=False)
        return answer.returncode, answer.stdout + answer.stderr
    return run


def ended(text):
    """The names of CTest's tests that have run, in the lines of progress."""
    return set(re.findall(r"^ *\d+/\d+ (\S+) +passed", text, re.M))


@pytest.mark.parametrize("name, expected", [
    ("ip_header", {"unit_ip_headers"}), ("test_ip_headers.c", {"unit_ip_headers"}),
    ("tests/unit/test_ber.c", {"unit_ber"}), ("unit_ber", {"unit_ber"})])
def test_a_name_selects(dev_test, name, expected):
    code, text = dev_test(name)
    assert (code, ended(text)) == (0, expected), text


def test_a_part_of_the_name_of_a_file(dev_test):
    # A test that has the word in its own name or parameters would be run by the function that it tests.
    code, text = dev_test("test_" + "ip_header")
    assert (code, ended(text)) == (0, {"unit_ip_headers"}), text


def test_several_names(dev_test):
    code, text = dev_test("test_ip_headers.c", "unit_ber")
    assert (code, ended(text)) == (0, {"unit_ber", "unit_ip_headers"}), text
    assert re.search(r"^ *1/2 unit_\w+ +passed +\d+\.\d s   about 1 s left$", text, re.M)
    assert re.search(r"^ *2/2 unit_\w+ +passed +\d+\.\d s   the last one$", text, re.M)


def test_one_function_of_a_file(dev_test):
    code, text = dev_test("letters_beyond_ascii")
    assert code == 0 and "1 passed" in text, text


def test_one_unit_test(dev_test):
    code, text = dev_test("/ber/")
    assert code == 0 and re.search(r"^ok 1 /ber/", text, re.M), text


def test_a_name_that_selects_nothing(dev_test):
    code, text = dev_test("unit_ber", "no_such_test")
    assert (code, text) == (2, 'dev: no test has "no_such_test" in its name. ./dev test -N lists the tests.\n')


def test_options_of_ctest(dev_test):
    code, text = dev_test("-R", "unit_ber$")
    assert (code, ended(text)) == (0, {"unit_ber"}), text


def test_the_last_one_where_ctest_adds_a_test():
    """One that another test needs, whose name was not asked for."""
    spec = importlib.util.spec_from_file_location("dev_test", REPOSITORY / "tools/test.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    progress = module.Progress(["#0", "#1"], {}, 1)
    told = [progress.line(module.ENDED.match(f"{at}/2 Test #{at}: {name} ......   Passed    3.00 sec"))
            for at, name in enumerate(("e2e_begin", "e2e_gtpp_framing"), 1)]
    assert "about" in told[0] and told[1].endswith("the last one"), told

"""What the end-to-end tests share: tshark and sharkd, as installed, with the plugin just built.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os

import pytest
from runner import NotLoaded
from support.paths import CAPTURES, REPOSITORY
from support.quick_runner import QuickRunner
from support.versions import same_everywhere


@pytest.fixture(scope="session")
def runner():
    """Wireshark's programs with our plugin. A suite that would test another plugin, or none, stops here."""
    try:
        with QuickRunner(os.environ.get("PORTLORE_BUILD", REPOSITORY / "build" / "default")) as one:
            one.check_loaded()
            yield one
    except NotLoaded as reason:
        pytest.exit(str(reason), returncode=1)


@pytest.fixture
def home(runner):
    """A home folder for one test."""
    return runner.new_home()


@pytest.fixture
def capture(runner):
    """capture(NAME): path of a shipped capture, or of a file the test made, that the programs can read."""
    def find(name):
        return runner.reachable(CAPTURES / name)
    return find


@pytest.fixture
def tshark(runner, home, capture):
    """tshark(CAPTURE, ARGUMENT ...): the lines that it prints. It must succeed and have nothing to complain about.

    plugins=False runs it as it comes, without ours; fails=True returns its complaints in place of its lines."""
    def run(name, *args, plugins=True, fails=False, home=home):
        answer = runner.run("tshark", "-r", capture(name), *args, home=home, plugins=plugins)
        if fails:
            assert answer.returncode != 0, answer.stdout
            return answer.stderr.splitlines()
        assert answer.returncode == 0, answer.stderr
        assert answer.stderr == ""
        return answer.stdout.splitlines()
    return run


@pytest.fixture
def fields(tshark):
    """fields(CAPTURE, FILTER, FIELD ..., extra=[...]): per packet that the filter lets pass, the fields' values. One
    value is the value itself, several are a list of strings, none is ''."""
    def run(name, display_filter, *names, extra=(), **how):
        args = [word for field in names for word in ("-e", field)]
        lines = tshark(name, "-Y", display_filter, "-T", "fields", "-E", "aggregator=|", *args, *extra, **how)
        rows = [[same_everywhere(value) for value in line.split("\t")] for line in lines]
        return [row[0] if len(names) == 1 else tuple(row) for row in rows]
    return run


@pytest.fixture
def sharkd(runner, home, capture):
    """sharkd(CAPTURE, REQUEST ...): loads the capture as the GUI does, and answers each request."""
    def ask(name, *requests, home=home):
        queue = [{"method": "load", "params": {"file": str(capture(name))}}, *requests]
        lines = "".join(json.dumps({"jsonrpc": "2.0", "id": i, **request}) + "\n" for i, request in enumerate(queue, 1))
        answer = runner.run("sharkd", "-", home=home, input=lines)
        assert answer.returncode == 0, answer.stderr
        replies = [json.loads(line) for line in answer.stdout.splitlines() if line.startswith("{")]
        assert [reply.get("error") for reply in replies] == [None] * len(queue), replies
        return [reply["result"] for reply in replies[1:]]
    return ask

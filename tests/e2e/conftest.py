"""What the end-to-end tests share: tshark and sharkd, as installed, with the plugin just built.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os
import re
from pathlib import Path

import pytest
from runner import NotLoaded
from support.paths import CAPTURES, REPOSITORY
from support.pdml import packets_of
from support.quick_runner import QuickRunner
from support.run_cache import RunCache
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


@pytest.fixture(scope="session")
def run_cache(tmp_path_factory):
    """One for all files of tests that ctest runs, or for all processes of pytest-xdist."""
    base = tmp_path_factory.getbasetemp()
    here = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "runs"
    return RunCache(Path(os.environ.get("PORTLORE_RUNS", here)))


@pytest.fixture
def tshark(runner, home, capture, run_cache):
    """tshark(CAPTURE, ARGUMENT ...): the lines that it prints. It must succeed and have nothing to complain about.

    plugins=False runs it as it comes, without ours; fails=True returns its complaints in place of its lines. A command
    over a shipped capture runs once a session, unless its home holds settings or it writes there."""
    def run(name, *args, plugins=True, fails=False, home=home):
        command = ["tshark", "-r", str(capture(name)), *map(str, args)]
        shipped = isinstance(name, str) and (CAPTURES / name).is_file()

        def start():
            return runner.run(*command, home=home, plugins=plugins)
        if shipped and not any(home.iterdir()) and str(home) not in " ".join(command):
            code, output, complaints = run_cache.answer([plugins, *command], start)
        else:
            answer = start()
            code, output, complaints = answer.returncode, answer.stdout, answer.stderr
        if fails:
            assert code != 0, output
            return complaints.splitlines()
        assert code == 0, complaints
        assert complaints == ""
        return output.splitlines()
    return run


@pytest.fixture
def keys(capture):
    """keys(NAME): tshark's arguments that decrypt a shipped capture; none where there is no key log beside it."""
    def find(name):
        log = re.sub(r"\.pcap\w*$", ".keys", name)
        return ["-o", f"tls.keylog_file:{capture(log)}"] if (CAPTURES / log).is_file() else []
    return find


@pytest.fixture
def packets(tshark, keys):
    """packets(CAPTURE, ARGUMENT ...): the whole tree of each packet of a shipped capture, decrypted where there are
    keys."""
    def read(name, *args, **how):
        return packets_of(tshark(name, *args, *keys(name), "-T", "pdml", **how))
    return read


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

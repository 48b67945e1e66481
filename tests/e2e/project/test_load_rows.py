"""docs/scale/load-rows against an engine that is a few lines of HTTP: what it sends, and what it says when that goes
wrong. ./dev scale runs it against OpenSearch.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import gzip
import json
import os
import pty
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from support.paths import CAPTURES, REPOSITORY

LOADER = REPOSITORY / "docs" / "scale" / "load-rows"
RECORDS = REPOSITORY / "docs" / "ci" / "portlore-records"


class Engine(ThreadingHTTPServer):
    """Takes documents, and answers as ANSWERS says: for each request a code and an error of a document, or None."""

    def __init__(self, answers=(), code=200):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.code = list(answers), code
        self.documents, self.requests, self.octets = {}, 0, 0

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *args):
        self.shutdown()
        super().__exit__(*args)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    def log_message(self, *_):  # pylint: disable=arguments-differ
        pass

    def reply(self, code, body):
        octets = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)

    def do_GET(self):
        self.reply(self.server.code, {})

    def do_POST(self):
        server = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.requests += 1
        server.octets += len(body)
        assert self.headers["Content-Encoding"] == "gzip"
        code, error = server.answers.pop(0) if server.answers else (200, None)
        if code != 200:
            self.reply(code, {"error": {"reason": "as the test wants it"}})
            return
        lines = [json.loads(line) for line in gzip.decompress(body).splitlines()]
        items = []
        for action, document in zip(lines[::2], lines[1::2], strict=True):
            items.append({"index": {"status": error["status"], "error": error} if error else {"status": 201}})
            if not error:
                server.documents[(self.path.split("/")[1], action["index"]["_id"])] = document
        self.reply(200, {"errors": bool(error), "items": items})


@pytest.fixture
def rows(runner, home):
    """rows(CAPTURE, OPTION ...): a file with the rows of a shipped capture."""
    def make(name, *options):
        program = runner.reachable(RECORDS.parent) / RECORDS.name
        answer = runner.run("/usr/bin/python3", "-B", program, "--json", *options, runner.reachable(CAPTURES / name),
                            home=home)
        assert answer.returncode == 0, answer.stderr
        path = home / f"{name}.json"
        path.write_text(answer.stdout, encoding="utf-8")
        path.chmod(0o644)
        return path
    return make


@pytest.fixture
def load(runner, home):
    """load(URL, FILE ...)"""
    def run(url, *files, index="portlore-records", tries="2", **how):
        program = runner.reachable(LOADER.parent) / LOADER.name
        return runner.run("sh", program, index, *files, home=home, **how,
                          variables={"ENGINE": url, "TRIES": tries, "no_proxy": "*"})
    return run


def test_loaded_twice_is_there_once(rows, load):
    path = rows("gtpp-failover.pcap")
    with Engine() as engine:
        for turn in (1, 2):
            answer = load(engine.url, path)
            assert answer.returncode == 0, answer.stderr
            assert answer.stdout == (f"portlore-records: 4 of 4 rows are confirmed, {engine.octets // turn} octets "
                                     "were sent.\n")
            assert engine.octets // turn < path.stat().st_size
        assert engine.requests == 2
        assert {index for index, _ in engine.documents} == {"portlore-records"}
        wanted = [{name: value for name, value in json.loads(line).items() if value is not None}
                  for line in path.read_text("utf-8").splitlines()]
        assert sorted(engine.documents.values(), key=lambda row: row["frame"]) == wanted


def test_channels(rows, load):
    with Engine() as engine:
        assert load(engine.url, rows("rdgudp-no-answer.pcap", "--channels"), index="portlore-channels").returncode == 0
        (index, name), = engine.documents
        assert index == "portlore-channels"
        assert name == "192.0.2.10:50200|198.51.100.20:3391|2024-03-05T10:00:00.005000000Z"


def test_many_rows_are_several_requests(rows, load, home):
    line = json.loads(rows("gtpp-udp.pcap").read_text("utf-8").splitlines()[0])
    path = home / "many.json"
    path.write_text("".join(json.dumps({**line, "position": number}) + "\n" for number in range(12000)), "utf-8")
    path.chmod(0o644)
    with Engine() as engine:
        answer = load(engine.url, path)
        assert answer.stdout == (f"portlore-records: 12000 of 12000 rows are confirmed, {engine.octets} octets were "
                                 "sent.\n"), answer.stderr
        assert engine.requests == 3 and len(engine.documents) == 12000


def test_no_engine(rows, load):
    with Engine() as engine:
        url = engine.url.replace("//", "//user:secret@")
    answer = load(url, rows("gtpp-udp.pcap"))
    assert answer.returncode == 2 and "no engine at 127.0.0.1" in answer.stderr
    assert "secret" not in answer.stderr


@pytest.mark.parametrize("code", [401, 403])
def test_refused_at_once(rows, load, code):
    with Engine(code=code) as engine:
        answer = load(engine.url, rows("gtpp-udp.pcap"))
    assert answer.returncode == 2 and f"refuses this user ({code})" in answer.stderr
    assert engine.requests == 0


def test_may_not_write(rows, load):
    with Engine([(403, None)]) as engine:
        answer = load(engine.url, rows("gtpp-udp.pcap"))
    assert answer.returncode == 1 and "must be allowed to write into portlore-records" in answer.stderr
    assert engine.requests == 1 and not engine.documents


FULL = {"status": 429, "type": "rejected_execution_exception", "reason": "the queue is full"}


@pytest.mark.parametrize("first", [(429, None), (503, None), (200, FULL)])
def test_busy_engine_is_asked_again(rows, load, first):
    with Engine([first]) as engine:
        answer = load(engine.url, rows("gtpp-failover.pcap"))
    assert answer.returncode == 0, answer.stderr
    assert "again in 1 s" in answer.stderr
    assert engine.requests == 2 and len(engine.documents) == 4


def test_full_disk(rows, load):
    reason = "index [portlore-records] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark]"
    with Engine([(200, {"status": 429, "type": "cluster_block_exception", "reason": reason})] * 2) as engine:
        answer = load(engine.url, rows("gtpp-failover.pcap"))
    assert answer.returncode == 1 and f"given up. 4 rows: 429 cluster_block_exception: {reason}" in answer.stderr
    assert engine.requests == 2


def test_conflict_names_the_field(rows, load):
    error = {"status": 400, "type": "mapper_parsing_exception",
             "reason": "failed to parse field [octets_up] of type [ip]",
             "caused_by": {"reason": "'840' is not an IP string literal."}}
    with Engine([(200, error)]) as engine:
        answer = load(engine.url, rows("gtpp-failover.pcap"))
    assert answer.returncode == 1 and engine.requests == 1
    assert "4 rows: 400 mapper_parsing_exception: failed to parse field [octets_up]" in answer.stderr
    assert "('840' is not an IP string literal.)" in answer.stderr


def test_cut_file(rows, load):
    path = rows("gtpp-failover.pcap")
    path.write_bytes(path.read_bytes()[:-40])
    with Engine() as engine:
        answer = load(engine.url, path)
    assert answer.returncode == 1 and "3 of" in answer.stdout
    assert "line 4 is no row of portlore-records: JSONDecodeError" in answer.stderr


def test_no_row(rows, load):
    path = rows("gtpp-failover.pcap")
    path.write_text('{"a": 1}\n' + path.read_text("utf-8"), "utf-8")
    with Engine() as engine:
        answer = load(engine.url, path)
        assert not engine.documents
    assert answer.returncode == 1 and "line 1 is no row of portlore-records: KeyError('client')" in answer.stderr


def test_progress_on_a_terminal(rows, load):
    try:
        mine, its = pty.openpty()
    except OSError as reason:
        pytest.skip(f"this machine has no terminals: {reason}")
    with Engine() as engine, open(its, "wb", buffering=0) as terminal:
        answer = load(engine.url, rows("gtpp-failover.pcap"), capture_output=False, stdout=subprocess.PIPE,
                      stderr=terminal)
    said = os.read(mine, 4096).decode()
    os.close(mine)
    assert answer.returncode == 0 and "\rload-rows: 4 of 4 rows" in said, said


def test_usage(load):
    answer = load("", "rows.json")
    assert answer.returncode == 2 and "usage:" in answer.stderr

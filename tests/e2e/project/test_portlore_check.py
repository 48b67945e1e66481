"""docs/ci/portlore-check: what CI runs over captures.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
from support.paths import CAPTURES, REPOSITORY, shipped

SCRIPT = REPOSITORY / "docs" / "ci" / "portlore-check"
FOREIGN = "port-3386-foreign.pcap"
CLEAN = "gtpp-udp.pcap"


@pytest.fixture
def check(runner, home):
    """check(ARGUMENT ...): runs the script; captures are named as in captures/, or by path."""
    def run(*args, plugins=True):
        words = [runner.reachable(CAPTURES / arg) if (CAPTURES / str(arg)).is_file() else arg for arg in args]
        return runner.run("/usr/bin/python3", "-B", runner.reachable(SCRIPT), *words, home=home, plugins=plugins)
    return run


@pytest.fixture
def cut(home):
    """A capture whose last packet is not all there."""
    path = home / "cut.pcap"
    path.write_bytes((CAPTURES / FOREIGN).read_bytes()[:-5])
    path.chmod(0o644)
    return path


def objects(answer):
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_clean(check):
    answer = check(CLEAN)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert answer.stdout.splitlines()[-1] == "1 capture: 1 clean, 0 with findings, 0 not checked to the end"


def test_it_is_one_file(runner, home):
    """docs/ci.md: without the package, users copy it alone."""
    alone = home / "portlore-check"
    shutil.copy(SCRIPT, alone)
    alone.chmod(0o755)
    answer = runner.run("/usr/bin/python3", "-B", alone, runner.reachable(CAPTURES / CLEAN), home=home)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_findings_are_those_of_tshark(check, fields):
    expected = fields(FOREIGN, "portlore.unexpected", "frame.number", extra=["-2"])
    assert expected
    answer = check("--json", "--max", "0", "--filter", "portlore.unexpected", FOREIGN)
    assert answer.returncode == 1
    *findings, summary = objects(answer)
    assert [str(each["frame"]) for each in findings] == expected
    assert all(each["reasons"] == ["portlore.unexpected"] and each["type"] == "finding" for each in findings)
    assert findings[0]["source"] == fields(FOREIGN, f"frame.number == {expected[0]}", "ip.src")[0]
    assert findings[0]["destination"] == fields(FOREIGN, f"frame.number == {expected[0]}", "ip.dst")[0]
    assert summary["count"] == len(expected) and summary["status"] == "findings"


@pytest.mark.parametrize("name, reason", [
    ("port-3386-foreign.pcap", "portlore.unexpected"),
    ("port-3311-sustained.pcap", "portlore.sustained"),
    ("gtpp-unacknowledged.pcap", "gtpp.analysis.unacknowledged"),
    ("gtpp-rejected.pcap", "gtpp.analysis.rejected"),
    ("gtpp-local-seq-gap.pcap", "gtpp.analysis.local_seq_gap"),
    ("rdgudp-no-answer.pcap", "rdgudp.no_answer"),
    ("rdgudp-refused.pcap", "rdgudp.refused"),
    ("rdgudp-unsolicited.pcap", "rdgudp.unsolicited"),
    ("rdghttp-udp-blocked.pcapng", "rdghttp.udp_no_answer"),
    ("rdghttp-setup-stopped.pcapng", "rdghttp.setup_stopped"),
    ("rdghttp-udp-died.pcapng", "rdghttp.udp_silent"),
    ("rdghttp-no-udp.pcapng", "rdghttp.refused"),
])
def test_default_filter_finds(check, name, reason):
    answer = check("--json", name)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert reason in objects(answer)[-1]["reasons"]


def test_every_part_of_the_default_filter_is_a_field(runner):
    """Each by itself, so that the message names the one that is none."""
    text = SCRIPT.read_text(encoding="utf-8")
    names = re.findall(r'"([a-z0-9_.]+)"', text[text.index("DEFAULT_FILTER ="):text.index("SUFFIXES")])
    assert len(names) > 10
    listed = {line.split("\t")[2] for line in runner.run("tshark", "-G", "fields").stdout.splitlines()}
    assert [name for name in names if name not in listed] == []


def test_limit(check):
    answer = check("--max", "1", "--filter", "gtpp", CLEAN)
    lines = answer.stdout.splitlines()
    assert sum("packet " in line for line in lines) == 1
    count = int(lines[0].split()[1])
    assert f"... and {count - 1} more" in lines[2]


def test_bad_captures_do_not_stop_the_others(check, home, cut):
    (home / "empty.pcap").touch()
    (home / "folder").mkdir()
    answer = check(home / "none.pcap", cut, home / "empty.pcap", home / "folder", CLEAN, FOREIGN)
    assert answer.returncode == 2
    lines = [line for line in answer.stdout.splitlines() if re.match(r"(clean|findings|error) ", line)]
    assert [line.split()[0] for line in lines] == ["error", "error", "error", "error", "clean", "findings"]
    for line, reason in zip(lines, ("no such file", "cut short", "is empty", "no captures in this folder")):
        assert reason in line


@pytest.mark.parametrize("octets", [b"hello\n", b'{"a": 1}\n', b"GIF89a.....", b"\x7fELF" + bytes(100)])
def test_what_is_no_capture_is_not_clean(check, home, octets):
    """tshark reads such files as one packet."""
    path = home / "notes.pcap"
    path.write_bytes(octets)
    path.chmod(0o644)
    answer = check(path, CLEAN)
    assert answer.returncode == 2
    assert [line.split()[0] for line in answer.stdout.splitlines()[:2]] == ["error", "clean"]
    assert "not a capture" in answer.stdout


def test_compressed_capture(check, home):
    path = home / "small.pcap.gz"
    path.write_bytes(gzip.compress((CAPTURES / FOREIGN).read_bytes()))
    path.chmod(0o644)
    assert check(path).returncode == 1


def test_file_that_may_not_be_read(check, home):
    (home / "folder").mkdir()
    (home / "folder" / "secret.pcap").write_bytes((CAPTURES / CLEAN).read_bytes())
    (home / "folder" / "secret.pcap").chmod(0)
    answer = check(home / "folder", CLEAN)
    assert answer.returncode == 2
    first, second = answer.stdout.splitlines()[:2]
    assert first.startswith("error") and "ermission" in first and second.startswith("clean")


def test_key_log_that_is_not_there(check):
    answer = check("--keys", "/nowhere/keys", CLEAN)
    assert answer.returncode == 2
    assert "the key log /nowhere/keys cannot be read: No such file" in answer.stdout


def test_what_comes_before_the_cut_is_found(check, cut):
    *findings, summary = objects(check("--json", cut))
    assert findings and summary["status"] == "error" and summary["count"] == len(findings)


def test_without_the_plugin(check):
    answer = check(CLEAN, FOREIGN, plugins=False)
    assert answer.returncode == 2
    lines = answer.stdout.splitlines()
    assert len(lines) == 3 and all("does not load Portlore" in line for line in lines[:2])


def test_without_tshark(check):
    answer = check("--tshark", "/nowhere/tshark", CLEAN)
    assert answer.returncode == 2
    assert "/nowhere/tshark cannot be run: No such file" in answer.stdout


@pytest.mark.parametrize("args", [("--filter", "no.such.field"), ("--option", "no.such.preference:1")])
def test_bad_filter_or_option(check, args):
    answer = check(*args, CLEAN)
    assert answer.returncode == 2
    assert "tshark does not understand the filter or an option" in answer.stdout
    assert "no.such" in answer.stdout


def test_folder(check, home):
    folder = home / "many" / "deeper"
    folder.mkdir(parents=True)
    for name in (CLEAN, FOREIGN):
        shutil.copyfile(CAPTURES / name, folder / name)
    (folder / "notes.txt").write_text("not a capture")
    summaries = [each for each in objects(check("--json", home / "many")) if each["type"] == "capture"]
    assert [os.path.basename(each["capture"]) for each in summaries] == [CLEAN, FOREIGN]


def test_parallel_runs_give_the_same(check):
    """But for the time it takes."""
    names = shipped("port-*.pcap")

    def outcome(jobs):
        found = objects(check("--json", "-j", jobs, *names))
        return [{key: value for key, value in each.items() if key != "seconds"} for each in found]
    assert outcome(1) == outcome(4)


def test_junit(check, home, cut):
    answer = check("--junit", home / "out.xml", CLEAN, FOREIGN, cut)
    assert answer.returncode == 2
    suite = ET.parse(home / "out.xml").getroot()
    assert {name: suite.get(name) for name in ("tests", "failures", "errors")} == \
        {"tests": "3", "failures": "1", "errors": "1"}
    clean, foreign, broken = suite
    assert len(clean) == 0
    assert foreign[0].tag == "failure" and "portlore.unexpected" in foreign[0].text
    assert broken[0].tag == "error" and "cut short" in broken[0].get("message")


def test_junit_that_cannot_be_written(check):
    answer = check("--junit", "/nowhere/out.xml", CLEAN)
    assert answer.returncode == 2
    assert "/nowhere/out.xml cannot be written" in answer.stderr


def test_keys_decrypt(check):
    keys = CAPTURES / "rdgudp-trailer-all.keys"
    args = ("--filter", "rdgudp.pkt_id", "rdgudp-trailer-all.pcap")
    assert check(*args).returncode == 0
    assert check("--keys", keys.name, *args).returncode == 1


UNREAD = "over TLS or DTLS could not be read: nothing is said of what is inside;"


def test_what_is_not_decrypted_is_said(check, home):
    """In each form, without another exit code; nothing of it where the keys are."""
    name, log, out = "rdgudp-trailer-all.pcap", "rdgudp-trailer-all.keys", home / "out.xml"
    remark = f"1 conversation {UNREAD} a key log may help (--keys)"
    answer = check("--junit", out, name, CLEAN)
    assert answer.returncode == 0
    assert [line.strip() for line in answer.stdout.splitlines()[1:2]] == [f"remark: {remark}"]
    assert answer.stdout.count("remark") == 1
    suite = ET.parse(out).getroot()
    assert [[(part.tag, part.text) for part in case] for case in suite] == [[("system-out", remark)], []]
    assert suite.get("failures") == "0"
    (capture,) = objects(check("--json", name))
    assert (capture["remark"], capture["status"]) == (remark, "clean")
    (capture,) = objects(check("--json", "--keys", log, name))
    assert (capture["remark"], capture["status"]) == (None, "clean")
    assert f"1 conversation {UNREAD} the key log does not help" in check("--keys", "rdgudp-lossy.keys", name).stdout


def test_keys_in_the_capture_count(check, home):
    """TLS on port 443, with its secrets and without them; beside a finding, too."""
    plain = home / "plain.pcapng"
    subprocess.run(["editcap", "--discard-all-secrets", CAPTURES / "rdghttp-packets.pcapng", plain], check=True)
    plain.chmod(0o644)
    found = objects(check("--json", "rdghttp-packets.pcapng", plain, "rdgudp-no-answer.pcap"))
    remarks = [each["remark"] for each in found if each["type"] == "capture"]
    assert remarks[0] is None
    assert remarks[1].startswith(f"1 conversation {UNREAD}") and remarks[2].startswith(f"1 conversation {UNREAD}")


def test_bad_number(check):
    assert check("-j", "0", CLEAN).returncode == 2


def test_runs_on_the_oldest_python_it_promises():
    """Syntax that Python 3.9 does not know would show as an error here."""
    code = "import ast, sys; ast.parse(open(sys.argv[1], encoding='utf-8').read(), feature_version=(3, 9))"
    subprocess.run([sys.executable, "-c", code, str(SCRIPT)], check=True)


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_filter_is_wrong_use(check, text):
    answer = check("--filter", text, CLEAN)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.splitlines()[-1].endswith("an empty filter would make every packet a finding")


def test_any_letters_on_any_console():
    """Windows gives programs an output that takes the letters of one language; the name of a file may have others."""
    answer = subprocess.run([sys.executable, "-B", SCRIPT, "Ω.pcap"], capture_output=True, check=False,
                            env=dict(os.environ, PYTHONIOENCODING="cp1252"))
    assert answer.returncode == 2 and "Ω.pcap" in answer.stdout.decode("utf-8"), answer.stderr

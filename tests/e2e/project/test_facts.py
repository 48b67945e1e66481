"""The facts about ports: data/ports.json, its schema, the generator and the page that it makes.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import copy
import json
import os
import re
import struct
import subprocess

import jsonschema
import pytest
from generator import ports
from generator.checked_json import Fault
from support.paths import REPOSITORY

DATA = REPOSITORY / "data"
PORTS_JSON = DATA / "ports.json"
FACTS = json.loads(PORTS_JSON.read_text(encoding="utf-8"))
WITH_PAPER = ports.read(PORTS_JSON)
SCHEMA = json.loads((DATA / "ports.schema.json").read_text(encoding="utf-8"))
TRANSPORTS = {"tcp": 6, "udp": 17}


def faults(content, folder):
    """What the generator finds wrong with the facts, or with a text in their place: one line for each fault."""
    path = folder / "ports.json"
    if not (folder / "iana.tsv").exists():
        (folder / "iana.tsv").symlink_to(DATA / "iana.tsv")
    path.write_text(content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8")
    try:
        ports.read(path)
    except Fault as fault:
        return list(fault.lines)
    return []


def run_generator(repository, *args):
    return subprocess.run(["/usr/bin/python3", "-B", "data/generate.py", *args], cwd=repository, capture_output=True,
                          encoding="utf-8", check=False, timeout=60)


@pytest.fixture
def copied(tmp_path):
    """A copy of what the generator reads and writes, free to be changed."""
    made = [path.relative_to(REPOSITORY) for path in (REPOSITORY / "plugin/cdr").glob("cdr_schema_*.c")]
    for path in ("data", "docs/ports.md", "docs/records.md", "plugin/portlore/port_facts_table.c",
                 "plugin/portlore/port_registry_table.c", "plugin/portlore/service_protocols_table.c", *made):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-r", str(REPOSITORY / path), str(tmp_path / path)], check=True)
    return tmp_path


def test_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_committed_output_is_up_to_date():
    checked = run_generator(REPOSITORY, "--check")
    assert (checked.returncode, checked.stderr) == (0, "")


def test_output_that_is_not_up_to_date_is_named(copied):
    text = (copied / "data/ports.json").read_text(encoding="utf-8")
    (copied / "data/ports.json").write_text(text.replace("GTP' charging", "GTP' billing"), encoding="utf-8")
    checked = run_generator(copied, "--check")
    assert checked.returncode == 1
    assert checked.stderr.splitlines() == [
        f"{path} is not what data/generate.py makes of data/ports.json: run data/generate.py."
        for path in ("plugin/portlore/port_facts_table.c", "docs/ports.md")]
    assert run_generator(copied).stdout.splitlines() == ["Wrote plugin/portlore/port_facts_table.c.",
                                                         "Wrote docs/ports.md."]
    assert "GTP' billing" in (copied / "docs/ports.md").read_text(encoding="utf-8")
    assert run_generator(copied, "--check").returncode == 0


def test_output_that_is_up_to_date_is_not_written_again(copied):
    """A file that keeps its time is not compiled again."""
    table = copied / "plugin/portlore/port_facts_table.c"
    os.utime(table, (1, 1))
    assert run_generator(copied).stdout == ""
    assert table.stat().st_mtime == 1


def test_faults_stop_the_generator(copied):
    text = (copied / "data/ports.json").read_text(encoding="utf-8")
    (copied / "data/ports.json").write_text(text.replace('"Confirmed"', '"True"', 1), encoding="utf-8")
    (copied / "docs/ports.md").unlink()
    stopped = run_generator(copied)
    assert stopped.returncode == 1
    assert re.fullmatch(r'data/ports\.json: ports\[0\]\.claims\[\d\]\.verdict: "True" is not one of Confirmed, '
                        r"Contradicted, Unverified\n", stopped.stderr)
    assert not (copied / "docs/ports.md").exists()


def test_all_faults_are_named_at_once(tmp_path):
    facts = copy.deepcopy(FACTS)
    facts["ports"][0]["dormant"] = 1
    facts["ports"][1]["recognise"] = "no full stop"
    assert len(faults(facts, tmp_path)) == 2


def test_page_is_readable():
    page = (REPOSITORY / "docs/ports.md").read_text(encoding="utf-8")
    assert "Generated from data/ports.json" in page
    assert WITH_PAPER["registry"]["as_of"] in page
    for port in FACTS["ports"]:
        assert f"## Port {port['port']}\n" in page
        for claim in port["claims"]:
            assert f"**{claim['verdict']}**" in page
    for table in re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE):
        cells = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(cells) == 1, f"a table with rows of different length:\n{table}"


# Every way to break the file: the path that the message must name, the words behind it, and what breaks it.
DELETE = object()
BROKEN = [
    (("$schema",), "other.json", '$schema: "other.json" is not one of ports.schema.json'),
    (("surplus",), 1, "surplus: unknown key"),
    (("registry",), DELETE, "registry: the key is missing"),
    (("registry",), [], "registry: is of type array, but must be of type object"),
    (("registry", "url"), "http://iana.org", 'registry.url: "http://iana.org" is not an address'),
    (("advice", "udp"), DELETE, "advice.udp: the key is missing"),
    (("advice", "sctp"), {}, "advice.sctp: unknown key; the keys here are tcp, udp"),
    (("advice", "tcp", "linux"), "ss -tlnp", 'advice.tcp.linux: "ss -tlnp" is not a command in which PORT'),
    (("advice", "tcp", "linux"), "ss é PORT", 'advice.tcp.linux: "ss é PORT" is not printable ASCII'),
    (("advice", "tcp", "linux"), "ss `PORT`", 'advice.tcp.linux: "ss `PORT`" is not printable ASCII without a backq'),
    (("ports",), {}, "ports: is of type object, but must be of type array"),
    (("ports",), [], "ports: is empty"),
    (("ports", 2), 3391, "ports[2]: is of type number, but must be of type object"),
    (("ports", 0, "sctp"), {}, "ports[0].sctp: unknown key"),
    (("ports", 0, "tcp"), DELETE, "ports[0].tcp: the key is missing"),
    (("ports", 0, "port"), "3311", "ports[0].port: is of type string, but must be of type number"),
    (("ports", 0, "port"), 0, "ports[0].port: 0 is not a port number"),
    (("ports", 0, "port"), -1, "ports[0].port: -1 is not a port number"),
    (("ports", 0, "port"), 33.5, "ports[0].port: 33.5 is not a port number"),
    (("ports", 4, "port"), 65536, "ports[4].port: 65536 is not a port number"),
    (("ports", 4, "port"), 10**20, "ports[4].port: "),
    (("ports", 3, "dormant"), "yes", "ports[3].dormant: is of type string, but must be of type boolean"),
    (("ports", 3, "recognise"), "", "ports[3].recognise: is empty"),
    (("ports", 3, "recognise"), "no full stop", 'ports[3].recognise: "no full stop" is not a sentence'),
    (("ports", 3, "recognise"), "Two\nlines.", "ports[3].recognise: "),
    (("ports", 3, "recognise"), "A line break at the end.\n", "ports[3].recognise: "),
    (("ports", 3, "registry_source"), DELETE, "ports[3].registry_source: the key is missing"),
    (("ports", 1, "udp", "assignee"), "A B (a.b@example.org)", "ports[1].udp.assignee: "),
    (("ports", 1, "udp", "assignee"), None, "ports[1].udp.assignee: is of type null, but must be of type string"),
    (("ports", 1, "udp", "tenant"), " GTP'", "ports[1].udp.tenant: "),
    (("ports", 1, "udp", "modified"), "2002", "ports[1].udp.modified: unknown key"),
    (("ports", 1, "udp", "expected"), DELETE, "ports[1].udp.expected: the key is missing"),
    (("ports", 1, "udp", "expected"), "gtpp", "ports[1].udp.expected: is of type string, but must be of type array"),
    (("ports", 1, "udp", "expected", 2), 7, "ports[1].udp.expected[2]: is of type number"),
    (("ports", 1, "udp", "expected", 2), "GTP", 'ports[1].udp.expected[2]: "GTP" is not a filter name'),
    (("ports", 1, "udp", "expected", 2), "gtpp", 'ports[1].udp.expected[2]: "gtpp" is there twice'),
    (("ports", 2, "claims"), [], "ports[2].claims: is empty"),
    (("ports", 2, "claims", 1), "x", "ports[2].claims[1]: is of type string, but must be of type object"),
    (("ports", 2, "claims", 1, "verdict"), "True",
     'ports[2].claims[1].verdict: "True" is not one of Confirmed, Contradicted, Unverified'),
    (("ports", 2, "claims", 1, "source"), DELETE, "ports[2].claims[1].source: the key is missing"),
    (("ports", 2, "claims", 1, "source"), "mail to a@example.org", "ports[2].claims[1].source: "),
    (("ports", 2, "claims", 1, "why"), 1, "ports[2].claims[1].why: is of type number"),
    (("ports", 2, "claims", 1, "article"), 1, "ports[2].claims[1].article: unknown key"),
    (("registry", "as_of"), "2026-08-17", "registry.as_of: unknown key"),
    (("ports", 1, "udp", "service"), "gprs-sig", "ports[1].udp.service: unknown key"),
]


@pytest.mark.parametrize("path, value, problem", BROKEN, ids=lambda part: None if isinstance(part, str) else "")
def test_every_fault_is_named(tmp_path, path, value, problem):
    facts = copy.deepcopy(FACTS)
    place = facts
    for key in path[:-1]:
        place = place[key]
    if value is DELETE:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    found = faults(facts, tmp_path)
    assert found and found[0].startswith(problem), found


def test_ports_ascend(tmp_path):
    facts = copy.deepcopy(FACTS)
    facts["ports"][1], facts["ports"][2] = facts["ports"][2], facts["ports"][1]
    assert faults(facts, tmp_path) == ["ports[2].port: 3386 comes after 3391; the ports must ascend"]


def test_no_port_is_there_twice(tmp_path):
    facts = copy.deepcopy(FACTS)
    facts["ports"][2]["port"] = 3386
    assert faults(facts, tmp_path) == ["ports[2].port: 3386 is there twice"]


def test_no_key_is_there_twice(tmp_path):
    assert faults('{"ports": [], "ports": []}', tmp_path) == ['the key "ports" is there twice in one object']


@pytest.mark.parametrize("text, problem", [("", "this is not JSON: "), ("{", "this is not JSON: "),
                                           ('{"a": 1', "this is not JSON: "), ("[]", "is of type array"),
                                           ("7", "is of type number")])
def test_not_the_right_json(tmp_path, text, problem):
    assert faults(text, tmp_path)[0].startswith(problem)


def test_no_file():
    with pytest.raises(Fault, match="^there is no such file$"):
        ports.read(DATA / "absent.json")


# All that C and Markdown each read in their own way.
AWKWARD = [
    'He said "no" and left a \\ behind.',
    "An open [ bracket and; a closed ] one.",
    "{facts} {{braces}} %(percent)s.",
    "Trigraphs ??= ??/ and formats %s %n.",
    "Ångström 7, 日本語 and an emoji \U0001f4de1.",
    "A | pipe, a `tick`, *stars*, _lines_ and <b>tags</b> &amp;.",
    "\\n.", "# no comment.", "/* none */ // either.",
]


def test_awkward_texts_arrive_unharmed(tmp_path):
    facts = copy.deepcopy(FACTS)
    port = facts["ports"][0]
    port["claims"] = [{"text": text, "verdict": "Unverified", "why": text, "source": text} for text in AWKWARD]
    port["recognise"] = AWKWARD[0]
    port["udp"].update(tenant=AWKWARD[2])
    del port["udp"]["assignee"]
    assert faults(facts, tmp_path) == []
    table_c, page = ports.make(ports.read(tmp_path / "ports.json")).values()
    (tmp_path / "table.c").write_text(table_c, encoding="utf-8")

    (tmp_path / "main.c").write_text("""
        #include "port_facts_table.h"
        #include <stdio.h>
        int main(void) {
            const port_facts_t *port = &port_facts_table[0];
            const port_row_t *udp = &port->on[TRANSPORT_UDP];
            puts(port->recognise);
            puts(udp->tenant);
            if (udp->assignee) return 1;
            for (size_t i = 0; i < port->num_claims; i++) puts(port->claims[i].text);
            for (size_t i = 0; i < port->num_claims; i++) puts(port->claims[i].source);
            return 0;
        }
    """, encoding="utf-8")
    program = tmp_path / "main"
    subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                    f"-I{REPOSITORY / 'plugin'}", f"-I{REPOSITORY / 'plugin/portlore'}", str(tmp_path / "main.c"),
                    str(tmp_path / "table.c"), "-o", str(program)], check=True, timeout=60)
    printed = subprocess.run([str(program)], capture_output=True, check=True, timeout=10).stdout.decode("utf-8")
    assert printed.splitlines() == [AWKWARD[0], AWKWARD[2], *AWKWARD, *AWKWARD]

    for shown in (r'He said "no" and left a \\ behind.', r"An open \[ bracket and; a closed \] one.",
                  r"A \| pipe, a \`tick\`, \*stars\*, \_lines\_ and &lt;b>tags&lt;/b> &amp;amp;.", "日本語"):
        assert shown in page


def frame(transport, port):
    """An Ethernet frame with one IPv4 packet of the transport to the port; from a port that has no name."""
    if transport == "tcp":
        payload = struct.pack("!HHIIBBHHH", 65000, port, 1, 0, 5 << 4, 2, 1024, 0, 0)
    else:
        payload = struct.pack("!HHHH", 65000, port, 9, 0) + b"?"
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0, 64, TRANSPORTS[transport], 0,
                         bytes((192, 0, 2, 1)), bytes((192, 0, 2, 2)))
    return bytes(12) + b"\x08\x00" + header + payload


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_service_names_are_wiresharks(tmp_path, transport):
    """Wireshark has its own copy of the registry: if the two part, one of them is wrong or out of date.

    A run for each transport: Wireshark 4.4 forgets the UDP name of a number once it has looked up the TCP name."""
    capture = tmp_path / "ports.pcap"
    with capture.open("wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for port in WITH_PAPER["ports"]:
            octets = frame(transport, port["port"])
            out.write(struct.pack("<IIII", 0, 0, len(octets), len(octets)) + octets)

    # A configuration folder of its own: no services file, preferences or plugin of the user's takes part.
    run = subprocess.run(
        ["tshark", "-r", str(capture), "-N", "t", "-V"], capture_output=True, encoding="utf-8", check=True, timeout=60,
        env={**os.environ, "HOME": str(tmp_path), "WIRESHARK_CONFIG_DIR": str(tmp_path / "config")})
    shown = re.findall(r"^(?:User Datagram|Transmission Control) Protocol, .* Dst Port: (\S+) \(\d+\)", run.stdout,
                       re.M)

    # Where the registry has no service the number stays a number.
    assert shown == [port[transport].get("service", str(port["port"])) for port in WITH_PAPER["ports"]]

"""The facts about ports: data/ports.json, its schema, the generator and the page that it makes.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import copy
import json
import os
import re
import struct
import subprocess
from pathlib import Path

import jsonschema
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = REPOSITORY / "data"
PORTS_JSON = DATA / "ports.json"
FACTS = json.loads(PORTS_JSON.read_text(encoding="utf-8"))
SCHEMA = json.loads((DATA / "ports.schema.json").read_text(encoding="utf-8"))
TRANSPORTS = {"tcp": 6, "udp": 17}


def schema_errors(facts):
    return list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(facts))


def generate(ports_json, folder):
    return subprocess.run(
        ["cmake", f"-DPORTS_JSON={ports_json}", f"-DOUT_C={folder / 'table.c'}", f"-DOUT_MD={folder / 'ports.md'}",
         "-P", str(DATA / "GeneratePortFacts.cmake")],
        cwd=REPOSITORY, capture_output=True, encoding="utf-8", check=False, timeout=60)


def generate_from(facts, folder):
    """Writes the facts, or a text in their place, to a file in the folder and runs the generator on it."""
    ports_json = folder / "ports.json"
    text = facts if isinstance(facts, str) else json.dumps(facts, ensure_ascii=False)
    ports_json.write_text(text, encoding="utf-8")
    return generate(ports_json, folder)


def test_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_facts_follow_the_schema():
    assert [f"{error.json_path}: {error.message}" for error in schema_errors(FACTS)] == []


def test_no_key_is_there_twice():
    """JSON readers take the last one and say nothing: a fact would be lost unseen."""
    def unique(pairs):
        keys = [key for key, _ in pairs]
        assert len(keys) == len(set(keys)), keys
        return dict(pairs)

    json.loads(PORTS_JSON.read_text(encoding="utf-8"), object_pairs_hook=unique)


def test_page_is_up_to_date(tmp_path):
    made = generate(PORTS_JSON, tmp_path)
    assert made.returncode == 0, made.stderr
    assert (REPOSITORY / "docs/ports.md").read_text(encoding="utf-8") == \
        (tmp_path / "ports.md").read_text(encoding="utf-8"), "make docs/ports.md again, see data/README.md"


def test_unchanged_output_is_not_written_again(tmp_path):
    assert generate(PORTS_JSON, tmp_path).returncode == 0
    for name in ("table.c", "ports.md"):
        os.utime(tmp_path / name, (1, 1))
    assert generate(PORTS_JSON, tmp_path).returncode == 0
    assert [(tmp_path / name).stat().st_mtime for name in ("table.c", "ports.md")] == [1, 1]


def test_page_is_readable():
    page = (REPOSITORY / "docs/ports.md").read_text(encoding="utf-8")
    assert "Generated from data/ports.json" in page
    assert FACTS["registry"]["as_of"] in page
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
    (("registry", "as_of"), "17 August 2026", 'registry.as_of: "17 August 2026" is not a date'),
    (("registry", "as_of"), "2026-13-01", 'registry.as_of: "2026-13-01" is not a date'),
    (("registry", "url"), "http://iana.org", 'registry.url: "http://iana.org" is not an address'),
    (("advice", "udp"), DELETE, "advice.udp: the key is missing"),
    (("advice", "sctp"), {}, "advice.sctp: unknown key; the keys here are tcp, udp"),
    (("advice", "tcp", "linux"), "ss -tlnp", 'advice.tcp.linux: "ss -tlnp" is not a command in which PORT'),
    (("advice", "tcp", "linux"), "ss é PORT", 'advice.tcp.linux: "ss é PORT" has characters outside ASCII'),
    (("ports",), {}, "ports: is of type object, but must be of type array"),
    (("ports",), [], "ports: there is no port in it"),
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
    (("ports", 3, "registry_source"), DELETE, "ports[3].registry_source: the key is missing"),
    (("ports", 1, "udp", "status"), "Asigned",
     'ports[1].udp.status: "Asigned" is not one of Assigned, Unassigned, Reserved'),
    (("ports", 1, "udp", "status"), "Assigned;Reserved", "ports[1].udp.status: "),
    (("ports", 1, "udp", "status"), None, "ports[1].udp.status: is of type null, but must be of type string"),
    (("ports", 1, "udp", "status"), "Unassigned", "ports[1].udp.service: only an Assigned port has this key"),
    (("ports", 1, "udp", "description"), DELETE, "ports[1].udp.description: the key is missing"),
    (("ports", 1, "udp", "service"), "gprs sig", 'ports[1].udp.service: "gprs sig" is not a service name'),
    (("ports", 1, "udp", "service"), "abcdefghijklmnop", 'ports[1].udp.service: "abcdefghijklmnop" is longer'),
    (("ports", 1, "udp", "assignee"), "A B (a.b@example.org)", "ports[1].udp.assignee: "),
    (("ports", 1, "udp", "assignee"), None, "ports[1].udp.assignee: is of type null, but must be of type string"),
    (("ports", 1, "udp", "registered"), "Feb 2002", 'ports[1].udp.registered: "Feb 2002" is not a date'),
    (("ports", 1, "udp", "tenant"), " GTP'", "ports[1].udp.tenant: "),
    (("ports", 1, "udp", "modified"), "2002", "ports[1].udp.modified: unknown key"),
    (("ports", 1, "udp", "expected"), DELETE, "ports[1].udp.expected: the key is missing"),
    (("ports", 1, "udp", "expected"), "gtpp", "ports[1].udp.expected: is of type string, but must be of type array"),
    (("ports", 1, "udp", "expected", 2), 7, "ports[1].udp.expected[2]: is of type number"),
    (("ports", 1, "udp", "expected", 2), "GTP", 'ports[1].udp.expected[2]: "GTP" is not a filter name'),
    (("ports", 1, "udp", "expected", 2), "gtpp", 'ports[1].udp.expected[2]: "gtpp" is there twice'),
    (("ports", 2, "claims"), [], "ports[2].claims: there is no claim in it"),
    (("ports", 2, "claims", 1), "x", "ports[2].claims[1]: is of type string, but must be of type object"),
    (("ports", 2, "claims", 1, "verdict"), "True",
     'ports[2].claims[1].verdict: "True" is not one of Confirmed, Contradicted, Unverified'),
    (("ports", 2, "claims", 1, "source"), DELETE, "ports[2].claims[1].source: the key is missing"),
    (("ports", 2, "claims", 1, "source"), "mail to a@example.org", "ports[2].claims[1].source: "),
    (("ports", 2, "claims", 1, "why"), 1, "ports[2].claims[1].why: is of type number"),
    (("ports", 2, "claims", 1, "article"), 1, "ports[2].claims[1].article: unknown key"),
]


@pytest.mark.parametrize("path, value, problem", BROKEN, ids=lambda part: None if isinstance(part, str) else "")
def test_broken_facts_stop_the_generator(tmp_path, path, value, problem):
    facts = copy.deepcopy(FACTS)
    place = facts
    for key in path[:-1]:
        place = place[key]
    if value is DELETE:
        del place[path[-1]]
    else:
        place[path[-1]] = value

    made = generate_from(facts, tmp_path)
    assert made.returncode != 0
    assert f"{tmp_path / 'ports.json'}: {problem}" in made.stderr
    assert not (tmp_path / "table.c").exists()
    assert not (tmp_path / "ports.md").exists()
    assert schema_errors(facts), "the generator sees a fault that the schema does not"


def test_ports_ascend(tmp_path):
    facts = copy.deepcopy(FACTS)
    facts["ports"][1], facts["ports"][2] = facts["ports"][2], facts["ports"][1]
    made = generate_from(facts, tmp_path)
    assert made.returncode != 0
    assert "ports[2].port: 3386 comes after 3391; the ports must ascend" in made.stderr


def test_no_port_is_there_twice(tmp_path):
    facts = copy.deepcopy(FACTS)
    facts["ports"][2]["port"] = 3386
    made = generate_from(facts, tmp_path)
    assert made.returncode != 0
    assert "ports[2].port: 3386 is there twice" in made.stderr


@pytest.mark.parametrize("text", ["", "{", '{"a": 1', "[]", "7"])
def test_not_the_right_json(tmp_path, text):
    made = generate_from(text, tmp_path)
    assert made.returncode != 0
    assert f"{tmp_path / 'ports.json'}: " in made.stderr


def test_message_names_the_file_in_the_repository():
    """From the repository's top, so that the message is the same wherever the build tree is."""
    made = generate(DATA / "absent.json", Path("/nonexistent"))
    assert made.returncode != 0
    assert "data/absent.json: there is no such file" in made.stderr
    assert str(DATA) not in made.stderr.split("there is no such file")[0]


# All that CMake, C and Markdown each read in their own way.
AWKWARD = [
    'He said "no" and left a \\ behind.',
    "Semicolons; end; lists; in CMake;.",
    "An open [ bracket and; a closed ] one.",
    "${PORTS_JSON} @PORTS_JSON@ $ENV{HOME} $<1:x>.",
    "Trigraphs ??= ??/ and formats %s %n.",
    "Ångström 7, 日本語 and an emoji \U0001f4de1.",
    "A | pipe, a `tick`, *stars*, _lines_ and <b>tags</b> &amp;.",
    "ON.", "OFF.", "NOTFOUND.", "\\n.", "# no comment.", "/* none */ // either.", "]] ]=].",
]


def test_awkward_texts_arrive_unharmed(tmp_path):
    facts = copy.deepcopy(FACTS)
    port = facts["ports"][0]
    port["claims"] = [{"text": text, "verdict": "Unverified", "why": text, "source": text} for text in AWKWARD]
    port["recognise"] = AWKWARD[0]
    port["udp"].update(status="Reserved", tenant=AWKWARD[2])
    for key in ("service", "description", "assignee"):
        del port["udp"][key]
    assert schema_errors(facts) == []
    made = generate_from(facts, tmp_path)
    assert made.returncode == 0, made.stderr

    (tmp_path / "main.c").write_text("""
        #include "port_facts_table.h"
        #include <stdio.h>
        int main(void) {
            const port_facts_t *port = &port_facts_table[0];
            const port_row_t *udp = &port->on[PORT_TRANSPORT_UDP];
            puts(port->recognise);
            puts(udp->tenant);
            if (udp->status != PORT_IANA_RESERVED || udp->service || udp->description || udp->assignee) return 1;
            for (size_t i = 0; i < port->num_claims; i++) puts(port->claims[i].text);
            for (size_t i = 0; i < port->num_claims; i++) puts(port->claims[i].source);
            return 0;
        }
    """, encoding="utf-8")
    program = tmp_path / "main"
    subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                    f"-I{REPOSITORY / 'plugin/portlore'}", str(tmp_path / "main.c"), str(tmp_path / "table.c"),
                    "-o", str(program)], check=True, timeout=60)
    printed = subprocess.run([str(program)], capture_output=True, check=True, timeout=10).stdout.decode("utf-8")
    assert printed.splitlines() == [AWKWARD[0], AWKWARD[2], *AWKWARD, *AWKWARD]

    page = (tmp_path / "ports.md").read_text(encoding="utf-8")
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
        for port in FACTS["ports"]:
            octets = frame(transport, port["port"])
            out.write(struct.pack("<IIII", 0, 0, len(octets), len(octets)) + octets)

    # A configuration folder of its own: no services file, preferences or plugin of the user's takes part.
    run = subprocess.run(
        ["tshark", "-r", str(capture), "-N", "t", "-V"], capture_output=True, encoding="utf-8", check=True, timeout=60,
        env={**os.environ, "HOME": str(tmp_path), "WIRESHARK_CONFIG_DIR": str(tmp_path / "config")})
    shown = re.findall(r"^(?:User Datagram|Transmission Control) Protocol, .* Dst Port: (\S+) \(\d+\)", run.stdout,
                       re.M)

    # Where the registry has no service the number stays a number.
    assert shown == [port[transport].get("service", str(port["port"])) for port in FACTS["ports"]]

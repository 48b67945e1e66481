"""The facts about ports: data/ports.json becomes a table in C and docs/ports.md.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from pathlib import Path

from . import checked_json, iana
from .text import c_string, md_code, md_table, md_text

SCHEMA = Path(__file__).resolve().parents[1] / "ports.schema.json"
TRANSPORTS = ("tcp", "udp")  # as in transport_t
C_FILE = "plugin/portlore/port_facts_table.c"
PAGE = "docs/ports.md"


def read(path):
    """The facts. Two rules a schema cannot state: the ports ascend, and none is there twice."""
    facts = checked_json.read(path, SCHEMA)
    previous = 0
    for i, number in enumerate(port["port"] for port in facts["ports"]):
        if number == previous:
            raise checked_json.Fault(f"ports[{i}].port: {number} is there twice")
        if number < previous:
            raise checked_json.Fault(f"ports[{i}].port: {number} comes after {previous}; the ports must ascend")
        previous = number
    add_paper(facts, iana.read(path.parent / "iana.tsv"))
    return facts


def add_paper(facts, registry):
    """Adds what iana.tsv says of the documented ports: as_of, and for each row status, service, description and
    registered. Of a number that has several rows under a transport, the first counts."""
    facts["registry"]["as_of"] = registry.as_of
    on_paper = {}
    for row in registry.rows:
        first, last = iana.span(row[0])
        for port in facts["ports"]:
            if first <= port["port"] <= last:
                for transport in [row[1]] if row[1] else TRANSPORTS:
                    on_paper.setdefault((port["port"], transport), row)
    for port in facts["ports"]:
        for transport in TRANSPORTS:
            row = on_paper.get((port["port"], transport))
            paper = dict(zip(("service", "description", "registered"), row[2:5])) if row else {}
            port[transport].update({key: text for key, text in paper.items() if text},
                                   status=iana.status(row).capitalize() if row else "Not in the registry")


def make(facts):
    return {C_FILE: c_file(facts), PAGE: page(facts)}


def c_lists(port):
    """What the entry of a port points to: the protocols of each transport, and the claims."""
    for transport in TRANSPORTS:
        names = "".join(f'"{name}", ' for name in port[transport]["expected"])
        yield f"static const char *const expected_{port['port']}_{transport}[] = {{{names}NULL}};\n"
    yield f"static const port_claim_t claims_{port['port']}[] = {{\n"
    for claim in port["claims"]:
        yield (f"    {{{c_string(claim['text'])},\n     PORT_CLAIM_{claim['verdict'].upper()},\n"
               f"     {c_string(claim['why'])},\n     {c_string(claim['source'])}}},\n")
    yield "};\n\n"


def c_entry(port):
    """The entry of a port in the table."""
    yield (f"    {{\n        .port = {port['port']},\n        .dormant = {str(port['dormant']).lower()},\n"
           f"        .recognise = {c_string(port['recognise'])},\n        .on =\n            {{\n")
    for transport in TRANSPORTS:
        row = port[transport]
        yield f"                [TRANSPORT_{transport.upper()}] = {{\n"
        for key in ("assignee", "tenant"):
            yield f"                    .{key} = {c_string(row.get(key))},\n"
        yield f"                    .expected = expected_{port['port']}_{transport},\n                }},\n"
    yield (f"            }},\n        .claims = claims_{port['port']},\n"
           f"        .num_claims = {len(port['claims'])},\n    }},\n")


def c_file(facts):
    lists = "".join(line for port in facts["ports"] for line in c_lists(port))
    entries = "".join(line for port in facts["ports"] for line in c_entry(port))
    advice = "".join(
        f"    [TRANSPORT_{transport.upper()}] = "
        + c_string(f"{commands['linux']} (Linux), {commands['windows']} (Windows)") + ",\n"
        for transport, commands in ((transport, facts["advice"][transport]) for transport in TRANSPORTS))
    return f"""\
/* port_facts_table.c
 * The facts about ports.
 * Generated from data/ports.json by data/generate.py: change the facts there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "port_facts_table.h"

/* clang-format off */
{lists}const port_facts_t port_facts_table[] = {{
{entries}}};

const size_t port_facts_table_size = sizeof port_facts_table / sizeof port_facts_table[0];

const char *const port_facts_table_advice[TRANSPORTS] = {{
{advice}}};
"""


def in_practice(port):
    """Who is on the port, in a few words. The transport is named only where the other one has no tenant."""
    tcp, udp = (port[transport].get("tenant") for transport in TRANSPORTS)
    if udp:
        return md_text(udp) + ("" if tcp else ", on UDP")
    return md_text(tcp) + ", on TCP" if tcp else "nobody known"


def overview(port):
    """The row of a port in the page's first table."""
    tcp, udp = (md_code(port[transport].get("service")) or port[transport]["status"] for transport in TRANSPORTS)
    names = tcp if tcp == udp else f"{tcp} (TCP), {udp} (UDP)"
    return [f"[{port['port']}](#port-{port['port']})", names, in_practice(port)]


def port_section(port, advice):
    """What the page says of one port."""
    rows = [(transport.upper(), port[transport]) for transport in TRANSPORTS]
    paper = [[name, row["status"], md_code(row.get("service")),
              *(md_text(row.get(key)) for key in ("description", "assignee", "registered"))] for name, row in rows]
    practice = [[name, md_text(row.get("tenant")) or "nobody known",
                 ", ".join(f"`{protocol}`" for protocol in row["expected"]) or "none known"] for name, row in rows]
    claims = [[md_text(claim["text"]), f"**{claim['verdict']}**", md_text(claim["why"]), md_text(claim["source"])]
              for claim in port["claims"]]
    listeners = [[transport.upper(), *(md_code(advice[transport][system].replace("PORT", str(port["port"])))
                                       for system in ("linux", "windows"))] for transport in TRANSPORTS]
    dormant = ("Dormant: registered, but no use and no message format is known. Lasting traffic is worth a look.\n\n"
               if port["dormant"] else "")
    return f"""
## Port {port["port"]}

### On paper

{md_table(["Transport", "Status", "Service name", "Description", "Assignee", "Registered"], *paper)}
{md_text(port["registry_source"])}

### In practice

{dormant}{md_table(["Transport", "Who is on it", "Protocols that belong there (filter names)"], *practice)}
**How to recognise it:** {md_text(port["recognise"])}

### What is said about it

{md_table(["Claim", "Verdict", "What the evidence says", "Source"], *claims)}
### Who listens

{md_table(["Transport", "Linux", "Windows (PowerShell)"], *listeners)}"""


def page(facts):
    registry = facts["registry"]
    as_of = registry["as_of"]
    ports = "".join(port_section(port, facts["advice"]) for port in facts["ports"])
    return f"""\
<!-- SPDX-License-Identifier: GPL-2.0-or-later -->
<!-- Generated from data/ports.json by data/generate.py: change the facts there. -->

# Ports on paper and in practice

What the registry says about the ports that Portlore knows, who is on them in practice, and what the evidence
says about the things that are commonly told about them. Portlore shows the same facts on the packet.

This page is generated from [data/ports.json](../data/ports.json). To correct a fact, see
[data/README.md](../data/README.md).

{md_table(["Port", "On paper", "In practice"], *map(overview, facts["ports"]))}
"On paper" is the [{md_text(registry["name"])}]({registry["url"]}),
in the copy of {as_of}. An empty cell means that the registry is silent. The registry records who asked for a
number. It does not show that anybody uses it, nor on which transport: TCP and UDP used to be assigned together
(RFC 6335 section 7.1).

| Status (RFC 6335 section 6) | Meaning |
|---|---|
| Assigned | The number is assigned to the service shown. |
| Unassigned | The number is free, and may be asked for. |
| Reserved | The number is held back for a special purpose, and cannot be asked for. |

| Range (RFC 6335 section 6) | Numbers | Assigned by IANA |
|---|---|---|
| System (well-known) | 0 to 1023 | yes |
| User (registered) | 1024 to 49151 | yes |
| Dynamic (private) | 49152 to 65535 | never |

| Verdict | Meaning |
|---|---|
| Confirmed | A source that can be read says the same. |
| Contradicted | A source that can be read says otherwise. |
| Unverified | No source was found that settles it. It may be true, but do not rely on it. |
{ports}"""

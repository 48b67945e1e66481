"""The questions that ./dev demo answers. An answer is made of what tshark prints.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from collections import Counter
from dataclasses import dataclass
from typing import Callable


@dataclass
class Question:
    text: str
    capture: str
    filter: str
    fields: tuple
    answer: Callable  # of the rows of cells: one sentence


def count(number, thing):
    return f"{number} {thing}{'' if number == 1 else 's'}"


def lost(rows):
    records = sum(len(row[5].split(",")) for row in rows)
    return (f"{count(len(rows), 'request')} with {count(records, 'charging record')}: the capture holds no answer, and "
            "no other CGF took them.")


def udp(rows):
    """Verdict 10 is "no answer" (docs/rdgateway.md)."""
    streams = sorted({row[5] for row in rows if row[5]})
    if {row[4] for row in rows} != {"10"} or not streams:
        return "See the table of verdicts in docs/rdgateway.md."
    return (f"No: nothing answered {count(len(rows), 'ClientHello')} on UDP, and the session goes on over TCP "
            f"(tcp.stream {', '.join(streams)}).")


def on_port(rows):
    """"data" is what no dissector of Wireshark recognised."""
    seen = Counter((row[3], row[4].replace("data", "octets of no protocol that Wireshark recognises")) for row in rows)
    found = ", ".join(f"{name} on {port} ({count(packets, 'packet')})" for (port, name), packets in seen.items())
    return f"Not what belongs there by registry and practice: {found}."


def scanned(rows):
    ports = sorted({int(port) for row in rows for port in row[3].split(",") if port})
    return (f"{count(len(ports), 'documented port')} ({', '.join(map(str, ports))}): tried, and refused or never "
            "answered in this capture.")


QUESTIONS = [
    Question("Which CDRs were lost?", "gtpp-unacknowledged.pcap", "gtpp.analysis.unacknowledged",
             ("frame.number", "ip.src", "ip.dst", "gtpp.seq", "gtpp.cdr.node_id", "gtpp.cdr.local_seq"), lost),
    Question("Is the RD Gateway's UDP used?", "rdgudp-no-answer.pcap", "rdgudp.verdict",
             ("frame.number", "ip.src", "ip.dst", "udp.dstport", "rdgudp.verdict", "rdgudp.fallback_stream"), udp),
    Question("What is on this port?", "port-3386-foreign.pcap", "portlore.unexpected",
             ("frame.number", "ip.src", "ip.dst", "portlore.port", "portlore.seen"), on_port),
    Question("Was I scanned?", "port-probes.pcap", "portlore.probe",
             ("frame.number", "_ws.col.Source", "_ws.col.Destination", "portlore.port", "portlore.transport"), scanned),
]

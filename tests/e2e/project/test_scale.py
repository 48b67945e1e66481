"""docs/scale.md: what it says of splitting, and that every document fits the index template.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import datetime
import ipaddress
import json
import re
import struct

import pytest
from support.paths import CAPTURES, REPOSITORY, shipped

SCALE = REPOSITORY / "docs" / "scale"
OURS = ("gtpp", "rdgudp", "portlore")
LAYERS = ("frame", "ip", "ipv6", *OURS)
CDF = bytes((192, 0, 2, 10))
LEDGER_ROW = re.compile(r"^[0-9a-f.:\[\]]+ \|")


# --- Splitting ---

def packets(name):
    """(header of the file, [(time, record with its header)]) of a shipped capture, which is a little-endian pcap."""
    data = (CAPTURES / name).read_bytes()
    found = []
    at = 24
    while at < len(data):
        seconds, fraction, captured = struct.unpack_from("<III", data, at)
        found.append(((seconds, fraction), data[at:at + 16 + captured]))
        at += 16 + captured
    return data[:24], found


def write(path, header, records):
    path.write_bytes(header + b"".join(record for _, record in sorted(records, key=lambda each: each[0])))
    path.chmod(0o644)
    return path


@pytest.fixture
def three_cdfs(home):
    """One capture of three CDFs, each with a story and records of its own, mixed by time; and the CDFs' addresses."""
    records = []
    addresses = []
    for i, name in enumerate(("gtpp-failover.pcap", "gtpp-unacknowledged.pcap", "gtpp-local-seq-gap.pcap"), 1):
        header, found = packets(name)
        address = bytes((192, 0, 2, 100 + i))
        addresses.append(ipaddress.IPv4Address(address))
        for time, record in found:
            for node in (b"PGW-EXAMPLE-", b"SGW-EXAMPLE-"):
                record = record.replace(node + b"0", node + str(i).encode())
            records.append((time, record.replace(CDF, address)))
    return write(home / "three.pcap", header, records), addresses


@pytest.fixture
def ledger(tshark):
    """ledger(CAPTURE): the sums of its columns of counts, over all paths."""
    def run(path):
        lines = tshark(path, "-2", "-q", "-z", "gtpp,ledger")
        head = next(line for line in lines if line.startswith("CDF"))
        titles = [cell.strip() for cell in head.split("|")]
        rows = [line.split("|") for line in lines if LEDGER_ROW.match(line)]
        counted = [i for i, title in enumerate(titles) if i > 2 and title and "(ms)" not in title]
        return {titles[i]: sum(int(row[i]) for row in rows) for i in counted}
    return run


@pytest.fixture
def split(runner, home):
    """split(CAPTURE, FILTER): the packets that the filter lets pass, as docs/scale.md makes them."""
    def run(path, display_filter):
        part = home / f"part{len(list(home.glob('part*')))}.pcap"
        answer = runner.run("tshark", "-r", runner.reachable(path), "-Y", display_filter, "-w", part, "-F", "pcap",
                            home=home)
        assert answer.returncode == 0, answer.stderr
        return part
    return run


def added(parts):
    return {title: sum(part[title] for part in parts) for title in parts[0]}


def test_split_by_cdf_is_safe(three_cdfs, ledger, split):
    path, addresses = three_cdfs
    whole = ledger(path)
    assert whole["Unacknowledged"] and whole["Local seq missing"] and whole["Released"], "nothing could go wrong"
    assert added([ledger(split(path, f"ip.addr == {address}")) for address in addresses]) == whole


def test_split_by_cdf_and_a_cdf_that_ends(home, ledger, split):
    """The whole capture knows from another CDF that the CGF was there for longer: what the CDF sent last has another
    fate in the part, and that is all."""
    header, found = packets("gtpp-unacknowledged.pcap")
    addresses = [bytes((192, 0, 2, 100 + i)) for i in (1, 2)]
    records = [(time, record.replace(CDF, address).replace(b"PGW-EXAMPLE-0", b"PGW-EXAMPLE-" + address[3:]))
               for address, count in zip(addresses, (4, len(found))) for time, record in found[:count]]
    path = write(home / "ends.pcap", header, records)
    whole = ledger(path)
    parts = added([ledger(split(path, f"ip.addr == {ipaddress.IPv4Address(address)}")) for address in addresses])
    moved = whole["Unacknowledged"] - parts["Unacknowledged"]
    assert moved == parts["Undecided"] - whole["Undecided"] == 3
    assert {title for title in whole if whole[title] != parts[title]} == {"Unacknowledged", "Undecided"}


def test_split_by_cgf_is_not_safe(three_cdfs, ledger, split):
    """A node's records go to either CGF: each part misses those that went to the other."""
    path, _ = three_cdfs
    parts = [ledger(split(path, f"ip.addr == 198.51.100.{last}")) for last in (20, 21)]
    assert added(parts)["Local seq missing"] != ledger(path)["Local seq missing"]


def test_split_by_conversation_is_not_safe(three_cdfs, ledger, split, fields):
    """What is held outlives a conversation, and a node's records go over several."""
    path, _ = three_cdfs
    streams = sorted(set(fields(path, "udp.stream", "udp.stream")))
    parts = added([ledger(split(path, f"udp.stream == {number}")) for number in streams])
    assert {title for title, count in ledger(path).items() if parts[title] != count} >= {"Local seq missing"}


def test_split_by_time_is_not_safe(three_cdfs, ledger, split, fields):
    path, _ = three_cdfs
    request = int(fields(path, "gtpp.response_in", "frame.number", extra=["-2"])[0])
    parts = [ledger(split(path, f"frame.number {side} {request}")) for side in ("<=", ">")]
    assert added(parts)["Undecided"] > ledger(path)["Undecided"]


def test_split_by_hosts_is_safe_for_the_gateway(home, split, fields):
    """Channels of two clients: the findings of the parts are those of the whole."""
    records = []
    for i, name in enumerate(("rdgudp-no-answer.pcap", "rdgudp-refused.pcap"), 1):
        header, found = packets(name)
        records += [(time, record.replace(CDF, bytes((192, 0, 2, 100 + i)))) for time, record in found]
    path = write(home / "clients.pcap", header, records)
    wanted = ("rdgudp.no_answer", "rdgudp.refused", "rdgudp.fallback")

    def findings(capture):
        return {name: len(fields(capture, name, "frame.number", extra=["-2"])) for name in wanted}
    whole = findings(path)
    assert all(whole.values()), "nothing could go wrong"
    clients = [f"ip.addr == 192.0.2.{100 + i}" for i in (1, 2)]
    parts = [split(path, rule) for rule in (*clients, f"!({' || '.join(clients)})")]
    assert added([findings(part) for part in parts]) == whole


def test_split_by_port_is_not_safe_for_the_gateway(split, fields):
    """The channel's port alone lacks the session's TCP: no fallback is seen. ICMP quotes the port, and stays."""
    def fallbacks(capture):
        return len(fields(capture, "rdgudp.fallback", "frame.number", extra=["-2"]))
    part = split(CAPTURES / "rdgudp-no-answer.pcap", "udp.port == 3391")
    assert fallbacks("rdgudp-no-answer.pcap") == 1 and fallbacks(part) == 0


# --- Documents and the template ---

@pytest.fixture(scope="module")
def template(runner):
    answer = runner.run("/usr/bin/python3", "-B", runner.reachable(SCALE / "make-template"))
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def once(pairs):
    """Refuses an object that has a name twice, as the engines do."""
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names)), f"twice: {[name for name in names if names.count(name) > 1]}"
    return dict(pairs)


@pytest.fixture
def documents(runner, tshark, keys):
    """documents(CAPTURE ...): what the pipeline of docs/scale.md hands to the engine."""
    def run(*names):
        lines = [line for name in names for line in tshark(name, "-2", "-T", "ek", "-J", " ".join(LAYERS), *keys(name),
                                                           "-Y", " || ".join(OURS))]
        answer = runner.run("/usr/bin/python3", "-B", runner.reachable(SCALE / "ek-bulk"), "--index", "portlore-test",
                            input="\n".join([*lines, ""]))
        assert answer.returncode == 0, answer.stderr
        lines = [json.loads(line, object_pairs_hook=once) for line in answer.stdout.splitlines()]
        assert all(line == {"index": {"_index": "portlore-test"}} for line in lines[::2])
        return lines[1::2]
    return run


def is_whole(bits):
    def check(value):
        return isinstance(value, (int, str)) and -(1 << bits - 1) <= int(value) < 1 << bits - 1
    return check


def is_date(value):
    if not re.fullmatch(r"\d+", value):
        datetime.datetime.strptime(re.sub(r"\.\d+Z$", "Z", value), "%Y-%m-%dT%H:%M:%SZ")
    return True


# What the engines take for each type.
FITS = {
    "boolean": lambda value: value in (True, False, "true", "false"),
    "byte": is_whole(8), "short": is_whole(16), "integer": is_whole(32), "long": is_whole(64),
    "double": lambda value: float(value) >= 0 or True,
    "ip": lambda value: bool(ipaddress.ip_address(value)),
    "keyword": lambda value: isinstance(value, str),
    "text": lambda value: isinstance(value, str),
    "date": is_date, "date_nanos": is_date,
}


def misfits(value, mapping, path):
    """What the engine would refuse: (path, value). What has no mapping is kept and not looked at."""
    for each in value if isinstance(value, list) else [value]:
        if "properties" in mapping:
            if not isinstance(each, dict):
                yield path, each
                continue
            for name, inner in each.items():
                if name in mapping["properties"]:
                    yield from misfits(inner, mapping["properties"][name], f"{path}.{name}")
        else:
            try:
                fits = not isinstance(each, dict) and FITS[mapping["type"]](each)
            except ValueError:
                fits = False
            if not fits:
                yield path, each


@pytest.mark.parametrize("pattern", ["gtp*", "port*", "rdg*"])
def test_every_document_fits(documents, template, pattern):
    mapping = {"properties": template["template"]["mappings"]["properties"]}
    found = documents(*shipped(f"{pattern}.pcap*"))
    assert len(found) > 20
    for one in found:
        assert list(misfits(one, mapping, "")) == [], one["layers"]["frame"]


def test_every_field_of_ours_is_in_the_template(documents, template):
    """So that it can be searched."""
    layers = template["template"]["mappings"]["properties"]["layers"]["properties"]
    seen = set()
    for name in ("gtpp-unacknowledged.pcap", "gtpp-udp.pcap", "port-3386-foreign.pcap", "rdgudp-lossy.pcap"):
        for one in documents(name):
            for protocol in OURS:
                layer = one["layers"].get(protocol, [])
                for part in layer if isinstance(layer, list) else [layer]:
                    seen |= {(protocol, field) for field in part if field.startswith(f"{protocol}_{protocol}_")}
    assert len(seen) > 50
    assert [field for protocol, field in sorted(seen) if field not in layers[protocol]["properties"]] == []


def test_packets_can_be_found_again(documents, fields):
    """By their number and addresses; of the other layers nothing else is kept."""
    for name in ("gtpp-unacknowledged.pcap", "port-mixed-ipv6.pcap"):
        shown = " || ".join(OURS)
        wanted = fields(name, shown, "frame.number", "ip.src", "ipv6.src", extra=["-2"])
        assert any(row[1] for row in wanted) and (name[0] == "g" or any(row[2] for row in wanted))
        found = [one["layers"] for one in documents(name)]
        assert [(layers["frame"]["frame_frame_number"], layers.get("ip", {}).get("ip_ip_src", ""),
                 layers.get("ipv6", {}).get("ipv6_ipv6_src", "")) for layers in found] == wanted
        assert all(set(layers) <= set(LAYERS) and len(layers["frame"]) == 1 for layers in found)


def test_findings_can_be_searched(documents):
    """A label, which tshark writes as null, is true."""
    found = [one for one in documents("gtpp-unacknowledged.pcap")
             if one["layers"].get("gtpp", {}).get("gtpp_gtpp_analysis_unacknowledged") is True]
    assert len(found) == 3


def test_saved_searches_name_fields(template):
    """Every field in the saved searches is in the template."""
    mapping = template["template"]["mappings"]
    text = (SCALE / "saved-searches.ndjson").read_text(encoding="utf-8")
    names = set(re.findall(r"\blayers(?:\.\w+)+", text))
    assert len(names) > 5
    for name in names:
        at = mapping
        for part in name.split("."):
            assert part in at["properties"], name
            at = at["properties"][part]
    for line in text.splitlines():
        assert json.loads(line)["type"] in ("search", "index-pattern")


def test_bulk_names_the_line_that_is_no_json(runner):
    answer = runner.run("/usr/bin/python3", "-B", runner.reachable(SCALE / "ek-bulk"),
                        input='{"index":{}}\n{"layers"\n')
    assert answer.returncode == 1 and "line 2" in answer.stderr


def test_template_without_the_plugin(runner):
    answer = runner.run("/usr/bin/python3", "-B", runner.reachable(SCALE / "make-template"), plugins=False)
    assert answer.returncode == 1 and "is Portlore loaded?" in answer.stderr

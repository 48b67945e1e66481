"""What IANA's registry says, on packets of any port.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest
from support.paths import REPOSITORY

CAPTURE = "port-registry.pcap"
ALL = ["-o", "portlore.all_ports:TRUE"]
NAMES = ("portlore.transport", "portlore.port", "portlore.iana.status", "portlore.iana.service")


def ports(value):
    return ["-o", f"portlore.ports:{value}"]


def notes(tshark, *extra):
    lines = tshark(CAPTURE, "-Y", "portlore.status || portlore.unauthorized_use", "-T", "fields", "-E", "aggregator=|",
                   "-e", "portlore.port", "-e", "_ws.expert.message", *extra)
    return [(port, [note for note in text.split("|") if "IANA" in note])
            for port, text in (line.split("\t") for line in lines)]


def test_other_ports_are_left_alone_by_default(tshark):
    assert tshark(CAPTURE, "-Y", "portlore") == []


def test_any_port(fields):
    rows = set(fields(CAPTURE, "portlore.iana.status", *NAMES, extra=ALL))
    assert rows == {
        ("udp", "53", "0", "domain"), ("tcp", "443", "0", "https"), ("tcp", "5985", "0", "wsman"),
        ("tcp", "80", "0|0|0", "http|www|www-http"),  # all its names
        ("tcp", "8291", "1", ""),  # amid a range
        ("tcp", "62078", "3", ""),  # not in the registry, which is not Unassigned
        ("tcp", "1053", "0", "remote-as"), ("udp", "1491", "1", ""), ("tcp", "3388", "0", "cbserver"),
        ("tcp", "2049", "0|0", "shilp|nfs"), ("tcp", "6514", "0", "syslog-tls"),
    }


def test_details(fields):
    names = ("description", "registered", "modified", "reference", "unauthorized_use", "note", "as_of")
    rows = dict((row[0], row[1:]) for row in fields(
        CAPTURE, "portlore.iana.status", "portlore.port", *(f"portlore.iana.{name}" for name in names),
        extra=ALL))
    day = rows["53"][-1]
    assert rows["5985"] == ("WBEM WS-Management HTTP", "2006-11", "", "", "", "", day)
    assert rows["1491"] == ("Unassigned", "", "2009-08-05", "", "Unauthorized Use Known on port 1491", "", day)
    assert rows["2049"][5] == "<== NOTE Conflict on 2049 !|Defined TXT keys: path=<path to mount point>"
    assert rows["80"][3] == "RFC 9110|RFC 9110"
    assert rows["62078"] == ("", "", "", "", "", "", day)


def test_other_transports(fields):
    rows = dict(fields(CAPTURE, "portlore.iana.status", "portlore.port", "portlore.other_transport",
                       extra=ALL))
    assert rows["443"] == "udp (https)|sctp (https)"
    assert rows["2049"] == "udp (shilp, nfs)|sctp (nfs)"
    assert rows["1491"] == "tcp (Unassigned)|sctp (Unassigned)|dccp (Unassigned)"
    assert rows["62078"] == ""


@pytest.mark.parametrize("value, wanted", [
    ("5985", {"5985"}), ("3300-3500,5985", {"3388", "5985"}), ("", set()), ("1-65535", {
        "53", "443", "5985", "80", "8291", "62078", "1053", "1491", "3388", "2049", "6514"})])
def test_ports_on_request(fields, value, wanted):
    assert set(fields(CAPTURE, "portlore", "portlore.port", extra=ports(value))) == wanted


def test_what_is_no_list_of_ports_is_refused(tshark):
    assert "portlore.ports" in "\n".join(tshark(CAPTURE, *ports("http"), fails=True))


def test_notes(tshark):
    assert notes(tshark, *ports("1053,1491,80,8291")) == [
        ("80", ["IANA has assigned TCP port 80 to http (World Wide Web HTTP) and www (World Wide Web HTTP) and "
                "www-http (World Wide Web HTTP)."]),
        ("8291", ["IANA's registry has no service on TCP port 8291."]),
        ("1053", ["IANA has assigned TCP port 1053 to remote-as (Remote Assistant (RA)).",
                  'IANA has an unauthorized use of TCP port 1053 on record: "Unauthorized Use Known on port 1053".']),
        ("1491", ["IANA's registry has no service on UDP port 1491.",
                  'IANA has an unauthorized use of UDP port 1491 on record: "Unauthorized Use Known on port 1491".']),
    ]
    # Of every port, only what is remarkable.
    assert [port for port, _ in notes(tshark, *ALL)] == ["1053", "1491"]


# Whether what is on it belongs there

def test_match(fields):
    rows = set(fields(CAPTURE, "portlore.seen", "portlore.port", "portlore.seen", "portlore.match", extra=ALL))
    assert rows == {
        ("53", "dns", "0"), ("443", "tls", "0"), ("5985", "http", "0"),
        ("6514", "http", "1"),
        # No verdict where the registry has no service, or nothing is sure of its protocols.
        ("8291", "http", "4"), ("62078", "tls", "4"), ("1053", "data", "4"), ("1491", "data", "4"),
    }


def test_unexpected_only_where_it_is_sure(tshark):
    lines = tshark(CAPTURE, *ALL, "-Y", "portlore.unexpected", "-T", "fields", "-E", "aggregator=|",
                   "-e", "portlore.port", "-e", "_ws.expert.message")
    assert len(lines) == 1
    assert lines[0].startswith("6514\t")
    assert lines[0].endswith('TCP port 6514 carries "http" traffic, which does not belong there: IANA has assigned it '
                             "to syslog-tls (Syslog over TLS).")


def test_protocols_are_proven(runner):
    """Each by this Wireshark's registration on the port of the service, where that is its source."""
    rows = [row.split("\t") for row in
            (REPOSITORY / "data/services.tsv").read_text(encoding="utf-8").splitlines()[2:]]
    known = {line.split("\t")[2] for line in runner.run("tshark", "-G", "protocols").stdout.splitlines()}
    decodes = {tuple(line.split("\t")) for line in runner.run("tshark", "-G", "decodes").stdout.splitlines()}
    iana = [line.split("\t") for line in (REPOSITORY / "data/iana.tsv").read_text(encoding="utf-8").splitlines()[2:]]
    ports = {}
    for number, transport, service, *_ in iana:
        for one in [transport] if transport else ["tcp", "udp"]:
            ports.setdefault((service, one), set()).add(number)
    unproven = [(row[0], protocol) for row in rows for protocol in row[2].split(",") if protocol not in known]
    for service, transport, protocols, sources in rows:
        for protocol, source in zip(protocols.split(","), sources.split("; "), strict=True):
            kind, _, table = source.partition(" ")
            if kind != "decodes":
                continue
            table, port = table.split(" ")
            if table == "tls.port":  # TLS it is when something is registered inside of it
                is_proven = protocol == "tls" and any(line[:2] == (table, port) for line in decodes)
            else:
                is_proven = (table, port, protocol) in decodes and table == f"{transport}.port"
            if not is_proven or port not in ports[service, transport]:
                unproven.append((service, protocol))
    assert unproven == []


# The user's newer copy

HEAD = ("Service Name,Port Number,Transport Protocol,Description,Assignee,Contact,Registration Date,Modification Date,"
        "Reference,Service Code,Unauthorized Use Reported,Assignment Notes\n")


@pytest.fixture
def copy_of(home):
    """copy_of(TEXT): the arguments for a copy of the registry with this text."""
    def write(text):
        path = home / "iana.csv"
        path.write_text(text, encoding="utf-8")
        return ["-o", f"portlore.registry:{path}"]
    return write


def test_own_copy(fields, copy_of):
    newer = copy_of(HEAD + 'winbox,8291,tcp,"Router ""boxes""",[A_Person],,2027-01-02,2027-03-04,[RFC9999],,,\n'
                    ",1-8290,,Unassigned,,,,,,,,\n")
    rows = set(fields(CAPTURE, "portlore.iana.status", *NAMES, "portlore.iana.as_of",
                      extra=[*newer, *ports("80,8291")]))
    assert rows == {("tcp", "80", "1", "", "2027-03-04"), ("tcp", "8291", "0", "winbox", "2027-03-04")}


@pytest.mark.parametrize("text, fault", [
    ("nothing of the kind\n", "its first row does not have the titles of IANA's service-names-port-numbers.csv"),
    ("\ufeff" + HEAD + "winbox,8291,tcp,\"open,,,,,,,,\n", "row 2: a quotation mark is not closed"),
    (HEAD + "winbox,8291,tcp,\0,,,,,,,,\n", "row 2: this is not UTF-8 text"),
    (HEAD + "winbox,8291,tpc,,,,,,,,,\n", "row 2: the transport is not one of tcp, udp, sctp, dccp"),
])
def test_broken_copy(runner, home, capture, copy_of, text, fault):
    """It is named, and the copy that is compiled in counts."""
    answer = runner.run("tshark", "-r", str(capture(CAPTURE)), *copy_of(text), *ports("5985"), "-Y",
                        "portlore.iana.status",
                        "-T", "fields", "-e", "portlore.iana.service", home=home)
    assert set(answer.stdout.split()) == {"wsman"}
    assert f"portlore.registry: {home}/iana.csv: {fault}. The copy of " in answer.stderr


def test_no_such_copy(runner, home, capture):
    answer = runner.run("tshark", "-r", str(capture(CAPTURE)), "-o", "portlore.registry:/nowhere/iana.csv", home=home)
    assert "portlore.registry: /nowhere/iana.csv: No such file or directory. The copy of " in answer.stderr


def test_copy_that_is_no_file_or_too_large(runner, home, capture):
    large = home / "large.csv"
    with open(large, "wb") as file:
        file.truncate(33 << 20)
    for path, fault in ((home, "this is not a file"), (large, "it has more than 32 MB")):
        answer = runner.run("tshark", "-r", str(capture(CAPTURE)), "-o", f"portlore.registry:{path}", home=home)
        assert f"portlore.registry: {path}: {fault}. The copy of " in answer.stderr

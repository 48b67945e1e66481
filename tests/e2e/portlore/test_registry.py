"""What IANA's registry says, on packets of any port.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest

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
        ("tcp", "2049", "0|0", "shilp|nfs"),
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
        "53", "443", "5985", "80", "8291", "62078", "1053", "1491", "3388", "2049"})])
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

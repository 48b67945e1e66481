"""The reference and the manual page say what the plugin says.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import subprocess
import sys

import pytest
import reference
from support.paths import REPOSITORY

CHOICE = re.compile(r"^(\| `[^`]+` \|) .* One of: .*$", re.M)


def test_reference_is_up_to_date(runner):
    """But for the choices of preferences, which Wireshark's versions write differently."""
    shown = (REPOSITORY / "docs" / "reference.md").read_text(encoding="utf-8")
    page = reference.page(runner)
    assert CHOICE.sub(r"\1", shown) == CHOICE.sub(r"\1", page), "docs/reference.md is stale: run ./dev reference"
    # What is the same may be empty.
    for name in ("`gtpp.seq`", "`rdgudp.correlation_id`", "`portlore.match`", "`gtpp_tcp`", "`rdgudp.udp.port`",
                 "`portlore,tree`", "`cdr.own.name`", "`cdr.fault`", "`cdr.unknown`", "`Kind`"):
        assert f"| {name} |" in page
    assert "cdr.servedIMSI" not in page


def test_reference_has_every_table(sharkd):
    """sharkd has a list of rows, "t", in place of the value of a preference that is a table."""
    listed = sharkd("gtpp-udp.pcap", {"method": "dumpconf"})[0]["prefs"]
    ours = {name for name, value in listed.items() if name.split(".")[0] in reference.PROTOCOLS and "t" in value}
    assert ours == {preference for preference, *_ in reference.tables()} == {"cdr.tags", "portlore.records"}
    assert {preference: [column for column, _ in columns] for preference, _, _, columns in reference.tables()} == {
        "cdr.tags": ["Record", "Path", "Tag", "Name", "Kind"],
        "portlore.records": ["Port", "Transport", "Name", "Tenant", "Protocols"]}


def test_manual_page(tmp_path):
    """Its headings, terms and the reference's rows are there, as roff writes them."""
    docs = REPOSITORY / "docs"
    page = tmp_path / "portlore.7"
    subprocess.run([sys.executable, "-B", REPOSITORY / "tools" / "manpage.py", "9.9.9", docs / "portlore.7.md",
                    docs / "troubleshooting.md", docs / "reference.md", "--out", page], check=True)
    text = page.read_text(encoding="utf-8")
    assert ".SH NAME\n.PP\nportlore \\- Wireshark plugin" in text
    assert "9.9.9" in text.splitlines()[0]
    sections = re.findall(r"^\.SH (.*)$", text, re.M)
    assert sections[0] == "NAME" and sections[-1] == "SEE ALSO" and {"TROUBLESHOOTING", "REFERENCE"} < set(sections)
    assert ".TP\n\\fBportlore.match\\fR\nnumber, 8 bit; Match." in text
    assert "`" not in text and "<!--" not in text


@pytest.mark.parametrize("name", ["check", "cdrfile", "reconcile", "records"])
def test_manual_page_of_a_command(tmp_path, name):
    """It has what --help has: every option, and the whole description."""
    program = REPOSITORY / "docs" / "ci" / f"portlore-{name}"
    subprocess.run([sys.executable, "-B", REPOSITORY / "tools" / "manpage_program.py", "9.9.9", program, "--out",
                    tmp_path], check=True)
    text = (tmp_path / f"portlore-{name}.1").read_text(encoding="utf-8").replace("\\-", "-")
    assert re.search(rf"^\.SH NAME\nportlore-{name} - [a-z]", text, re.M) and "9.9.9" in text.splitlines()[0]
    said = subprocess.run([sys.executable, "-B", program, "--help"], check=True, stdout=subprocess.PIPE,
                          encoding="utf-8").stdout
    words = " ".join(text.split())
    for block in said.split("positional arguments:")[0].split("\n\n")[1:]:
        assert " ".join(block.split()) in words
    offered = set(re.findall(r"^  (-.*?)(?:  |$)", said, re.M))
    assert offered == set(re.findall(r"^\.TP\n\\fB(-.*)\\fR$", text, re.M))

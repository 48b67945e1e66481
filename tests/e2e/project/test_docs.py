"""What the documentation shows is what happens: every console block in README.md and docs/ is run.

A block holds commands ("$ tshark ...") with their output. A line "..." stands for any number of lines.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re

import pytest
from support.paths import CAPTURES, REPOSITORY, shipped

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def pages():
    return [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]


def examples():
    """(where, command, expected lines) for every command in the documentation."""
    for page in pages():
        for block in BLOCK.findall(page.read_text(encoding="utf-8")):
            for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
                text = re.sub(r"\\\n\s*", "", part)
                command, *expected = text.rstrip("\n").split("\n")
                yield pytest.param(command, expected, id=f"{page.relative_to(REPOSITORY)}: {command[:60]}")


def pattern(expected):
    lines = [r"(?:.*\n)*" if line.strip() == "..." else re.escape(line) + r"[ \t]*\n" for line in expected]
    return re.compile("".join(lines))


@pytest.mark.parametrize("command, expected", list(examples()))
def test_example(runner, tmp_path, command, expected):
    folder = runner.new_home()
    (folder / "captures").symlink_to(runner.reachable(CAPTURES))
    (folder / "docs").symlink_to(runner.reachable(REPOSITORY / "docs"))
    answer = runner.run("sh", "-c", command, cwd=folder)
    # Since Wireshark 4.4 backslashes in fields are doubled.
    printed = answer.stdout.replace("\\\\", "\\")
    assert pattern(expected).fullmatch(printed), f"{command}\n{answer.stdout}{answer.stderr}"


def links():
    """(page, target) for every link and picture that stays in the repository."""
    for page in pages():
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            if not target.startswith(("http:", "https:", "#")):
                yield pytest.param(page, target.partition("#")[0], id=f"{page.relative_to(REPOSITORY)}: {target}")


@pytest.mark.parametrize("page, target", links())
def test_link_leads_somewhere(page, target):
    assert (page.parent / target).exists()


def first_filters():
    """The filters of README's table; one that begins with a dot ends the name that stands before it in its row."""
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?) \|", text.partition("\n## First filters\n")[2].partition("\n## ")[0], re.M)
    for row in rows:
        first = ""
        for name in re.findall("`([^`]+)`", row):
            first = name if not name.startswith(".") else first
            yield name if name == first else first.rpartition(".")[0] + name


@pytest.mark.parametrize("rule", list(first_filters()))
def test_a_filter_of_the_readme_finds_something(tshark, keys, rule):
    """In a shipped capture of its protocol, with its keys where it has some."""
    assert any(tshark(name, "-2", *keys(name), "-Y", rule) for name in shipped(f"{rule[:4]}*.pcap*"))


def test_there_are_filters():
    assert len(set(first_filters())) > 20


def test_every_picture_is_shown():
    shown = {(page.parent / target).resolve() for page, target in (each.values for each in links())}
    pictures = set((REPOSITORY / "docs" / "screenshots").rglob("*.png"))
    assert len(pictures) > 10
    assert sorted(pictures - shown) == []


def test_every_finding_of_gtp_prime_is_explained(runner):
    page = (REPOSITORY / "docs" / "gtpprime.md").read_text(encoding="utf-8")
    lines = runner.run("tshark", "-G", "fields").stdout.splitlines()
    findings = {line.split("\t")[2] for line in lines if "\tgtpp.analysis." in line}
    for finding in findings:
        if not finding.endswith(".expert"):
            assert f"`{finding.removeprefix('gtpp.analysis.')}`" in page, finding


def test_there_are_examples():
    assert len(list(examples())) >= 5

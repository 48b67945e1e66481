"""docs/gtpprime.md shows what the commands in it print.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import shlex
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "gtpprime.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```\n\$ tshark -r captures/(\S+) (.*)\n((?:.*\n)*?)```$", PAGE, re.MULTILINE)


def test_there_are_two_commands():
    assert len(EXAMPLES) == 2


@pytest.mark.parametrize("name, arguments, shown", EXAMPLES)
def test_example(tshark, name, arguments, shown):
    assert tshark(name, *shlex.split(arguments)) == shown.splitlines()


def test_every_finding_is_explained(runner):
    lines = runner.run("tshark", "-G", "fields").stdout.splitlines()
    findings = {line.split("\t")[2] for line in lines if "\tgtpp.analysis." in line}
    for finding in findings:
        if not finding.endswith(".expert"):
            assert f"`{finding.removeprefix('gtpp.analysis.')}`" in PAGE, finding

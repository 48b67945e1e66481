"""docs/gtpprime.md explains every finding.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "gtpprime.md").read_text(encoding="utf-8")


def test_every_finding_is_explained(runner):
    lines = runner.run("tshark", "-G", "fields").stdout.splitlines()
    findings = {line.split("\t")[2] for line in lines if "\tgtpp.analysis." in line}
    for finding in findings:
        if not finding.endswith(".expert"):
            assert f"`{finding.removeprefix('gtpp.analysis.')}`" in PAGE, finding

"""docs/troubleshooting.md: what it says of Wireshark is what Wireshark does (plugins of another series:
test_wrong_series.py).

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import subprocess

import pytest

from conftest import CAPTURES, REPOSITORY

PAGE = (REPOSITORY / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
GTPPRIME = ("-d", "udp.port==3386,gtpprime")


def test_installed_twice(runner, home):
    personal = home / ".local" / "lib" / "wireshark" / runner.plugin.relative_to(runner.plugins.parent)
    personal.parent.mkdir(parents=True)
    personal.write_bytes(runner.plugin.read_bytes())
    for each in home.rglob("*"):
        each.chmod(0o755)
    answer = runner.run("tshark", "-G", "plugins", home=home)
    assert re.search(r"^## (The plugin .* multiple directories)$", PAGE, re.M)[1] in answer.stderr
    assert answer.stdout.count("portlore.so") == 2, "its name, and where it is"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can show what root gets")
def test_root_gets_nothing(runner, home):
    answer = subprocess.run(["tshark", "-G", "plugins"], env=runner.environment(home), capture_output=True,
                            encoding="utf-8", check=True)
    assert str(runner.plugin) not in answer.stdout
    assert "portlore" not in answer.stderr


def test_is_it_there(runner):
    command = re.search(r"^    (tshark .* grep portlore)$", PAGE, re.M)[1]
    assert str(runner.plugin) in runner.run("sh", "-c", command).stdout


@pytest.mark.parametrize("args, protocol", [
    (("--disable-protocol", "gtpp"), "gtp"),
    (GTPPRIME, "gtp"),
    ((*GTPPRIME, "-o", "gtp.track_gtp_session:TRUE"), "gtpp"),
])
def test_wireshark_s_own(fields, args, protocol):
    """Decode As is heeded, but for the one case that the page names."""
    protocols = fields("gtpp-udp.pcap", "frame.number == 1", "frame.protocols", extra=args)[0].split(":")
    assert ("gtpp" in protocols) == (protocol == "gtpp")


def test_the_account_of_other_formats(tshark):
    """Counted and exported, not decoded."""
    assert (CAPTURES / "gtpp-record-formats.pcap").exists()
    lines = tshark("gtpp-record-formats.pcap", "-Y", "gtpp.cdr.not_decoded", "-T", "fields", "-e", "gtpp.cdr.imsi")
    assert lines and not any(line.strip() for line in lines)

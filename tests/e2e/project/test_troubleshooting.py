"""docs/troubleshooting.md: what it says of Wireshark is what Wireshark does.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import subprocess

import pytest
from support.paths import CAPTURES, REPOSITORY

PAGE = (REPOSITORY / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
GTPPRIME = ("-d", "udp.port==3386,gtpprime")


def folder_with(home, runner, plugin):
    """A plugin folder that has this plugin in the place of the one just built."""
    path = home / "plugins" / runner.plugin.relative_to(runner.plugins)
    path.parent.mkdir(parents=True)
    path.write_bytes(plugin)
    for each in [home / "plugins", *(home / "plugins").rglob("*")]:
        each.chmod(0o755)
    return home / "plugins"


def complaint(runner, home, plugin):
    """What tshark says of such a plugin; it must go on without it."""
    plugins = folder_with(home, runner, plugin)
    answer = runner.run("env", f"WIRESHARK_PLUGIN_DIR={plugins}", "tshark", "-G", "plugins", home=home)
    assert answer.returncode == 0 and "portlore.so" not in answer.stdout
    return answer.stderr.strip().splitlines()[-1]


def where(symbol, path):
    """Where in the file a number stands that the plugin exports."""
    table = subprocess.run(["readelf", "-sSW", path], capture_output=True, encoding="utf-8", check=True).stdout
    found = re.search(rf"^ *\d+: ([0-9a-f]+) +4 OBJECT .* (\d+) {symbol}$", table, re.M)
    section = re.search(rf"^ *\[ *{found[2]}\] \S+ +\S+ +([0-9a-f]+) ([0-9a-f]+)", table, re.M)
    return int(found[1], 16) - int(section[1], 16) + int(section[2], 16)


def test_plugin_of_another_series(runner, home):
    plugin = bytearray(runner.plugin.read_bytes())
    at = where("plugin_want_minor", runner.plugin)
    plugin[at:at + 4] = (98).to_bytes(4, "little")
    said = complaint(runner, home, bytes(plugin))
    heading = re.search(r"^## (The plugin .* was compiled .*)$", PAGE, re.M)[1]
    assert re.sub(r"4\.\d+$", "4.98", heading) in said


def test_plugin_whose_library_is_not_there(runner, home):
    plugin = runner.plugin.read_bytes()
    other = re.sub(rb"libwireshark\.so\.\d\d", b"libwireshark.so.99", plugin)
    assert other != plugin
    said = complaint(runner, home, other)
    heading = re.search(r"^## (Couldn't load plugin .*)$", PAGE, re.M)[1]
    assert re.sub(r"so\.\d\d", "so.99", heading) in said


def test_plugin_in_the_folder_of_another_series(runner, home):
    """Not looked for there; nothing is said."""
    plugins = folder_with(home, runner, runner.plugin.read_bytes())
    series = plugins / runner.plugin.relative_to(runner.plugins).parts[0]
    command = ("env", f"WIRESHARK_PLUGIN_DIR={plugins}", "tshark", "-G", "plugins")
    assert "portlore.so" in runner.run(*command, home=home).stdout
    series.rename(plugins / "4.99")
    answer = runner.run(*command, home=home)
    assert (answer.stderr, "portlore.so" in answer.stdout) == ("", False)


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

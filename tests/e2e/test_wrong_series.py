"""A portlore.so that was built for another series of Wireshark: the documentation names Wireshark's own message.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import subprocess

import pytest

from conftest import REPOSITORY

LIBRARY = re.compile(rb"libwireshark\.so\.\d\d")
# A plugin of a series that is not this one.
OTHER = """\
const char plugin_version[] = "0";
const int plugin_want_major = 4;
const int plugin_want_minor = 99;
void plugin_register(void);
void plugin_register(void)
{
}
"""


def any_number(text):
    return re.sub(r"\d+", "N", text)


@pytest.fixture
def documented():
    """documented(MESSAGE): whether a heading of the troubleshooting begins it, whatever the numbers in it."""
    page = (REPOSITORY / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    headings = [any_number(heading) for heading in re.findall(r"^## (.*portlore\.so.*)$", page, re.M)]

    def check(message):
        return any(any_number(message).startswith(heading) for heading in headings)
    return check


@pytest.fixture
def complaint(runner, home, capture):
    """complaint(): what tshark says to the portlore.so in the plugin folder of the test. It goes on without it."""
    def run():
        for path in home.rglob("*"):
            path.chmod(0o755)
        answer = runner.run("tshark", "-r", capture("gtpp-udp.pcap"), "-c", "1", home=home, plugins=False)
        assert answer.returncode == 0 and len(answer.stdout.splitlines()) == 1
        return re.sub(r"^.*?tshark: ", "", answer.stderr.strip())
    return run


@pytest.fixture
def place(runner, home):
    """Where tshark looks for the plugin, in a folder of the test's own."""
    path = home / runner.plugin.parent.parent.name / "epan" / "portlore.so"
    path.parent.mkdir(parents=True)
    return path


def test_the_library_of_the_other_series_is_not_there(runner, place, complaint, documented):
    plugin, count = LIBRARY.subn(b"libwireshark.so.99", runner.plugin.read_bytes())
    assert count == 1
    place.write_bytes(plugin)
    message = complaint()
    assert "libwireshark.so.99" in message
    assert documented(message)


def test_the_library_of_the_other_series_is_there(place, complaint, documented, tmp_path):
    source = tmp_path / "other.c"
    source.write_text(OTHER, encoding="utf-8")
    subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-o", place, source], check=True)
    message = complaint()
    assert message.endswith("4.99")
    assert documented(message)


def test_the_folder_of_another_series_is_not_looked_into(runner, home, place):
    """Nothing is said, and the documentation says that."""
    other = home / "4.99" / "epan"
    other.mkdir(parents=True)
    (other / "portlore.so").write_bytes(runner.plugin.read_bytes())
    for path in home.rglob("*"):
        path.chmod(0o755)
    answer = runner.run("tshark", "-G", "plugins", home=home, plugins=False)
    assert (answer.stderr, "portlore" in answer.stdout) == ("", False)
    place.write_bytes(runner.plugin.read_bytes())
    place.chmod(0o755)
    assert "portlore" in runner.run("tshark", "-G", "plugins", home=home, plugins=False).stdout

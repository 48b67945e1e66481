"""The tests' short lists of vendors change nothing that Wireshark prints of the shipped captures.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from support.paths import shipped


def test_short_lists_change_nothing(runner, capture, tmp_path):
    merged = tmp_path / "all.pcapng"
    with open(merged, "wb") as out:
        made = runner.run("mergecap", "-a", "-w", "-", *map(capture, shipped()), capture_output=False, stdout=out)
    assert made.returncode == 0
    whole = {"WIRESHARK_DATA_DIR": runner.whole_data}
    short, full = (runner.run("tshark", "-r", capture(merged), "-V", variables=each) for each in ({}, whole))
    assert short.returncode == full.returncode == 0
    assert short.stdout == full.stdout
    assert short.stdout.count("\nFrame ") > 500

"""What makes the tests' runs of Wireshark fast changes nothing that it prints.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest
from runner import Runner
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


@pytest.mark.parametrize("args", [["-2", "-V"], ["-T", "pdml"], ["-q", "-z", "gtpp,ledger", "-z", "rdgudp,channels"],
                                  ["-O", "gtpp"], ["-Y", "no.such_field"],
                                  ["-2", "-R", "udp", "-T", "fields", "-e", "gtpp.seq"]])
@pytest.mark.parametrize("name", ["gtpp-messages.pcap", "rdgudp-lossy.pcap", "gtpp-no-such.pcap"])
def test_a_program_that_waited_prints_the_same(runner, capture, name, args):
    """tshark with all protocols registered, and one that begins anew: the same octets, complaints and exit code."""
    def told(answer):
        return answer.returncode, [line for line in answer.stdout.splitlines() if "<pdml" not in line], answer.stderr
    assert runner.prefork is not None
    command = ["tshark", "-r", str(capture(name)), *args]
    assert told(runner.run(*command)) == told(Runner.run(runner, *command))
    assert runner.servers

"""What tests of GTP' share.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import itertools
import subprocess

import pytest


@pytest.fixture
def written(tmp_path):
    """written(CAPTURE, LENGTH): the capture as a file, with a snapshot length. Each has a name of its own: of a file
    that another user cannot read, the runner makes one copy."""
    numbers = itertools.count(1)

    def write(capture, length=65535):
        number = next(numbers)
        whole, path = tmp_path / f"whole-{number}.pcap", tmp_path / f"cut-{number}.pcap"
        whole.write_bytes(capture.octets())
        subprocess.run(["editcap", "-s", str(length), whole, path], check=True, capture_output=True)
        path.chmod(0o644)
        return path
    return write

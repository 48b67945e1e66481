"""What tests of GTP' share.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import subprocess

import pytest


@pytest.fixture
def written(tmp_path):
    """written(CAPTURE, LENGTH): the capture as a file, with a snapshot length."""
    def write(capture, length=65535):
        whole, path = tmp_path / "whole.pcap", tmp_path / "cut.pcap"
        whole.write_bytes(capture.octets())
        subprocess.run(["editcap", "-s", str(length), whole, path], check=True, capture_output=True)
        path.chmod(0o644)
        return path
    return write

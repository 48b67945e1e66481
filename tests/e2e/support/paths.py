"""Where things are.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
CAPTURES = REPOSITORY / "captures"


def shipped(pattern="*.pcap*"):
    """Names of the shipped captures that match the pattern, in order."""
    return sorted(path.name for path in CAPTURES.glob(pattern))

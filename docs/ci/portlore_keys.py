"""The key log with which tshark decrypts TLS and DTLS: the option --keys of portlore-records and portlore-reconcile.
portlore-check has its own: users copy it as one file.

SPDX-License-Identifier: GPL-2.0-or-later
"""
from __future__ import annotations

import argparse
from typing import Optional


class Unreadable(Exception):
    """The key log cannot be read. tshark would go on without it, and say nothing."""


def add_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--keys", metavar="FILE", help="key log to decrypt TLS and DTLS with")


def settings(keys: Optional[str]) -> list[str]:
    """The options of tshark."""
    return ["-o", f"tls.keylog_file:{keys}"] if keys else []


def check(keys: Optional[str]) -> None:
    """Raises Unreadable."""
    try:
        if keys:
            with open(keys, "rb"):
                pass
    except OSError as reason:
        raise Unreadable(f"the key log {keys} cannot be read: {reason.strerror}") from None

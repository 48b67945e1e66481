"""Several captures in one, so that one run of a program reads them all.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import subprocess

# How the addresses of the shipped captures begin.
NETWORKS = (b"\xc0\x00\x02", b"\xc6\x33\x64", b"\x20\x01\x0d\xb8")


def moved(octets, number):
    """A capture file with other addresses, so that none of its conversations is one of the file as it was."""
    for network in NETWORKS:
        octets = octets.replace(network, network[:-1] + bytes([network[-1] + number]))
    return octets


def merge(path, captures):
    """Writes one capture that has all of these, one after the other, each at addresses of its own; its path."""
    parts = [path.with_name(f"{number}-{path.name}") for number in range(len(captures))]
    for number, (part, capture) in enumerate(zip(parts, captures)):
        part.write_bytes(moved(capture.read_bytes(), number))
    subprocess.run(["mergecap", "-a", "-w", path, *parts], check=True, capture_output=True)
    for part in parts:
        part.unlink()
    path.chmod(0o644)
    return path

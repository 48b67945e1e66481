#!/usr/bin/python3
"""rename.py FOLDER: gives glib's DLLs in the folder the names that they have in Wireshark's own packages for Windows.

mingw calls them libglib-2.0-0.dll, Wireshark's packages glib-2.0-0.dll, which is what portlore.dll asks for. The names
are shorter, so that they fit into the place of the old ones.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import sys
from pathlib import Path

NAMES = [f"{part}-2.0-0.dll" for part in ("glib", "gmodule", "gthread")]


def main(folder):
    for path in [*folder.rglob("*.exe"), *folder.rglob("*.dll")]:
        octets = path.read_bytes()
        renamed = octets
        for name in NAMES:
            renamed = renamed.replace(b"lib%s\0" % name.encode(), b"%s\0\0\0\0" % name.encode())
        if renamed != octets:
            path.write_bytes(renamed)
    for name in NAMES:
        (folder / f"lib{name}").rename(folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

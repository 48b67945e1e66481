#!/usr/bin/python3
"""archive.py DLL SERIES VERSION TIME OUT: the zip for Windows: DLL, README.txt, profile, commands and licence.

The archive depends on the files and the time alone.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import sys
import time
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]


def main(dll, series, version, when, out):
    readme = (HERE / "package/windows/README.txt").read_text()
    readme = readme.replace("@VERSION@", version).replace("@SERIES@", series)
    files = {"portlore.dll": Path(dll).read_bytes(), "README.txt": readme.replace("\n", "\r\n").encode(),
             "LICENSE.txt": (HERE / "LICENSE").read_bytes().replace(b"\n", b"\r\n")}
    for path in sorted((HERE / "docs/profile/Portlore").iterdir()):
        files[f"profile/Portlore/{path.name}"] = path.read_bytes()
    # Windows knows a program of Python by the end of its name.
    for path in sorted((HERE / "docs/ci").glob("portlore[-_]*")):
        name = path.name if path.suffix else f"{path.name}.py"
        files[f"commands/{name}"] = path.read_bytes()
    name = f"portlore-{version}-ws{series}-windows-x64"
    with zipfile.ZipFile(Path(out) / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            info = zipfile.ZipInfo(f"{name}/{path}", time.gmtime(int(when))[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)


if __name__ == "__main__":
    main(*sys.argv[1:])

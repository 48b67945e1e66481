#!/usr/bin/python3
"""wine.py SERIES PROGRAMS ZIP OTHER_ZIP WORK [EVERY]: tries the DLL of a release with a Windows tshark, under wine.

PROGRAMS is the folder of tshark.exe and sharkd.exe of SERIES, ZIP the release's for SERIES, OTHER_ZIP that for another
series. First: the personal folder instead of the program's, and the other series' DLL. Then WORK/answers-windows gets
what sharkd.exe answers and what tshark.exe prints of every capture, or of every EVERYth, and of those in WORK/cut
(tools/sharkd_outputs.py, tools/outputs.py). What is wrong goes to standard error, and makes the exit code 1.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
WINE = "/usr/lib/wine/wine64"
CAPTURE = HERE / "captures/gtpp-udp.pcap"


def dll_of(archive):
    with zipfile.ZipFile(archive) as inside:
        return inside.read(next(name for name in inside.namelist() if name.endswith("/portlore.dll")))


class Wine:
    def __init__(self, series, programs, prefix):
        self.programs = programs
        self.program_folder = programs / f"plugins/{series}/epan"
        # Wine asks in a window for its own .NET and browser, which are not there: so it must do without.
        os.environ.update(WINEPREFIX=str(prefix), WINEDEBUG="-all", WINEDLLOVERRIDES="mscoree,mshtml=",
                          XDG_RUNTIME_DIR="/tmp", TZ="UTC")
        # What it starts in the background keeps its standard output.
        subprocess.run([WINE, "wineboot", "-i"], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=1200)
        users = [path for path in (prefix / "drive_c/users").iterdir() if path.name != "Public"]
        self.personal_folder = users[0] / f"AppData/Roaming/Wireshark/plugins/{series}/epan"

    def put(self, folder, octets):
        """The DLL is in this folder, and in no other."""
        for each in (self.program_folder, self.personal_folder):
            (each / "portlore.dll").unlink(missing_ok=True)
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "portlore.dll").write_bytes(octets)

    def run(self, program, *words):
        return subprocess.run([WINE, str(self.programs / program), *map(str, words)], stdin=subprocess.DEVNULL,
                              capture_output=True, encoding="utf-8", errors="replace", check=False, timeout=600)

    def plugins(self):
        """The row of the list of plugins that has ours, or nothing, and what tshark complains of."""
        answer = self.run("tshark.exe", "-G", "plugins")
        rows = [row for row in answer.stdout.splitlines() if row.startswith("portlore.dll")]
        return rows[0] if rows else "", answer.stderr


def folders(wine, dll, foreign):
    """What is wrong with where the DLL is loaded from, and with what becomes of another series' DLL."""
    wine.put(wine.personal_folder, dll)
    row, complaint = wine.plugins()
    if "AppData" not in row:
        yield f"tshark.exe does not load it from the personal folder {wine.personal_folder}: {row} {complaint}"

    wine.put(wine.program_folder, foreign)
    row, complaint = wine.plugins()
    if row or not re.search(r"'portlore\.dll' was compiled for Wireshark version \d", complaint):
        yield f"another series' DLL is not refused with a reason: {row} {complaint}"
    if wine.run("tshark.exe", "-r", CAPTURE).returncode:
        yield "with another series' DLL, tshark.exe does not read a capture"

    wine.put(wine.program_folder, dll)
    row, complaint = wine.plugins()
    if not row or "AppData" in row:
        yield f"tshark.exe does not load it from its program's folder: {row} {complaint}"


def main(series, programs, archive, other, work, every="1"):
    wine = Wine(series, programs, work / "wine")
    wrong = list(folders(wine, dll_of(archive), dll_of(other)))
    answers, cut = work / "answers-windows", work / "cut"
    print_of = [sys.executable, "-B", HERE / "tools/outputs.py", "print", "--every", every]
    tshark = ["--", WINE, programs / "tshark.exe"]
    for command in ([sys.executable, "-B", HERE / "tools/sharkd_outputs.py", answers, HERE / "captures", cut, "--",
                     WINE, programs / "sharkd.exe"],
                    [*print_of, "--modes", "once,twice", answers, HERE / "captures", *tshark],
                    [*print_of, "--modes", "twice", answers, cut, *tshark]):
        if subprocess.run(command, check=False).returncode:
            wrong.append(f"failed: {' '.join(map(str, command))}")
    for line in wrong:
        print(f"wine: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(Path, sys.argv[2:6]), *sys.argv[6:]))

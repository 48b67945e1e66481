"""tools/release: what is collected, and how it is told, with builds that only leave files.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import hashlib
import re
import shutil
import subprocess
import tarfile

import pytest

from support.paths import REPOSITORY

SERIES = ("4.0", "4.4", "4.6")
VERSION = re.search(r"^project\(portlore VERSION ([\d.]+)", (REPOSITORY / "CMakeLists.txt").read_text(), re.M).group(1)


@pytest.fixture
def release(tmp_path):
    """release(MATRIX, WINDOWS, ARM64): runs tools/release with these scripts in place of the builds; its folder."""
    for name in ("tools/release", "CMakeLists.txt", "CHANGELOG.md", "docs/profile"):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (REPOSITORY / name).is_dir() else shutil.copy)(REPOSITORY / name, target)

    def run(matrix, windows, arm64):
        for name, text in {"matrix": matrix, "windows/run": windows, "arm64": arm64}.items():
            script = tmp_path / "tools" / name
            script.parent.mkdir(exist_ok=True)
            script.write_text(f"#!/bin/sh\nset -eu\ncd {tmp_path}\n{text}")
            script.chmod(0o755)
        done = subprocess.run([tmp_path / "tools/release"], capture_output=True, text=True, check=False)
        return done.returncode, tmp_path / "build/release"
    return run


def leave(folder, names):
    return f"mkdir -p build/{folder}\n" + "".join(f"echo {name} >build/{folder}/{name}\n" for name in names)


def test_release(release):
    debs = [f"portlore_{VERSION}-ws{series}_amd64.deb" for series in SERIES]
    others = [f"portlore_{VERSION}-ws{series}_arm64.deb" for series in SERIES]
    zips = [f"portlore-{VERSION}-ws{series}-windows-x64.zip" for series in SERIES]
    profile = f"portlore-profile-{VERSION}.tar.gz"
    # A release has each DLL built twice, and run with all captures.
    windows = f'case "$*" in --twice) {leave("windows", zips)} ;; "test --built") touch ran ;; *) exit 1 ;; esac\n'
    code, folder = release(leave("packages", debs), windows, leave("arm64", others))
    assert code == 0 and (folder / "../../ran").exists()
    assert {path.name for path in folder.iterdir()} == {*debs, *others, *zips, profile, "SHA256SUMS", "RELEASE.md"}
    sums = dict(reversed(line.split()) for line in (folder / "SHA256SUMS").read_text().splitlines())
    files = (*debs, *others, *zips, profile)
    assert sums == {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files}
    notes = (folder / "RELEASE.md").read_text()
    for name in files:
        assert f"`{name}`" in notes and sums[name] in notes
    with tarfile.open(folder / profile) as archive:
        assert "Portlore/preferences" in archive.getnames()


@pytest.mark.parametrize("scripts", [
    ("exit 1", "", ""), ("", "exit 1", ""), ("", "case $1 in test) exit 1 ;; esac", ""), ("", "", "exit 1"),
    ("", "", "")])
def test_nothing_is_released_when_a_build_fails(release, scripts):
    """Or a test, or when it leaves nothing."""
    code, folder = release(*scripts)
    assert code != 0 and not (folder / "SHA256SUMS").exists()

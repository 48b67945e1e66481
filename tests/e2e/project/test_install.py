"""./dev install and ./dev uninstall, for a user of their own home folder.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import shutil

import pytest
from support.paths import REPOSITORY


@pytest.fixture
def stage(runner):
    """A folder that every user may read, with the installer, the profile and the built plugin."""
    stage = runner.new_home()
    shutil.copytree(REPOSITORY / "docs" / "profile", stage / "docs" / "profile")
    (stage / "tools").mkdir()
    shutil.copy(REPOSITORY / "tools" / "install", stage / "tools" / "install")
    build = stage / "build"
    shutil.copytree(runner.build / "run", build / "run")
    for path in [stage, *stage.rglob("*")]:
        path.chmod(0o755)
    return stage


@pytest.fixture
def installer(runner, stage, home):
    """installer(ARGUMENT): runs tools/install as somebody whose home is new; what it says. It must succeed."""
    build = stage / "build"

    def run(*args):
        how = [str(build) if arg == "BUILD" else arg for arg in args]
        script = f'unset WIRESHARK_PLUGIN_DIR; exec {stage}/tools/install "$@"'
        answer = runner.run("sh", "-c", script, "install", *how, home=home)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout
    return run


def placed(home):
    return sorted(path.name for path in home.rglob("*") if path.is_file())


PARTS = ["colorfilters", "dfilter_buttons", "io_graphs", "portlore.so", "preferences", "recent"]


def test_install_and_uninstall(installer, home):
    installer("BUILD")
    assert placed(home) == PARTS
    installer("--remove")
    assert placed(home) == []
    assert installer("--remove").count("Nothing to remove") == 2


def test_a_changed_profile_is_not_lost(installer, home):
    installer("BUILD")
    profile = next(home.rglob("profiles")) / "Portlore"
    shutil.copy(profile / "preferences", profile / "mine")
    assert "Portlore.old" in installer("BUILD")
    assert (profile.parent / "Portlore.old" / "mine").exists()
    assert not (profile / "mine").exists()


def test_installing_twice_changes_nothing(installer, home):
    installer("BUILD")
    assert ".old" not in installer("BUILD")
    assert placed(home) == PARTS


@pytest.fixture
def packaged(runner, stage, home):
    """packaged(ARGUMENT): runs tools/install where dpkg says that a package owns the plugin; exit code and what it
    says. A program of that name stands for dpkg-query: a test without rights cannot install a package."""
    folder = runner.new_home()
    stub = folder / "dpkg-query"
    stub.write_text('#!/bin/sh\ncase $2 in */portlore.so) echo "portlore: $2" ;; *) exit 1 ;; esac\n', encoding="ascii")
    for path in (folder, stub):
        path.chmod(0o755)

    def run(argument):
        script = f'unset WIRESHARK_PLUGIN_DIR; PATH={folder}:$PATH exec {stage}/tools/install "{argument}"'
        answer = runner.run("sh", "-c", script, home=home)
        return answer.returncode, answer.stdout + answer.stderr
    return run


def test_what_a_debian_package_owns_is_neither_replaced_nor_removed(packaged, installer, stage, home):
    installer("BUILD")
    before = placed(home)
    code, said = packaged(stage / "build")
    assert code == 1 and "belongs to the Debian package portlore: remove that first" in said
    assert placed(home) == before
    code, said = packaged("--remove")
    assert code == 0 and "it belongs to the Debian package portlore" in said
    assert placed(home) == ["portlore.so"]

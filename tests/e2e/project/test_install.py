"""./dev install and ./dev uninstall, for a user of their own home folder.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import shutil

import pytest
from support.paths import REPOSITORY


@pytest.fixture
def installer(runner, home):
    """installer(ARGUMENT): runs tools/install as somebody whose home is new; what it says. It must succeed."""
    stage = runner.new_home()
    shutil.copytree(REPOSITORY / "docs" / "profile", stage / "docs" / "profile")
    (stage / "tools").mkdir()
    shutil.copy(REPOSITORY / "tools" / "install", stage / "tools" / "install")
    build = stage / "build"
    shutil.copytree(runner.build / "run", build / "run")
    for path in [stage, *stage.rglob("*")]:
        path.chmod(0o755)

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

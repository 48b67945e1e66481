"""Runs Wireshark's programs with the built plugin, as a user that may load it.

As root, Wireshark ignores WIRESHARK_PLUGIN_DIR without a message. So root's runs are an unprivileged user's, and
what that user cannot read (a checkout under /root, say) is copied to where it can.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

NOBODY = 65534
CONFIGURATION = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "WIRESHARK_CONFIG_DIR", "WIRESHARK_RUN_FROM_BUILD_DIRECTORY")


class NotLoaded(Exception):
    """The plugin is not there, or Wireshark does not load it: a run would show and test nothing."""


class Runner:
    """Runs programs of Wireshark with the plugin from a build folder; close() removes what it left behind."""

    def __init__(self, build):
        self.build = Path(build).resolve()
        self.stage = Path(tempfile.mkdtemp(prefix="portlore-"))
        self.stage.chmod(0o755)
        self.copies = {}
        found = sorted(self.build.glob("run/plugins/*/epan/portlore.so"))
        if len(found) != 1:
            self.close()
            raise NotLoaded(f"{self.build}: no plugin is built here; run ./dev build first.")
        self.plugins = self.reachable(found[0].parents[2])
        self.plugin = self.plugins / found[0].relative_to(found[0].parents[2])

    def close(self):
        shutil.rmtree(self.stage, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @staticmethod
    def identity():
        """The user of the programs: nobody instead of root, otherwise the current user."""
        if os.geteuid() != 0:
            return {}
        return {"user": NOBODY, "group": NOBODY, "extra_groups": []}

    def can_read(self, path):
        return subprocess.run(["test", "-r", str(path)], check=False, **self.identity()).returncode == 0

    def reachable(self, path):
        """The file or folder itself when the programs' user can read it, otherwise a copy where it can."""
        path = Path(path).resolve()
        if path not in self.copies:
            probe = next((p for p in sorted(path.rglob("*")) if p.is_file()), path) if path.is_dir() else path
            if not path.exists() or self.can_read(probe):
                self.copies[path] = path
            else:
                copy = Path(tempfile.mkdtemp(dir=self.stage)) / path.name
                copy.parent.chmod(0o755)
                if path.is_dir():
                    shutil.copytree(path, copy)
                else:
                    shutil.copy(path, copy)
                for each in [copy, *copy.rglob("*")]:
                    each.chmod(0o755 if os.access(each, os.X_OK) else 0o644)
                self.copies[path] = copy
        return self.copies[path]

    def new_home(self):
        """A new home folder: no preferences."""
        home = Path(tempfile.mkdtemp(dir=self.stage))
        if os.geteuid() == 0:
            os.chown(home, NOBODY, NOBODY)
        return home

    def environment(self, home, plugins=True):
        env = {name: value for name, value in os.environ.items() if name not in CONFIGURATION}
        env.update(HOME=str(home), TZ="UTC", LC_ALL="C.UTF-8")
        env["WIRESHARK_PLUGIN_DIR"] = str(self.plugins if plugins else home)
        return env

    def run(self, program, *args, home=None, plugins=True, variables=None, **how):
        """Runs a program to its end; its output as text. Without PLUGINS it is Wireshark as it comes, from an empty
        plugin folder. VARIABLES of the environment come on top."""
        home = home or self.new_home()
        env = {**self.environment(home, plugins), **(variables or {})}
        how.setdefault("capture_output", True)
        how.setdefault("timeout", 300)
        how.setdefault("cwd", "/")
        return subprocess.run([program, *map(str, args)], env=env, encoding="utf-8", errors="replace",
                              check=False, **self.identity(), **how)

    def check_loaded(self):
        """Stops everything when tshark does not load the plugin from where it was just built."""
        try:
            answer = self.run("tshark", "-G", "plugins")
        except FileNotFoundError:
            raise NotLoaded("tshark is not installed: install the package tshark.") from None
        if str(self.plugin) not in answer.stdout:
            reason = answer.stderr.strip() or "It gives no reason."
            raise NotLoaded(f"tshark does not load {self.plugin}. {reason}")

"""Wireshark's programs, started in less time.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import subprocess
import tempfile
from pathlib import Path

from runner import Runner

from .prefork import STAND_IN, Prefork, early_words

# The vendors of addresses and the owners of enterprise numbers: four megabytes of text that Wireshark 4.0 reads at each
# start, which is 40 % of what a run over a small capture costs. Of each list, what the shipped captures need is kept;
# test_quick_runner.py compares what is printed with the whole lists and with these.
SHORTENED = {"manuf": re.compile(r"$^"), "enterprises.tsv": re.compile(r"32473\t")}


class QuickRunner(Runner):
    """A Runner whose programs read short lists of vendors, and begin with all protocols registered where that makes no
    difference: not where the home folder holds settings, or the run writes there."""

    def __init__(self, build):
        self.data = None
        self.servers = {}
        super().__init__(build)
        library = self.build / "tests" / "libprefork.so"
        self.prefork = self.reachable(library) if library.is_file() else None
        listing = self.run("tshark", "-G", "folders").stdout
        self.whole_data = next(line.split("\t")[-1] for line in listing.splitlines() if "Global configuration" in line)
        self.data = self.shortened_data(Path(self.whole_data))

    def shortened_data(self, folder):
        """A folder of data with the lists shortened; None where the lists are part of the program (4.2)."""
        if not all((folder / name).is_file() for name in SHORTENED):
            return None
        data = self.stage / "data"
        data.mkdir(mode=0o755)
        for each in folder.iterdir():
            if each.name not in SHORTENED:
                (data / each.name).symlink_to(each)
        for name, kept in SHORTENED.items():
            with open(folder / name, encoding="utf-8") as whole:
                (data / name).write_text("".join(filter(kept.match, whole)), encoding="utf-8")
            (data / name).chmod(0o644)
        return data

    def environment(self, home, plugins=True):
        env = super().environment(home, plugins)
        if self.data:
            env["WIRESHARK_DATA_DIR"] = str(self.data)
        return env

    def close(self):
        for server in self.servers.values():
            server.close()
        self.servers = {}
        super().close()

    def run(self, program, *args, home=None, plugins=True, variables=None, **how):
        home = home or self.new_home()
        args = [str(arg) for arg in args]
        early = early_words(program, args)
        plain = set(how) <= {"input", "capture_output", "stdout", "cwd", "timeout"}
        if self.prefork is None or early is None or variables or not plain or self.is_used(home, args):
            return super().run(program, *args, home=home, plugins=plugins, variables=variables, **how)
        return self.run_prefork(program, args, early, plugins, **how)

    @staticmethod
    def is_used(home, args):
        return any(Path(home).iterdir()) or any(str(home) in arg for arg in args)

    def server(self, program, early, plugins):
        """The one for such requests."""
        key = (program, early, plugins)
        if key not in self.servers:
            home = self.new_home()
            env = self.environment(home, plugins)
            self.servers[key] = Prefork(self.prefork, program, early, env, **self.identity())
        return self.servers[key]

    def run_prefork(self, program, args, early, plugins, cwd="/", stdout=None, timeout=300, capture_output=True, **how):
        """As run(). What is printed goes through files, since a pipe that is full would stop the program."""
        given = how.get("input") or ""
        capture = args[args.index("-r") + 1] if "-r" in args else ""
        temporary = tempfile.TemporaryFile
        with temporary() as told, temporary() as printed, temporary() as complained:
            told.write(given.encode())
            told.seek(0)
            files = [told.fileno(), (stdout or printed).fileno(), complained.fileno()]
            code = self.server(program, early, plugins).run(args, os.path.join(cwd, capture), str(cwd), files, timeout)
            texts = []
            for file in (printed, complained):
                file.seek(0)
                text = file.read().decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
                texts.append(text.replace(STAND_IN, capture))
        shown = [None if stdout else texts[0], texts[1]] if capture_output or stdout else [None, None]
        return subprocess.CompletedProcess([program, *args], code, *shown)

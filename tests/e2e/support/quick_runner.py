"""Wireshark's programs, started in less time.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
from pathlib import Path

from runner import Runner

# The vendors of addresses and the owners of enterprise numbers: four megabytes of text that Wireshark 4.0 reads at each
# start, which is 40 % of what a run over a small capture costs. Of each list, what the shipped captures need is kept;
# test_quick_runner.py compares what is printed with the whole lists and with these.
SHORTENED = {"manuf": re.compile(r"$^"), "enterprises.tsv": re.compile(r"32473\t")}


class QuickRunner(Runner):
    """A Runner whose programs read short lists of vendors."""

    def __init__(self, build):
        super().__init__(build)
        self.data = None
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

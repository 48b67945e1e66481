"""valgrind's memcheck over captures: sharkd, which loads them in turn and dissects each packet again, and tshark,
which reads all of them as one in one pass and prints the details.

No error may occur, and nothing that was allocated below a function of the plugin may be definitely lost. Wireshark's
own leaks (some allocations at its start) are counted apart: their stacks have no frame of the plugin.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from mutated import shipped

# Each piece of memory is allocated alone, so that memcheck sees where it ends.
VARIABLES = {"WIRESHARK_DEBUG_WMEM_OVERRIDE": "simple", "G_SLICE": "always-malloc", "G_DEBUG": "gc-friendly"}
VALGRIND = ("valgrind", "--tool=memcheck", "--leak-check=full", "--show-leak-kinds=definite", "--num-callers=40",
            "--keep-debuginfo=yes", "--child-silent-after-fork=yes", "--xml=yes")
REPORTS = ("gtpp,tree", "gtpp,ledger", "gtpp,srt", "rdgudp,tree", "rdgudp,channels", "portlore,tree")
TAPS = ("stat:gtpp", "nstat:gtpp,ledger", "srt:gtpp", "eo:gtpp", "stat:rdgudp", "nstat:rdgudp,channels",
        "stat:portlore")
PLUGIN = "portlore.so"
# Functions of Wireshark's that the plugin calls and that keep what they allocate. tshark never frees a statistics tree;
# sharkd does.
KEEPERS = {"stats_tree_manip_node_int"}


def describe(error):
    """The text of an error and its innermost stack frames."""
    text = error.findtext("what") or error.findtext("xwhat/text") or "?"
    frames = []
    for frame in error.iter("frame"):
        place = frame.findtext("fn") or frame.findtext("obj") or "?"
        line = f" ({frame.findtext('file')}:{frame.findtext('line')})" if frame.findtext("line") else ""
        frames.append(place + line)
    return text, frames


def is_ours(leak):
    """Whether a leak was allocated below the plugin, and not by one of the KEEPERS."""
    for frame in leak.iter("frame"):
        if PLUGIN in (frame.findtext("obj") or ""):
            return True
        if frame.findtext("fn") in KEEPERS:
            return False
    return False


def read_report(path):
    """(errors and leaks of ours, number of Wireshark's own leaks)."""
    ours, others = [], 0
    for error in ElementTree.parse(path).getroot().iter("error"):
        is_leak = (error.findtext("kind") or "").startswith("Leak_")
        if is_leak and not is_ours(error):
            others += 1
        else:
            ours.append(describe(error))
    return ours, others


class Memcheck:
    """Runs programs under valgrind and prints the result."""

    def __init__(self, runner):
        self.runner = runner
        self.home = runner.new_home()
        # Wireshark reads its lists of names anew with each file, which under valgrind takes longer than all the rest.
        self.variables = {**VARIABLES, "WIRESHARK_DATA_DIR": str(self.home)}
        self.findings = 0

    def run(self, title, program, *arguments, **how):
        report = Path(self.home) / f"{program}.xml"
        answer = self.runner.run(*VALGRIND, f"--xml-file={report}", program, *arguments, home=self.home,
                                 variables=self.variables, timeout=3600, **how)
        ours, others = read_report(report)
        if answer.returncode != 0:
            ours.append((f"{program} ended with {answer.returncode}", answer.stderr.splitlines()[-3:]))
        print(f"memcheck: {title}: {len(ours)} errors and leaks of ours, {others} leaks of Wireshark's own", flush=True)
        for text, frames in ours:
            print(f"  {text}")
            print("\n".join(f"    {frame}" for frame in frames[:12]))
        self.findings += len(ours)
        return answer

    def sharkd(self, captures):
        """Loads each; lists its packets, draws the tree of each, and asks for the reports."""
        requests = []
        for capture in captures:
            requests.append(("load", {"file": str(self.runner.reachable(capture))}))
            requests.append(("frames", {}))
            requests.append(("tap", {f"tap{i}": name for i, name in enumerate(TAPS)}))
            requests += [("frame", {"frame": number, "proto": True, "columns": True})
                         for number in range(1, count_packets(capture) + 1)]
        lines = "".join(json.dumps({"jsonrpc": "2.0", "id": i, "method": method, "params": params}) + "\n"
                        for i, (method, params) in enumerate(requests, 1))
        answer = self.run(f"sharkd, {len(captures)} captures", "sharkd", "-", input=lines)
        replies = sum(line.startswith("{") for line in answer.stdout.splitlines())
        refused = [line for line in answer.stdout.splitlines() if '"error"' in line]
        print(f"memcheck: {replies} replies to {len(requests)} requests", flush=True)
        if replies < len(requests) or refused:
            self.findings += 1
            print("\n".join(refused[:5]))

    def tshark(self, captures):
        whole = Path(self.home) / "whole.pcapng"
        subprocess.run(["mergecap", "-a", "-w", whole, *captures], check=True)
        whole.chmod(0o644)
        keys = Path(self.home) / "whole.keys"
        keys.write_text("".join(path.read_text(encoding="ascii") for path in
                                (capture.with_suffix(".keys") for capture in captures) if path.exists()),
                        encoding="ascii")
        keys.chmod(0o644)
        self.run(f"tshark, {len(captures)} captures as one", "tshark", "-r", whole, "-V",
                 "-o", f"tls.keylog_file:{keys}", *(word for report in REPORTS for word in ("-z", report)))


def count_packets(capture):
    answer = subprocess.run(["capinfos", "-T", "-r", "-M", "-c", capture], check=True, capture_output=True,
                            encoding="utf-8")
    return int(answer.stdout.split("\t")[1])


def run(runner, names):
    """Over the shipped captures, or those that are named. The number of findings."""
    captures = [Path(name).resolve() for name in names] or shipped()
    memcheck = Memcheck(runner)
    memcheck.sharkd(captures)
    memcheck.tshark(captures)
    return memcheck.findings

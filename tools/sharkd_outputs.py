#!/usr/bin/python3
"""What a sharkd with the plugin answers about captures, on one platform and on another.

sharkd_outputs.py OUT FOLDER... -- SHARKD...: lets one SHARKD, a command of one or more words, load each capture in the
    folders, one after the other, and asks it for the list of packets, for the details of each, and for the reports that
    sharkd has. Its answers are written into OUT, for tools/outputs.py compare; there is one for every request.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import outputs

# Of the reports that sharkd lists, those of the plugin.
OURS = re.compile(r":(?:gtpp|rdg|portlore|GTP'$)")
REPORTS = ("stats", "nstat", "srt", "convs", "eo")
# The number of a tree in a list of all that the program has: it depends on which libraries the program was built with.
NUMBERED = "e"


class Sharkd:
    def __init__(self, command):
        self.process = subprocess.Popen([*command, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, encoding="utf-8", errors="replace")
        self.asked = 0

    def ask(self, method, **params):
        """The answer's "result", or its "error"."""
        self.asked += 1
        request = {"jsonrpc": "2.0", "id": self.asked, "method": method, **({"params": params} if params else {})}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("{"):
                break
        else:
            raise RuntimeError(f"sharkd ended at {request}, exit code {self.process.wait()}")
        answer = json.loads(line, object_hook=lambda entry: {k: v for k, v in entry.items() if k != NUMBERED})
        if answer.pop("id", None) != self.asked:
            raise RuntimeError(f"sharkd answered something else to {request}: {line[:200]}")
        return answer.get("result", answer)

    def close(self):
        self.process.stdin.close()
        return self.process.wait()


def reports(sharkd):
    """Named as a request for all of them at once does."""
    listed = sharkd.ask("info")
    taps = [entry["tap"] for kind in REPORTS for entry in listed[kind] if OURS.search(entry["tap"])]
    if not taps:
        raise RuntimeError("sharkd lists no report of the plugin")
    return {f"tap{at}": tap for at, tap in enumerate(taps)}


def ask_all(sharkd, path, taps):
    """A line for each answer. A capture that cannot be loaded is an answer, too."""
    sharkd.ask("setconf", name="tls.keylog_file", value=str(outputs.keys_of(path) or ""))
    yield "load", sharkd.ask("load", file=str(path))
    yield "status", sharkd.ask("status")
    packets = sharkd.ask("frames")
    for packet in packets:
        yield "frames", packet
    for packet in packets:
        yield "frame", sharkd.ask("frame", frame=packet["num"], proto=True)
    for report in sharkd.ask("tap", **taps)["taps"]:
        yield "tap", report


def main(words):
    at = words.index("--")
    out, *folders = words[:at]
    Path(out).mkdir(parents=True, exist_ok=True)
    sharkd = Sharkd(words[at + 1:])
    taps = reports(sharkd)
    began = time.monotonic()
    todo = outputs.captures(folders)
    for done, path in enumerate(todo, 1):
        with open(Path(out) / f"{path.name}.sharkd", "w", encoding="utf-8") as file:
            for request, answer in ask_all(sharkd, path, taps):
                print(request, json.dumps(answer, ensure_ascii=False), file=file)
        if done % outputs.STRIDE == 0 or done == len(todo):
            print(f"{done} of {len(todo)} after {time.monotonic() - began:.0f} s", flush=True)
    return sharkd.close()


if __name__ == "__main__":
    if "--" not in sys.argv or sys.argv.index("--") < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))

"""cut.py PROGRAM FOLDER: all shipped captures as a snapshot length cuts them. No dissector of the plugin may throw.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import subprocess
import sys
from pathlib import Path

import corpus
import replay

LENGTHS = (48, 60, 64, 70, 90, 96, 110, 128)


def main(program, folder):
    inputs, keys = Path(folder, "frames"), Path(folder, "all.keys")
    corpus.write_frames(inputs)
    corpus.write_keys(keys)
    answer = subprocess.run([program, "--cut", ",".join(map(str, LENGTHS)), "--keys", keys, "frames", inputs],
                            env=replay.environment(), capture_output=True, encoding="utf-8", errors="replace",
                            check=False)
    captures = sum(1 for _ in inputs.iterdir())
    expected = f"frames: {captures * len(LENGTHS)} inputs"
    if answer.returncode != 0 or not answer.stdout.startswith(expected):
        lines = answer.stderr.splitlines()
        # Each finding with the capture that the line before it names.
        print("\n".join(line for at, line in enumerate(lines) if "Dissector bug" in "".join(lines[at:at + 2]) or
                        at > len(lines) - 30))
        print(answer.stdout)
        return 1
    print(f"{captures} captures, {len(LENGTHS)} lengths: {answer.stdout.strip()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

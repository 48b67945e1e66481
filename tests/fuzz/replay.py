"""replay.py PROGRAM FOLDER: replays, with every target, what the fuzzer once failed on, and whole conversations. The
memory that they leave in use must not grow.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# The first round allocates what is allocated once per process. The second must not leave memory in use.
ROUNDS = 2
# What needs nothing of Wireshark has programs of its own.
ALONE = ("registry_csv",)


def environment():
    """For programs under the sanitizers, which see and count each allocation of GLib's alone."""
    return {**os.environ, "ASAN_OPTIONS": "detect_leaks=0", "UBSAN_OPTIONS": "print_stacktrace=1",
            "G_SLICE": "always-malloc"}


def main(program, folder):
    seeds = Path(folder)
    subprocess.run([sys.executable, "-B", HERE / "corpus.py", seeds, "--whole"], check=True)
    failed = 0
    env = environment()
    for target in sorted(path.name for path in seeds.iterdir()):
        folders = [path for path in (HERE / "regressions" / target, seeds / target) if path.is_dir()]
        command = [Path(program).with_name(f"replay_{target}")] if target in ALONE else \
            [program, "--rounds", str(ROUNDS), "--keys", f"{seeds}.keys", target]
        answer = subprocess.run([*command, *folders], env=env, capture_output=True, encoding="utf-8", errors="replace",
                                check=False)
        if answer.returncode != 0:
            failed += 1
            print(f"{target}: failed; the last input named is the one")
            print("\n".join(answer.stderr.splitlines()[-60:]))
        else:
            print(answer.stdout.strip())
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""What a command printed, kept for all tests of a session that give the same command.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import fcntl
import hashlib
import json


class RunCache:
    """A folder of answers, which several processes of pytest share."""

    def __init__(self, folder):
        self.folder = folder
        self.folder.mkdir(exist_ok=True)

    def answer(self, command, run):
        """What RUN() returned for this command, which must print the same whenever it is given: (exit code, output,
        complaints). Only the first process that asks for it calls RUN; the others wait."""
        name = hashlib.sha256(json.dumps(command).encode()).hexdigest()
        path = self.folder / name
        with open(path, "a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            text = file.read()
            if text:
                return tuple(json.loads(text))
            answer = run()
            kept = (answer.returncode, answer.stdout, answer.stderr)
            json.dump(kept, file)
            return kept

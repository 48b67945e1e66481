"""tests/plan.py: which includes it takes for a breach of docs/plan.txt.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import subprocess

import pytest

from support.paths import REPOSITORY

SOUND = {
    "plugin.c": '#include "gtpp/packet-gtpp.h"\n',
    "base/ber.h": "",
    "base/ber.c": '#include "ber.h"\n',
    "base/ws_compat.h": "#ifdef _WIN32\n#endif\n",
    "gtpp/packet-gtpp.h": '#include <epan/packet.h>\n#include "base/ber.h"\n',
    "gtpp/packet-gtpp.c": '#include "packet-gtpp.h"\n#include "base/ws_compat.h"\n',
    "rdg/rdg_cookie.h": "",
    "rdg/udp/packet-rdgudp.c": '#include "rdg/rdg_cookie.h"\n',
}


def check(folder, **changed):
    for name, text in {**SOUND, **changed}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    found = subprocess.run(["/usr/bin/python3", "-B", str(REPOSITORY / "tests" / "plan.py"), str(folder)],
                           capture_output=True, encoding="utf-8", check=False, timeout=60)
    return found.returncode, found.stdout.splitlines()


def test_sound_includes_pass(tmp_path):
    assert check(tmp_path) == (0, ["The includes of plugin/ follow docs/plan.txt."])


@pytest.mark.parametrize("name, text, problem", [
    ("gtpp/a.c", '#include "rdg/rdg_cookie.h"\n', "gtpp/a.c:1: gtpp may not include rdg/rdg_cookie.h"),
    ("gtpp/a.c", '\n#  include "../rdg/rdg_cookie.h"\n', "gtpp/a.c:2: gtpp may not include rdg/rdg_cookie.h"),
    ("base/a.h", '#include "gtpp/packet-gtpp.h"\n', "base/a.h:1: base may not include gtpp/packet-gtpp.h"),
    ("rdg/a.c", '#include "rdg/udp/b.h"\n', "rdg/a.c:1: there is no rdg/udp/b.h"),
    ("gtpp/a.c", "#if defined(_WIN32)\n", "gtpp/a.c:1: _WIN32 belongs in base/ws_compat.h"),
    ("http/a.c", "", "http/a.c: docs/plan.txt does not name the folder"),
    ("base/ber.h", '#include "ber_names.h"\n', "base/ber.h:1: there is no ber_names.h"),
])
def test_breach_is_named(tmp_path, name, text, problem):
    assert check(tmp_path, **{name: text}) == (1, [problem])


def test_circle_between_files_is_named(tmp_path):
    code, lines = check(tmp_path, **{"gtpp/a.h": "", "gtpp/b.h": "", "gtpp/a.c": '#include "a.h"\n#include "b.h"\n',
                                     "gtpp/b.c": '#include "a.h"\n'})
    assert code == 1
    assert lines in (["a circle: gtpp/a -> gtpp/b -> gtpp/a"], ["a circle: gtpp/b -> gtpp/a -> gtpp/b"])


def test_every_circle_is_named(tmp_path):
    code, lines = check(tmp_path, **{"base/a.h": '#include "b.h"\n', "base/b.h": '#include "a.h"\n',
                                     "rdg/c.h": '#include "d.h"\n', "rdg/d.h": '#include "c.h"\n'})
    assert (code, len(lines)) == (1, 2), lines

#!/usr/bin/python3
"""plan.py [PLUGIN_FOLDER]: checks the includes of plugin/ against docs/plan.txt, and that docs/development.md has the
same plan and names every module; prints what breaks the plan.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
WINDOWS = "base/ws_compat.h"  # the one file that may ask for the system


def read_plan():
    """What a folder may include besides itself, by folder."""
    lines = (TOP / "docs/plan.txt").read_text(encoding="utf-8").splitlines()
    return {folder: set(others) for folder, *others in (line.split() for line in lines if not line.startswith("#"))}


def faults(plugin, plan):
    modules = {}  # by path without suffix: the modules that its source and its header include
    for path in sorted(plugin.rglob("*.[ch]")):
        name, folder = path.relative_to(plugin), path.parent.relative_to(plugin).as_posix()
        if folder not in plan:
            yield f"{name}: docs/plan.txt does not name the folder"
        includes = modules.setdefault(name.with_suffix(""), set())
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if "_WIN32" in line and name.as_posix() != WINDOWS:
                yield f"{name}:{number}: _WIN32 belongs in {WINDOWS}"
            included = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if not included:
                continue
            target = next((place / included[1] for place in (path.parent, plugin) if (place / included[1]).is_file()),
                          None)
            if not target:
                yield f"{name}:{number}: there is no {included[1]}"
                continue
            other = target.resolve().relative_to(plugin)
            if other.parent.as_posix() not in plan.get(folder, set()) | {folder}:
                yield f"{name}:{number}: {folder} may not include {other}"
            includes.add(other.with_suffix(""))
    graph = {module: others - {module} for module, others in modules.items()}
    while True:
        try:
            return TopologicalSorter(graph).prepare()
        except CycleError as circle:  # every module in it is included by the next one
            names = circle.args[1]
            yield "a circle: " + " -> ".join(map(str, reversed(names)))
            graph[names[1]].discard(names[0])


def missing_words(plugin):
    """What docs/development.md does not say of the plan and of the modules."""
    text = (TOP / "docs/development.md").read_text(encoding="utf-8")
    plan = (TOP / "docs/plan.txt").read_text(encoding="utf-8").splitlines()
    yield from (f"docs/development.md does not have the line of docs/plan.txt: {line}" for line in plan
                if not line.startswith("#") and line not in text.splitlines())
    named = set(re.findall(r"`([\w-]+)`", text))
    yield from (f"docs/development.md does not name {path.relative_to(plugin)}"
                for path in sorted(plugin.rglob("*.[ch]")) if path.stem not in named and path.parent != plugin)


def main():
    plugin = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else TOP / "plugin"
    found = list(faults(plugin, read_plan()))
    if plugin == TOP / "plugin":
        found += missing_words(plugin)
    print("\n".join(found) or "The includes of plugin/ follow docs/plan.txt.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/python3
"""check.py DLL PLUGIN_FOLDER COMPILE_COMMANDS VERSION SERIES: fails when the DLL would not work beside Wireshark's.

- It imports from Wireshark's DLLs, glib, the C runtime and kernel32 alone, and exports what a plugin does, no more. A
  symbol that Wireshark's DLLs do not export was an error of linking: prepare.py's import libraries have no others.
- Every struct of the headers that the plugin includes has the same layout for mingw, which compiled the plugin, as for
  MSVC, which compiled Wireshark. clang knows both.
- It is stripped, may be loaded anywhere (ASLR) with data that cannot be executed, and names its version and series.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

OBJDUMP = "x86_64-w64-mingw32ucrt-objdump"
IMPORTS = re.compile(r"libwireshark\.dll|libwiretap\.dll|libwsutil\.dll|glib-2\.0-0\.dll|kernel32\.dll|"
                     r"api-ms-win-crt-[a-z]+-l1-1-0\.dll", re.I)
EXPORTS = {"plugin_describe", "plugin_register", "plugin_version", "plugin_want_major", "plugin_want_minor"}
FLAGS = ("HIGH_ENTROPY_VA", "DYNAMIC_BASE", "NX_COMPAT")
# Types of the C library that differ, and that no source of ours names: long doubles, and the alignment of jump buffers.
DIFFERENT = {"max_align_t", "_LDOUBLE", "_JUMP_BUFFER", "_SETJMP_FLOAT128", "include/stddef.h:", "include/stdlib.h:"}
TARGETS = {
    "mingw": ["--target=x86_64-w64-windows-gnu"],
    "MSVC": ["--target=x86_64-pc-windows-msvc", "-U_MSC_VER", "-fgnuc-version=4.2.1", "-D__MINGW32__", "-D__MINGW64__"],
}
# Fewer records than this mean that clang's output was not understood.
FEWEST_RECORDS = 200


def linked(text):
    """({DLL: symbols that are imported from it}, exported symbols), of what objdump -p prints."""
    imports = {}
    for part in text.split("DLL Name: ")[1:]:
        # A head line, then an address, perhaps an ordinal, a hint and the name.
        table = re.search(r"^\tvma:.*Member-Name.*\n((?:\t[0-9a-f]+\s.*\n)*)", part, re.M)
        imports[part.split()[0]] = re.findall(r"^\t[0-9a-f]+\s+.*?(\w+)\s*$", table.group(1), re.M) if table else []
    table = text.partition("[Ordinal/Name Pointer] Table")[2]
    return imports, set(re.findall(r"^\s*\[\s*\d+\].*?(\w+)$", table, re.M))


def parse_layouts(text):
    """{record: (size, alignment, offsets)} in bits, of what clang's -fdump-record-layouts-simple prints."""
    records = {}
    for block in text.split("*** Dumping AST Record Layout")[1:]:
        name = re.search(r"Type: (.*)", block).group(1)
        offsets = re.search(r"FieldOffsets: \[(.*?)\]", block)
        records[name] = (re.search(r"\bSize:(\d+)", block).group(1), re.search(r"\bAlignment:(\d+)", block).group(1),
                         offsets.group(1) if offsets else "")
    return records


def different_layouts(ours, theirs):
    """What to complain of."""
    common = ours.keys() & theirs.keys()
    wrong = [f"{name} is laid out as {ours[name]}, by MSVC as {theirs[name]}" for name in sorted(common)
             if ours[name] != theirs[name] and not any(known in name for known in DIFFERENT)]
    if len(common) < FEWEST_RECORDS:
        wrong.append(f"only {len(common)} records were compared")
    return wrong


def layouts(source, flags, target):
    command = ["clang", *TARGETS[target], "-std=c11", "-fsyntax-only", "-w", "-D_UCRT", *flags,
               "-isystem", "/usr/share/mingw-w64/include", "-Xclang", "-fdump-record-layouts-complete",
               "-Xclang", "-fdump-record-layouts-simple", "-x", "c", "-"]
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"check: clang ({target}) cannot read the headers:\n{done.stderr[:2000]}")
    return parse_layouts(done.stdout)


def headers_of(plugin):
    """A source that includes every header of Wireshark which the plugin includes."""
    includes = set()
    for path in plugin.rglob("*.[ch]"):
        includes |= set(re.findall(r"^#include (<(?:epan|wiretap|wsutil)/[^>]+>)", path.read_text(), re.M))
    # Headers that only some series have are included by ws_compat.h alone.
    return '#include "base/ws_compat.h"\n#include <setjmp.h>\n' + "".join(
        f"#if __has_include({name})\n#include {name}\n#endif\n" for name in sorted(includes))


def flags_of(commands):
    """Where the compiler looked for headers, and what was defined, when it compiled most files."""
    entry = next(entry for entry in json.loads(commands.read_text()) if entry["file"].endswith("/base/ber.c"))
    words = shlex.split(entry["command"])
    flags = [word for word in words if re.match(r"-[ID]", word)]
    return flags + [part for at, word in enumerate(words) if word == "-isystem" for part in (word, words[at + 1])]


def objdump(option, dll):
    return subprocess.run([OBJDUMP, option, dll], check=True, capture_output=True, text=True).stdout


def main(dll, plugin, commands, version, series):
    wrong = []
    text = objdump("-p", dll)
    imports, exports = linked(text)
    wrong += [f"imports from {name}" for name in sorted(imports) if not IMPORTS.fullmatch(name)]
    wrong += [f"has not the flag {flag}" for flag in FLAGS if flag not in text]
    if exports != EXPORTS:
        wrong.append(f"exports {sorted(exports)}")
    if "no symbols" not in objdump("-t", dll):
        wrong.append("is not stripped")
    octets = Path(dll).read_bytes()
    wrong += [f"has no {told!r} in its version resource" for told in (f"Portlore for Wireshark {series}", version)
              if told.encode("utf-16-le") not in octets]

    source, flags = headers_of(plugin), flags_of(commands)
    ours, theirs = (layouts(source, flags, target) for target in ("mingw", "MSVC"))
    wrong += different_layouts(ours, theirs)
    for line in wrong:
        print(f"check: {dll}: {line}", file=sys.stderr)
    symbols = sum(len(names) for library, names in imports.items() if library.startswith("libw"))
    print(f"{symbols} symbols, {len(ours.keys() & theirs.keys())} layouts")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), *sys.argv[4:]))

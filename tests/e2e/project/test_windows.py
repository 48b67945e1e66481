"""What of ./dev windows can be tried without its compiler: which symbols headers export, glib's header for Windows,
and what is complained of in a DLL.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import importlib.util
import re
import subprocess
import sys
import zipfile

import pytest

from support.paths import REPOSITORY

HEADER = """
/* WS_DLL_PUBLIC void in_comment(void); */
WS_DLL_PUBLIC void exported(int a, int (*callback)(void));
WS_DLL_PUBLIC const char *
exported_over_lines(void);
WS_DLL_PUBLIC e_prefs data;
WS_DLL_PUBLIC const value_string names[];
WS_DLL_PUBLIC
WS_NORETURN
void thrown(long id) WS_PRINTF(1, 2);
extern void internal(void);
WS_DLL_LOCAL void local_one(void);
WSUTIL_EXPORT int inline_like(void) { return 0; }
"""
OBJDUMP = """
DllCharacteristics\t00000160
\tDLL Name: KERNEL32.dll
\tvma:  Hint/Ord Member-Name Bound-To
\tf4948\t  292  DeleteCriticalSection

 000f3028\t000f3170 00000000 00000000 000f6940 000f3d90

\tDLL Name: libwireshark.dll
\tvma:     Ordinal  Hint  Member-Name  Bound-To
\t00015348  <none>  0011  abs_time_to_str_ex
\t0001535e  <none>  0017  proto_tree_add_item

 000f3090\t000f3170 00000000 00000000 000f6940 000f3d90

[Ordinal/Name Pointer] Table -- Ordinal Base 1
\t[   0] +base[   1]  0000 plugin_register
\t[   1] +base[   2]  0001 plugin_version

"""
LAYOUTS = """
*** Dumping AST Record Layout
Type: struct pair

Layout: <ASTRecordLayout
  Size:64
  DataSize:64
  Alignment:32
  PreferredAlignment:32
  FieldOffsets: [0, 32]>

*** Dumping AST Record Layout
Type: struct empty

Layout: <ASTRecordLayout
  Size:0
  Alignment:8
  FieldOffsets: []>
"""


@pytest.fixture(scope="module")
def tool():
    """tool(NAME): a program of tools/windows as a module."""
    def load(name):
        spec = importlib.util.spec_from_file_location(name, REPOSITORY / "tools/windows" / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
    return load


def test_what_headers_declare_is_exported(tool, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/some.h").write_text(HEADER)
    known = ["in_comment", "exported", "exported_over_lines", "data", "names", "thrown", "internal", "local_one",
             "inline_like", "callback", "id"]
    public = tool("prepare").declared_public(tmp_path, known)
    assert public == {"exported", "exported_over_lines", "data", "names", "thrown", "inline_like"}


@pytest.mark.parametrize("linux, windows", [
    ("typedef signed long gint64;", "typedef signed long long gint64;"),
    ("typedef unsigned long gsize;", "typedef unsigned long long gsize;"),
    ("#define GLIB_SIZEOF_LONG   8", "#define GLIB_SIZEOF_LONG   4"),
    ('#define G_GUINT64_FORMAT "lu"', '#define G_GUINT64_FORMAT "llu"'),
    ("#define G_GUINT64_CONSTANT(val)\t(val##UL)", "#define G_GUINT64_CONSTANT(val)\t(G_GNUC_EXTENSION (val##ULL))"),
    ("#define GPOINTER_TO_INT(p)\t((gint)  (glong) (p))", "#define GPOINTER_TO_INT(p)\t((gint)  (gint64) (p))"),
    ("#define GINT_TO_POINTER(i)\t((gpointer) (glong) (i))", "#define GINT_TO_POINTER(i)\t((gpointer) (gint64) (i))"),
    ("#define G_OS_UNIX", "#define G_OS_WIN32\n#define G_PLATFORM_WIN32"),
    ("typedef int GPid;", "typedef void *GPid;"),
    ("#define GLIB_MAJOR_VERSION 2", "#define GLIB_MAJOR_VERSION 2"),
])
def test_glib_for_windows(tool, linux, windows):
    for pattern, ours in tool("prepare").GLIBCONFIG:
        linux = re.sub(pattern, ours, linux)
    assert linux == windows


def test_imports_and_exports_are_read(tool):
    """Both forms in which objdump prints them."""
    imports, exports = tool("check").linked(OBJDUMP)
    assert imports == {"KERNEL32.dll": ["DeleteCriticalSection"],
                       "libwireshark.dll": ["abs_time_to_str_ex", "proto_tree_add_item"]}
    assert exports == {"plugin_register", "plugin_version"}


@pytest.mark.parametrize("dll, allowed", [
    ("libwireshark.dll", True), ("KERNEL32.dll", True), ("glib-2.0-0.dll", True),
    ("api-ms-win-crt-stdio-l1-1-0.dll", True), ("libglib-2.0-0.dll", False), ("msvcrt.dll", False),
    ("libgcc_s_seh-1.dll", False), ("libwinpthread-1.dll", False)])
def test_which_dlls_may_be_imported(tool, dll, allowed):
    assert bool(tool("check").IMPORTS.fullmatch(dll)) == allowed


def test_layouts_are_compared(tool):
    check = tool("check")
    check.FEWEST_RECORDS = 2
    ours = check.parse_layouts(LAYOUTS)
    assert ours == {"struct pair": ("64", "32", "0, 32"), "struct empty": ("0", "8", "")}
    assert check.different_layouts(ours, ours) == []
    # A field that moved, and what is known to differ.
    theirs = check.parse_layouts(LAYOUTS.replace("[0, 32]", "[0, 16]"))
    assert check.different_layouts(ours, theirs) == [
        "struct pair is laid out as ('64', '32', '0, 32'), by MSVC as ('64', '32', '0, 16')"]
    known = {"struct _JUMP_BUFFER": ("1", "2", ""), **ours}
    assert check.different_layouts(known, dict(known, **{"struct _JUMP_BUFFER": ("1", "3", "")})) == []
    check.FEWEST_RECORDS = 4
    assert check.different_layouts(ours, ours) == ["only 2 records were compared"]


def test_zip(tool, tmp_path):
    """The same file whenever it is made, and what Windows' programs can show."""
    (tmp_path / "portlore.dll").write_bytes(b"MZ")
    found = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        tool("archive").main(tmp_path / "portlore.dll", "4.4", "1.2.3", "1700000000", tmp_path / name)
        found.append(tmp_path / name / "portlore-1.2.3-ws4.4-windows-x64.zip")
    assert found[0].read_bytes() == found[1].read_bytes()
    with zipfile.ZipFile(found[0]) as archive:
        inside = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    assert {"portlore.dll", "README.txt", "LICENSE.txt", "profile/Portlore/preferences"} <= inside.keys()
    # Each command, and the modules that it imports.
    commands = {f"{path.name}.py" for path in (REPOSITORY / "docs/ci").glob("portlore-*")}
    assert len(commands) == 4
    (tmp_path / "commands").mkdir()
    for name in inside:
        if name.startswith("commands/"):
            (tmp_path / name).write_bytes(inside[name])
    readme = inside["README.txt"].decode("ascii")
    for command in commands:
        assert f"{command} " in readme
        subprocess.run([sys.executable, "-B", tmp_path / "commands" / command, "--help"], check=True, cwd=tmp_path,
                       capture_output=True)
    assert "@" not in readme and r"%APPDATA%\Wireshark\plugins\4.4\epan\portlore.dll" in readme
    assert readme.count("\n") == readme.count("\r\n") and max(map(len, readme.split("\r\n"))) < 80


def test_glib_is_renamed(tool, tmp_path):
    """In the names of files, and in what programs ask for; nothing moves."""
    for part in ("glib", "gmodule", "gthread"):
        (tmp_path / f"lib{part}-2.0-0.dll").write_bytes(b"MZ")
    asks = b"\0libglib-2.0-0.dll\0libgmodule-2.0-0.dll\0libgmodule-2.0-0.dllx\0"
    (tmp_path / "tshark.exe").write_bytes(asks)
    tool("rename").main(tmp_path)
    assert (tmp_path / "tshark.exe").read_bytes() == \
        b"\0glib-2.0-0.dll\0\0\0\0gmodule-2.0-0.dll\0\0\0\0libgmodule-2.0-0.dllx\0"
    assert sorted(path.name for path in tmp_path.iterdir()) == \
        ["glib-2.0-0.dll", "gmodule-2.0-0.dll", "gthread-2.0-0.dll", "tshark.exe"]


WINE = """#!/usr/bin/python3
import os, sys
from pathlib import Path
prefix, program, *words = os.environ["WINEPREFIX"], *sys.argv[1:]
personal = "drive_c/users/tester/AppData/Roaming/Wireshark/plugins/4.0/epan"
if program == "wineboot":
    (Path(prefix) / "drive_c/users/Public").mkdir(parents=True)
    (Path(prefix) / "drive_c/users/tester").mkdir()
elif words == ["-G", "plugins"]:
    found = [folder / "portlore.dll" for folder in (Path(prefix) / personal, Path(program).parent / "plugins/4.0/epan")
             if (folder / "portlore.dll").exists()]
    (dll,) = found
    if dll.read_text() == "ours" or "takes" in FAULTS:
        if ("personal" if "AppData" in str(dll) else "program") not in FAULTS:
            print(f"portlore.dll\\t1.2.3\\tdissector\\t{dll}")
    elif "silent" not in FAULTS:
        print("The plugin 'portlore.dll' was compiled for Wireshark version 4.4", file=sys.stderr)
elif "ends" in FAULTS:
    sys.exit(1)
"""


@pytest.mark.parametrize("fault, told", [
    ("", []), ("personal", ["from the personal folder"]), ("program", ["from its program's folder"]),
    ("takes", ["not refused"]), ("silent", ["not refused"]), ("ends", ["does not read a capture"])])
def test_folders_under_wine(tool, tmp_path, monkeypatch, fault, told):
    module = tool("wine")
    monkeypatch.setattr(module, "WINE", str(tmp_path / "wine64"))
    # It sets these for its children; here they are taken back afterwards.
    for variable in ("WINEPREFIX", "WINEDEBUG", "WINEDLLOVERRIDES", "XDG_RUNTIME_DIR", "TZ"):
        monkeypatch.setenv(variable, "")
    (tmp_path / "wine64").write_text(WINE.replace("FAULTS", repr(fault)))
    (tmp_path / "wine64").chmod(0o755)
    wine = module.Wine("4.0", tmp_path / "programs", tmp_path / "prefix")
    found = list(module.folders(wine, b"ours", b"theirs"))
    assert len(found) == len(told) and all(part in line for part, line in zip(told, found)), found

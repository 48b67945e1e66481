#!/usr/bin/python3
"""prepare.py SERIES_ROOT OUT: makes in OUT what a build for Windows needs, and what no Debian has.

Import libraries: Windows exports those functions and variables that Wireshark's headers declare as WS_DLL_PUBLIC, and
no other. So a .def file has the symbols that the headers in SERIES_ROOT declare so; which DLL each is in, and whether
it is data, is read from the Linux library of the same series. A symbol that Wireshark does not export on Windows is
thus an undefined symbol when the plugin is linked.

glib's headers: those of Debian, with a glibconfig.h that says what is different on Windows x64 (long has 4 octets).

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import shutil
import subprocess
import sys
from pathlib import Path

TOOLS = "x86_64-w64-mingw32ucrt-"
LINUX = "usr/lib/x86_64-linux-gnu"

# glibconfig.h, line by line: what is written for Linux, and what Windows x64 has.
GLIBCONFIG = [
    (r"#define (GLIB_HAVE_ALLOCA_H|GLIB_USING_SYSTEM_PRINTF).*", ""),
    (r"typedef signed long (gint64|gssize|gintptr);", r"typedef signed long long \1;"),
    (r"typedef unsigned long (guint64|gsize|guintptr);", r"typedef unsigned long long \1;"),
    (r"\(val##L\)", "(G_GNUC_EXTENSION (val##LL))"),
    (r"\(val##UL\)", "(G_GNUC_EXTENSION (val##ULL))"),
    (r"(#define (?:G_GINT64|G_GSIZE|G_GSSIZE|G_GINTPTR)_MODIFIER\s+)\"l\"", r'\1"ll"'),
    (r"(#define G_[A-Z0-9]+_FORMAT\s+)\"l([iu])\"", r'\1"ll\2"'),
    (r"(GLIB_SIZEOF_LONG\s+)8", r"\g<1>4"),
    (r"#define G_MAXSIZE\b.*", "#define G_MAXSIZE G_MAXUINT64"),
    (r"#define G_MINSSIZE\b.*", "#define G_MINSSIZE G_MININT64"),
    (r"#define G_MAXSSIZE\b.*", "#define G_MAXSSIZE G_MAXINT64"),
    (r"\((g?u?int)\)(\s*)\((?:glong|gulong)\) \(p\)", r"(\1)\2(gint64) (p)"),
    (r"\(gpointer\) \((?:glong|gulong)\) \(([iu])\)", r"(gpointer) (gint64) (\1)"),
    (r"\(glong\) GINT64_TO_", "(glong) GINT32_TO_"),
    (r"\(gulong\) GUINT64_TO_", "(gulong) GUINT32_TO_"),
    (r"#define G_OS_UNIX", "#define G_OS_WIN32\n#define G_PLATFORM_WIN32"),
    (r"G_THREADS_IMPL_POSIX", "G_THREADS_IMPL_WIN32"),
    (r'G_MODULE_SUFFIX "so"', 'G_MODULE_SUFFIX "dll"'),
    (r"typedef int GPid;", "typedef void *GPid;"),
    (r'G_PID_FORMAT "i"', 'G_PID_FORMAT "p"'),
    (r"G_DIR_SEPARATOR '/'", r"G_DIR_SEPARATOR '\\\\'"),
    (r'G_DIR_SEPARATOR_S "/"', r'G_DIR_SEPARATOR_S "\\\\"'),
    (r"G_SEARCHPATH_SEPARATOR ':'", "G_SEARCHPATH_SEPARATOR ';'"),
    (r'G_SEARCHPATH_SEPARATOR_S ":"', 'G_SEARCHPATH_SEPARATOR_S ";"'),
    (r"GLIB_SYSDEF_AF_INET6 10", "GLIB_SYSDEF_AF_INET6 23"),
    (r'G_POLLFD_FORMAT "%d"', 'G_POLLFD_FORMAT "%#llx"'),
]


def run(*command, **how):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **how).stdout


def exported(library):
    """The symbols that a Linux library exports: {name: whether it is data}."""
    symbols = {}
    for line in run("nm", "-D", "--defined-only", library).splitlines():
        _, kind, name = line.split()
        if kind in "TtWwiBDRVdbr":
            symbols[name.split("@")[0]] = kind in "BDRVdbr"
    return symbols


def declared_public(include, known):
    """Those of the known symbols that a header declares as an export of Wireshark's DLLs."""
    public = set()
    for header in include.rglob("*.h"):
        text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", header.read_text(errors="replace"), flags=re.S)
        for declaration in re.findall(r"\b(?:WS_DLL_PUBLIC|WSUTIL_EXPORT)\b([^;{]*[;{])", text):
            for name in re.findall(r"\b(\w+)\s*[(;\[]", declaration):
                if name in known:
                    public.add(name)
                    break
    return public


def import_library(out, dll, symbols):
    """Makes the import library of a DLL from {symbol: whether it is data}."""
    stem = dll.removesuffix(".dll")
    definition = out / f"{stem}.def"
    lines = [f'    {name}{" DATA" if data else ""}' for name, data in sorted(symbols.items())]
    definition.write_text("\n".join([f'LIBRARY "{dll}"', "EXPORTS", *lines]) + "\n")
    # It writes what it needs for a while into the current folder.
    run(f"{TOOLS}dlltool", "-d", definition, "-l", out / f"{stem}.dll.a", "-D", dll, cwd=out)


def glib_headers(out):
    include = out / "include/glib-2.0"
    shutil.copytree("/usr/include/glib-2.0", include)
    text = Path(f"/{LINUX}/glib-2.0/include/glibconfig.h").read_text()
    for pattern, ours in GLIBCONFIG:
        text = re.sub(pattern, ours, text)
    (include / "glibconfig.h").write_text(text)
    # Debian leaves this header out; nothing in it is used.
    (include / "glib/gwin32.h").write_text("")
    for name in ("gcrypt.h", "gpg-error.h"):
        shutil.copy(f"/usr/x86_64-w64-mingw32/include/{name}", out / "include")


def main(series_root, out):
    out.mkdir(parents=True)
    for name in ("libwireshark", "libwiretap", "libwsutil"):
        library = next(path for path in (series_root / LINUX).glob(f"{name}.so.*.*.*"))
        symbols = exported(library)
        public = declared_public(series_root / "usr/include/wireshark", symbols)
        import_library(out, f"{name}.dll", {symbol: symbols[symbol] for symbol in public})
    glib = exported(f"/{LINUX}/libglib-2.0.so.0")
    import_library(out, "glib-2.0-0.dll", {name: data for name, data in glib.items() if name.startswith("g_")})
    glib_headers(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

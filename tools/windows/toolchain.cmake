# Toolchain of CMake: builds on Debian for Windows x64 and its Universal C Runtime, which Wireshark's own build uses.
# SPDX-License-Identifier: GPL-2.0-or-later
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32ucrt-gcc)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32ucrt-windres)

# Wireshark's exceptions jump from libwireshark.dll, which MSVC compiled, into a function of ours. With a frame in the
# jump buffer, as mingw's setjmp() writes it by default, longjmp() unwinds the functions between, and Windows ends the
# program when it meets those of another compiler. The definition makes setjmp() write no frame: longjmp() then only
# restores registers, as on Linux.
set(CMAKE_C_FLAGS_INIT "-D__USE_MINGW_SETJMP_NON_SEH")
# --disable-auto-import: what is not declared as an import is an error, not a relocation at run time.
# --no-insert-timestamp: two builds give the same file.
set(CMAKE_MODULE_LINKER_FLAGS_INIT
    "-s -static-libgcc -Wl,--no-insert-timestamp -Wl,--disable-auto-import -Wl,--fatal-warnings")

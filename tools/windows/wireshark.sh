#!/bin/sh
# wireshark.sh SOURCES WORK OUT: builds tshark.exe and sharkd.exe for Windows, with the DLLs that they need, in OUT.
# Runs in a Debian that has the packages of the group "windows-programs". SOURCES has Debian's tarballs of pcre2, glib,
# c-ares and Wireshark. Only what a test of the plugin needs is built: no capturing, no compression.
#
# Each part is done once: what is called again with the same WORK goes on where it ended.
#
# Names are those of Wireshark's own packages for Windows (glib-2.0-0.dll), so that the DLL of a release is what runs.
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu

here=$(cd "$(dirname "$0")" && pwd)
sources=$1 work=$2 out=$3
tools=x86_64-w64-mingw32ucrt
old=/usr/x86_64-w64-mingw32
prefix=$work/prefix
jobs=${PORTLORE_JOBS:-$(nproc)}
export PKG_CONFIG_LIBDIR="$prefix/lib/pkgconfig"

# unpack NAME: the tarball of this name, into the folder NAME.
unpack() {
    mkdir -p "$work/$1"
    tar -xf "$(ls "$sources/$1"_*.orig.tar.*)" -C "$work/$1" --strip-components=1
}

# cross NAME OPTION...: configures the folder NAME with CMake, for Windows.
cross() {
    name=$1
    shift
    cmake -S "$work/$name" -B "$work/build-$name" -G Ninja -DCMAKE_TOOLCHAIN_FILE="$work/toolchain.cmake" \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" "$@"
}

# module NAME VERSION LIBRARY: tells pkg-config of a library.
module() {
    printf 'libdir=%s\nName: %s\nDescription: %s\nVersion: %s\nCflags: -I%s\nLibs: -L%s %s\n' "$prefix/lib" \
        "$1" "$1" "$2" "$prefix/include/glib-2.0" "$prefix/lib" "$3" >"$prefix/lib/pkgconfig/$1.pc"
}

toolchain() {
    mkdir -p "$prefix/lib/pkgconfig" "$prefix/include" "$prefix/bin"
    cp "$here/toolchain.cmake" "$work/toolchain.cmake"
    cat >>"$work/toolchain.cmake" <<EOF
set(CMAKE_CXX_COMPILER $tools-g++)
set(CMAKE_MODULE_LINKER_FLAGS_INIT "")
set(CMAKE_FIND_ROOT_PATH $prefix /usr/$tools)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
EOF
}

pcre2() {
    unpack pcre2
    cross pcre2 -DBUILD_SHARED_LIBS=ON -DBUILD_STATIC_LIBS=OFF -DPCRE2_BUILD_TESTS=OFF -DPCRE2_BUILD_PCRE2GREP=OFF
    ninja -C "$work/build-pcre2" -j "$jobs" install
}

cares() {
    unpack c-ares
    cross c-ares -DCARES_BUILD_TOOLS=OFF -DCMAKE_POLICY_VERSION_MINIMUM=3.5
    ninja -C "$work/build-c-ares" -j "$jobs" install
}

glib() {
    unpack glib2.0
    # Debian has no libintl for Windows; here it says what it is asked.
    intl=$work/glib2.0/subprojects/proxy-libintl
    mkdir -p "$intl"
    cat >"$intl/libintl.h" <<'EOF'
#define gettext(text) ((char *)(text))
#define dgettext(domain, text) ((char *)(text))
#define dcgettext(domain, text, category) ((char *)(text))
#define ngettext(one, many, number) ((char *)((number) == 1 ? (one) : (many)))
#define dngettext(domain, one, many, number) ngettext(one, many, number)
#define textdomain(domain) ((char *)(domain))
#define bindtextdomain(domain, folder) ((char *)(folder))
#define bind_textdomain_codeset(domain, codeset) ((char *)(codeset))
EOF
    cat >"$intl/meson.build" <<'EOF'
project('proxy-libintl', 'c')
intl_dep = declare_dependency(include_directories: include_directories('.'))
meson.override_dependency('intl', intl_dep)
EOF
    cat >"$work/cross.ini" <<EOF
[binaries]
c = '$tools-gcc'
cpp = '$tools-g++'
ar = '$tools-ar'
strip = '$tools-strip'
windres = '$tools-windres'
dlltool = '$tools-dlltool'
pkg-config = 'pkg-config'
[properties]
pkg_config_libdir = '$prefix/lib/pkgconfig'
needs_exe_wrapper = true
[built-in options]
c_args = ['-w', '-fpermissive']
[host_machine]
system = 'windows'
cpu_family = 'x86_64'
cpu = 'x86_64'
endian = 'little'
EOF
    # glib's build asks for these, for parts of glib that are not built.
    module libffi 3.4 ''
    module zlib 1.3 ''
    meson setup "$work/build-glib" "$work/glib2.0" --cross-file "$work/cross.ini" --prefix "$prefix" --libdir lib \
        --buildtype release --wrap-mode nodownload -Dtests=false -Dnls=disabled -Dglib_debug=disabled
    rm "$prefix/lib/pkgconfig/libffi.pc" "$prefix/lib/pkgconfig/zlib.pc"
    # glib2.0_VERSION.orig.tar.xz
    version=$(basename "$(ls "$sources"/glib2.0_*.orig.tar.*)")
    version=${version#*_}
    version=${version%%.orig.*}
    for name in glib gmodule gthread; do
        ninja -C "$work/build-glib" -j "$jobs" "$name/lib$name-2.0-0.dll"
        cp "$work/build-glib/$name/lib$name-2.0-0.dll" "$prefix/bin/"
        cp "$work/build-glib/$name/lib$name-2.0.dll.a" "$prefix/lib/"
        module "$name-2.0" "$version" "-l$name-2.0"
    done
    include=$prefix/include/glib-2.0
    mkdir -p "$include/glib" "$include/gmodule" "$prefix/lib/glib-2.0/include"
    cp -r "$work"/glib2.0/glib/*.h "$work/glib2.0/glib/deprecated" "$include/glib/"
    mv "$include/glib/glib.h" "$include/"
    cp "$work/glib2.0/gmodule/gmodule.h" "$include/"
    for made in "$work"/build-glib/glib/*.h "$work"/build-glib/gmodule/*.h; do
        case $made in
        */gmodule/gmodule-visibility.h) cp "$made" "$include/gmodule/" ;;
        */glib/glibconfig.h) cp "$made" "$prefix/lib/glib-2.0/include/" ;;
        */glib/*.h) cp "$made" "$include/glib/" ;;
        esac
    done
    cp "$intl/libintl.h" "$prefix/include/"
}

gcrypt() {
    cp "$old/include/gcrypt.h" "$old/include/gpg-error.h" "$prefix/include/"
    cp "$old/lib/libgcrypt.dll.a" "$old/lib/libgpg-error.dll.a" "$prefix/lib/"
    cp "$old/bin/libgcrypt-20.dll" "$old/bin/libgpg-error-0.dll" "$prefix/bin/"
}

tshark() {
    unpack wireshark
    # It compiles its parser generator for Windows and then calls it.
    gcc -O1 -w -o "$work/lemon" "$work/wireshark/tools/lemon/lemon.c"
    sed -i "s#\$<TARGET_FILE:lemon>#$work/lemon#" "$work/wireshark/cmake/modules/UseLemon.cmake"
    # A build without capturing lacks this header there.
    sed -i 's#^\#include "config.h"#&\n\#include <wsutil/feature_list.h>#' "$work/wireshark/capture/capture-wpcap.c"
    # A dissector includes this header and uses nothing of it, where there is no zlib.
    : >"$prefix/include/zlib.h"
    # Windows does not tell capitals in the names of headers, Debian does.
    grep -rhoE '^ *# *include <[A-Za-z0-9_]+\.h>' "$work/wireshark" --include='*.[ch]' | sed 's/.*<//; s/>//' |
        sort -u |
        while read -r header; do
            small=$(echo "$header" | tr '[:upper:]' '[:lower:]')
            if [ "$header" != "$small" ] && [ ! -e "/usr/share/mingw-w64/include/$header" ] &&
                [ -e "/usr/share/mingw-w64/include/$small" ]; then
                echo "#include <$small>" >"$prefix/include/$header"
            fi
        done
    set --
    for part in wireshark rawshark dumpcap text2pcap mergecap reordercap editcap capinfos captype randpkt dftest \
        dcerpcidl2wrs androiddump sshdump ciscodump dpauxmon randpktdump wifidump etwdump udpdump mmdbresolve; do
        set -- "$@" "-DBUILD_$part=OFF"
    done
    for part in PCAP AIRPCAP ZLIB MINIZIP LZ4 BROTLI SNAPPY ZSTD NGHTTP2 LUA SMI GNUTLS WINSPARKLE KERBEROS SBC \
        SPANDSP BCG729 ILBC LIBXML2 OPUS SINSP DEBUG WERROR; do
        set -- "$@" "-DENABLE_$part=OFF"
    done
    # MSYSTEM keeps it from looking for Wireshark's own collection of libraries; snprintf() of the UCRT is that of C99.
    export MSYSTEM=MINGW64
    cross wireshark -DHAVE_C99_VSNPRINTF=1 -DHAVE_C99_VSNPRINTF_EXITCODE=0 -DDISABLE_WERROR=ON \
        -DCMAKE_C_FLAGS_RELEASE=-O0 -DCMAKE_CXX_FLAGS_RELEASE=-O0 \
        "-DCMAKE_C_FLAGS=-I$prefix/include -w -fpermissive" "-DCMAKE_SHARED_LINKER_FLAGS=-L$prefix/lib" \
        "-DCMAKE_EXE_LINKER_FLAGS=-L$prefix/lib" "$@"
    ninja -C "$work/build-wireshark" -j "$jobs" tshark sharkd
}

together() {
    mkdir -p "$out"
    cp "$work"/build-wireshark/run/*.dll "$work"/build-wireshark/run/tshark.exe \
        "$work"/build-wireshark/run/sharkd.exe "$prefix"/bin/*.dll "$out/"
    # sharkd tells the colours of packets.
    cp "$work/wireshark/resources/share/wireshark/colorfilters" "$out/"
    for dll in libgcc_s_seh-1.dll libwinpthread-1.dll libstdc++-6.dll; do
        for place in "/usr/lib/gcc/$tools"/*-win32 "/usr/lib/gcc/$tools"/* "/usr/$tools/lib"; do
            [ -e "$out/$dll" ] || [ ! -e "$place/$dll" ] || cp "$place/$dll" "$out/"
        done
    done
    # Debian's libgcrypt is made with the other mingw, whose gcc library has the same name and interface.
    find "$out" \( -name '*.exe' -o -name '*.dll' \) -exec "$tools-strip" {} +
    python3 -B "$here/rename.py" "$out"
}

for built in toolchain pcre2 cares glib gcrypt tshark together; do
    if [ ! -e "$work/$built.done" ]; then
        echo "== $built"
        "$built"
        touch "$work/$built.done"
    fi
done

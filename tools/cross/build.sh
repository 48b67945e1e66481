# build.sh: what tools/arm64 and tools/windows/run have in common. They source it behind tools/debian.sh, after they
# have set "label" (how they call themselves in what they say) and "out" (where logs go).
# The functions for Linux work in the Debian in "root", with the Wireshark of "series", which is that of the Debian
# "suite" and stands unpacked in the cache (extracted).
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154  # shared with those that source it

version=$(sed -n 's/^project(portlore VERSION \([0-9.]*\).*/\1/p' "$here/CMakeLists.txt")
# What Debian's packages are compiled with besides.
hardening="-fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2"

# step NAME COMMAND...: runs the command and says what became of it.
step() {
    name=$1
    shift
    echo "$label: $name" >&2
    "$@" >"$out/$name.log" 2>&1 </dev/null && return 0
    echo "$label: $name failed; the end of $out/$name.log:" >&2
    tail -n 30 "$out/$name.log" >&2
    return 1
}

# rows SERIES...: calls row for each series, with the series in "series", and counts: "passed", "failed", and "not_run"
# for those of exit code 2.
rows() {
    passed=0 failed=0 not_run=0
    for series in "$@"; do
        code=0
        row || code=$?
        case $code in
        0) passed=$((passed + 1)) ;;
        2) not_run=$((not_run + 1)) ;;
        *) failed=$((failed + 1)) ;;
        esac
    done
}

# copy_sources FILE...: the sources, in /src of the Debian, and a folder for those who work there.
copy_sources() {
    mkdir -p "$root/src" "$root/work" "$root/sysroots" &&
        tar -C "$here" --exclude=__pycache__ -cf - "$@" | tar -C "$root/src" --no-same-owner -xf - &&
        chown "$user:$user" "$root/work"
}

# machine ARCHITECTURE: how the compiler calls it, and what runs its programs. Those of amd64 run with the loader and
# the libraries of their own Debian, those of another machine under qemu's emulation.
machine() {
    sysroot=/sysroots/$suite-$1
    folder=/work/$series-$1
    case $1 in
    arm64) cpu=aarch64 ;;
    amd64) cpu=x86_64 ;;
    esac
    headers=$sysroot/usr/include
    libraries=$sysroot/usr/lib/$cpu-linux-gnu
    lower=$sysroot/lib/$cpu-linux-gnu
    case $1 in
    arm64) runner="qemu-$cpu -L $sysroot" ;;
    amd64) runner="$lower/ld-linux-x86-64.so.2 --library-path $libraries:$lower" ;;
    esac
}

# build_linux ARCHITECTURE: the plugin, and the library that stops tshark where its protocols are registered. The C
# library is that of the series: the compiler would find a newer one of its own before.
build_linux() {
    machine "$1"
    enter "$user" "paths=\"-nostdinc -isystem \$($cpu-linux-gnu-gcc -print-file-name=include)\"
        paths=\"\$paths -isystem $headers/$cpu-linux-gnu -isystem $headers -L$libraries\"
        paths=\"\$paths -Wl,-rpath-link,$libraries:$lower\"
        cmake -S /src -B $folder -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF \
            -DPORTLORE_WERROR=ON -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=$cpu \
            -DCMAKE_C_COMPILER=$cpu-linux-gnu-gcc -DCMAKE_SYSROOT=$sysroot -DWireshark_DIR=/src/tools/cross \
            -DPORTLORE_SERIES=$series -DGCRYPT_INCLUDE_DIR=$headers \
            '-DPORTLORE_INCLUDES=$headers/wireshark;$headers/glib-2.0;$libraries/glib-2.0/include' \
            '-DPORTLORE_LIBRARIES=$libraries/libwireshark.so;$libraries/libwsutil.so;$libraries/libglib-2.0.so' \
            '-DCMAKE_MODULE_LINKER_FLAGS=-s -Wl,-z,relro -Wl,-z,now' \
            -DCMAKE_C_FLAGS_RELEASE='-O2 -DNDEBUG $hardening -ffile-prefix-map=$folder=.' \
            -DCMAKE_C_FLAGS=\"\$paths\" &&
        cmake --build $folder --parallel ${PORTLORE_JOBS:-$(nproc)} &&
        $cpu-linux-gnu-gcc --sysroot=$sysroot \$paths -shared -fPIC -O2 -o $folder/prefork.so \
            /src/tests/e2e/support/prefork.c -ldl"
}

# with_plugin COMMAND: runs it as on a machine of the series, with the plugin.
with_plugin() {
    enter "$user" "export TZ=UTC WIRESHARK_PLUGIN_DIR=$folder/run/plugins
        export WIRESHARK_DATA_DIR=$sysroot/usr/share/wireshark PORTLORE_JOBS=${PORTLORE_JOBS:-}
        mkdir -p \$HOME
        $1"
}

# answers ARCHITECTURE OPTIONS FOLDER...: what tshark prints of the captures (tools/outputs.py print, and its options).
# It must have loaded the plugin.
answers() {
    machine "$1"
    options=$2
    shift 2
    with_plugin "$runner $sysroot/usr/bin/tshark -G plugins | grep portlore.so &&
        python3 -B tools/outputs.py print --prefork $folder/prefork.so $options $folder/answers $* \
            -- $runner $sysroot/usr/bin/tshark"
}

# answers_of_sharkd ARCHITECTURE FOLDER...: what sharkd answers about them.
answers_of_sharkd() {
    machine "$1"
    shift
    with_plugin "python3 -B tools/sharkd_outputs.py $folder/answers $* -- $runner $sysroot/usr/bin/sharkd"
}

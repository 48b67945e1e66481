# debian.sh: Debians that are made once, kept in the cache folder, and entered without a network: what tools/matrix
# and tools/windows/run have in common. They source it, after they have set "here".
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2034,SC2154  # shared with those that source it

caches=${XDG_CACHE_HOME:-$HOME/.cache}/portlore
# Seconds that one step may take; CI has less time to lose than a machine on which others work, too.
limit=${PORTLORE_MATRIX_LIMIT:-3600}
# An unprivileged user of the Debians.
user=1234
# The date in what is packed is that of the commit, so that what is made twice is the same file.
SOURCE_DATE_EPOCH=$(git -c safe.directory="$here" -C "$here" log -1 --format=%ct 2>/dev/null ||
    date -r "$here/CHANGELOG.md" +%s)

# as_root SCRIPT ARGUMENT...: unpacking a Debian with its owners and devices, and entering it, is root's.
as_root() {
    [ "$(id -u)" -eq 0 ] ||
        exec sudo env XDG_CACHE_HOME="${XDG_CACHE_HOME:-$HOME/.cache}" PORTLORE_OWNER="$(id -u):$(id -g)" "$@"
}

# own_build: gives the user, who has become root, what was written.
own_build() {
    [ -z "${PORTLORE_OWNER:-}" ] || chown -R "$PORTLORE_OWNER" "$here/build"
}

# within COMMAND...: runs it for as long as a step may take. After that it is killed, because unshare ignores other
# signals; its children end with it.
within() {
    timeout --foreground --signal=KILL "$limit" "$@"
}

# bootstrap TARGET PACKAGES OPTION...: mmdebstrap. A mirror may be a few days old, which apt would take for an attack;
# and it may fail once.
bootstrap() {
    target=$1 included=$2
    shift 2
    mkdir -p "${target%/*}" || return 1
    for attempt in first second; do
        echo "$attempt attempt"
        within mmdebstrap --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Retries "3"' \
            --include="$included" "$@" "$target.$$" && return 0
        rm -rf "$target.$$"
    done
    return 1
}

# debian ARCHIVE SUITE GROUP...: the file ARCHIVE.tar has a Debian with the packages of these groups of
# tools/packages.list; made when it is not cached, or when the list has changed.
debian() {
    archive=$1 release=$2
    shift 2
    wanted=$(RELEASE=$release "$here/tools/packages" --list "$@" | paste -sd,)
    if [ -f "$archive.tar" ] && [ "$(cat "$archive.packages")" = "$wanted" ]; then
        return 0
    fi
    bootstrap "$archive.tar" "$wanted" --variant=apt --format=tar "$release" &&
        mv "$archive.tar.$$" "$archive.tar" && echo "$wanted" >"$archive.packages"
}

# extracted SUITE ARCHITECTURE: the folder sysroots/SUITE-ARCHITECTURE of the cache has the packages of the group
# sysroot and what they depend on, unpacked and not installed: Wireshark's headers, libraries and programs for cross
# builds.
extracted() {
    folder=$caches/sysroots/$1-$2
    wanted=$(RELEASE=$1 "$here/tools/packages" --list sysroot | paste -sd,)
    if [ ! -d "$folder" ] || [ "$(cat "$folder.packages")" != "$wanted" ]; then
        rm -rf "$folder"
        bootstrap "$folder" "$wanted" --variant=extract --format=directory --architectures="$2" "$1" || return 1
        # What Debian's installation makes.
        for link in lib lib64; do
            [ -e "$folder.$$/$link" ] || [ ! -d "$folder.$$/usr/$link" ] || ln -s "usr/$link" "$folder.$$/$link"
        done
        chmod -R a+rX "$folder.$$" && mv "$folder.$$" "$folder" && echo "$wanted" >"$folder.packages" || return 1
    fi
    # Debian 12 links its loader by an absolute name, which leads the linker out of the folder.
    for link in "$folder"/lib64/ld-*; do
        case $(readlink "$link") in
        /*) ln -sfn "..$(readlink "$link")" "$link" ;;
        esac
    done
}

# unpack_debian NAME: unpacks the archive into "root", which other users may enter.
unpack_debian() {
    chmod 755 "$root" && tar -C "$root" --numeric-owner -xpf "$1.tar"
}

# enter WHO COMMAND: runs it in the Debian that is unpacked in "root", in its folder /src, with nothing of a network but
# a loopback of its own, on which tests let programs talk; a folder /sysroots there shows those of the cache. Whatever
# is mounted vanishes with its namespace.
enter() {
    # shellcheck disable=SC2016  # expanded inside
    within unshare --mount --pid --fork --kill-child --net sh -c '
        mount -t proc proc "$1/proc" && ip link set lo up && { [ ! -d "$1/sysroots" ] ||
            { mount --bind "$5" "$1/sysroots" && mount -o remount,bind,ro "$1/sysroots"; }; } &&
        exec chroot --userspec="$2:$2" "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
            HOME="/tmp/home-$2" LC_ALL=C.UTF-8 PORTLORE_PRESET=ci SOURCE_DATE_EPOCH="$4" sh -c "cd /src && $3"' \
        enter "$root" "$1" "$2" "$SOURCE_DATE_EPOCH" "$caches/sysroots"
}

# suite_of SERIES: the Debian that has this series of Wireshark.
suite_of() {
    case $1 in
    4.0) echo bookworm ;;
    4.4) echo trixie ;;
    4.6) echo forky ;;
    *)
        echo "No Debian has Wireshark $1; there are 4.0, 4.4 and 4.6." >&2
        return 1
        ;;
    esac
}

# version_in SYSROOT MACHINE: the whole version of the Wireshark there.
version_in() {
    sed -n 's/^Version: *\([0-9.]*\).*/\1/p' "$1/usr/lib/$2-linux-gnu/pkgconfig/wireshark.pc" | head -n 1
}

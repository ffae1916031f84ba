#!/bin/bash
# Runs a command on Debian's stock Linux kernel with the ALSA sequencer, emulated by QEMU: for machines without
# a sequencer, and for tests that need a clock independent of the machine's load.
#
#   guest.sh [--clock virtual|real] [--limit SECONDS] [--add PATH]… -- COMMAND [ARGUMENT]…
#
# The command sees only busybox, alsa-utils and the files or folders given with --add (at their own paths, with the
# shared libraries they need). Its output and exit status become those of this script; 124 means that the time limit
# was reached, 125 that the guest did not report a status.
#
#   virtual   an instruction takes 1 ns and idle time is skipped, so that every run is the same (the default)
#   real      the clock of this machine
set -euo pipefail

fail() { echo "guest.sh: $*" >&2; exit 125; }

clock=virtual limit=300 add=()
while [ $# -gt 0 ]; do
  case $1 in
    --clock) clock=$2; shift 2 ;;
    --limit) limit=$2; shift 2 ;;
    --add) add+=("$(realpath -s "$2")"); shift 2 ;;
    --) shift; break ;;
    *) fail "unknown option $1" ;;
  esac
done
[ $# -gt 0 ] || fail "no command"

# Kernel modules: the sequencer, and virtual MIDI and sound devices. One kernel is cached for each such list.
modules=(snd-hrtimer snd-seq snd-seq-dummy snd-seq-midi snd-virmidi snd-dummy)
kernel=${XDG_CACHE_HOME:-$HOME/.cache}/aurl/guest-kernel-$(echo "${modules[*]}" | md5sum | cut -c1-8)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

update_lists() {
  local root=()
  [ "$EUID" = 0 ] || root=(sudo)
  "${root[@]}" apt-get update -qq >&2
}

# Downloads the current kernel package of Debian and prints its name.
download_kernel() {
  local package
  package=$(apt-cache depends linux-image-amd64 2> /dev/null | sed -n 's/^ *Depends: *//p' | head -n 1)
  [ -n "$package" ] && (cd "$work/package" && apt-get -o APT::Sandbox::User=root download -qq "$package" >&2) &&
    echo "$package"
}

# Unpacks the kernel without installing it; only the needed files are kept in the cache.
fetch_kernel() {
  local package version offset number=10
  mkdir -p "$work/package" "$work/kernel/modules" "$(dirname "$kernel")"
  # Package lists may be missing on a new machine, and old ones may name packages that no longer exist.
  package=$(download_kernel || { update_lists && download_kernel; }) || fail "the kernel package cannot be downloaded"
  version=${package#linux-image-}
  dpkg -x "$work"/package/*.deb "$work/package/root"
  depmod -b "$work/package/root" "$version"
  for module in "${modules[@]}"; do
    modprobe -d "$work/package/root" -S "$version" --show-depends "$module"
  done | awk '!seen[$2]++ { print $2 }' | while read -r file; do
    cp "$file" "$work/kernel/modules/$number-${file##*/}"
    number=$((number + 1))
  done
  # The kernel inside the compressed image can be booted directly, which saves the guest unpacking it. xz reports an
  # error after it because of the data that follows in the image.
  offset=$(LC_ALL=C grep -abom1 -P '\xfd7zXZ\x00' "$work/package/root/boot/vmlinuz-$version" | cut -d: -f1)
  tail -c "+$((offset + 1))" "$work/package/root/boot/vmlinuz-$version" | xz -dcq 2> /dev/null > "$work/kernel/vmlinux" || true
  [ "$(head -c 4 "$work/kernel/vmlinux" | tail -c 3)" = ELF ] || fail "no kernel in vmlinuz-$version"
  rm -rf "$work/package"
  mv -T "$work/kernel" "$kernel.$$" && { mv -T "$kernel.$$" "$kernel" 2> /dev/null || rm -rf "$kernel.$$"; }
}
[ -e "$kernel/vmlinux" ] || fetch_kernel

# Copies files to the root file system, at their own paths and with their shared libraries.
root=$work/root
pack() {
  find -L "$1" -type f | while read -r file; do
    mkdir -p "$root${file%/*}"
    cp -Lu "$file" "$root$file"
    ldd "$file" 2> /dev/null | grep -oE '/[^ ]+' | while read -r library; do
      library=$(realpath -s "$library")
      mkdir -p "$root${library%/*}"
      cp -Lu "$library" "$root$library"
    done || true
  done
}
mkdir -p "$root"/{bin,dev,proc,sys,tmp,modules,usr/{bin,lib,lib64,share/alsa}}
ln -s usr/lib "$root/lib"
ln -s usr/lib64 "$root/lib64"
cp "$(command -v busybox)" "$root/bin/busybox"
cp "$kernel"/modules/* "$root/modules"
cp -r /usr/share/alsa/{alsa.conf,cards,pcm} "$root/usr/share/alsa"
for path in /usr/bin/{aconnect,aplaymidi,arecordmidi,aseqdump,amidi} "${add[@]}"; do pack "$path"; done
printf 'cd %q\nexec' "$PWD" > "$root/command"
printf ' %q' "$@" >> "$root/command"
mkdir -p "$root$PWD"
cp "$(dirname "$0")/init" "$root/init"
(cd "$root" && find . | LC_ALL=C sort | cpio -o -H newc --quiet -R 0:0) > "$work/root.cpio"

# The root is unpacked into memory beside the archive, and may take half of the memory that is then free.
memory=$((3 * $(stat -c %s "$work/root.cpio") / 1048576 + 1024))

# KVM is never used, so that the tests run the same everywhere.
machine=(-machine pc -accel tcg -cpu max -smp 1 -m "$memory" -nodefaults -no-user-config -display none -no-reboot
  -kernel "$kernel/vmlinux" -initrd "$work/root.cpio" -append "console=ttyS0 quiet panic=-1"
  -serial "file:$work/console" -serial stdio)
[ "$clock" = real ] || machine+=(-icount shift=0,sleep=off)
status=0
timeout "$limit" qemu-system-x86_64 "${machine[@]}" < /dev/null || status=$?
if grep -q "Initramfs unpacking failed" "$work/console"; then fail "the root does not fit into $memory MiB"; fi
# QEMU exits with 0 after a kernel panic, so only the status reported by the guest counts.
reported=$(tr -d '\r' < "$work/console" | sed -n 's/^exit status \([0-9]*\)$/\1/p')
[ -z "$reported" ] || exit "$reported"
echo "guest.sh: the guest did not finish; its last output:" >&2
tail -n 20 "$work/console" >&2
[ "$status" = 124 ] && exit 124
exit 125

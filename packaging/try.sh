#!/bin/sh
# Tries the Debian package where nothing else is: a clean Debian is laid out by debootstrap
# and started with its own systemd (systemd-nspawn); the package is installed, the lane
# started, a couple checked and let go, the package purged. As root, on Debian, with
# debootstrap and systemd-container.
#
#   sudo packaging/try.sh target/debian/rowcall_*.deb [FOLDER]
#
# FOLDER is where the clean Debian is laid out, and found again [default: a new one, removed
# at the end].
set -eu

deb=$(realpath "$1")
cd "$(dirname "$0")/.."
root=${2:-}
if [ -z "$root" ]; then
    root=$(mktemp -d)
    trap 'rm -rf "$root"' EXIT
fi
if [ ! -x "$root/sbin/init" ]; then
    debootstrap --variant=minbase --include=systemd,systemd-sysv,ca-certificates,curl \
        bookworm "$root" "${MIRROR:-http://deb.debian.org/debian}"
fi

rm -rf "$root/trial" "$root/trial.txt"
mkdir "$root/trial"
cp "$deb" "$root/trial/rowcall.deb"
cp -r samples/vehicles/couple samples/lanes/front-row.toml "$root/trial/"
cp packaging/try-inside.sh "$root/trial/inside.sh"
# It reaches Debian as this machine does.
cp /etc/resolv.conf "$root/etc/" 2>/dev/null || true
cat >"$root/etc/systemd/system/trial.service" <<'UNIT'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/sh /trial/inside.sh
StandardOutput=file:/trial.txt
StandardError=inherit
ExecStopPost=/bin/systemctl poweroff --no-block
UNIT
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
ln -sf ../trial.service "$root/etc/systemd/system/multi-user.target.wants/trial.service"
timeout 600 systemd-nspawn --quiet --register=no --keep-unit --link-journal=no --bind-ro=/etc/apt/apt.conf.d \
    --console=passive --boot --directory="$root" >"$root/boot.txt" 2>&1 || true
cat "$root/trial.txt"
grep -q '^== everything held$' "$root/trial.txt"

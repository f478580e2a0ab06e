#!/bin/sh
# The inside of try.sh: what somebody does who installs a lane, and what must be so after.
set -eu
export DEBIAN_FRONTEND=noninteractive
cd /trial

step() { echo "== $1"; }
fails() { if "$@"; then echo "$* should fail"; exit 1; fi; }
say() { printf '   %s\n' "$1"; }
# What a page or an answer has between two texts.
between() { sed -n "s/.*$1\([^\"]*\)\".*/\1/p" | head -n 1; }

# What a trial before left, where it failed half-way.
apt-get purge -y -qq rowcall >/dev/null 2>&1 || true
rm -rf /etc/rowcall /var/lib/rowcall

step 'installed'
apt-get update -qq
apt-get install -y -qq --no-install-recommends ./rowcall.deb
say "$(rowcall --version)"

step 'nothing starts before somebody says who operates the lane'
systemctl start rowcall
fails systemctl is-active --quiet rowcall

step 'configured'
rowcall keys make /etc/rowcall/keys --log lane3.example.org/rowcall
chown -R rowcall: /etc/rowcall/keys
sed -e 's/^operator = ""/operator = "Nobody: a trial"/' -e 's/^purpose = ""/purpose = "To try the package"/' \
    -e 's/^legal_basis = ""/legal_basis = "None: nobody real passes"/' -e 's/^contact = ""/contact = "whoever tries it"/' \
    /usr/share/doc/rowcall/service.toml.example >/etc/rowcall/service.toml
sed /^trust/d front-row.toml >/etc/rowcall/car.toml
rowcall lane check /etc/rowcall/service.toml || say "lane check ended with $?"

step 'an administrator is made'
runuser -u rowcall -- rowcall serve --config /etc/rowcall/service.toml --administrator a.holm >first.txt 2>&1 &
first=$!
at=http://127.0.0.1:8443
until grep -q 'serves on' first.txt; do kill -0 $first || { cat first.txt; exit 1; }; sleep 0.2; done
password=$(sed -n 's/.*one-time password //p' first.txt)
# log_in PASSWORD: a session in the jar, and what its forms carry.
log_in() {
    curl -sS -c jar --data-urlencode name=a.holm --data-urlencode "password=$1" "$at/login" -o /dev/null
    csrf=$(curl -sS -b jar "$at/password" | between 'name="csrf" value="')
}
log_in "$password"
curl -sS -b jar --data-urlencode "csrf=$csrf" --data-urlencode "old=$password" \
    --data-urlencode 'new=seven green boats' "$at/password" -o /dev/null
log_in 'seven green boats'
token=$(curl -sS -b jar -H "x-csrf-token: $csrf" -H 'content-type: application/json' \
    -d '{"label": "reader-1", "days": 1}' "$at/v1/tokens" | between '"token":"')
[ -n "$token" ]
kill $first
wait $first || say "serve ended with $?"

step 'the unit starts'
systemctl start rowcall
systemctl is-active rowcall
say "$(systemd-analyze security rowcall --no-pager 2>/dev/null | tail -n 1)"

step 'a couple is checked'
auth="Authorization: Bearer $token"
until curl -sf "$at/readyz" >/dev/null; do sleep 0.2; done
id=$(curl -sS -H "$auth" -H 'content-type: application/json' \
    -d '{"lane": "booth-1", "occupants": 2, "documents": 2}' "$at/v1/transactions" | between '"id":"')
for document in 01 02; do
    curl -sS -o /dev/null -H "$auth" -F "id=$document" -F "mrz.txt=@couple/documents/$document/mrz.txt" \
        -F "portrait.jpg=@couple/documents/$document/portrait.jpg" "$at/v1/transactions/$id/documents"
done
for picture in 1 2 3 4 5; do
    for camera in front left right; do
        curl -sS -o /dev/null -H "$auth" -H 'content-type: image/jpeg' --data-binary "@couple/frames/$camera/000$picture.jpg" \
            "$at/v1/transactions/$id/frames?camera=$camera"
    done
done
waited=0
until curl -sS -H "$auth" "$at/v1/transactions/$id" | tee view.json | grep -q '"frames":0,"documents":0'; do
    waited=$((waited + 1))
    [ $waited -lt 300 ] || { cat view.json; exit 1; }
    sleep 0.2
done
grep -o '"outcome":"[a-z-]*"' view.json | head -n 1
curl -sS -H "$auth" -H 'content-type: application/json' -d '{}' "$at/v1/transactions/$id/close" | head -c 300
echo
say "$(journalctl -u rowcall --no-pager -q | wc -l) lines in the journal; none names a holder:"
journalctl -u rowcall --no-pager -q >journal.txt
fails grep -qf couple/documents/01/mrz.txt journal.txt

step 'the unit stops, and the log verifies'
systemctl stop rowcall
rowcall audit verify /var/lib/rowcall/log --key /etc/rowcall/keys/log.pub

step 'removed, then purged'
apt-get remove -y -qq rowcall
[ -d /var/lib/rowcall/log ]
apt-get purge -y -qq rowcall
for gone in /usr/bin/rowcall /usr/share/rowcall /var/lib/rowcall /etc/rowcall/keys /etc/rowcall/service.toml; do
    fails test -e "$gone"
done
step 'everything held'

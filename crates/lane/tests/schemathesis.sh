#!/bin/sh
# Sends what schemathesis (PyPI, 4) makes of the served description to a lane: as nobody,
# as a device, as an officer and as an administrator. An answer of 5xx, or one that the
# description doesn't have, fails it.
#
#   crates/lane/tests/schemathesis.sh [EXAMPLES]
#
# EXAMPLES is how many requests each operation gets of each kind [default: 60];
# SCHEMATHESIS is the program.
set -eu
trap 'exit 1' INT TERM

cd "$(dirname "$0")/../../.."
schemathesis=${SCHEMATHESIS:-schemathesis}
examples=${1:-60}

if ! command -v "$schemathesis" >/dev/null; then
    echo "SKIPPED: schemathesis isn't installed (pip install 'schemathesis>=4,<5')" >&2
    exit 0
fi

work=$(mktemp -d)
ROWCALL_STANDS=$work/stands cargo test -q --release -p rowcall-lane --lib -- --ignored --exact \
    tests::openapi::a_lane_stands >"$work/lane.txt" 2>&1 &
lane=$!
# The lane ends as the file goes, and says whether its log verifies.
trap 'rm -f "$work/stands"; wait "$lane" || { cat "$work/lane.txt" >&2; exit 1; }; rm -rf "$work"' EXIT
until [ -s "$work/stands" ]; do
    kill -0 "$lane" 2>/dev/null || exit 1
    sleep 0.5
done
. "$work/stands"

failed=0
# Semantic refusals (a seat that the lane hasn't) depend on the lane, so valid data may be
# refused: positive_data_acceptance can't be asked for.
try() {
    name=$1
    shift
    echo "== $name"
    (cd "$work" && "$schemathesis" --no-color --config-file "$work/schemathesis.toml" run "$at/v1/openapi.json" \
        --seed 1 --max-examples "$examples" \
        --phases examples,coverage,fuzzing --checks all \
        --exclude-checks positive_data_acceptance,use_after_free,ensure_resource_availability,object_level_authorization \
        --exclude-path-regex '/events$' --continue-on-failure --warnings off \
        --request-timeout 40 "$@") || failed=1
}

: >"$work/schemathesis.toml"
try "nobody" --mode all
# What isn't there, then a transaction that is: its end comes last.
try "device, unknown transactions" -H "Authorization: Bearer $token"
printf '[parameters]\n"path.id" = "%s"\n"path.lane" = "booth-1"\n' "$id" >"$work/schemathesis.toml"
try "device" -H "Authorization: Bearer $token" --include-path-regex '^/v1/(lanes|transactions)' \
    --exclude-path-regex '/(close|presence|events)$'
# session SECRET CSRF: how somebody who logged in asks.
session() {
    printf '[parameters]\n"path.id" = "%s"\n"path.lane" = "booth-1"\n' "$id"
    printf '[auth.openapi.session]\napi_key = "%s"\n[auth.openapi.csrf]\napi_key = "%s"\n' "$1" "$2"
}

session "$officer" "$officer_csrf" >"$work/schemathesis.toml"
try "officer" --include-path-regex '^/v1/(lanes|transactions)' \
    --exclude-path-regex '/(close|presence|events|frames)$'
session "$administrator" "$administrator_csrf" >"$work/schemathesis.toml"
try "administrator" --include-path-regex '^/v1/(users|tokens)'
printf '[parameters]\n"path.id" = "%s"\n"path.lane" = "booth-1"\n' "$id" >"$work/schemathesis.toml"
try "device, to the end" -H "Authorization: Bearer $token" \
    --include-path-regex '/(close|presence|result)$'

exit "$failed"

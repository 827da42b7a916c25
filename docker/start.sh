#!/bin/sh
# Starts docker/compose.yaml: the databases, then the control plane, then, with tokens of their own, all the others.
set -eu
cd "$(dirname "$0")"

if docker compose version >/dev/null 2>&1; then
  compose() { docker compose -p crossfade -f compose.yaml "$@"; }
elif command -v docker-compose >/dev/null; then
  compose() { docker-compose -p crossfade -f compose.yaml "$@"; }
else
  echo "docker/start.sh: docker compose is missing; install it" >&2
  exit 2
fi

# Tries a command until it succeeds, for a minute; what it says is on its standard output.
until_it_works() {
  tries=0
  until "$@" 2>.tokens/log; do
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || { cat .tokens/log >&2; echo "docker/start.sh: gave up on: $*" >&2; exit 1; }
    sleep 2
  done
}

mkdir -p .tokens
chmod 700 .tokens
# Else Docker makes folders of them.
touch .tokens/admin-token .tokens/sidecar-token
compose up -d db-old db-new
if [ ! -s .tokens/admin-token ]; then
  until_it_works compose run --rm --no-deps -T control-plane token --name admin --jdbc-url jdbc:postgresql://db-old/control --db-user control >.tokens/admin-token
fi
chmod 644 .tokens/admin-token
compose up -d control-plane
if [ ! -s .tokens/sidecar-token ]; then
  until_it_works compose run --rm --no-deps -T ctl token create --name shop --role sidecar --service shop >.tokens/sidecar-token
fi
chmod 644 .tokens/sidecar-token
if [ $# -gt 0 ]; then compose up -d "$@"; else compose up -d; fi
cat <<'TEXT'
the sidecar is on 127.0.0.1:6432 (psql -U app shop), the console on http://127.0.0.1:7480 (its token: docker/.tokens/admin-token),
Unleash on http://127.0.0.1:4242, Prometheus on http://127.0.0.1:9091, Grafana on http://127.0.0.1:3000
TEXT

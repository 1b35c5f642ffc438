#!/usr/bin/env bash
# One more message in the stores that Node programs choose, beside OrleansMemory over HTTP: one Node process, one PostgreSQL, one run.
#
#   Benchmarks/Peers/run.sh [seconds per slice]
#
# Needs node 20 or later, npm and PostgreSQL's server programs. The packages are installed in a temporary folder; nothing of theirs stays.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
port=55432
silo_port=55080

programs() {
  local folder
  for folder in $(dirname "$(command -v initdb 2>/dev/null || echo /none)") /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin; do
    [ -x "$folder/initdb" ] && echo "$folder" && return
  done
  echo "PostgreSQL's server programs are missing." >&2
  exit 1
}

# Root may not run PostgreSQL's server.
as_server() {
  if [ "$(id -u)" -eq 0 ]; then su postgres -s /bin/bash -c "$1"; else bash -c "$1"; fi
}

stop() {
  [ -n "${silo:-}" ] && kill "$silo" 2>/dev/null && wait "$silo" 2>/dev/null || true
  as_server "$bin/pg_ctl -D $work/data stop -m immediate" >/dev/null 2>&1 || true
  rm -rf "$work"
}

bin=$(programs)
chmod 755 "$work"
mkdir "$work/server"
[ "$(id -u)" -eq 0 ] && chown postgres "$work" "$work/server"
trap stop EXIT
as_server "$bin/initdb -D $work/data -U postgres -A trust >/dev/null"
as_server "$bin/pg_ctl -D $work/data -o '-p $port -k $work/server -c listen_addresses=127.0.0.1 -c max_connections=300' -l $work/server/log -w start >/dev/null"

dotnet build "$repository/Silo" -c Release -v quiet -nologo
ASPNETCORE_URLS="http://127.0.0.1:$silo_port" ConnectionStrings__Postgres="Host=127.0.0.1;Port=$port;Username=postgres;Database=postgres" OrleansMemory__Cluster__SiloPort=55111 \
  dotnet "$repository/artifacts/bin/Silo/release/OrleansMemory.Silo.dll" >"$work/silo.log" 2>&1 &
silo=$!
until curl -sf "http://127.0.0.1:$silo_port/health/ready" >/dev/null; do
  kill -0 "$silo" 2>/dev/null || { cat "$work/silo.log" >&2; exit 1; }
  sleep 0.2
done

mkdir "$work/node"
cp "$here/package.json" "$here/peers.mjs" "$work/node"
(cd "$work/node" && npm install --no-audit --no-fund --ignore-scripts --legacy-peer-deps --loglevel=error)
(cd "$work/node" && node peers.mjs "postgres://postgres@127.0.0.1:$port/postgres" "http://127.0.0.1:$silo_port" "${1:-2}")

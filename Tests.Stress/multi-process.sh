#!/usr/bin/env bash
# Three silo processes on loopback ports over one PostgreSQL, and a client process that writes: one silo is killed (SIGKILL) in mid load and started again.
# Every turn that was acknowledged must be there once, in logs without gaps. Prints turns per second before, during and after, and the longest pauses.
#
#   Tests.Stress/multi-process.sh [TURNS per phase, default 5000] [WRITERS, default 32]
#
# Needs the .NET SDK and PostgreSQL: ConnectionStrings__Postgres (its account creates and drops a database), or server programs on this machine, from which a
# private server is started. The processes that it starts end with it, also when it is interrupted; an interrupted run leaves its database, om_test_..., on a
# server that was given.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
export ORLEANSMEMORY_LOAD_TURNS=${1:-5000} ORLEANSMEMORY_LOAD_WRITERS=${2:-32}

client=
results=$(mktemp)
descendants() { local child; for child in $(pgrep -P "$1"); do descendants "$child"; echo "$child"; done; }

# The silos are children of the test host, and would go on without it: they are asked to end, and made to where they do not.
stop() {
  rm -f "$results"
  [ -n "$client" ] || return 0
  local started attempt
  started="$client $(descendants "$client" | tr '\n' ' ')"
  # shellcheck disable=SC2086 # several ids
  for attempt in $(seq 1 20); do kill -TERM $started 2>/dev/null || return 0; sleep 0.5; done
  # shellcheck disable=SC2086
  kill -KILL $started 2>/dev/null || true
}
trap stop EXIT
trap 'exit 130' INT TERM

dotnet build Tests.Stress -v q -nologo

dotnet test Tests.Stress --no-build --filter FullyQualifiedName~MultiProcessTests --logger 'console;verbosity=detailed' >"$results" 2>&1 &
client=$!
status=0
wait "$client" || status=$?
client=
if [ "$status" -eq 0 ]; then
  grep 'turns/s' "$results" | sed 's/^.*\] *//; s/^ *//' | awk '!seen[$0]++'
  echo "Nothing acknowledged was lost or doubled."
else
  cat "$results"
fi
exit "$status"

#!/usr/bin/env bash
# Hostile requests, generated from the silo's OpenAPI document, against a silo process on PostgreSQL, beside a tenant whose data must stay as it is. docs/reliability.md says what is checked.
# Prints the seeds, how it goes once a minute, what is wrong with the requests that showed it, and at the end the statuses, the time and the memory of the silo.
#
#   Tests.Stress/hostile.sh [REQUESTS, default 100000] [FIRST SEED, default 1] [GENERATORS at once, a seed each, default 4]
#   Tests.Stress/hostile.sh 250000 17 1         repeats the sequence of one seed
#
# Needs the .NET SDK and PostgreSQL's server programs (test.sh installs them where there is apt-get). Ends with 1 where something was wrong.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
export ORLEANSMEMORY_HOSTILE=${1:-100000} ORLEANSMEMORY_HOSTILE_SEED=${2:-1} ORLEANSMEMORY_HOSTILE_GENERATORS=${3:-4}

[ -n "${ORLEANSMEMORY_HOSTILE_BUILT:-}" ] || dotnet build Tests.Stress -c Release -v q -nologo

client=
descendants() { local child; for child in $(pgrep -P "$1"); do descendants "$child"; echo "$child"; done; }

# The silo is a child of the generators' process, and would go on without it.
stop() {
  [ -n "$client" ] || return 0
  # shellcheck disable=SC2046 # several ids
  kill -KILL "$client" $(descendants "$client" | tr '\n' ' ') 2>/dev/null || true
}
trap stop EXIT
trap 'exit 130' INT TERM

# Not by dotnet test: what is said is seen as it goes on, and no limit for hanging tests ends it.
dotnet "${ORLEANSMEMORY_HOSTILE_BUILT:-artifacts/bin/Tests.Stress/release/OrleansMemory.Tests.Stress.dll}" -method 'OrleansMemory.Tests.Stress.Hostile.HostileTests.As_many_as_were_asked_for' -noLogo -noColor &
client=$!
status=0
wait "$client" || status=$?
client=
exit "$status"

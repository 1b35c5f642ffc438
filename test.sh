#!/usr/bin/env bash
# Runs all tests. Needs the .NET SDK: PostgreSQL's server programs are installed where they are missing, and tests start private servers from them; Chromium, too, for the tests of
# the console, which are left out where it cannot be installed.
#
#   ./test.sh [arguments for dotnet test, such as: --filter FullyQualifiedName~Tests.Silo]
#
# Ends with the ten slowest classes and "N passed, N failed". A run that did not build, crashed or hung is one failure.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
# The compiler may stay warm between projects, though no node of MSBuild does.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=true

# Where the silo looks for them, too.
postgres_programs() {
  local folder
  command -v initdb && return
  for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/libexec/postgresql* /usr/local/pgsql/bin /opt/homebrew/opt/postgresql@*/bin \
    /usr/local/opt/postgresql@*/bin /Applications/Postgres.app/Contents/Versions/*/bin; do
    [ -x "$folder/initdb" ] && return
  done
  return 1
}

# Sets as_root to what a command is begun with that changes the machine.
can_install() {
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || return 1
    as_root=(sudo)
  fi

  command -v apt-get >/dev/null
}

install() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

install_postgres() {
  can_install || return 1
  echo "Installing PostgreSQL"
  # Only the server's programs: no cluster of the distribution's own is made or started.
  "${as_root[@]}" apt-get update -qq && "${as_root[@]}" mkdir -p /etc/postgresql-common \
    && echo 'create_main_cluster = false' | "${as_root[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null \
    && install postgresql || return 1

  # For the tests of a silo whose clock is wrong, which are left out without it.
  install libfaketime || true
}

browser() {
  command -v chromium || command -v chromium-browser || command -v google-chrome-stable || command -v google-chrome
}

# For the tests of the console, which are left out without it.
install_browser() {
  can_install && "${as_root[@]}" timeout 120 apt-get update -qq && install chromium
}

# The ten slowest classes, by the sum of their tests' durations. What a fixture takes to start is in no test's duration.
slowest() {
  grep -ho '<UnitTestResult [^>]*>' "$results"/*.trx 2>/dev/null | awk '{
    name = $0; sub(/.* testName="/, "", name); sub(/".*/, "", name); sub(/\(.*/, "", name); sub(/\.[^.]*$/, "", name)
    time = $0; if (!sub(/.* duration="/, "", time)) next
    sub(/".*/, "", time); split(time, part, ":"); seconds[name] += part[1] * 3600 + part[2] * 60 + part[3]
  } END { for (name in seconds) printf "%8.1f s  %s\n", seconds[name], name }' | sort -rn | head -10
}

# The sum of a counter over all results.
count() {
  grep -ho '<Counters [^>]*' "$results"/*.trx 2>/dev/null | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'
}

if ! command -v dotnet >/dev/null; then
  echo "The .NET 10 SDK is missing: see https://dotnet.microsoft.com/download" >&2
  exit 1
fi

if [ -z "${ConnectionStrings__Postgres:-}" ] && ! postgres_programs >/dev/null && ! { install_postgres && postgres_programs >/dev/null; }; then
  echo "The server programs of PostgreSQL (15 or later) are missing and could not be installed. Install them (Debian: apt-get install postgresql; Fedora:" \
    "dnf install postgresql-server; macOS: brew install postgresql@17), or name a server whose account may create databases in ConnectionStrings__Postgres." >&2
  exit 1
fi

# Beside the build, which takes longer.
if ! browser >/dev/null; then
  echo "Installing Chromium"
  install_browser || echo "Chromium could not be installed: the tests of the console that need it are left out." &
fi

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
dotnet test "$@" --logger 'trx;LogFilePrefix=run' --results-directory "$results"
status=$?

passed=$(count passed)
failed=$(($(count failed) + $(count error) + $(count timeout) + $(count aborted)))
if [ "$failed" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$passed" -eq 0 ]; }; then
  echo "The run did not end well (see above), though no test has failed: it counts as a failure."
  failed=1
fi

echo "The slowest classes:"
slowest
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] || exit 1

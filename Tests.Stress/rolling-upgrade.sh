#!/usr/bin/env bash
# The release before and this one in one cluster, under load: two silos of the release before, then silos of this one beside them, in their place, one of the
# older ones started again, and at last this one alone. Every acknowledged turn must be there once; every route is asked through silos of both.
#
#   Tests.Stress/rolling-upgrade.sh [COMMIT OR TAG of the release before; default: the last tag, else what Tests.Stress/Upgrades/previous-release names]
#
# Needs git, the .NET SDK and PostgreSQL as the tests do. Builds the release before in a temporary work tree, which is removed at the end.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

previous=${1:-$(git describe --tags --abbrev=0 2>/dev/null || grep -v '^#' Tests.Stress/Upgrades/previous-release)}
tree=$(mktemp -d)
stop() {
  git worktree remove --force "$tree/source" 2>/dev/null || true
  rm -rf "$tree"
}
trap stop EXIT
trap 'exit 130' INT TERM

git worktree add --quiet --detach "$tree/source" "$previous"
echo "The release before: $(git -C "$tree/source" log -1 --format='%h of %cs')"
dotnet publish "$tree/source/Silo" -c Release -o "$tree/silo" -v q -nologo
dotnet build Tests.Stress -v q -nologo
ORLEANSMEMORY_PREVIOUS_SILO="$tree/silo/OrleansMemory.Silo.dll" \
  dotnet test Tests.Stress --no-build --filter FullyQualifiedName~RollingUpgradeTests --logger 'console;verbosity=detailed'

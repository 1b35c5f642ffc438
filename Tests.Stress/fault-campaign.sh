#!/usr/bin/env bash
# Generated schedules of faults against silo processes and PostgreSQL under load: SIGKILL and SIGSTOP of silos and of PostgreSQL, cut connections, wrong clocks.
# Prints each seed with its plan, what is wrong where something is, and a table at the end. docs/reliability.md says what is checked.
#
#   Tests.Stress/fault-campaign.sh [SCHEDULES, default 20] [FIRST SEED, default 1]
#   Tests.Stress/fault-campaign.sh 1 SEED         repeats one
#
# Needs the .NET SDK and PostgreSQL's server programs (test.sh installs them where there is apt-get). Ends with 1 where something was wrong.
# ORLEANSMEMORY_FAULT_CAMPAIGN_FIGURES=FILE adds the figures up over several runs; ORLEANSMEMORY_FAULT_CAMPAIGN_LOGS=FOLDER keeps the silos' last log lines of schedules
# with violations.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
export ORLEANSMEMORY_FAULT_CAMPAIGN=${1:-20} ORLEANSMEMORY_FAULT_CAMPAIGN_SEED=${2:-1}

[ -n "${ORLEANSMEMORY_FAULT_CAMPAIGN_BUILT:-}" ] || dotnet build Tests.Stress -c Release -v q -nologo

client=
descendants() { local child; for child in $(pgrep -P "$1"); do descendants "$child"; echo "$child"; done; }

# The silos are children of the campaign's process, and would go on without it.
stop() {
  [ -n "$client" ] || return 0
  # shellcheck disable=SC2046 # several ids
  kill -KILL "$client" $(descendants "$client" | tr '\n' ' ') 2>/dev/null || true
}
trap stop EXIT
trap 'exit 130' INT TERM

# Not by dotnet test: what the campaign says is seen as it goes on, and no limit for hanging tests ends it.
dotnet artifacts/bin/Tests.Stress/release/OrleansMemory.Tests.Stress.dll -class OrleansMemory.Tests.Stress.FaultCampaign.FaultCampaignTests -noLogo -noColor &
client=$!
status=0
wait "$client" || status=$?
client=
exit "$status"

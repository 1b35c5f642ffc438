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

# Not by dotnet test: what the campaign says is seen as it goes on, and no limit for hanging tests ends it.
exec dotnet artifacts/bin/Tests.Stress/release/OrleansMemory.Tests.Stress.dll -class OrleansMemory.Tests.Stress.FaultCampaign.FaultCampaignTests -noLogo -noColor

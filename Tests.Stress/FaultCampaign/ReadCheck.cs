namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>Reads against what had been acknowledged, shown or removed when they began.</summary>
internal static class ReadCheck
{
    /// <summary>Makes the check.</summary>
    /// <param name="history">What was seen.</param>
    public static IEnumerable<Violation> Run(History history)
    {
        ILookup<string, Acknowledged> turns = history.Turns.ToLookup(turn => turn.Conversation);
        Dictionary<string, Forked> forks = history.Forks.ToDictionary(fork => fork.Conversation);
        Dictionary<string, Removed> removals = history.Removals.ToDictionary(removal => removal.Conversation);
        foreach (IGrouping<string, Read> of in history.Reads.GroupBy(read => read.Conversation))
        {
            Acknowledged[] acknowledged = [.. turns[of.Key].OrderBy(turn => turn.At)];
            foreach (IGrouping<string, Read> session in of.GroupBy(read => read.Reader))
            {
                foreach (
                    Violation violation in Of(
                        [.. session.OrderBy(read => read.Began)],
                        acknowledged,
                        forks.GetValueOrDefault(of.Key),
                        removals.GetValueOrDefault(of.Key)
                    )
                )
                {
                    yield return violation;
                }
            }
        }
    }

    private static IEnumerable<Violation> Of(Read[] reads, Acknowledged[] turns, Forked? fork, Removed? removal)
    {
        (long seenVersion, long seenLast) = (0L, 0L);
        foreach (Read read in reads)
        {
            if (removal is not null && read.Ended > removal.Began)
            {
                if (read.Began > removal.At && read.Status != 404)
                {
                    yield return new Violation(
                        Checks.Gone,
                        Describe(read) + $", though its removal was acknowledged at {Checks.Clock(removal.At)}"
                    );
                }

                continue;
            }

            Acknowledged[] before = [.. turns.TakeWhile(turn => turn.At < read.Began)];
            long version = Math.Max(
                seenVersion,
                before.Select(turn => turn.Version).Append(fork is not null && fork.At < read.Began ? fork.Version : 0).Max()
            );
            long last = Math.Max(
                seenLast,
                before.Select(turn => turn.Last).Append(fork is not null && fork.At < read.Began ? fork.Sequence : 0).Max()
            );
            bool missing = read.Status == 404 && version > 0;
            if (missing || (read.Status == 200 && (read.Last < last || (read.Version > 0 && read.Version < version))))
            {
                Acknowledged? newest = before.MaxBy(turn => turn.Version);
                yield return new Violation(
                    Checks.Reads,
                    Describe(read)
                        + FormattableString.Invariant(
                            $", where version {version} and sequence {last} were due ({(newest is null || newest.Version < version ? "seen before by this reader" : $"{newest.TurnId} was acknowledged at {Checks.Clock(newest.At)}")})"
                        )
                );
            }

            (seenVersion, seenLast) = (Math.Max(seenVersion, read.Version), Math.Max(seenLast, read.Last));
        }
    }

    private static string Describe(Read read) =>
        FormattableString.Invariant(
            $"{read.Reader}: GET {read.Route} at silo {read.Silo} from {Checks.Clock(read.Began)} to {Checks.Clock(read.Ended)} answered {read.Status} version {read.Version} sequence {read.Last}"
        );
}

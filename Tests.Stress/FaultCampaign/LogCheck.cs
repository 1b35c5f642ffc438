namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>Whole logs against what was acknowledged.</summary>
internal static class LogCheck
{
    /// <summary>Makes the check.</summary>
    /// <param name="history">What was seen.</param>
    public static IEnumerable<Violation> Run(History history)
    {
        ILookup<string, Acknowledged> turns = history.Turns.ToLookup(turn => turn.Conversation);
        Dictionary<string, Forked> forks = history.Forks.ToDictionary(fork => fork.Conversation);
        return history
            .Logs.SelectMany(log => Of(log, [.. turns[log.Conversation]], forks.GetValueOrDefault(log.Conversation)))
            .Concat(forks.Values.SelectMany(fork => Shared(fork, history)))
            .Concat(turns.SelectMany(of => Order(of.Key, [.. of])));
    }

    private static IEnumerable<Violation> Of(WholeLog log, Acknowledged[] turns, Forked? fork)
    {
        string where = FormattableString.Invariant($"{log.Conversation} by way of silo {log.Silo}: ");
        for (int i = 0; i < log.Messages.Count; i++)
        {
            if (log.Messages[i].Sequence != i + 1)
            {
                yield return new Violation(
                    Checks.Turns,
                    FormattableString.Invariant($"{where}sequence {log.Messages[i].Sequence} at place {i + 1}")
                );
                yield break;
            }
        }

        long shared = fork?.Sequence ?? 0;
        var expected = new Dictionary<long, string>();
        foreach (Acknowledged turn in turns.Where(turn => turn.First > 0))
        {
            for (long sequence = turn.First; sequence <= turn.Last; sequence++)
            {
                string text = FormattableString.Invariant($"{turn.TurnId}/{sequence - turn.First}");
                string found = sequence <= log.Messages.Count ? log.Messages[(int)sequence - 1].Text : "nothing";
                if (found != text || !expected.TryAdd(sequence, text))
                {
                    yield return new Violation(
                        Checks.Turns,
                        FormattableString.Invariant(
                            $"{where}{text} was acknowledged at {sequence} ({Checks.Clock(turn.At)}), where there is {found}"
                        )
                    );
                }
            }
        }

        foreach (
            (long sequence, string text) in log.Messages.Where(message =>
                message.Sequence > shared && !expected.ContainsKey(message.Sequence)
            )
        )
        {
            yield return new Violation(
                Checks.Turns,
                FormattableString.Invariant($"{where}{text} at {sequence} was not acknowledged there")
            );
        }

        long version = (fork?.Version ?? 0) + turns.Length;
        if (log.Version != version)
        {
            yield return new Violation(
                Checks.Versions,
                FormattableString.Invariant($"{where}version {log.Version} after {turns.Length} turns; expected {version}")
            );
        }

        long[] versions = [.. turns.Select(turn => turn.Version).Order()];
        for (int i = 0; i < versions.Length; i++)
        {
            if (versions[i] != (fork?.Version ?? 0) + i + 1)
            {
                yield return new Violation(
                    Checks.Versions,
                    FormattableString.Invariant($"{where}version {versions[i]} was given where {(fork?.Version ?? 0) + i + 1} was next")
                );
                yield break;
            }
        }
    }

    /// <summary>A fork has what its origin had; an origin that was deleted is known by its turns.</summary>
    private static IEnumerable<Violation> Shared(Forked fork, History history)
    {
        var texts = new Dictionary<long, string>();
        foreach (Acknowledged turn in history.Turns.Where(turn => turn.Conversation == fork.Origin && turn.First > 0))
        {
            for (long sequence = turn.First; sequence <= turn.Last; sequence++)
            {
                texts[sequence] = FormattableString.Invariant($"{turn.TurnId}/{sequence - turn.First}");
            }
        }

        foreach (WholeLog log in history.Logs.Where(log => log.Conversation == fork.Conversation))
        {
            for (long sequence = 1; sequence <= fork.Sequence; sequence++)
            {
                string found = sequence <= log.Messages.Count ? log.Messages[(int)sequence - 1].Text : "nothing";
                if (found != texts.GetValueOrDefault(sequence))
                {
                    yield return new Violation(
                        Checks.Turns,
                        FormattableString.Invariant(
                            $"{fork.Conversation} by way of silo {log.Silo}: {found} at {sequence}, where {fork.Origin} has {texts.GetValueOrDefault(sequence)}"
                        )
                    );
                }
            }
        }
    }

    /// <summary>A later version has later sequences.</summary>
    private static IEnumerable<Violation> Order(string conversation, Acknowledged[] turns)
    {
        long last = 0;
        foreach (Acknowledged turn in turns.Where(turn => turn.First > 0).OrderBy(turn => turn.Version))
        {
            if (turn.First <= last)
            {
                yield return new Violation(
                    Checks.Turns,
                    FormattableString.Invariant(
                        $"{conversation}: {turn.TurnId} has version {turn.Version} and sequence {turn.First}, behind {last} of a version before"
                    )
                );
            }

            last = turn.Last;
        }
    }
}

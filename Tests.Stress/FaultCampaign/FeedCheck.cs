namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>Feeds against the logs.</summary>
internal static class FeedCheck
{
    /// <summary>Makes the check.</summary>
    /// <param name="history">What was seen.</param>
    public static IEnumerable<Violation> Run(History history)
    {
        Dictionary<string, WholeLog> logs = history.Logs.GroupBy(log => log.Conversation).ToDictionary(of => of.Key, of => of.First());
        HashSet<string> removed = [.. history.Removals.Select(removal => removal.Conversation)];
        return history
            .Feeds.GroupBy(next => (next.Conversation, next.Reader))
            .SelectMany(feed => Of([.. feed], logs.GetValueOrDefault(feed.Key.Conversation), removed.Contains(feed.Key.Conversation)));
    }

    private static IEnumerable<Violation> Of(Followed[] feed, WholeLog? log, bool removed)
    {
        long last = 0;
        bool ended = false;
        foreach (Followed next in feed)
        {
            string what = FormattableString.Invariant(
                $"{next.Reader}: {next.Name} {next.Sequence} of {next.Conversation} from silo {next.Silo} at {Checks.Clock(next.At)}"
            );
            bool fits = next.Name switch
            {
                "opened" => true,
                "message" => next.Sequence == last + 1 && !ended,
                "truncated" => next.Sequence <= 1,
                "ended" => removed && !ended,
                _ => false,
            };
            if (!fits)
            {
                yield return new Violation(
                    Checks.Feeds,
                    FormattableString.Invariant($"{what} behind {last}{(ended ? " and the end" : "")}")
                );
            }

            if (next.Name == "message")
            {
                last = next.Sequence;
                if (log is not null && (last > log.Messages.Count || log.Messages[(int)last - 1].Text != next.Text))
                {
                    yield return new Violation(Checks.Feeds, $"{what} is {next.Text}, which the log does not have there");
                }
            }

            ended |= next.Name == "ended";
        }

        if (log is not null && last < log.Messages.Count)
        {
            yield return new Violation(
                Checks.Feeds,
                FormattableString.Invariant(
                    $"{feed[0].Reader}: {log.Conversation} has {log.Messages.Count} messages, the feed came to {last}"
                )
            );
        }
        else if (removed && !ended)
        {
            yield return new Violation(Checks.Feeds, $"{feed[0].Reader}: {feed[0].Conversation} was removed, and the feed was not ended");
        }
    }
}

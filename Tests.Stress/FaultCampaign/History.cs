using System.Collections.Concurrent;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>A turn whose receipt was received. All times are those of the machine's clock.</summary>
/// <param name="TurnId">Its id; its messages are that id with a number.</param>
/// <param name="Version">The version that it made.</param>
/// <param name="First">Its first sequence; 0 for a turn without messages.</param>
/// <param name="Last">Its last sequence; 0 for a turn without messages.</param>
internal sealed record Acknowledged(string Conversation, string TurnId, long Version, long First, long Last, DateTimeOffset At);

/// <summary>A fork that was made.</summary>
/// <param name="Sequence">The newest sequence that it shares.</param>
/// <param name="Version">Its version before anything was written to it.</param>
/// <param name="At">When that was known.</param>
internal sealed record Forked(string Conversation, string Origin, long Sequence, long Version, DateTimeOffset At);

/// <summary>A conversation that was removed.</summary>
/// <param name="Began">When the removal was first asked for.</param>
/// <param name="At">When it was acknowledged.</param>
internal sealed record Removed(string Conversation, DateTimeOffset Began, DateTimeOffset At);

/// <summary>A read that was answered.</summary>
/// <param name="Reader">By whom; one reader reads one after the other.</param>
/// <param name="Route">The path that was asked.</param>
/// <param name="Silo">Which silo was asked.</param>
/// <param name="Began">When it was sent.</param>
/// <param name="Status">The answer's status.</param>
/// <param name="Version">The version that was shown; 0 where the answer has none.</param>
/// <param name="Last">The newest sequence that was shown; 0 where the answer has none.</param>
internal sealed record Read(
    string Conversation,
    string Reader,
    string Route,
    int Silo,
    DateTimeOffset Began,
    DateTimeOffset Ended,
    int Status,
    long Version,
    long Last
);

/// <summary>What expires: an entry, or a conversation where no key is given.</summary>
/// <param name="Key">The entry's key; empty for the conversation itself.</param>
/// <param name="Sent">When it was first sent.</param>
/// <param name="At">When it was acknowledged.</param>
/// <param name="TimeToLive">How long it lives.</param>
internal sealed record ShortLife(string Conversation, string Key, DateTimeOffset Sent, DateTimeOffset At, TimeSpan TimeToLive);

/// <summary>A look at what expires.</summary>
/// <param name="Key">The entry's key; empty for the conversation itself.</param>
/// <param name="Silo">Which silo was asked.</param>
/// <param name="Began">When it was asked for.</param>
/// <param name="Ended">When the answer was there.</param>
internal sealed record Look(string Conversation, string Key, int Silo, DateTimeOffset Began, DateTimeOffset Ended, bool Shown);

/// <summary>An event of a feed.</summary>
/// <param name="Reader">Who follows it, over all of its connections.</param>
/// <param name="Sequence">The sequence of a message or of a truncation; else 0.</param>
/// <param name="Text">The text of a message.</param>
/// <param name="Silo">Which silo sent it.</param>
internal sealed record Followed(string Conversation, string Reader, string Name, long Sequence, string Text, int Silo, DateTimeOffset At);

/// <summary>A whole log, read by way of one silo when everything was over.</summary>
internal sealed record WholeLog(string Conversation, int Silo, long Version, IReadOnlyList<(long Sequence, string Text)> Messages);

/// <summary>A clock that was off.</summary>
/// <param name="Seconds">By how much.</param>
internal sealed record ClockOff(DateTimeOffset From, DateTimeOffset Until, int Seconds);

/// <summary>Something that must not be.</summary>
/// <param name="Check">Which check found it.</param>
internal sealed record Violation(string Check, string Text);

/// <summary>What was seen from outside in one schedule.</summary>
internal sealed class History
{
    public ConcurrentQueue<Acknowledged> Turns { get; } = new();

    public ConcurrentQueue<Forked> Forks { get; } = new();

    public ConcurrentQueue<Removed> Deletions { get; } = new();

    public ConcurrentQueue<Removed> Erasures { get; } = new();

    public ConcurrentQueue<Read> Reads { get; } = new();

    public ConcurrentQueue<ShortLife> Lives { get; } = new();

    public ConcurrentQueue<Look> Looks { get; } = new();

    public ConcurrentQueue<Followed> Feeds { get; } = new();

    public ConcurrentQueue<WholeLog> Logs { get; } = new();

    public ConcurrentQueue<ClockOff> Clocks { get; } = new();

    /// <summary>What was seen to be wrong when it happened.</summary>
    public ConcurrentQueue<Violation> Violations { get; } = new();

    /// <summary>What was done, with the times.</summary>
    public ConcurrentQueue<string> Timeline { get; } = new();

    /// <summary>Deleted and erased.</summary>
    public IEnumerable<Removed> Removals => Deletions.Concat(Erasures);

    /// <summary>The machine's time.</summary>
    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Notes what was done.</summary>
    public void Tell(string text) => Timeline.Enqueue(FormattableString.Invariant($"{Now:HH:mm:ss.fff} {text}"));

    /// <summary>Notes what is wrong.</summary>
    public void Accuse(string check, string text) => Violations.Enqueue(new Violation(check, text));
}

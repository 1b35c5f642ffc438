using System.Globalization;

namespace OrleansMemory.Tests.Stress.FaultCampaign;

/// <summary>What must hold of a history, whatever was killed meanwhile.</summary>
internal static class Checks
{
    public const string Turns = "turns exactly once and in order";
    public const string Versions = "versions without gap";
    public const string Reads = "reads never go back";
    public const string Gone = "nothing deleted or erased is readable";
    public const string Expiry = "expired is gone, live is there";
    public const string Feeds = "feeds without gap or double";
    public const string Answers = "answers as documented";
    public const string Liveness = "everything is answered in the end";

    /// <summary>The names of all checks.</summary>
    public static IReadOnlyList<string> Names { get; } = [Turns, Versions, Reads, Gone, Expiry, Feeds, Answers, Liveness];

    /// <summary>Makes every check.</summary>
    /// <param name="history">What was seen.</param>
    public static IReadOnlyList<Violation> Run(History history) =>
        [
            .. history.Violations,
            .. LogCheck.Run(history),
            .. ReadCheck.Run(history),
            .. ExpiryCheck.Run(history),
            .. FeedCheck.Run(history),
        ];

    /// <summary>A time as the timeline has it.</summary>
    public static string Clock(DateTimeOffset time) => time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
}

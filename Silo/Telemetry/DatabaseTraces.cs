using System.Diagnostics;

namespace OrleansMemory.Silo.Telemetry;

/// <summary>
/// Takes the texts of statements and of the database's errors, which may repeat a value, out of Npgsql's activities. Of our own connections
/// there are none; this is for those of Orleans' providers.
/// </summary>
internal static class DatabaseTraces
{
    /// <summary>The source of the driver.</summary>
    public const string Source = "Npgsql";

    private static readonly ActivityListener Listener = new()
    {
        ShouldListenTo = static source => source.Name == Source,
        Sample = static (ref _) => ActivitySamplingResult.None,
        SampleUsingParentId = static (ref _) => ActivitySamplingResult.None,
        ActivityStopped = static activity =>
            activity
                .SetTag("db.query.text", null)
                .SetTag("db.statement", null)
                .SetTag(Pool, NameOf(activity.GetTagItem(Pool) as string))
                .SetStatus(activity.Status),
        ExceptionRecorder = static (Activity _, Exception exception, ref TagList tags) =>
        {
            // What stands there is not added again.
            tags.Add("exception.message", exception.GetType().Name);
            tags.Add("exception.stacktrace", exception.StackTrace ?? "");
        },
    };

    private const string Pool = "db.npgsql.data_source";

    private static int _isStarted;

    // A pool without a name is known by its connection string.
    private static string? NameOf(string? pool) => pool?.Contains('=', StringComparison.Ordinal) == true ? null : pool;

    /// <summary>Begins, for the whole process. It may be called more than once.</summary>
    public static void Redact()
    {
        if (Interlocked.Exchange(ref _isStarted, 1) == 0)
        {
            ActivitySource.AddActivityListener(Listener);
        }
    }
}

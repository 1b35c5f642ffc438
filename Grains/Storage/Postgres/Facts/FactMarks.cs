namespace OrleansMemory.Grains.Storage.Postgres.Facts;

/// <summary>
/// Marks of readers of changes: when the server was started, and what it showed then, as <c>pg_current_snapshot()</c> writes it.
/// </summary>
/// <remarks>
/// A server that was started at another instant may be another one, promoted or restored, that has forgotten transactions and gives their
/// ids once more.
/// </remarks>
internal static class FactMarks
{
    private const char Separator = '|';

    /// <summary>Makes a mark.</summary>
    /// <param name="started">When the server was started.</param>
    public static FactMark Create(string started, string snapshot) => new($"{started}{Separator}{snapshot}");

    /// <summary>The snapshot of a mark.</summary>
    public static string SnapshotOf(FactMark mark) => mark.Value[(mark.Value.IndexOf(Separator, StringComparison.Ordinal) + 1)..];

    /// <summary>Whether a mark was made since a start of the server.</summary>
    public static bool IsOf(FactMark mark, string started) => mark.Value.StartsWith($"{started}{Separator}", StringComparison.Ordinal);
}

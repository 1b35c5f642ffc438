using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Storage;

/// <summary>What every store refuses of an import.</summary>
internal static class ImportRules
{
    /// <summary>The refusal of messages behind the last one that was announced: the import could never be completed.</summary>
    /// <param name="first">The first announced sequence.</param>
    /// <param name="last">The last announced sequence.</param>
    /// <returns>The error to throw.</returns>
    public static InvalidRequestException BeyondAnnounced(long first, long last) =>
        new(
            "messages",
            last < first
                ? "The import announced no messages: its last sequence is smaller than its first one."
                : FormattableString.Invariant($"The import announced the sequences {first} to {last}; its messages must be within them.")
        );
}

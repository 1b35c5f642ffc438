using System.Text.Json.Serialization;

namespace OrleansMemory.Cli.Transfer.Import;

/// <summary>What an import came to: what was read, what was left out and why.</summary>
/// <param name="File">Its full path.</param>
/// <param name="Imported">What of that is new in the silo.</param>
/// <param name="Continued">Conversations that were there, and got the messages they did not have.</param>
/// <param name="Unchanged">Conversations that were there already, or have expired.</param>
/// <param name="Notes">What is not in the silo as it was in the file, or not at all.</param>
/// <param name="Failures">What was not imported.</param>
internal sealed record ImportReport(
    [property: JsonPropertyName("file")] string File,
    [property: JsonPropertyName("format")] string Format,
    [property: JsonPropertyName("read")] TransferCounts Read,
    [property: JsonPropertyName("imported")] TransferCounts Imported,
    [property: JsonPropertyName("continued")] long Continued,
    [property: JsonPropertyName("unchanged")] long Unchanged,
    [property: JsonPropertyName("notes")] IReadOnlyList<ImportNote> Notes,
    [property: JsonPropertyName("failures")] IReadOnlyList<ImportFailure> Failures
);

/// <summary>Something that is not in the silo as it was in the file.</summary>
/// <param name="What">What, and what became of it.</param>
/// <param name="Count">How often.</param>
internal sealed record ImportNote([property: JsonPropertyName("what")] string What, [property: JsonPropertyName("count")] long Count);

/// <summary>A conversation that was not imported.</summary>
/// <param name="Where">Where in the file it is.</param>
internal sealed record ImportFailure([property: JsonPropertyName("where")] string Where, [property: JsonPropertyName("why")] string Why);

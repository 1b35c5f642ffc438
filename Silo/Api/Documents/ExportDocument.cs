using OrleansMemory.Client.Json;
using OrleansMemory.Silo.Api.Requests;

namespace OrleansMemory.Silo.Api.Documents;

/// <summary>A whole conversation, as it is exported and imported. It describes what is streamed, and is never made.</summary>
internal sealed record ExportDocument
{
    /// <summary>orleans-memory.conversation.</summary>
    public required string Format { get; init; }

    /// <summary>The version of the format, 1.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>When it was exported.</summary>
    public DateTimeOffset? ExportedAt { get; init; }

    /// <summary>The settings.</summary>
    public required SettingsBody Settings { get; init; }

    /// <summary>The version that the conversation had.</summary>
    public long? Version { get; init; }

    /// <summary>The oldest sequence of the log; one more than lastSequence when it is empty.</summary>
    public required long FirstSequence { get; init; }

    /// <summary>The newest sequence ever given, 0 before the first message.</summary>
    public required long LastSequence { get; init; }

    /// <summary>All entries, of every space.</summary>
    public required IReadOnlyList<ExportedEntryDocument> Entries { get; init; }

    /// <summary>All messages, oldest first. The last field of the document.</summary>
    public required IReadOnlyList<MessageDocument> Messages { get; init; }
}

using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Transfer;

/// <summary>The names of the export document. A field that is added or changes its meaning raises <see cref="Version"/>.</summary>
internal static class ExportFormat
{
    public const string Name = "orleans-memory.conversation";
    public const int Version = 1;

    public const string FormatField = "format";
    public const string FormatVersionField = "formatVersion";
    public const string ExportedAtField = "exportedAt";
    public const string SettingsField = "settings";
    public const string VersionField = "version";
    public const string FirstSequenceField = "firstSequence";
    public const string LastSequenceField = "lastSequence";
    public const string EntriesField = "entries";
    public const string MessagesField = "messages";

    /// <summary>How much is gathered before it is written out or sent to the grain: 256 KiB.</summary>
    public const int ChunkBytes = ImportChunk.Bytes;

    /// <summary>The most messages that are sent to the grain at once.</summary>
    public const int ChunkMessages = ImportChunk.Messages;
}

namespace OrleansMemory.Conversations;

/// <summary>
/// How much an importer sends at a time. A silo takes this much whatever its limits of turns are: a chunk is no turn, and a conversation
/// whose turns were small must be importable.
/// </summary>
public static class ImportChunk
{
    /// <summary>The most messages of a chunk.</summary>
    public const int Messages = 500;

    /// <summary>
    /// The bytes of contents and metadata, in UTF-8, from which on a chunk is sent: 256 KiB. The message that reaches them is the last one
    /// of its chunk.
    /// </summary>
    public const int Bytes = 256 * 1024;
}

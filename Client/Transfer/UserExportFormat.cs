namespace OrleansMemory.Client.Transfer;

/// <summary>The lines of an exported user: one JSON object each, with one field that says what it is.</summary>
internal static class UserExportFormat
{
    public const string Name = "orleans-memory.user";

    public const int Version = 1;

    /// <summary>The first line: format, version, instant, user.</summary>
    public const string Begin = "export";

    /// <summary>
    /// A conversation: its id, when it expires, whose fork it is, and all fields of a conversation's export but the messages, which follow
    /// as lines.
    /// </summary>
    public const string Conversation = "conversation";

    /// <summary>A message of the conversation before it.</summary>
    public const string Message = "message";

    /// <summary>
    /// The conversation before it changed or went while it was written: what stands of it is to be left out. It may follow once more.
    /// </summary>
    public const string Dropped = "dropped";

    /// <summary>A long-term memory with its history.</summary>
    public const string Memory = "memory";

    /// <summary>The last line: how much there is. A file without it was cut.</summary>
    public const string End = "end";
}

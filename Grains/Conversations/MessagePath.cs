namespace OrleansMemory.Grains.Conversations;

/// <summary>What the parts of one message of a request are called in errors.</summary>
internal sealed class MessagePath
{
    // Nearly every turn has fewer messages; their names are made once.
    private static readonly MessagePath[] First = [.. Enumerable.Range(0, 16).Select(index => new MessagePath(index))];

    private MessagePath(int index)
    {
        Message = FormattableString.Invariant($"messages[{index}]");
        Author = Message + ".author";
        Contents = Message + ".contents";
        Id = Message + ".id";
        Metadata = Message + ".metadata";
        Role = Message + ".role";
    }

    public string Message { get; }

    public string Author { get; }

    public string Contents { get; }

    public string Id { get; }

    public string Metadata { get; }

    public string Role { get; }

    /// <summary>The names of the message at an index.</summary>
    /// <param name="index">The index, from 0.</param>
    public static MessagePath Of(int index) => index < First.Length ? First[index] : new MessagePath(index);
}

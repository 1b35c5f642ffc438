namespace OrleansMemory.Conversations;

/// <summary>Asks for a deletion, and says which conversation the caller saw under the id.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.DeleteRequest")]
public sealed record DeleteRequest
{
    /// <summary>
    /// A deletion of whatever there is. Sent again, it also deletes a conversation that has begun under the same id since.
    /// </summary>
    public static DeleteRequest Whatever { get; } = new();

    /// <summary>
    /// The version that the conversation must have, 0 or more; 0 expects that there is none, so that only what an expired one left behind
    /// is removed. <see langword="null"/> deletes whichever version there is.
    /// </summary>
    [Id(0)]
    public long? ExpectedVersion { get; init; }

    /// <summary>
    /// <see cref="Head.CreatedAt"/> of the conversation to delete, in whole microseconds. Where the conversation under the id has another
    /// one, the one that the caller saw is gone, and nothing changes. <see langword="null"/> deletes whichever there is.
    /// </summary>
    [Id(1)]
    public DateTimeOffset? ExpectedLife { get; init; }

    /// <summary>
    /// Whether forks lose what they share with the conversation: its messages, and the entries that they copied through it and have not
    /// written since. Left <see langword="false"/>, forks stay whole: what they read of the log is kept for as long as one of them reads
    /// it, or until the conversation's user is erased, and is reached by nothing else. A conversation that was deleted so before is cut off
    /// by deleting its id once more with this.
    /// </summary>
    [Id(2)]
    public bool CutForks { get; init; }
}

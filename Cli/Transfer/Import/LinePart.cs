namespace OrleansMemory.Cli.Transfer.Import;

/// <summary>A part of a file of lines that is imported by itself: a conversation with its messages, or memories of one user.</summary>
/// <param name="FirstLine">The number of its first line, from 1.</param>
/// <param name="Offset">Where in the file it begins.</param>
/// <param name="Length">How long it is, in bytes.</param>
/// <param name="ConversationId">The conversation; <see langword="null"/> for memories.</param>
/// <param name="UserId">Whose it is; <see langword="null"/> for no one's.</param>
/// <param name="FirstSequence">The conversation's first sequence.</param>
internal sealed record LinePart(
    long FirstLine,
    long Offset,
    long Length,
    string? ConversationId,
    string? UserId,
    long FirstSequence,
    TransferCounts Counts
)
{
    /// <summary>The conversation's last sequence.</summary>
    public long LastSequence => FirstSequence + Counts.Messages - 1;
}

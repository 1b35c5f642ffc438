using OrleansMemory.Conversations;

namespace OrleansMemory.Silo.Api.Documents;

/// <summary>What a committed turn is answered with, once it is durable.</summary>
/// <param name="Version">The conversation's version after the turn.</param>
/// <param name="FirstSequence">The sequence of the turn's first message; null when it appended none.</param>
/// <param name="LastSequence">The sequence of the turn's last message; null when it appended none.</param>
/// <param name="Replayed">Whether the turn had been committed before, and this request wrote nothing.</param>
internal sealed record ReceiptDocument(long Version, long? FirstSequence, long? LastSequence, bool Replayed)
{
    /// <summary>The document of a receipt.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <returns>The document.</returns>
    public static ReceiptDocument Of(TurnReceipt receipt) =>
        new(receipt.Version, receipt.FirstSequence, receipt.LastSequence, receipt.Replayed);
}

/// <summary>What a deletion removed.</summary>
/// <param name="Messages">How many messages of its own.</param>
/// <param name="Entries">How many entries.</param>
/// <param name="Turns">How many turn ids.</param>
/// <param name="ForksCut">How many forks lost what they shared with it: none unless the deletion cut forks.</param>
internal sealed record DeletedDocument(long Messages, long Entries, long Turns, int ForksCut);

/// <summary>What the erasure of a user removed.</summary>
/// <param name="Conversations">How many conversations.</param>
/// <param name="Messages">How many messages.</param>
/// <param name="Entries">How many entries.</param>
/// <param name="Turns">How many turn ids.</param>
/// <param name="ForksCut">How many forks of others lost the messages that they shared with what was erased.</param>
/// <param name="Memories">How many long-term memories: the user's own, and those recorded from conversations that were erased.</param>
internal sealed record ErasedDocument(long Conversations, long Messages, long Entries, long Turns, int ForksCut, long Memories);

/// <summary>Whether the silo is well.</summary>
/// <param name="Status">live or ready.</param>
internal sealed record HealthDocument(string Status);

using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage;

/// <summary>A turn in the journal.</summary>
/// <param name="Version">The version it produced.</param>
/// <param name="FirstSequence">The sequence of its first message, if any.</param>
/// <param name="LastSequence">The sequence of its last message, if any.</param>
internal sealed record JournalledTurn(byte[] PayloadHash, long Version, long? FirstSequence, long? LastSequence)
{
    /// <summary>What the caller is answered with when the turn comes again.</summary>
    /// <returns>The first receipt, marked as replayed.</returns>
    public TurnReceipt ToReceipt() =>
        new()
        {
            Version = Version,
            FirstSequence = FirstSequence,
            LastSequence = LastSequence,
            Replayed = true,
        };
}

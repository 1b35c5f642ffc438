using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>A turn that has been handed to the store.</summary>
/// <param name="stored">What the store makes of it.</param>
internal sealed class PendingTurn(DecidedTurn turn, Task<CommitResult> stored)
{
    public DecidedTurn Turn { get; } = turn;

    public Task<CommitResult> Stored { get; } = stored;
}

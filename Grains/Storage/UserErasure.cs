using System.Collections.Immutable;
using OrleansMemory.Conversations;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Storage;

/// <summary>One step of the erasure of a user.</summary>
/// <param name="Fence">Lives that began up to this instant go. From it on the ids of their turns are kept.</param>
/// <param name="Limit">The most lives of each kind; fewer where they have many rows, but one at least.</param>
internal sealed record UserErasure(UserKey User, DateTimeOffset Fence, int Limit);

/// <summary>What one step of the erasure of a user removed.</summary>
/// <param name="Lives">Lives: conversations, expired ones that had not been removed yet, imports that were not completed.</param>
/// <param name="Entries">Entries, those that forks of others had copied included.</param>
/// <param name="Turns">Turn ids.</param>
/// <param name="Memories">Long-term memories that were recorded from the conversations.</param>
/// <param name="Erased">The keys of the lives: their activations must forget them.</param>
/// <param name="CutForks">The forks of others whose shared messages are gone: their activations must forget them.</param>
internal sealed record UserErasureStep(
    int Lives,
    long Messages,
    long Entries,
    long Turns,
    long Memories,
    ImmutableArray<ConversationKey> Erased,
    ImmutableArray<ConversationKey> CutForks
)
{
    /// <summary>A step that found nothing.</summary>
    public static UserErasureStep Nothing { get; } = new(0, 0, 0, 0, 0, [], []);
}

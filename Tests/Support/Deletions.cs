using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Tests.Support;

/// <summary>Short ways to delete whatever there is: forks stay whole, or are cut.</summary>
internal static class Deletions
{
    public static Task<DeleteResult> DeleteAsync(
        this IConversationStore store,
        ConversationKey key,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) => store.DeleteAsync(new DeleteCommit(key, at), cancellationToken);

    public static Task<DeleteResult> CutAsync(
        this IConversationStore store,
        ConversationKey key,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) => store.DeleteAsync(new DeleteCommit(key, at, CutsForks: true), cancellationToken);
}

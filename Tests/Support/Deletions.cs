using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Tests.Support;

/// <summary>A short way to delete whatever there is.</summary>
internal static class Deletions
{
    public static Task<DeleteResult> DeleteAsync(this IConversationStore store, ConversationKey key, DateTimeOffset at, CancellationToken cancellationToken) =>
        store.DeleteAsync(new DeleteCommit(key, at), cancellationToken);
}

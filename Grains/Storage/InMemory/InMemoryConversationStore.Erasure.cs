using System.Collections.Immutable;
using OrleansMemory.Conversations;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Storage.InMemory;

internal sealed partial class InMemoryConversationStore
{
    /// <inheritdoc />
    public Task<DateTimeOffset> FindErasureFenceAsync(UserKey user, DateTimeOffset at, CancellationToken cancellationToken) =>
        Locked(
            () => LivesOf(user).Where(life => life.State != LifeState.Replaced).Select(life => life.CreatedAt).Append(at).Max(),
            cancellationToken
        );

    /// <inheritdoc />
    public Task<UserErasureStep> EraseUserAsync(UserErasure erasure, CancellationToken cancellationToken) =>
        Locked(
            () =>
            {
                HashSet<StoredLife> targets = [.. LivesOf(erasure.User).Where(life => life.CreatedAt <= erasure.Fence).Take(erasure.Limit)];
                foreach (StoredLife fork in LivesOf(erasure.User).Where(life => IsForkOfAny(life, targets)).ToList())
                {
                    targets.Add(fork);
                }

                MarkGone(targets, erasure.Fence);
                (DeleteReceipt removed, ImmutableArray<ConversationKey> cut) = Remove(targets);
                ImmutableArray<ConversationKey> erased = [.. targets.Select(life => life.Key).Distinct()];
                return new UserErasureStep(
                    targets.Count,
                    removed.Messages,
                    removed.Entries,
                    removed.Turns,
                    _facts?.DeleteOf(erased, erasure.Fence) ?? 0L,
                    erased,
                    cut
                );
            },
            cancellationToken
        );

    private static bool IsForkOfAny(StoredLife life, HashSet<StoredLife> parents)
    {
        for (StoredLife? parent = life.Parent; parent is not null; parent = parent.Parent)
        {
            if (parents.Contains(parent))
            {
                return true;
            }
        }

        return false;
    }

    private IEnumerable<StoredLife> LivesOf(UserKey user) =>
        _lives.Values.Where(life =>
            string.Equals(life.Settings.UserId, user.UserId, StringComparison.Ordinal)
            && string.Equals(life.Key.Tenant, user.Tenant, StringComparison.Ordinal)
        );
}

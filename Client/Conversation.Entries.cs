using System.Collections.Immutable;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client;

public sealed partial class Conversation
{
    /// <summary>Sets one entry, as one turn.</summary>
    /// <param name="space">Its space; see <see cref="EntrySpaces"/>.</param>
    /// <param name="key">Its key.</param>
    /// <param name="json">Its value, as JSON.</param>
    /// <param name="timeToLive">How long it lives; <see langword="null"/> or <see cref="Timeout.InfiniteTimeSpan"/> without end.</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>The receipt.</returns>
    /// <example>
    /// <code>
    /// await conversation.SetEntryAsync("cart", "item", "\"blue\"", timeToLive: TimeSpan.FromHours(1));
    /// </code>
    /// </example>
    public Task<TurnReceipt> SetEntryAsync(
        string space,
        string key,
        string json,
        TimeSpan? timeToLive = null,
        string? turnId = null,
        CancellationToken cancellationToken = default
    )
    {
        var write = new EntryWrite
        {
            Space = space,
            Key = key,
            Value = json,
            TimeToLive = timeToLive == Timeout.InfiniteTimeSpan ? null : timeToLive,
        };
        return CommitAsync(new Turn { TurnId = turnId ?? NewTurnId(), EntryWrites = [write] }, cancellationToken);
    }

    /// <summary>Reads one entry.</summary>
    /// <param name="space">Its space.</param>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The entry; <see langword="null"/> when it does not exist or has expired, also because there is no such conversation.
    /// </returns>
    public async Task<Entry?> GetEntryAsync(string space, string key, CancellationToken cancellationToken = default)
    {
        WellFormedText.Require(space, "space");
        WellFormedText.Require(key, "key");
        try
        {
            return await _retry.ExecuteAsync(
                static (state, token) => state._grain.GetEntryAsync(state.space, state.key, token),
                (_grain, space, key),
                cancellationToken
            );
        }
        catch (ConversationNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Reads the live entries of a space.</summary>
    /// <param name="space">The space; <see langword="null"/> for every space.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The entries, ordered by space and key, ordinally; none when there is no such conversation, or it has expired.</returns>
    public async Task<ImmutableArray<Entry>> GetEntriesAsync(string? space = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _retry.ExecuteAsync(
                static (state, token) => state._grain.GetEntriesAsync(state.space, token),
                (_grain, space),
                cancellationToken
            );
        }
        catch (ConversationNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Removes one entry, as one turn. Removing what is not there is no error.</summary>
    /// <param name="space">Its space.</param>
    /// <param name="key">Its key; <see langword="null"/> removes every entry of the space.</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>The receipt.</returns>
    public Task<TurnReceipt> DeleteEntryAsync(
        string space,
        string? key,
        string? turnId = null,
        CancellationToken cancellationToken = default
    )
    {
        var delete = new EntryDelete { Space = space, Key = key };
        return CommitAsync(new Turn { TurnId = turnId ?? NewTurnId(), EntryDeletes = [delete] }, cancellationToken);
    }
}

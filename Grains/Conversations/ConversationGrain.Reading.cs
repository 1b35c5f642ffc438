using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Conversations;

internal sealed partial class ConversationGrain
{
    private const int StreamPage = 256;

    /// <inheritdoc />
    public async Task<TurnReceipt?> GetTurnAsync(string turnId, CancellationToken cancellationToken = default)
    {
        TextRules.Require(turnId, "turnId", TextRules.MaxNameBytes);
        while (_activation.Loading.Current?.FindPending(turnId) is { } pending)
        {
            await ConversationActivation.SettledAsync(pending, cancellationToken);
        }

        LoadedConversation? loaded = await _activation.FindAsync(cancellationToken);
        if (loaded is null)
        {
            return null;
        }

        if (loaded.Recent.TryGet(turnId, out _, out TurnReceipt receipt))
        {
            return receipt with { Replayed = true };
        }

        JournalledTurn? found = await _activation.Store.FindTurnAsync(loaded.Durable.StoreId, turnId, cancellationToken);
        while (found is not null && _activation.Loading.Current?.FindPending(turnId) is { } pending)
        {
            // It came meanwhile and is durable, but its messages are not in memory yet: who is told of it must be able to read them.
            await ConversationActivation.SettledAsync(pending, cancellationToken);
        }

        return found?.ToReceipt();
    }

    /// <inheritdoc />
    public async Task<TurnLimits> GetLimitsAsync(CancellationToken cancellationToken = default)
    {
        TenantPolicy policy = await _activation.GetPolicyAsync();
        ConversationOptions limits = policy.Limits;
        return new TurnLimits
        {
            MaxMessageBytes = limits.MaxMessageBytes,
            MaxTurnMessages = limits.MaxTurnMessages,
            MaxTurnBytes = limits.MaxTurnBytes,
            MaxEntryBytes = limits.MaxEntryBytes,
            MaxEntries = limits.MaxEntries,
            MaxEntriesBytes = limits.MaxEntriesBytes,
            RequiresUser = policy.RequiresUser,
        };
    }

    /// <inheritdoc />
    public async Task<Head?> GetHeadAsync(CancellationToken cancellationToken = default) =>
        (await _activation.FindAsync(cancellationToken))?.Durable.Head;

    /// <inheritdoc />
    public async Task<ConversationSnapshot?> GetSnapshotAsync(CancellationToken cancellationToken = default)
    {
        LoadedConversation? loaded = await _activation.FindAsync(cancellationToken);
        return loaded is null
            ? null
            : new ConversationSnapshot { Head = loaded.Durable.Head!, Entries = LiveEntries(loaded.Durable, null) };
    }

    /// <inheritdoc />
    public async Task<MessagePage> GetMessagesAsync(MessageQuery query, CancellationToken cancellationToken = default)
    {
        int limit = MessageReading.CheckPage(query);
        return await Reading.ReadAsync(await _activation.GetLiveAsync(cancellationToken), query, limit, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<Message?> FindMessageAsync(string messageId, CancellationToken cancellationToken = default)
    {
        TextRules.Require(messageId, "messageId", TextRules.MaxNameBytes);
        LoadedConversation loaded = await _activation.GetLiveAsync(cancellationToken);

        // As of now: turns that become durable while the store is asked do not count.
        (Lineage lineage, long first, long last) = (loaded.Lineage, loaded.Durable.FirstSequence, loaded.Durable.LastSequence);
        long held = loaded.Tail.First ?? last + 1;
        if (
            loaded
                .Tail.Within(first, last, MessageOrder.Descending)
                .FirstOrDefault(message => message.Id.Equals(messageId, StringComparison.Ordinal)) is
            { } recent
        )
        {
            return recent;
        }

        if (
            held <= first
            || !(await _activation.Store.FindMessageIdsAsync(lineage, first, held - 1, [messageId], cancellationToken)).TryGetValue(
                messageId,
                out long sequence
            )
        )
        {
            return null;
        }

        var scan = new MessageScan(sequence, sequence, null, MessageOrder.Ascending, 1, _activation.Options.MaxPageBytes);
        return await _activation.Store.ReadMessagesAsync(lineage, scan, cancellationToken) is [var message] ? message : null;
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<Message> StreamMessagesAsync(
        MessageQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        MessageReading.CheckStream(query);
        LoadedConversation loaded = await _activation.GetLiveAsync(cancellationToken);
        long end = loaded.Durable.LastSequence;
        MessageQuery page = query with { Before = Math.Min(query.Before ?? long.MaxValue, end + 1) };
        if (query.Order == MessageOrder.Ascending)
        {
            page = page with { After = await StreamStartAsync(loaded, page, cancellationToken) };
        }

        long left = query.Limit ?? long.MaxValue;
        while (left > 0)
        {
            int size = (int)Math.Min(left, StreamPage);
            MessagePage next = await Reading.ReadAsync(await _activation.GetLiveAsync(cancellationToken), page, size, cancellationToken);
            foreach (Message message in next.Messages)
            {
                yield return message;
            }

            left -= next.Messages.Length;
            if (next.Next is not { } cursor)
            {
                yield break;
            }

            page = query.Order == MessageOrder.Ascending ? page with { After = cursor } : page with { Before = cursor };
        }
    }

    /// <inheritdoc />
    public async Task<Entry?> GetEntryAsync(string space, string key, CancellationToken cancellationToken = default)
    {
        TextRules.Require(space, "space", TextRules.MaxNameBytes);
        TextRules.Require(key, "key", TextRules.MaxKeyBytes);
        LoadedConversation loaded = await _activation.GetLiveAsync(cancellationToken);
        Entry? entry = loaded.Durable.Entries.GetValueOrDefault(new EntryName(space, key));
        return entry?.ExpiresAt <= _activation.Now ? null : entry;
    }

    /// <inheritdoc />
    public async Task<ImmutableArray<Entry>> GetEntriesAsync(string? space, CancellationToken cancellationToken = default)
    {
        if (space is not null)
        {
            TextRules.Require(space, "space", TextRules.MaxNameBytes);
        }

        return LiveEntries((await _activation.GetLiveAsync(cancellationToken)).Durable, space);
    }

    private MessageReading Reading =>
        field ??= new MessageReading(_activation.Store, _activation.Options, _activation.Options.MaxPageBytes);

    /// <summary>
    /// Where an ascending stream starts: behind the given sequence, or where the newest messages that were asked for begin.
    /// </summary>
    private async Task<long> StreamStartAsync(LoadedConversation loaded, MessageQuery query, CancellationToken cancellationToken)
    {
        if (query.After is { } after)
        {
            return after;
        }

        long start = loaded.Durable.FirstSequence - 1;
        if (query.Limit is not { } limit)
        {
            return start;
        }

        MessageQuery back = query with { Order = MessageOrder.Descending, Limit = null };
        while (limit > 0)
        {
            MessagePage page = await Reading.ReadAsync(loaded, back, Math.Min(limit, StreamPage), cancellationToken);
            limit -= page.Messages.Length;
            start = page.Messages.IsEmpty ? start : page.Messages[^1].Sequence - 1;
            if (page.Next is not { } cursor)
            {
                break;
            }

            back = back with { Before = cursor };
        }

        return start;
    }

    private ImmutableArray<Entry> LiveEntries(ConversationState state, string? space)
    {
        DateTimeOffset now = _activation.Now;
        return
        [
            .. state.Entries.Values.Where(entry =>
                !(entry.ExpiresAt <= now) && (space is null || string.Equals(entry.Space, space, StringComparison.Ordinal))
            ),
        ];
    }

    /// <inheritdoc />
    public async Task<MessageSearchPage> SearchAsync(MessageSearchQuery query, CancellationToken cancellationToken = default)
    {
        var searching = MessageSearching.Check(query, $"conversation {_activation.Key}", _activation.Options.MaxPageBytes, _activation.Now);
        await RequireOwnAsync(cancellationToken);
        SearchResult? result = await _activation.Store.SearchConversationAsync(_activation.Key, searching.Search, cancellationToken);

        // The store is asked by the id: another conversation may have begun under it meanwhile.
        await RequireOwnAsync(cancellationToken);
        if (result is null)
        {
            if (_activation.Loading.Current is null)
            {
                _activation.Deactivate();
            }

            throw new ConversationNotFoundException(_activation.Key);
        }

        return searching.ToPage(result);
    }

    private Task RequireOwnAsync(CancellationToken cancellationToken) =>
        BoundUser.Current is null ? Task.CompletedTask : _activation.GetLiveAsync(cancellationToken);
}

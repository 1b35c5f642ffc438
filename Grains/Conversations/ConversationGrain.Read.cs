using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Tenants;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Conversations;

internal sealed partial class ConversationGrain
{
    private const int StreamPage = 256;

    /// <inheritdoc />
    public async Task<TurnReceipt?> GetTurnAsync(string turnId, CancellationToken cancellationToken = default)
    {
        TextRules.Require(turnId, "turnId", TextRules.MaxNameBytes);
        while (_loading.Current?.FindPending(turnId) is { } pending)
        {
            await SettledAsync(pending, cancellationToken);
        }

        LoadedConversation? loaded = await FindAsync(cancellationToken);
        if (loaded is null)
        {
            return null;
        }

        if (loaded.Recent.TryGet(turnId, out _, out TurnReceipt receipt))
        {
            return receipt with { Replayed = true };
        }

        JournalledTurn? found = await _store.FindTurnAsync(loaded.Durable.StoreId, turnId, cancellationToken);
        while (found is not null && _loading.Current?.FindPending(turnId) is { } pending)
        {
            // It came meanwhile and is durable, but its messages are not in memory yet: who is told of it must be able to read them.
            await SettledAsync(pending, cancellationToken);
        }

        return found?.ToReceipt();
    }

    /// <inheritdoc />
    public async Task<TurnLimits> GetLimitsAsync(CancellationToken cancellationToken = default)
    {
        TenantPolicy policy = await GetPolicyAsync();
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
    public async Task<Head?> GetHeadAsync(CancellationToken cancellationToken = default) => (await FindAsync(cancellationToken))?.Durable.Head;

    /// <inheritdoc />
    public async Task<ConversationSnapshot?> GetSnapshotAsync(CancellationToken cancellationToken = default)
    {
        LoadedConversation? loaded = await FindAsync(cancellationToken);
        return loaded is null
            ? null
            : new ConversationSnapshot { Head = loaded.Durable.Head!, Entries = LiveEntries(loaded.Durable, null) };
    }

    /// <inheritdoc />
    public async Task<MessagePage> GetMessagesAsync(MessageQuery query, CancellationToken cancellationToken = default)
    {
        int limit = MessageReading.CheckPage(query);
        return await Reading.ReadAsync(await GetLiveAsync(cancellationToken), query, limit, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<Message?> FindMessageAsync(string messageId, CancellationToken cancellationToken = default)
    {
        TextRules.Require(messageId, "messageId", TextRules.MaxNameBytes);
        LoadedConversation loaded = await GetLiveAsync(cancellationToken);

        // As of now: turns that become durable while the store is asked do not count.
        (Lineage lineage, long first, long last) = (loaded.Lineage, loaded.Durable.FirstSequence, loaded.Durable.LastSequence);
        long held = loaded.Tail.First ?? last + 1;
        if (loaded.Tail.Within(first, last, MessageOrder.Descending).FirstOrDefault(message => message.Id.Equals(messageId, StringComparison.Ordinal)) is { } recent)
        {
            return recent;
        }

        if (held <= first || !(await _store.FindMessageIdsAsync(lineage, first, held - 1, [messageId], cancellationToken)).TryGetValue(messageId, out long sequence))
        {
            return null;
        }

        var scan = new MessageScan(sequence, sequence, null, MessageOrder.Ascending, 1, _options.MaxPageBytes);
        return await _store.ReadMessagesAsync(lineage, scan, cancellationToken) is [var message] ? message : null;
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<Message> StreamMessagesAsync(
        MessageQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        MessageReading.CheckStream(query);
        LoadedConversation loaded = await GetLiveAsync(cancellationToken);
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
            MessagePage next = await Reading.ReadAsync(await GetLiveAsync(cancellationToken), page, size, cancellationToken);
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
        LoadedConversation loaded = await GetLiveAsync(cancellationToken);
        Entry? entry = loaded.Durable.Entries.GetValueOrDefault(new EntryName(space, key));
        return entry?.ExpiresAt <= _timeProvider.Now() ? null : entry;
    }

    /// <inheritdoc />
    public async Task<ImmutableArray<Entry>> GetEntriesAsync(string? space, CancellationToken cancellationToken = default)
    {
        if (space is not null)
        {
            TextRules.Require(space, "space", TextRules.MaxNameBytes);
        }

        return LiveEntries((await GetLiveAsync(cancellationToken)).Durable, space);
    }

    private MessageReading Reading => field ??= new MessageReading(_store, _options, _options.MaxPageBytes);

    /// <summary>Where an ascending stream starts: behind the given sequence, or where the newest messages that were asked for begin.</summary>
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
        DateTimeOffset now = _timeProvider.Now();
        return
        [
            .. state.Entries.Values.Where(entry =>
                !(entry.ExpiresAt <= now) && (space is null || string.Equals(entry.Space, space, StringComparison.Ordinal))),
        ];
    }

    private async Task<LoadedConversation> GetLiveAsync(CancellationToken cancellationToken) =>
        await FindAsync(cancellationToken) ?? throw new ConversationNotFoundException(_key);

    /// <summary>
    /// The conversation, if it exists, has not expired, and belongs to the user that the call is bound to, if it is bound to one. That it does not is never answered from memory: a fork, an import or another activation may have
    /// made it.
    /// </summary>
    private async Task<LoadedConversation?> FindAsync(CancellationToken cancellationToken) =>
        await FindAnyAsync(cancellationToken) is { } found && BoundUser.Owns(found.Durable.Head!.Settings.UserId) ? found : null;

    /// <summary>The conversation, if it exists and has not expired, whoever it belongs to.</summary>
    private async Task<LoadedConversation?> FindAnyAsync(CancellationToken cancellationToken)
    {
        LoadedConversation? known = _loading.Current;
        LoadedConversation loaded = await _loading.GetAsync(_key, cancellationToken);
        if (!loaded.Durable.IsLive(_timeProvider.Now()) && ReferenceEquals(known, loaded) && loaded.LastPending is null)
        {
            loaded = await _loading.ReloadAsync(_key, loaded, cancellationToken);
        }

        if (loaded.Durable.IsLive(_timeProvider.Now()))
        {
            WatchExpiry();
            return loaded;
        }

        if (loaded.LastPending is null)
        {
            // Somebody asked for what is not there: that is no reason to stay in memory.
            DeactivateUnwatched();
        }

        return null;
    }
}

using System.Collections.Immutable;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>A decided turn and the state it leads to.</summary>
/// <param name="Commit">What is written.</param>
/// <param name="After">The state once it is durable.</param>
internal sealed record DecidedTurn(TurnCommit Commit, ConversationState After);

/// <summary>Decides what a turn makes of a conversation: sequences, ids, instants, expiries. No Orleans, no I/O, no clock.</summary>
/// <param name="options">The limits on entries.</param>
internal sealed class TurnDecision(ConversationOptions options)
{
    /// <summary>Decides a turn.</summary>
    /// <param name="state">The state it is decided upon.</param>
    /// <param name="chain">The turns it builds upon.</param>
    /// <param name="prepared">The turn.</param>
    /// <param name="firstSequence">Where the log starts after the turn's truncation.</param>
    /// <param name="now">The instant.</param>
    /// <returns>The decided turn.</returns>
    /// <exception cref="PayloadTooLargeException">The conversation would have too many entries, or too large ones.</exception>
    public DecidedTurn Decide(ConversationState state, CommitChain chain, PreparedTurn prepared, long firstSequence, DateTimeOffset now)
    {
        Turn turn = prepared.Turn;
        ImmutableArray<Entry> writes = LastWrites(state, turn, now);
        ConversationSettings? settings = turn.Settings?.ApplyTo(state.Head?.Settings ?? ConversationSettings.Empty);
        var commit = new TurnCommit
        {
            Key = state.Key,
            StoreId = state.StoreId,
            Replaces = state.Replaces,
            ExpectedVersion = state.Version,
            Chain = chain,
            TurnId = turn.TurnId,
            PayloadHash = prepared.PayloadHash,
            Messages = Number(prepared.Messages, state.LastSequence, now),
            FirstSequence = firstSequence,
            LastSequence = state.LastSequence + prepared.Messages.Length,
            Truncates = firstSequence > state.FirstSequence,
            EntryWrites = writes,
            EntryDeletes = Deletes(state, turn, writes, now),
            Settings = settings,
            ExpiresAt = Expiry(state, turn, settings, now),
            At = now,
        };
        ConversationState after = state.Apply(commit);
        CheckEntries(after);
        return new DecidedTurn(commit, after);
    }

    private static ImmutableArray<MessageRow> Number(ImmutableArray<PreparedMessage> messages, long last, DateTimeOffset now)
    {
        var rows = new MessageRow[messages.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            NewMessage given = messages[i].Message;
            var message = new Message
            {
                Sequence = last + 1 + i,
                Id = given.Id ?? MessageIds.New(),
                Role = given.Role,
                Author = given.Author,
                Contents = given.Contents,
                Metadata = given.Metadata,
                Created = given.Created is { } created ? Instants.Kept(created) : now,
            };
            rows[i] = new MessageRow(message, messages[i].Bytes, messages[i].Tools);
        }

        return System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(rows);
    }

    private static ImmutableArray<Entry> LastWrites(ConversationState state, Turn turn, DateTimeOffset now)
    {
        if (turn.EntryWrites.IsEmpty)
        {
            return [];
        }

        var last = new Dictionary<EntryName, Entry>(turn.EntryWrites.Length);
        foreach (EntryWrite write in turn.EntryWrites)
        {
            var name = new EntryName(write.Space, write.Key);
            Entry? kept = write.KeepsExpiry ? last.GetValueOrDefault(name) ?? FindLive(state, turn, name, now) : null;
            if (write.KeepsExpiry && kept is null)
            {
                continue;
            }

            last[name] = new Entry
            {
                Space = write.Space,
                Key = write.Key,
                Value = write.Value,
                ExpiresAt = kept is not null ? kept.ExpiresAt : write.TimeToLive is { } ttl ? Instants.Plus(now, ttl) : null,
            };
        }

        return [.. last.Values];
    }

    /// <summary>The entry that a write finds: alive, and not removed by the same turn.</summary>
    private static Entry? FindLive(ConversationState state, Turn turn, EntryName name, DateTimeOffset now) =>
        state.Entries.TryGetValue(name, out Entry? entry)
        && !(entry.ExpiresAt <= now)
        && !turn.EntryDeletes.Any(delete =>
            string.Equals(delete.Space, name.Space, StringComparison.Ordinal)
            && (delete.Key is null || string.Equals(delete.Key, name.Key, StringComparison.Ordinal)))
            ? entry
            : null;

    /// <summary>The named entries and those of the named spaces, and on the way those that have expired; none that is set again.</summary>
    private static ImmutableArray<EntryName> Deletes(ConversationState state, Turn turn, ImmutableArray<Entry> writes, DateTimeOffset now)
    {
        bool purges = !turn.EntryWrites.IsEmpty || !turn.EntryDeletes.IsEmpty;
        if (!purges)
        {
            return [];
        }

        var deletes = new HashSet<EntryName>();
        foreach (EntryDelete delete in turn.EntryDeletes)
        {
            if (delete.Key is { } key)
            {
                deletes.Add(new EntryName(delete.Space, key));
            }
            else
            {
                deletes.UnionWith(state.Entries.Keys.Where(name => string.Equals(name.Space, delete.Space, StringComparison.Ordinal)));
            }
        }

        deletes.UnionWith(state.Entries.Where(pair => pair.Value.ExpiresAt <= now).Select(pair => pair.Key));
        deletes.IntersectWith(state.Entries.Keys);
        deletes.ExceptWith(writes.Select(entry => new EntryName(entry.Space, entry.Key)));
        return [.. deletes];
    }

    private static DateTimeOffset? Expiry(ConversationState state, Turn turn, ConversationSettings? settings, DateTimeOffset now)
    {
        TimeToLive? ttl = settings is null ? state.Head?.Settings.TimeToLive : settings.TimeToLive;
        bool set = turn.Settings is { } change && change.Fields.HasFlag(SettingsFields.TimeToLive);
        if (ttl is null)
        {
            return null;
        }

        return set || ttl.Sliding ? Instants.Plus(now, ttl.Duration) : state.Head?.ExpiresAt;
    }

    private void CheckEntries(ConversationState after)
    {
        if (after.Entries.Count > options.MaxEntries)
        {
            throw new PayloadTooLargeException("entries", after.Entries.Count, options.MaxEntries, "entries");
        }

        if (after.EntryBytes > options.MaxEntriesBytes)
        {
            throw new PayloadTooLargeException("entries", after.EntryBytes, options.MaxEntriesBytes, "bytes");
        }
    }
}

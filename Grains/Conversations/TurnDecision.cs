using System.Collections.Immutable;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>A decided turn and the state it leads to.</summary>
/// <param name="Commit">What is written.</param>
/// <param name="After">The state once it is durable.</param>
internal sealed record DecidedTurn(TurnCommit Commit, ConversationState After);

/// <summary>Decides what a turn makes of a conversation: sequences, ids, instants, expiries. No Orleans, no I/O, no clock.</summary>
/// <param name="options">The limits on entries.</param>
/// <param name="defaultTimeToLive">How long a conversation lives by default; <see langword="null"/> without end.</param>
/// <param name="requiresUser">Whether every conversation must name its user.</param>
internal sealed class TurnDecision(ConversationOptions options, TimeToLive? defaultTimeToLive, bool requiresUser = false)
{
    /// <summary>Decides a turn.</summary>
    /// <param name="state">The state it is decided upon.</param>
    /// <param name="chain">The turns it builds upon.</param>
    /// <param name="cut">What the turn leaves of the log.</param>
    /// <param name="now">The instant.</param>
    /// <param name="boundUser">
    /// The user that the turn is bound to, whose conversation this is or will be; <see langword="null"/> for none.
    /// </param>
    /// <exception cref="UserNotAllowedException">The turn is bound to a user, and gives the conversation to another one.</exception>
    /// <exception cref="PayloadTooLargeException">The conversation would have too many entries, or too large ones.</exception>
    /// <exception cref="InvalidRequestException">The tenant requires a user, and the conversation would have none.</exception>
    public DecidedTurn Decide(
        ConversationState state,
        CommitChain chain,
        PreparedTurn prepared,
        LogCut cut,
        DateTimeOffset now,
        string? boundUser = null
    )
    {
        Turn turn = prepared.Turn;

        // Another silo's clock may be ahead of ours; turns of a conversation never go back in time.
        DateTimeOffset at = state.Head?.UpdatedAt > now ? state.Head.UpdatedAt : now;
        ImmutableArray<Entry> writes = LastWrites(state, turn, now);
        ConversationSettings? settings = Settings(state, turn);
        if (boundUser is not null && (state.Head is null || settings is not null))
        {
            settings = OfUser(settings, boundUser);
        }

        if (state.Head is null || NamesUser(turn))
        {
            RequireUser(settings);
        }

        var commit = new TurnCommit
        {
            Key = state.Key,
            StoreId = state.StoreId,
            Replaces = state.Replaces,
            KnowsGone = state.HasGoneTurns,
            ExpectedVersion = state.Version,
            Chain = chain,
            TurnId = turn.TurnId,
            PayloadHash = prepared.PayloadHash,
            Messages = Number(cut.Rewritten, prepared.Messages, state.LastSequence, now),
            Rewritten = cut.Rewritten.Length,
            FirstSequence = cut.First,
            LastSequence = state.LastSequence + cut.Rewritten.Length + prepared.Messages.Length,
            Truncates = cut.First > state.FirstSequence,
            EntryWrites = writes,
            EntryDeletes = Deletes(state, turn, writes, now),
            Settings = settings,
            ExpiresAt = Expiry(state, turn, settings, now),
            At = at,
            PreviousAt = state.Head?.UpdatedAt,
        };
        ConversationState after = state.Apply(commit);
        CheckEntries(after);
        return new DecidedTurn(commit, after);
    }

    private static ImmutableArray<MessageRow> Number(
        ImmutableArray<MessageRow> rewritten,
        ImmutableArray<PreparedMessage> messages,
        long last,
        DateTimeOffset now
    )
    {
        var rows = new MessageRow[rewritten.Length + messages.Length];
        for (int i = 0; i < rewritten.Length; i++)
        {
            rows[i] = rewritten[i] with { Message = rewritten[i].Message with { Sequence = last + 1 + i } };
        }

        for (int i = 0; i < messages.Length; i++)
        {
            int row = rewritten.Length + i;
            NewMessage given = messages[i].Message;
            var message = new Message
            {
                Sequence = last + 1 + row,
                Id = given.Id ?? MessageIds.New(),
                Role = given.Role,
                Author = given.Author,
                Contents = given.Contents,
                Metadata = given.Metadata,
                Created = given.Created is { } created ? Instants.Kept(created) : now,
            };
            rows[row] = new MessageRow(message, messages[i].Bytes, messages[i].Tools);
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
                ExpiresAt =
                    kept is not null ? kept.ExpiresAt
                    : write.TimeToLive is { } ttl ? Instants.Plus(now, ttl)
                    : null,
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
            && (delete.Key is null || string.Equals(delete.Key, name.Key, StringComparison.Ordinal))
        )
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

    /// <summary>
    /// The settings after the turn, if it changes any. A new conversation whose turn does not name a time to live gets the tenant's.
    /// </summary>
    private ConversationSettings? Settings(ConversationState state, Turn turn)
    {
        ConversationSettings? begun = state.Head is null ? turn.InitialSettings : null;
        ConversationSettings? changed = turn.Settings?.ApplyTo(state.Head?.Settings ?? begun ?? ConversationSettings.Empty) ?? begun;
        return state.Head is null && begun?.TimeToLive is null && !NamesTimeToLive(turn) && defaultTimeToLive is { } timeToLive
            ? (changed ?? ConversationSettings.Empty) with
            {
                TimeToLive = timeToLive,
            }
            : changed;
    }

    /// <summary>Settings as they are for a call that is bound to a user: what names no user is that user's.</summary>
    /// <param name="settings">The settings; <see langword="null"/> for none.</param>
    /// <param name="boundUser">The user; <see langword="null"/> for a call that is bound to none.</param>
    /// <exception cref="UserNotAllowedException">They name another user.</exception>
    public static ConversationSettings OfUser(ConversationSettings? settings, string? boundUser)
    {
        if (boundUser is null || string.Equals(settings?.UserId, boundUser, StringComparison.Ordinal))
        {
            return settings ?? ConversationSettings.Empty;
        }

        return settings?.UserId is null
            ? (settings ?? ConversationSettings.Empty) with
            {
                UserId = boundUser,
            }
            : throw new UserNotAllowedException();
    }

    /// <summary>Refuses settings of no user where the tenant wants one: what has no owner is not erased with its owner.</summary>
    /// <param name="settings">The settings that a conversation would have; <see langword="null"/> for none.</param>
    /// <exception cref="InvalidRequestException">It has no user, and must have one.</exception>
    public void RequireUser(ConversationSettings? settings)
    {
        if (requiresUser && settings?.UserId is null)
        {
            throw new InvalidRequestException(
                "userId",
                "This tenant requires that every conversation names its user: in the settings of the turn that begins it, or of the conversation."
            );
        }
    }

    private static bool NamesUser(Turn turn) => turn.Settings is { } change && change.Fields.HasFlag(SettingsFields.UserId);

    private static bool NamesTimeToLive(Turn turn) => turn.Settings is { } change && change.Fields.HasFlag(SettingsFields.TimeToLive);

    private static DateTimeOffset? Expiry(ConversationState state, Turn turn, ConversationSettings? settings, DateTimeOffset now)
    {
        TimeToLive? ttl = settings is null ? state.Head?.Settings.TimeToLive : settings.TimeToLive;
        bool set = state.Head is null || NamesTimeToLive(turn);
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

using System.Collections.Immutable;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// A conversation as of one version, without its messages: pure and immutable. Live commits and the turns decided ahead of them go through
/// the same <see cref="Apply"/>.
/// </summary>
/// <param name="StoreId">Its life.</param>
/// <param name="Head">Its head; <see langword="null"/> before the first turn.</param>
/// <param name="Entries">Its entries, expired ones included, ordered by space and key.</param>
/// <param name="EntryBytes">The size of all entry values together, in bytes of UTF-8.</param>
/// <param name="Replaces">The expired life that the first turn of this one replaces.</param>
internal sealed record ConversationState(
    ConversationKey Key,
    long StoreId,
    Head? Head,
    ImmutableSortedDictionary<EntryName, Entry> Entries,
    long EntryBytes,
    ExpiredLife? Replaces
)
{
    /// <summary>Whether turns of this key were deleted or erased, so that the store has to be asked about each turn.</summary>
    public bool HasGoneTurns { get; init; }

    /// <summary>The version; 0 before the first turn.</summary>
    public long Version => Head?.Version ?? 0;

    /// <summary>The first sequence in the log.</summary>
    public long FirstSequence => Head?.FirstSequence ?? 1;

    /// <summary>The last sequence ever given.</summary>
    public long LastSequence => Head?.LastSequence ?? 0;

    /// <summary>What a store holds.</summary>
    /// <param name="stored">What was loaded.</param>
    public static ConversationState From(ConversationKey key, StoredConversation stored) =>
        new(
            key,
            stored.StoreId,
            stored.Head,
            stored.Entries.ToImmutableSortedDictionary(
                entry => new EntryName(entry.Space, entry.Key),
                entry => entry,
                EntryNameOrder.Instance
            ),
            stored.Entries.Sum(entry => (long)Utf8Size.Of(entry)),
            Replaces: null
        )
        {
            HasGoneTurns = stored.HasGoneTurns,
        };

    /// <summary>A new life in place of this one, which has expired.</summary>
    /// <param name="storeId">The new life's id.</param>
    /// <returns>The empty state.</returns>
    public ConversationState NewLife(long storeId) =>
        new(
            Key,
            storeId,
            null,
            ImmutableSortedDictionary.Create<EntryName, Entry>(EntryNameOrder.Instance),
            0,
            new ExpiredLife(StoreId, Version)
        )
        {
            HasGoneTurns = HasGoneTurns,
        };

    /// <summary>Whether there is a conversation to see at an instant.</summary>
    /// <returns>Whether it exists and has not expired.</returns>
    public bool IsLive(DateTimeOffset now) => Head is not null && !IsExpired(now);

    /// <summary>Whether its time is over at an instant.</summary>
    public bool IsExpired(DateTimeOffset now) => Head?.ExpiresAt <= now;

    /// <summary>The state after a turn.</summary>
    /// <param name="commit">The decided turn.</param>
    /// <returns>The next state.</returns>
    public ConversationState Apply(TurnCommit commit)
    {
        ImmutableSortedDictionary<EntryName, Entry> entries = Entries;
        long bytes = EntryBytes;
        foreach (EntryName name in commit.EntryDeletes)
        {
            bytes -= Utf8Size.Of(entries.GetValueOrDefault(name));
            entries = entries.Remove(name);
        }

        foreach (Entry entry in commit.EntryWrites)
        {
            var name = new EntryName(entry.Space, entry.Key);
            bytes += Utf8Size.Of(entry) - Utf8Size.Of(entries.GetValueOrDefault(name));
            entries = entries.SetItem(name, entry);
        }

        var head = new Head
        {
            Key = Key,
            Version = commit.Version,
            FirstSequence = commit.FirstSequence,
            LastSequence = commit.LastSequence,
            Settings = commit.Settings ?? Head?.Settings ?? ConversationSettings.Empty,
            CreatedAt = Head?.CreatedAt ?? commit.At,
            UpdatedAt = commit.At,
            ExpiresAt = commit.ExpiresAt,
            Origin = Head?.Origin,
        };
        return this with { Head = head, Entries = entries, EntryBytes = bytes, Replaces = null };
    }
}

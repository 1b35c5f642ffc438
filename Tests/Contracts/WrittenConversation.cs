using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Tests.Contracts;

/// <summary>A conversation as one writer knows it: decides turns upon what it has loaded, as the grain does.</summary>
internal sealed class WrittenConversation
{
    private WrittenConversation(ConversationKey key, StoredConversation stored)
    {
        Key = key;
        StoreId = stored.StoreId;
        Version = stored.Head?.Version ?? 0;
        FirstSequence = stored.Head?.FirstSequence ?? 1;
        LastSequence = stored.Head?.LastSequence ?? 0;
        ExpiresAt = stored.Head?.ExpiresAt;
        UpdatedAt = stored.Head?.UpdatedAt;
        KnowsGone = stored.HasGoneTurns;
    }

    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public ConversationKey Key { get; }

    public long StoreId { get; set; }

    public long Version { get; set; }

    public long FirstSequence { get; set; }

    public long LastSequence { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>When its newest turn was; null before the first one.</summary>
    public DateTimeOffset? UpdatedAt { get; set; }

    public ExpiredLife? Replaces { get; set; }

    public CommitChain? Chain { get; set; }

    /// <summary>Whether it was loaded with turns that are gone.</summary>
    public bool KnowsGone { get; set; }

    /// <summary>The instant of the next turn: a minute per version.</summary>
    public DateTimeOffset Now => Start.AddMinutes(Version);

    public static async Task<WrittenConversation> LoadAsync(IConversationStore store, ConversationKey key) =>
        new(key, await store.LoadAsync(key, new TailBounds(1, 1), CancellationToken.None));

    /// <summary>A conversation that has no turns yet.</summary>
    public static WrittenConversation New(ConversationKey key, long storeId) =>
        new(key, new StoredConversation(storeId, null, [], [], Lineage.Own(key.Tenant, storeId)));

    public static byte[] HashOf(string payload) => SHA256.HashData(Encoding.UTF8.GetBytes(payload));

    public static MessageRow Row(long sequence, string text, string role = MessageRoles.User)
    {
        string contents = $$"""[{"$type":"text","text":{{JsonSerializer.Serialize(text)}}}]""";
        return Sized(
            new Message
            {
                Sequence = sequence,
                Id = $"msg-{sequence}",
                Role = role,
                Contents = contents,
                Created = Start.AddSeconds(sequence),
            }
        );
    }

    public static MessageRow Sized(Message message, ToolLinks? tools = null) =>
        new(message, Encoding.UTF8.GetByteCount(message.Contents) + Encoding.UTF8.GetByteCount(message.Metadata ?? ""), tools);

    /// <summary>
    /// Decides a turn that appends messages of the given texts. Nothing is remembered of it before <see cref="Advance"/>.
    /// </summary>
    public TurnCommit Turn(string turnId, params string[] texts) =>
        Turn(turnId, [.. texts.Select((text, index) => Row(LastSequence + 1 + index, text))]);

    public TurnCommit Turn(string turnId, ImmutableArray<MessageRow> messages) =>
        new()
        {
            Key = Key,
            StoreId = StoreId,
            Replaces = Replaces,
            KnowsGone = KnowsGone,
            ExpectedVersion = Version,
            Chain = Chain,
            TurnId = turnId,
            PayloadHash = HashOf(turnId),
            Messages = messages,
            FirstSequence = FirstSequence,
            LastSequence = LastSequence + messages.Length,
            ExpiresAt = ExpiresAt,
            At = Now,
            PreviousAt = UpdatedAt,
        };

    /// <summary>Decides a turn that keeps only the newest messages.</summary>
    public TurnCommit Truncation(string turnId, int keepLast)
    {
        long first = Math.Max(FirstSequence, LastSequence - keepLast + 1);
        return Turn(turnId) with { FirstSequence = first, Truncates = first > FirstSequence };
    }

    public WrittenConversation Advance(TurnCommit commit)
    {
        Version = commit.Version;
        FirstSequence = commit.FirstSequence;
        LastSequence = commit.LastSequence;
        ExpiresAt = commit.ExpiresAt;
        UpdatedAt = UpdatedAt > commit.At ? UpdatedAt : commit.At;
        Replaces = null;
        return this;
    }

    public ForkCommit Fork(ConversationKey target, long atSequence) =>
        new()
        {
            SourceStoreId = StoreId,
            SourceVersion = Version,
            Target = target,
            AtSequence = atSequence,
            At = Now,
        };
}

using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Tests.Contracts;

/// <summary>Makes turns out of the numbers of a step, each decided upon the one before.</summary>
internal sealed class ModelTurns
{
    private static readonly TimeToLive TwentyMinutes = new() { Duration = TimeSpan.FromMinutes(20) };

    private readonly ConversationKey _key;
    private readonly ExpiredLife? _replaces;
    private long _version;
    private long _firstSequence = 1;
    private DateTimeOffset? _expiresAt;
    private DateTimeOffset? _updatedAt;

    /// <summary>Turns that go on with a life.</summary>
    public ModelTurns(ModelLife life)
    {
        _key = life.Key;
        StoreId = life.StoreId;
        _version = life.Version;
        _firstSequence = life.FirstSequence;
        LastSequence = life.LastSequence;
        _expiresAt = life.ExpiresAt;
        _updatedAt = life.UpdatedAt;
    }

    /// <summary>Turns that start a life.</summary>
    /// <param name="storeId">Its reserved id.</param>
    /// <param name="replaced">The expired life that it replaces, if any.</param>
    public ModelTurns(ConversationKey key, long storeId, ModelLife? replaced)
    {
        _key = key;
        StoreId = storeId;
        _replaces = replaced is null ? null : new ExpiredLife(replaced.StoreId, replaced.Version);
    }

    public long StoreId { get; }

    public long LastSequence { get; set; }

    public CommitChain? Chain { get; set; }

    /// <summary>Whether they know that turns of the key are gone.</summary>
    public bool KnowsGone { get; init; }

    public TurnCommit Next(ModelStep step, DateTimeOffset now, string turnId)
    {
        int messages = step.A % 5;
        long first = step.B == 7 ? Math.Max(_firstSequence, LastSequence + messages - (step.C % 5) + 1) : _firstSequence;
        Entry[] writes =
        [
            .. Enumerable
                .Range(0, step.B % 3)
                .Select(i => new Entry
                {
                    Space = $"space-{(step.C + i) % 2}",
                    Key = $"key-{(step.A + i) % 3}",
                    Value = $"\"{turnId}\"",
                    ExpiresAt = step.C % 3 == 0 ? now.AddMinutes(step.B) : null,
                }),
        ];
        return new TurnCommit
        {
            Key = _key,
            StoreId = StoreId,
            Replaces = _version == 0 ? _replaces : null,
            KnowsGone = KnowsGone,
            ExpectedVersion = _version,
            Chain = Chain,
            TurnId = turnId,
            PayloadHash = WrittenConversation.HashOf(turnId),
            Messages = [.. Enumerable.Range(1, messages).Select(i => Row(LastSequence + i, turnId))],
            FirstSequence = first,
            LastSequence = LastSequence + messages,
            Truncates = first > _firstSequence,
            EntryWrites = [.. writes],
            EntryDeletes = step.B == 3 ? [new EntryName($"space-{step.C % 2}", $"key-{step.A % 3}")] : [],
            Settings = step.C == 5 ? new ConversationSettings { Title = turnId, TimeToLive = step.A < 8 ? null : TwentyMinutes } : null,
            ExpiresAt = step.C switch
            {
                5 => step.A < 8 ? null : now.AddMinutes(20),
                6 => now.AddMinutes(step.A),
                _ => _expiresAt,
            },
            At = now,
            PreviousAt = _updatedAt,
        };
    }

    public MessageRow Row(long sequence, string turnId)
    {
        Message message = WrittenConversation
            .Row(
                sequence,
                new string('x', (int)(sequence * 7 % 40)),
                (sequence % 3) switch
                {
                    0 => MessageRoles.User,
                    1 => MessageRoles.Assistant,
                    _ => MessageRoles.Tool,
                }
            )
            .Message with
        {
            Author = $"{_key.Id} {turnId}",
            Metadata = sequence % 4 == 0 ? "{\"n\":1}" : null,
        };
        ToolLinks? tools = (sequence % 5) switch
        {
            1 => new ToolLinks([$"call-{sequence}"], []),
            2 => new ToolLinks([], [$"call-{sequence - 1}"]),
            _ => null,
        };
        return WrittenConversation.Sized(message, tools);
    }

    public void Advance(TurnCommit commit)
    {
        _version = commit.Version;
        _firstSequence = commit.FirstSequence;
        LastSequence = commit.LastSequence;
        _expiresAt = commit.ExpiresAt;
        _updatedAt = commit.At;
    }
}

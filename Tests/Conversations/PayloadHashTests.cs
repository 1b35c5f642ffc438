using OrleansMemory.Conversations;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public sealed class PayloadHashTests
{
    private static readonly Turn Sample = new()
    {
        TurnId = "t",
        KeepLast = 3,
        Messages =
        [
            Messages.User("hello"),
            Messages.Assistant("world") with
            {
                Id = "m",
                Author = "a",
                Metadata = "{}",
                Created = DateTimeOffset.UnixEpoch,
            },
        ],
        EntryWrites =
        [
            new EntryWrite
            {
                Space = "s",
                Key = "k",
                Value = "1",
                TimeToLive = TimeSpan.FromHours(1),
            },
        ],
        EntryDeletes = [new EntryDelete { Space = "s", Key = "x" }],
        Settings = SettingsChange.Replace(
            new ConversationSettings
            {
                UserId = "u",
                TimeToLive = new TimeToLive { Duration = TimeSpan.FromDays(1), Sliding = true },
            }
        ),
    };

    public static TheoryData<string, Turn> Changes { get; } =
        new()
        {
            { "keepLast", Sample with { KeepLast = null } },
            { "one message less", Sample with { Messages = [Sample.Messages[0]] } },
            { "order of messages", Sample with { Messages = [Sample.Messages[1], Sample.Messages[0]] } },
            { "text", Sample with { Messages = [Messages.User("hello!"), Sample.Messages[1]] } },
            { "role", Sample with { Messages = [Messages.Assistant("hello"), Sample.Messages[1]] } },
            { "id", Sample with { Messages = [Sample.Messages[0] with { Id = "" }, Sample.Messages[1]] } },
            { "created", Sample with { Messages = [Sample.Messages[0] with { Created = DateTimeOffset.UnixEpoch }, Sample.Messages[1]] } },
            { "entry value", Sample with { EntryWrites = [Sample.EntryWrites[0] with { Value = "2" }] } },
            { "entry ttl", Sample with { EntryWrites = [Sample.EntryWrites[0] with { TimeToLive = null }] } },
            { "entry keeps its expiry", Sample with { EntryWrites = [Sample.EntryWrites[0] with { KeepsExpiry = true }] } },
            { "fingerprint", Sample with { Fingerprint = "f" } },
            { "delete the space", Sample with { EntryDeletes = [Sample.EntryDeletes[0] with { Key = null }] } },
            { "settings", Sample with { Settings = null } },
            { "settings fields", Sample with { Settings = Sample.Settings! with { Fields = SettingsFields.UserId } } },
            { "deleted sequences", Sample with { DeleteSequences = [1] } },
            { "condition", Sample with { Conditions = [TurnCondition.MessageAbsent("m")] } },
            { "key moved into space", Sample with { EntryWrites = [Sample.EntryWrites[0] with { Space = "sk", Key = "" }] } },
        };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Every_change_changes_the_hash(string what, Turn changed) =>
        Assert.False(PayloadHash.Of(Sample).AsSpan().SequenceEqual(PayloadHash.Of(changed)), what);

    [Fact]
    public void The_turn_id_and_the_expected_version_are_no_part_of_it() =>
        Assert.Equal(PayloadHash.Of(Sample), PayloadHash.Of(Sample with { TurnId = "other", ExpectedVersion = 7 }));

    [Fact]
    public void A_fingerprint_stands_for_the_payload()
    {
        byte[] hash = PayloadHash.Of(Sample with { Fingerprint = "f" });

        Assert.Equal(
            hash,
            PayloadHash.Of(
                new Turn
                {
                    TurnId = "other",
                    KeepLast = 1,
                    Fingerprint = "f",
                }
            )
        );
        Assert.NotEqual(hash, PayloadHash.Of(Sample with { Fingerprint = "g" }));
        Assert.NotEqual(hash, PayloadHash.Of(Sample with { Fingerprint = "" }));
    }

    [Fact]
    public void The_hash_of_a_stored_turn_never_changes() =>
        // Recorded from the first release: a turn that is repeated after an upgrade must still match.
        Assert.Equal("2420268d8301d604aa1697b1ea3030c9ef03debd51c7a68aa4cab945f49127db", Convert.ToHexStringLower(PayloadHash.Of(Sample)));

    [Fact]
    public void Deleted_sequences_count_in_their_order() =>
        Assert.NotEqual(
            PayloadHash.Of(new Turn { TurnId = "t", DeleteSequences = [1, 2] }),
            PayloadHash.Of(new Turn { TurnId = "t", DeleteSequences = [2, 1] })
        );

    [Fact]
    public void The_hash_of_a_stored_deletion_never_changes() =>
        Assert.Equal(
            "3dcf28101cf7860f24a55a781087b8afde060bc1e5c96f449f44aa9f8fe2ba54",
            Convert.ToHexStringLower(PayloadHash.Of(new Turn { TurnId = "t", DeleteSequences = [2, 5] }))
        );

    [Fact]
    public void Every_part_of_a_condition_counts() =>
        Assert.Equal(
            6,
            new TurnCondition[]
            {
                TurnCondition.EntryExists("s", "k"),
                TurnCondition.EntryAbsent("s", "k"),
                TurnCondition.EntryExists("t", "k"),
                TurnCondition.EntryExists("s", "l"),
                TurnCondition.EntryHasValue("s", "k", "1"),
                TurnCondition.EntryHasValue("s", "k", "2"),
            }
                .Select(condition => Convert.ToHexString(PayloadHash.Of(Sample with { Conditions = [condition] })))
                .Distinct()
                .Count()
        );

    [Fact]
    public void The_hash_of_a_stored_turn_with_conditions_never_changes() =>
        Assert.StartsWith(
            "1d52dff4f82a6c07ec1c588cb49d08d1875e86b5c40c8f593a",
            Convert.ToHexStringLower(
                PayloadHash.Of(Sample with { Conditions = [TurnCondition.EntryHasValue("s", "k", "1"), TurnCondition.MessageAbsent("m")] })
            ),
            StringComparison.Ordinal
        );
}

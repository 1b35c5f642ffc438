using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

/// <summary>What a host's wire form would repair before the grain sees it; everything else is tested through the grain.</summary>
public sealed class TurnValidationTests
{
    private static readonly TurnValidation Validation = new(new ConversationOptions());

    public static TheoryData<string, Turn> UnpairedSurrogates { get; } =
        new()
        {
            { "turnId", Messages.Turn("a\ud800b", Messages.User("x")) },
            { "messages[0].id", Messages.Turn("t", Messages.User("x") with { Id = "\udc00" }) },
            {
                "messages[0].contents",
                Messages.Turn("t", Messages.User("x") with { Contents = "[{\"$type\":\"text\",\"text\":\"\ud800\"}]" })
            },
            { "messages[0].metadata", Messages.Turn("t", Messages.User("x") with { Metadata = "{\"\ud800\":1}" }) },
            {
                "entries[0].key",
                new Turn
                {
                    TurnId = "t",
                    EntryWrites =
                    [
                        new EntryWrite
                        {
                            Space = "s",
                            Key = "\ud800",
                            Value = "1",
                        },
                    ],
                }
            },
            {
                "entries[0].value",
                new Turn
                {
                    TurnId = "t",
                    EntryWrites =
                    [
                        new EntryWrite
                        {
                            Space = "s",
                            Key = "k",
                            Value = "\"\ud800\"",
                        },
                    ],
                }
            },
        };

    [Theory]
    [MemberData(nameof(UnpairedSurrogates))]
    public void Text_that_is_not_valid_Unicode_is_refused(string parameter, Turn turn) =>
        Assert.Equal(parameter, Assert.Throws<InvalidRequestException>(() => Validation.Prepare(turn)).Parameter);

    [Fact]
    public void A_missing_turn_is_refused() =>
        Assert.Equal("turn", Assert.Throws<InvalidRequestException>(() => Validation.Prepare(null!)).Parameter);

    [Fact]
    public void Arrays_that_were_never_set_count_as_empty()
    {
        var turn = new Turn
        {
            TurnId = "t",
            Messages = [Messages.User("x")],
            EntryWrites = default,
            EntryDeletes = default,
            DeleteSequences = default,
        };
        Assert.Equal(
            PayloadHash.Of(turn with { EntryWrites = [], EntryDeletes = [], DeleteSequences = [] }),
            Validation.Prepare(turn).PayloadHash
        );
    }
}

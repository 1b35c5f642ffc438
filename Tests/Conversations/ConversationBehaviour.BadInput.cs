using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public abstract partial class ConversationBehaviour
{
    [Fact]
    public async Task A_turn_that_is_not_valid_is_refused_with_the_name_of_the_guilty_part_and_stores_nothing()
    {
        IConversationGrain conversation = NewConversation();
        foreach ((string parameter, Turn turn) in BadTurns.Select(static row => row.Data))
        {
            InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => conversation.CommitAsync(turn));
            Assert.Equal(parameter, refusal.Parameter);
        }

        Assert.Null(await conversation.GetHeadAsync());
    }

    [Fact]
    public async Task What_is_over_a_limit_is_refused_with_size_and_limit()
    {
        IConversationGrain conversation = NewConversation();
        Turn[] turns =
        [
            new() { TurnId = "t", Messages = [Good with { Contents = Messages.Text(new string('x', 4 * 1024 * 1024)) }] },
            new() { TurnId = "t", Messages = [.. Enumerable.Repeat(Good, 10_001)] },
            new()
            {
                TurnId = "t",
                Messages = [.. Enumerable.Repeat(Good with { Contents = Messages.Text(new string('x', 4_000_000)) }, 9)],
            },
            new()
            {
                TurnId = "t",
                EntryWrites =
                [
                    new EntryWrite
                    {
                        Space = "s",
                        Key = "k",
                        Value = $"\"{new string('x', 1024 * 1024)}\"",
                    },
                ],
            },
            new()
            {
                TurnId = "t",
                EntryWrites =
                [
                    .. Enumerable
                        .Range(0, 4_097)
                        .Select(i => new EntryWrite
                        {
                            Space = "s",
                            Key = $"{i}",
                            Value = "1",
                        }),
                ],
            },
        ];
        foreach (Turn turn in turns)
        {
            PayloadTooLargeException refusal = await Assert.ThrowsAsync<PayloadTooLargeException>(() => conversation.CommitAsync(turn));
            Assert.True(refusal.Actual > refusal.Limit);
        }

        Assert.Null(await conversation.GetHeadAsync());
    }

    [Fact]
    public async Task The_limit_on_entries_counts_those_that_are_there()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(
            new Turn
            {
                TurnId = "1",
                EntryWrites =
                [
                    .. Enumerable
                        .Range(0, 4_000)
                        .Select(i => new EntryWrite
                        {
                            Space = "s",
                            Key = $"{i}",
                            Value = "1",
                        }),
                ],
            }
        );
        Turn more = new()
        {
            TurnId = "2",
            EntryWrites =
            [
                .. Enumerable
                    .Range(4_000, 97)
                    .Select(i => new EntryWrite
                    {
                        Space = "s",
                        Key = $"{i}",
                        Value = "1",
                    }),
            ],
        };

        await Assert.ThrowsAsync<PayloadTooLargeException>(() => conversation.CommitAsync(more));
        await conversation.CommitAsync(more with { EntryDeletes = [new EntryDelete { Space = "s", Key = "0" }] });
        Assert.Equal(4_096, (await conversation.GetEntriesAsync("s")).Length);
    }

    [Theory]
    [InlineData("limit", 0, null, null, null)]
    [InlineData("limit", 1_001, null, null, null)]
    [InlineData("limit", int.MinValue, null, null, null)]
    [InlineData("after", null, -1L, null, null)]
    [InlineData("before", null, null, 0L, null)]
    [InlineData("role", null, null, null, "wizard")]
    public async Task A_query_that_is_not_valid_is_refused(string parameter, int? limit, long? after, long? before, string? role)
    {
        IConversationGrain conversation = NewConversation();
        await FillAsync(conversation, 1);
        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(() =>
            conversation.GetMessagesAsync(
                new MessageQuery
                {
                    Limit = limit,
                    After = after,
                    Before = before,
                    Role = role,
                }
            )
        );
        Assert.Equal(parameter, refusal.Parameter);
    }

    [Fact]
    public async Task An_unknown_conversation_is_not_an_empty_one()
    {
        IConversationGrain conversation = NewConversation();

        Assert.Null(await conversation.GetHeadAsync());
        Assert.Null(await conversation.GetSnapshotAsync());
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.GetMessagesAsync(MessageQuery.Newest));
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => AllAsync(conversation));
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.GetEntryAsync("s", "k"));
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.GetEntriesAsync(null));
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.ForkAsync(new ForkRequest { NewId = "f" }));
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.ClearAsync("c"));
        Assert.False((await conversation.DeleteAsync()).Existed);
    }

    [Theory]
    [InlineData("no-slash")]
    [InlineData("/id")]
    [InlineData("tenant/")]
    [InlineData("tenant/a/b")]
    [InlineData("tenant/..")]
    [InlineData("tenant/a b")]
    [InlineData("tenant/ä")]
    [InlineData("-tenant/a")]
    public async Task A_grain_with_an_illegal_key_refuses_every_call(string key)
    {
        IConversationGrain conversation = Host.Grains.GetGrain<IConversationGrain>(key);
        await Assert.ThrowsAsync<InvalidRequestException>(() => conversation.GetHeadAsync());
    }
}

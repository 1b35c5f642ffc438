using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public abstract partial class ConversationBehaviour
{
    private const string Space = "s";

    [Fact]
    public async Task A_write_that_keeps_the_expiry_replaces_the_value_alone()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(Writing("set", Set("brief", "1", TimeSpan.FromSeconds(10)), Set("long", "1")));
        Clock.Advance(TimeSpan.FromSeconds(9));

        await conversation.CommitAsync(Writing("keep", Keep("brief", "2"), Keep("long", "2")));

        Entry brief = (await conversation.GetEntryAsync(Space, "brief"))!;
        Assert.Equal(("2", Clock.GetUtcNow().AddSeconds(1)), (brief.Value, brief.ExpiresAt));
        Assert.Null((await conversation.GetEntryAsync(Space, "long"))!.ExpiresAt);
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("long", Assert.Single(await conversation.GetEntriesAsync(Space)).Key);
    }

    [Fact]
    public async Task A_write_that_keeps_the_expiry_does_nothing_where_no_entry_lives()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(Writing("set", Set("brief", "1", TimeSpan.FromSeconds(10)), Set("gone", "1")));
        Clock.Advance(TimeSpan.FromSeconds(10));

        TurnReceipt receipt = await conversation.CommitAsync(
            Writing("keep", Keep("brief", "2"), Keep("never", "2"), Keep("gone", "2")) with
            {
                EntryDeletes = [new EntryDelete { Space = Space }],
            }
        );

        Assert.Equal(2, receipt.Version);
        Assert.Empty(await conversation.GetEntriesAsync(Space));
    }

    [Fact]
    public async Task A_write_that_keeps_the_expiry_sees_the_write_before_it()
    {
        IConversationGrain conversation = NewConversation();

        await conversation.CommitAsync(Writing("both", Set("k", "1", TimeSpan.FromSeconds(5)), Keep("k", "2")));

        Entry entry = (await conversation.GetEntryAsync(Space, "k"))!;
        Assert.Equal(("2", Clock.GetUtcNow().AddSeconds(5)), (entry.Value, entry.ExpiresAt));
    }

    [Fact]
    public async Task A_write_that_keeps_the_expiry_makes_no_conversation()
    {
        IConversationGrain conversation = NewConversation();

        await Assert.ThrowsAsync<ConversationNotFoundException>(() => conversation.CommitAsync(Writing("keep", Keep("k", "2"))));
        var failure = await Assert.ThrowsAsync<InvalidRequestException>(() =>
            conversation.CommitAsync(Writing("both", Keep("k", "2") with { TimeToLive = TimeSpan.FromSeconds(1) }))
        );

        Assert.Equal("entries[0].ttl", failure.Parameter);
        Assert.Null(await conversation.GetHeadAsync());
    }

    [Fact]
    public async Task A_turn_with_a_fingerprint_is_known_by_it()
    {
        IConversationGrain conversation = NewConversation();
        await conversation.CommitAsync(Writing("t", Set("k", "1")) with { Fingerprint = "f" });

        TurnReceipt again = await conversation.CommitAsync(
            Writing("t", Set("k", "2")) with
            {
                Fingerprint = "f",
                ExpectedVersion = long.MaxValue,
            }
        );

        Assert.True(again.Replayed);
        Assert.Equal("1", (await conversation.GetEntryAsync(Space, "k"))!.Value);
        await Assert.ThrowsAsync<TurnConflictException>(() =>
            conversation.CommitAsync(Writing("t", Set("k", "1")) with { Fingerprint = "g" })
        );
        await Assert.ThrowsAsync<TurnConflictException>(() => conversation.CommitAsync(Writing("t", Set("k", "1"))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData(null)]
    public async Task A_fingerprint_is_1_to_4096_bytes(string? fingerprint)
    {
        IConversationGrain conversation = NewConversation();
        Turn turn = Writing("t", Set("k", "1")) with { Fingerprint = fingerprint ?? new string('f', 4097) };

        Assert.Equal("fingerprint", (await Assert.ThrowsAsync<InvalidRequestException>(() => conversation.CommitAsync(turn))).Parameter);
        await conversation.CommitAsync(turn with { Fingerprint = new string('f', 4096) });
    }

    private static Turn Writing(string id, params EntryWrite[] writes) => new() { TurnId = id, EntryWrites = [.. writes] };

    private static EntryWrite Set(string key, string value, TimeSpan? timeToLive = null) =>
        new()
        {
            Space = Space,
            Key = key,
            Value = value,
            TimeToLive = timeToLive,
        };

    private static EntryWrite Keep(string key, string value) =>
        new()
        {
            Space = Space,
            Key = key,
            Value = value,
            KeepsExpiry = true,
        };
}

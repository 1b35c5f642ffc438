using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public abstract partial class ConversationBehaviour
{
    private static readonly NewMessage Good = Messages.User("x");

    public static TheoryData<string, Turn> BadTurns { get; } = new()
    {
        { "turn", new Turn { TurnId = "empty" } },
        { "turnId", new Turn { TurnId = "", Messages = [Good] } },
        { "turnId", new Turn { TurnId = new string('i', 257), Messages = [Good] } },
        { "turnId", new Turn { TurnId = "a\0b", Messages = [Good] } },
        { "expectedVersion", new Turn { TurnId = "t", ExpectedVersion = -1, Messages = [Good] } },
        { "conditions[0]", new Turn { TurnId = "t", Messages = [Good], Conditions = [null!] } },
        { "conditions[0].kind", new Turn { TurnId = "t", Messages = [Good], Conditions = [new TurnCondition { Kind = (TurnConditionKind)4 }] } },
        { "conditions[1].messageId", new Turn { TurnId = "t", Messages = [Good], Conditions = [TurnCondition.MessageAbsent("m"), TurnCondition.MessageAbsent("")] } },
        { "conditions[0].messageId", new Turn { TurnId = "t", Messages = [Good], Conditions = [TurnCondition.MessageAbsent("a\0b")] } },
        { "conditions[0].key", new Turn { TurnId = "t", Messages = [Good], Conditions = [TurnCondition.MessageAbsent("m") with { Key = "k" }] } },
        { "conditions[0].space", new Turn { TurnId = "t", Messages = [Good], Conditions = [TurnCondition.EntryExists(null!, "k")] } },
        { "conditions[0].key", new Turn { TurnId = "t", Messages = [Good], Conditions = [TurnCondition.EntryAbsent("s", new string('k', 1025))] } },
        { "conditions[0].value", new Turn { TurnId = "t", Messages = [Good], Conditions = [TurnCondition.EntryHasValue("s", "k", "{")] } },
        { "conditions[0].value", new Turn { TurnId = "t", Messages = [Good], Conditions = [TurnCondition.EntryHasValue("s", "k", null!)] } },
        { "conditions[0].value", new Turn { TurnId = "t", Messages = [Good], Conditions = [TurnCondition.EntryExists("s", "k") with { Value = "1" }] } },
        { "keepLast", new Turn { TurnId = "t", KeepLast = -1 } },
        { "messages[1].role", new Turn { TurnId = "t", Messages = [Good, Good with { Role = "wizard" }] } },
        { "messages[0].role", new Turn { TurnId = "t", Messages = [Good with { Role = "User" }] } },
        { "messages[0].id", new Turn { TurnId = "t", Messages = [Good with { Id = "" }] } },
        { "messages[0].id", new Turn { TurnId = "t", Messages = [Good with { Id = "\0" }] } },
        { "messages[0].author", new Turn { TurnId = "t", Messages = [Good with { Author = new string('ä', 129) }] } },
        { "messages[0].contents", new Turn { TurnId = "t", Messages = [Good with { Contents = "hello" }] } },
        { "messages[0].contents", new Turn { TurnId = "t", Messages = [Good with { Contents = null! }] } },
        { "messages[0].metadata", new Turn { TurnId = "t", Messages = [Good with { Metadata = "[]" }] } },
        { "messages[0]", new Turn { TurnId = "t", Messages = [null!] } },
        { "entries[0].space", new Turn { TurnId = "t", EntryWrites = [new EntryWrite { Space = "", Key = "k", Value = "1" }] } },
        { "entries[0].key", new Turn { TurnId = "t", EntryWrites = [new EntryWrite { Space = "s", Key = new string('k', 1025), Value = "1" }] } },
        { "entries[0].value", new Turn { TurnId = "t", EntryWrites = [new EntryWrite { Space = "s", Key = "k", Value = "{" }] } },
        { "entries[0].ttl", new Turn { TurnId = "t", EntryWrites = [new EntryWrite { Space = "s", Key = "k", Value = "1", TimeToLive = TimeSpan.Zero }] } },
        { "entryDeletes[0].space", new Turn { TurnId = "t", EntryDeletes = [new EntryDelete { Space = "" }] } },
        { "userId", new Turn { TurnId = "t", Settings = SettingsChange.Replace(new ConversationSettings { UserId = "a\0" }) } },
        { "title", new Turn { TurnId = "t", Settings = SettingsChange.Replace(new ConversationSettings { Title = new string('t', 1025) }) } },
        { "metadata", new Turn { TurnId = "t", Settings = SettingsChange.Replace(new ConversationSettings { Metadata = "7" }) } },
        { "metadata", new Turn { TurnId = "t", Settings = SettingsChange.Replace(new ConversationSettings { Metadata = """{"a":["\u0000"]}""" }) } },
        { "metadata", new Turn { TurnId = "t", Settings = SettingsChange.Replace(new ConversationSettings { Metadata = """{"\ud800":1}""" }) } },
        { "ttl", new Turn { TurnId = "t", Settings = SettingsChange.Replace(new ConversationSettings { TimeToLive = new TimeToLive { Duration = TimeSpan.FromSeconds(-1) } }) } },
        { "ttl", new Turn { TurnId = "t", Settings = SettingsChange.Replace(new ConversationSettings { TimeToLive = new TimeToLive { Duration = TimeSpan.FromDays(36_501) } }) } },
    };

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
            new() { TurnId = "t", Messages = [.. Enumerable.Repeat(Good with { Contents = Messages.Text(new string('x', 4_000_000)) }, 9)] },
            new() { TurnId = "t", EntryWrites = [new EntryWrite { Space = "s", Key = "k", Value = $"\"{new string('x', 1024 * 1024)}\"" }] },
            new() { TurnId = "t", EntryWrites = [.. Enumerable.Range(0, 4_097).Select(i => new EntryWrite { Space = "s", Key = $"{i}", Value = "1" })] },
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
        await conversation.CommitAsync(new Turn { TurnId = "1", EntryWrites = [.. Enumerable.Range(0, 4_000).Select(i => new EntryWrite { Space = "s", Key = $"{i}", Value = "1" })] });
        Turn more = new() { TurnId = "2", EntryWrites = [.. Enumerable.Range(4_000, 97).Select(i => new EntryWrite { Space = "s", Key = $"{i}", Value = "1" })] };

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
            conversation.GetMessagesAsync(new MessageQuery { Limit = limit, After = after, Before = before, Role = role }));
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

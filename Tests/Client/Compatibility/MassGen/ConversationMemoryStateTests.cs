using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.MassGen;

public sealed class ConversationMemoryStateTests(SharedHosts hosts) : IAsyncLifetime
{
    private GrainHost _host = null!;
    private Conversation _conversation = null!;
    private ConversationMemory _memory = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await hosts.InMemoryAsync();
        _conversation = Clients.OfNewTenant(_host).Get("c");
        _memory = new ConversationMemory(_conversation);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_state_is_loaded_in_another_process()
    {
        var said = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        await _memory.AddAsync([
            new ChatMessage(ChatRole.User, "hi \ud83d\ude00 \ud800 \0")
            {
                MessageId = "m1",
                AuthorName = "Ada",
                CreatedAt = said,
                AdditionalProperties = new() { ["k"] = 1 },
            },
            new ChatMessage(
                ChatRole.Assistant,
                [new FunctionCallContent("call", "f", new Dictionary<string, object?> { ["x"] = 1 }), new TextContent("t")]
            ),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("call", "r")]),
            new ChatMessage(ChatRole.Assistant, []),
        ]);
        string text = (await _memory.StateDictAsync()).GetRawText();

        // Another process has memory of its own.
        await using GrainHost other = await GrainHost.InMemoryAsync();
        var loaded = new ConversationMemory(Clients.Of(other).Get("elsewhere"));
        await loaded.LoadStateDictAsync(JsonElement.Parse(text));

        Assert.Equal(text, (await loaded.StateDictAsync()).GetRawText());
        Assert.Equal(
            (await _memory.GetMessagesAsync()).Select(message => message.MessageId),
            (await loaded.GetMessagesAsync()).Select(message => message.MessageId)
        );
        Assert.Equal("hi \ud83d\ude00 \ud800 \0", (await loaded.GetMessagesAsync())[0].Text);
    }

    [Fact]
    public async Task A_state_is_an_object_with_messages()
    {
        Assert.Equal("""{"messages":[]}""", (await _memory.StateDictAsync()).GetRawText());
        await _memory.AddAsync(new ChatMessage(ChatRole.User, "a") { MessageId = "1", CreatedAt = DateTimeOffset.UnixEpoch });
        Assert.Equal(
            """{"messages":[{"messageId":"1","role":"user","createdAt":"1970-01-01T00:00:00+00:00","contents":[{"$type":"text","text":"a"}]}]}""",
            (await _memory.StateDictAsync()).GetRawText()
        );
    }

    [Fact]
    public async Task Loading_replaces_the_messages_and_nothing_else()
    {
        await _memory.AddAsync(new ChatMessage(ChatRole.User, "old"));
        await _conversation.SetEntryAsync(EntrySpaces.Globals, "k", "1");
        await LoadAsync("""{"messages":[{"role":"user","content":"new","id":"mine"}],"other":1}""", StateReading.Strict, "turn");
        await LoadAsync("""{"messages":[{"role":"user","content":"new","id":"mine"}],"other":2}""", StateReading.Strict, "turn");
        ChatMessage message = Assert.Single(await _memory.GetMessagesAsync());
        Assert.Equal(("new", "mine"), (message.Text, message.MessageId));
        Assert.NotNull(await _conversation.GetEntryAsync(EntrySpaces.Globals, "k"));
        Assert.Equal(3, (await _conversation.GetHeadAsync())!.Version);
    }

    [Fact]
    public async Task MassGens_own_messages_are_taken_with_all_they_have()
    {
        await LoadAsync(
            """
            {"messages":[
              {"role":"user","content":"a","id":"1","timestamp":5,"tags":["x"]},
              "not a message", 7, null, ["nor this"],
              {"role":"assistant","content":null},
              {"role":"assistant"},
              {"messageId":"2","role":"user","authorName":"Ada","contents":[{"$type":"text","text":"b"}],"additionalProperties":{"k":1,"n":2},"n":3}
            ]}
            """
        );
        IReadOnlyList<ChatMessage> messages = await _memory.GetMessagesAsync();
        Assert.Equal(["a", "", "", "b"], messages.Select(message => message.Text));
        Assert.Equal(("1", "2"), (messages[0].MessageId, messages[3].MessageId));
        Assert.All(messages, message => Assert.False(string.IsNullOrEmpty(message.MessageId)));
        Assert.Equal("""[5,["x"]]""", JsonSerializer.Serialize(messages[0].AdditionalProperties!.Values));
        Assert.Equal("""{"k":1,"n":3}""", JsonSerializer.Serialize(messages[3].AdditionalProperties));
        Assert.Equal("Ada", messages[3].AuthorName);
    }

    [Fact]
    public async Task A_strict_load_needs_messages_and_a_lenient_one_takes_their_absence_for_none()
    {
        await _memory.AddAsync(new ChatMessage(ChatRole.User, "old"));
        var failure = await Assert.ThrowsAsync<InvalidRequestException>(() => LoadAsync("{}"));
        Assert.Equal("State dictionary must contain 'messages' key when strict=True", failure.Message);
        Assert.Equal(1, await _memory.GetSizeAsync());
        await LoadAsync("{}", StateReading.Lenient);
        Assert.Equal(0, await _memory.GetSizeAsync());
    }

    [Fact]
    public async Task Loading_nothing_into_nothing_creates_nothing()
    {
        await LoadAsync("{}", StateReading.Lenient);
        Assert.Null(await _conversation.GetHeadAsync());
    }

    [Theory]
    [InlineData("[]", "state")]
    [InlineData("null", "state")]
    [InlineData("""{"messages":"text"}""", "messages")]
    [InlineData("""{"messages":null}""", "messages")]
    [InlineData("""{"messages":[{"content":"no role"}]}""", "messages[0].role")]
    [InlineData("""{"messages":[1,{"role":"user","content":7}]}""", "messages[1].content")]
    [InlineData("""{"messages":[{"role":"user","content":"a","id":[7]}]}""", "messages[0].id")]
    [InlineData("""{"messages":[{"role":"user","contents":[{"$type":"unknown"}]}]}""", "messages[0].contents[0].$type")]
    [InlineData("""{"messages":[{"role":"moderator","content":"a"}]}""", "messages[0].role")]
    [InlineData("""{"messages":[{"role":"user","role":"user"}]}""", "messages[0].role")]
    public async Task What_is_no_state_is_refused_and_changes_nothing(string state, string parameter)
    {
        await _memory.AddAsync(new ChatMessage(ChatRole.User, "old"));
        foreach (StateReading reading in (StateReading[])[StateReading.Strict, StateReading.Lenient])
        {
            Assert.Equal(parameter, (await Assert.ThrowsAsync<InvalidRequestException>(() => LoadAsync(state, reading))).Parameter);
        }

        Assert.Equal(["old"], (await _memory.GetMessagesAsync()).Select(message => message.Text));
    }

    [Fact]
    public async Task What_was_never_parsed_is_refused()
    {
        Assert.Equal("state", (await Assert.ThrowsAsync<InvalidRequestException>(() => _memory.LoadStateDictAsync(default))).Parameter);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => LoadAsync("{}", (StateReading)7));
    }

    private Task LoadAsync(string state, StateReading reading = StateReading.Strict, string? turnId = null) =>
        _memory.LoadStateDictAsync(JsonElement.Parse(state), reading, turnId);
}

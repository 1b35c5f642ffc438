using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Client.Transfer;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client;

/// <summary>
/// JSON that is nested too deep is called so, with its depth and the limit, wherever it comes in; what is just allowed can be read
/// everywhere.
/// </summary>
public sealed class JsonDepthTests(SharedHosts hosts) : IAsyncLifetime
{
    private ConversationClient _client = null!;

    public async ValueTask InitializeAsync() => _client = Clients.OfNewTenant(await hosts.InMemoryAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(65)]
    [InlineData(70)]
    [InlineData(300)]
    [InlineData(3_000)]
    public async Task Too_deep_is_told_with_depth_and_limit(int depth)
    {
        Conversation conversation = _client.Get("c");
        string value = Nested(depth);
        string inContents = $$$"""[{"$type":"functionCall","callId":"a","name":"n","arguments":{"x":{{{Nested(depth - 3)}}}}}]""";

        Assert.Equal(("entries[0].value", depth, 64), await ToldAsync(() => conversation.SetEntryAsync("s", "k", value)));
        Assert.Equal(("messages[0].contents", depth, 64), await ToldAsync(() => CommitAsync(conversation, inContents, null)));
        Assert.Equal(
            ("messages[0].metadata", depth, 64),
            await ToldAsync(() => CommitAsync(conversation, "[]", $$"""{"x":{{Nested(depth - 1)}}}"""))
        );
        Assert.Equal(
            ("metadata", depth, 64),
            await ToldAsync(() =>
                conversation.SetSettingsAsync(
                    new SettingsChange
                    {
                        Values = new ConversationSettings { Metadata = $$"""{"x":{{Nested(depth - 1)}}}""" },
                        Fields = SettingsFields.Metadata,
                    }
                )
            )
        );
        Assert.Equal(("body", depth, 64), await ToldAsync(() => Task.FromResult(MemoryObject.Deserialize(value, SerializationMode.Json))));
        Assert.Null(await conversation.GetHeadAsync());
    }

    [Fact]
    public async Task Typed_values_and_messages_are_told_too_and_so_is_what_refers_to_itself()
    {
        Conversation conversation = _client.Get("c");
        JsonElement deep = JsonElement.Parse(Nested(70), new JsonDocumentOptions { MaxDepth = 128 });
        var loop = new Dictionary<string, object?>();
        loop["self"] = loop;

        Assert.Equal(("entries[0].value", 70, 64), await ToldAsync(() => conversation.SetGlobalAsync("g", deep)));
        Assert.Equal(("value", 513, 64), await ToldAsync(() => conversation.SetGlobalAsync("g", loop)));
        ChatMessage call = new(ChatRole.Assistant, [new FunctionCallContent("a", "n", new Dictionary<string, object?> { ["x"] = deep })]);
        Assert.Equal(("contents", 73, 64), await ToldAsync(() => conversation.AppendAsync(call)));
        ChatMessage endless = new(ChatRole.Assistant, [new FunctionCallContent("a", "n", loop)]);
        Assert.Equal(("contents", 513, 64), await ToldAsync(() => conversation.AppendAsync(endless)));
    }

    [Fact]
    public async Task An_import_tells_it_wherever_it_stands()
    {
        const string Head = """
            {"format":"orleans-memory.conversation","formatVersion":1,"settings":{},"version":1,"firstSequence":1,"lastSequence":1,"entries":[],"messages":[
            """;
        string Message(int depth) =>
            """{"sequence":1,"messageId":"m","role":"user","createdAt":"2026-01-31T12:00:00Z","contents":[""" + Text(depth) + "]}]}";
        string Text(int depth) => """{"$type":"text","text":"x","additionalProperties":{"x":""" + Nested(depth - 3) + "}}";

        Assert.Equal(("body", 203, 128), await ToldAsync(() => _client.Get("a").ImportAsync(Utf8(Head + Message(200)))));
        Assert.Equal(
            ("body", 302, 128),
            await ToldAsync(() => _client.Get("b").ImportAsync(Utf8("""{"settings":{"metadata":""" + Nested(300) + "}}")))
        );
        Assert.Equal(64, (await ToldAsync(() => _client.Get("c").ImportAsync(Utf8(Head + Message(65))))).Limit);
        Assert.Equal(1, (await _client.Get("d").ImportAsync(Utf8(Head + Message(64)))).LastSequence);
    }

    [Fact]
    public async Task What_is_just_allowed_comes_back_by_every_way()
    {
        Conversation conversation = _client.Get("c");
        string contents = $$"""[{"$type":"functionResult","result":{{Nested(62)}},"callId":"a"}]""";
        await CommitAsync(conversation, contents, $$"""{"x":{{Nested(63)}}}""");
        await conversation.SetEntryAsync(EntrySpaces.Globals, "g", Nested(64));

        Assert.Equal(Nested(64), (await conversation.GetGlobalAsync<JsonElement>("g")).GetRawText());
        ChatMessage read = (await conversation.GetMessagesAsync()).Messages.Single().Message;
        Assert.Equal(contents, _client.Format.ToNewMessage(read).Contents);
        var export = new MemoryStream();
        await conversation.ExportAsync(export);
        export.Position = 0;
        await _client.Get("copy").ImportAsync(export);
        Assert.Equal(contents, (await _client.Get("copy").GetStoredMessagesAsync()).Messages.Single().Contents);
        JsonElement state = await new ConversationMemory(conversation).StateDictAsync();
        await new ConversationMemory(_client.Get("loaded")).LoadStateDictAsync(state);
        Assert.Equal(contents, (await _client.Get("loaded").GetStoredMessagesAsync()).Messages.Single().Contents);
    }

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);

    private static MemoryStream Utf8(string json) => new(Encoding.UTF8.GetBytes(json));

    private static Task<TurnReceipt> CommitAsync(Conversation conversation, string contents, string? metadata) =>
        conversation.CommitAsync(
            new Turn
            {
                TurnId = Conversation.NewTurnId(),
                Messages =
                [
                    new NewMessage
                    {
                        Role = "tool",
                        Contents = contents,
                        Metadata = metadata,
                    },
                ],
            }
        );

    private static async Task<(string Parameter, int Depth, int Limit)> ToldAsync(Func<Task> call)
    {
        JsonTooDeepException told = await Assert.ThrowsAsync<JsonTooDeepException>(call);
        Assert.Contains(told.Depth.ToString(System.Globalization.CultureInfo.InvariantCulture), told.Message, StringComparison.Ordinal);
        Assert.Contains(told.Limit.ToString(System.Globalization.CultureInfo.InvariantCulture), told.Message, StringComparison.Ordinal);
        return (told.Parameter, told.Depth, told.Limit);
    }
}

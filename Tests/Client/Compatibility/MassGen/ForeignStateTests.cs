using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.Arshai;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Client.Compatibility.MemoryStore;
using OrleansMemory.Client.Runs;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.MassGen;

/// <summary>States as MassGen and OpenAI's chat completions write them.</summary>
public sealed class ForeignStateTests(SharedHosts hosts) : IAsyncLifetime
{
    private ConversationClient _client = null!;

    public async ValueTask InitializeAsync() => _client = Clients.OfNewTenant(await hosts.InMemoryAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Calls_results_and_parts_are_what_they_say_and_hold_together()
    {
        ChatMessage[] messages = await LoadAsync(
            """
            {"messages":[
              {"role":"developer","content":"Be kind.","id":1},
              {"role":"user","id":2.5,"content":[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}},
                {"type":"image_url","image_url":{"url":"https://example.org/a.png"}},{"type":"input_audio","input_audio":{"data":"AQID","format":"mp3"}}]},
              {"role":"assistant","content":null,"tool_calls":[
                {"id":"call_a","type":"function","function":{"name":"look","arguments":"{\"depth\":2}"}},
                {"id":7,"type":"function","function":{"name":"list","arguments":""}}]},
              {"role":"tool","tool_call_id":"call_a","content":"a bird"},
              {"role":"tool","tool_call_id":7,"content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]},
              {"role":"assistant","content":"A bird.","name":"eye"},
              {"role":"assistant","content":"","function_call":{"name":"old","arguments":"{\"x\":NaN}"}},
              {"role":"function","name":"old","content":"fine"},
              {"role":"assistant","content":[{"type":"refusal","refusal":"No."},{"type":"hologram","data":1}]},
              "skipped"]}
            """
        );

        Assert.Equal(
            ["system", "user", "assistant", "tool", "tool", "assistant", "assistant", "tool", "assistant"],
            messages.Select(message => message.Role.Value)
        );
        Assert.Equal(["1", "2.5"], messages[..2].Select(message => message.MessageId));
        Assert.Equal("developer", messages[0].AdditionalProperties![ChatMessageFormat.OriginalRoleProperty]!.ToString());
        Assert.Collection(
            messages[1].Contents,
            part => Assert.Equal("What is this?", Assert.IsType<TextContent>(part).Text),
            part => Assert.Equal([1, 2, 3], Assert.IsType<DataContent>(part).Data.ToArray()),
            part => Assert.Equal("https://example.org/a.png", Assert.IsType<UriContent>(part).Uri.ToString()),
            part => Assert.Equal("audio/mp3", Assert.IsType<DataContent>(part).MediaType)
        );
        FunctionCallContent[] calls = [.. messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>()];
        FunctionResultContent[] results = [.. messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>()];
        Assert.Equal(["look", "list", "old"], calls.Select(call => call.Name));
        Assert.Equal("2", calls[0].Arguments!["depth"]!.ToString());
        Assert.Equal("{\"x\":NaN}", calls[2].Arguments!["arguments"]!.ToString());
        Assert.Equal(calls.Select(call => call.CallId), results.Select(result => result.CallId));
        Assert.Equal("a bird", results[0].Result!.ToString());
        Assert.Equal(
            ["one", "two"],
            Assert.IsAssignableFrom<IEnumerable<AIContent>>(results[1].Result).OfType<TextContent>().Select(text => text.Text)
        );
        Assert.Equal("eye", messages[5].AdditionalProperties!["name"]!.ToString());
        Assert.Equal("No.", messages[8].Text);
        Assert.Contains("hologram", messages[8].AdditionalProperties!["content"]!.ToString(), StringComparison.Ordinal);

        var model = new StrictChatClient();
        await model.WithConversation(_client, options => options.ConversationId = "m").GetResponseAsync("And now?");
        Assert.Equal(3, model.Calls[0].Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Count());
    }

    [Fact]
    public async Task What_was_loaded_comes_back_from_its_own_state()
    {
        await LoadAsync(
            """{"messages":[{"role":"assistant","content":"x","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"r"}]}"""
        );
        JsonElement state = await new ConversationMemory(_client.Get("m")).StateDictAsync();
        var copy = new ConversationMemory(_client.Get("copy"));

        await copy.LoadStateDictAsync(state);

        Assert.Equal(state.GetRawText(), (await copy.StateDictAsync()).GetRawText());
    }

    [Fact]
    public async Task An_infinite_time_to_live_is_for_ever_everywhere()
    {
        TimeSpan never = Timeout.InfiniteTimeSpan;
        IMemoryStore[] stores = [new InMemoryMemoryStore(), new GrainMemoryStore(_client)];
        foreach (IMemoryStore store in stores)
        {
            await store.SaveAsync("s", "n", "k", 1, never);
            Assert.True((await store.TryLoadAsync<int>("s", "n", "k")).Found);
        }

        Assert.Null(new MemoryManagerOptions { TimeToLive = never }.TimeToLive);
        var manager = new InMemoryManager(never);
        await manager.StoreAsync(
            new MemoryInput
            {
                ConversationId = "c",
                MemoryType = ConversationMemoryType.WorkingMemory,
                Data = [new WorkingMemory("t")],
            }
        );
        Assert.Single(manager.Storage);
        Conversation conversation = _client.Get("c");
        await conversation.SetEntryAsync("notes", "k", "1", never);
        await conversation.SetTimeToLiveAsync(TimeSpan.FromHours(1));
        await conversation.SetTimeToLiveAsync(never);
        Assert.Null((await conversation.GetEntryAsync("notes", "k"))!.ExpiresAt);
        Assert.Null((await conversation.GetHeadAsync())!.ExpiresAt);
    }

    private async Task<ChatMessage[]> LoadAsync(string state)
    {
        var memory = new ConversationMemory(_client.Get("m"));
        await memory.LoadStateDictAsync(JsonElement.Parse(state));
        return [.. (await _client.Get("m").GetMessagesAsync()).Messages.Select(message => message.Message)];
    }
}

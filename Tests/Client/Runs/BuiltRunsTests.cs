using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Client;
using OrleansMemory.Client.Runs;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

/// <summary>Chat clients that a builder binds to conversations, and context that outer layers add.</summary>
public sealed class BuiltRunsTests(SharedHosts hosts) : IAsyncLifetime
{
    private ConversationClient _client = null!;

    public async ValueTask InitializeAsync() => _client = Clients.OfNewTenant(await hosts.InMemoryAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Before_the_function_loop_a_run_is_one_turn_and_behind_it_each_call_is_one(bool outside)
    {
        var model = new StrictChatClient(call => call.AnswersCalls ? StrictAnswer.Text("done") : StrictAnswer.Calls("look", "a"));
        using ServiceProvider services = new ServiceCollection().AddSingleton(_client).BuildServiceProvider();
        ChatClientBuilder builder = model.AsBuilder();
        IChatClient client = (
            outside
                ? builder.UseToolJournal().UseFunctionInvocation().UseConversation(_client, options => options.ConversationId = "c")
                : builder.UseConversation(configure: options => options.ConversationId = "c").UseFunctionInvocation()
        ).Build(services);
        await client.GetResponseAsync("1", new ChatOptions { Tools = [AIFunctionFactory.Create(() => "seen", "look")] });
        Head head = (await _client.Get("c").GetHeadAsync())!;
        Assert.Equal((4L, outside ? 2L : 1L), (head.MessageCount, head.Version));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Context_counts_and_is_not_stored_and_names_no_run(bool streaming)
    {
        await _client.Get("c").AppendAsync([new ChatMessage(ChatRole.User, "0"), new ChatMessage(ChatRole.Assistant, "answer 0")]);
        var model = new StrictChatClient();
        IChatClient client = model.WithConversation(
            _client,
            options =>
            {
                options.ConversationId = "c";
                options.IsStored = message => message.AdditionalProperties?.ContainsKey("context") is not true;
                options.Window = new ConversationWindow(new ConversationWindowOptions { MaxMessages = 3 });
            }
        );
        foreach (string memory in (string[])["a memory", "another memory"])
        {
            var options = new ChatOptions { AdditionalProperties = new() { [ConversationChatClient.TurnIdProperty] = "t" } };
            ChatMessage[] input =
            [
                new(ChatRole.User, memory) { AdditionalProperties = new() { ["context"] = true } },
                new(ChatRole.User, "1"),
            ];
            ChatResponse response = streaming
                ? await client.GetStreamingResponseAsync(input, options).ToChatResponseAsync()
                : await client.GetResponseAsync(input, options);
            Assert.Equal("answer 1", response.Text);
        }

        Assert.Equal(["assistant[answer 0]", "user[a memory]", "user[1]"], Assert.Single(model.Calls).Shorts);
        Assert.Equal(
            ["0", "answer 0", "1", "answer 1"],
            (await _client.Get("c").GetMessagesAsync()).Messages.Select(message => message.Message.Text)
        );
    }

    [Fact]
    public async Task A_conversation_begins_with_the_settings_of_new_ones_and_keeps_its_own_from_then_on()
    {
        foreach (string user in (string[])["alice", "bob"])
        {
            IChatClient client = new StrictChatClient().WithConversation(
                _client,
                options => (options.ConversationId, options.NewConversation) = ("c", new ConversationSettings { UserId = user })
            );
            await client.GetResponseAsync("1");
        }

        Assert.Equal("alice", (await _client.Get("c").GetHeadAsync())!.Settings.UserId);
    }

    [Fact]
    public async Task Entries_of_an_unknown_conversation_are_none()
    {
        Assert.Null(await _client.Get("unknown").GetEntryAsync("s", "k"));
        Assert.Empty(await _client.Get("unknown").GetEntriesAsync());
    }
}

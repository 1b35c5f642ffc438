using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.AgentFramework;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Client.Runs;
using OrleansMemory.Client.Summaries;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;
using OrleansMemory.Tests.AgentFramework;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Windows;

/// <summary>
/// Whatever else hands a history to a model: agents' stores, memories with a limit, summaries; and results with contents.
/// </summary>
public sealed class WindowOfStoresTests(SharedHosts hosts) : IAsyncLifetime
{
    private ConversationClient Client { get; set; } = null!;

    private Conversation Conversation => Client.Get("conversation");

    public async ValueTask InitializeAsync() => Client = Clients.OfNewTenant(await hosts.InMemoryAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Every_way_gives_histories_that_providers_take()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            Conversation conversation = Client.Get($"c{seed}");
            (List<ChatMessage> history, List<ChatMessage> input) = GeneratedHistory.MakeWithInput(seed, most: 30);
            await conversation.AppendAsync([new ChatMessage(ChatRole.User, "first"), .. history]);
            var memory = new ConversationMemory(conversation);
            foreach (int limit in (int[])[1, 2, 5, 100])
            {
                IReadOnlyList<ChatMessage> newest = await memory.GetMessagesAsync(limit);
                Assert.True(newest.Count <= limit);
                ProviderRules.Demand([.. newest, User("next")]);
            }

            foreach (int? most in (int?[])[null, 12])
            {
                Conversation fork = await conversation.ForkAsync(FormattableString.Invariant($"c{seed}-{most ?? 0}"));
                var model = new StrictChatClient();
                await RunAsync(model, fork, most, [.. input, User("next")]);
                Assert.Single(model.Calls);
            }
        }
    }

    [Fact]
    public async Task An_agent_goes_on_with_a_call_that_its_input_answers()
    {
        await Conversation.AppendAsync([
            User("weather?"),
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c", "weather")]),
            User("hello?"),
        ]);
        ChatMessage result = new(ChatRole.Tool, [new FunctionResultContent("c", "rain")]);
        var model = new StrictChatClient();
        await RunAsync(model, Conversation, most: null, [result]);
        Assert.Equal(["user[weather?]", "user[hello?]", "assistant[+c]", "tool[-c]"], model.Calls[0].Shorts);
    }

    [Fact]
    public async Task A_memory_counts_whole_groups_and_gives_the_log_itself_without_a_limit()
    {
        var memory = new ConversationMemory(Conversation);
        await memory.AddAsync([
            User("1"),
            new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c", "f")]),
            User("2"),
            new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c", "r")]),
            new ChatMessage(ChatRole.Assistant, "done"),
        ]);

        Assert.Equal(["assistant[done]"], (await memory.GetMessagesAsync(1)).Select(ProviderRules.Short));
        Assert.Equal(["user[2]", "assistant[done]"], (await memory.GetMessagesAsync(3)).Select(ProviderRules.Short));
        Assert.Equal(
            ["assistant[+c]", "tool[-c]", "user[2]", "assistant[done]"],
            (await memory.GetMessagesAsync(4)).Select(ProviderRules.Short)
        );
        Assert.Equal(
            ["user[1]", "assistant[+c]", "user[2]", "tool[-c]", "assistant[done]"],
            (await memory.GetMessagesAsync()).Select(ProviderRules.Short)
        );
        Assert.Equal("assistant[done]", ProviderRules.Short((await memory.GetLastMessageAsync())!));
    }

    [Fact]
    public void A_summary_is_given_messages_that_a_model_takes()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.Tool, [new FunctionResultContent("gone", "r")]),
            User("1"),
            new(ChatRole.Assistant, [new FunctionCallContent("c", "f")]),
        ];
        var request = new SummaryRequest(null, [.. messages.Select((message, i) => new ConversationMessage(i + 1, message))], 1, 3);
        Assert.Equal(["user[1]"], request.ToModelMessages().Select(ProviderRules.Short));
    }

    [Fact]
    public async Task A_result_with_an_image_comes_back_as_contents_and_reaches_the_model_so()
    {
        AIContent[] seen = [new TextContent("a cat"), new DataContent(new byte[300], "image/png")];
        await Conversation.AppendAsync([
            User("look"),
            new ChatMessage(
                ChatRole.Assistant,
                [new FunctionCallContent("c", "camera"), new FunctionCallContent("d", "camera"), new FunctionCallContent("e", "json")]
            ),
            new ChatMessage(
                ChatRole.Tool,
                [
                    new FunctionResultContent("c", seen),
                    new FunctionResultContent("d", seen[1]),
                    new FunctionResultContent("e", System.Text.Json.JsonElement.Parse("""{"X":[1]}""")),
                ]
            ),
        ]);
        var model = new StrictChatClient();
        await model.WithConversation(Client, options => options.ConversationId = "conversation").GetResponseAsync([User("what is it?")]);

        FunctionResultContent[] results = [.. model.Calls[0].Messages[2].Contents.Cast<FunctionResultContent>()];
        AIContent[] list = [.. Assert.IsAssignableFrom<IEnumerable<AIContent>>(results[0].Result)];
        Assert.Equal(("a cat", 300), (((TextContent)list[0]).Text, ((DataContent)list[1]).Data.Length));
        Assert.Equal("image/png", Assert.IsType<DataContent>(results[1].Result).MediaType);
        Assert.Equal("""{"X":[1]}""", Assert.IsType<System.Text.Json.JsonElement>(results[2].Result).GetRawText());
        Assert.InRange(
            MessageMeasure.Of(model.Calls[0].Messages[2], TokenEstimate.Of).Tokens,
            2 * TokenEstimate.PerImage,
            (2 * TokenEstimate.PerImage) + 60
        );
        IReadOnlyList<ConversationMessage> small = await Conversation.GetWindowAsync(
            new ConversationWindow(new ConversationWindowOptions { MaxTokens = 3_000 })
        );
        Assert.DoesNotContain(small, message => message.Message.Role == ChatRole.Tool);
    }

    [Theory]
    [InlineData("""[]""")]
    [InlineData("""[1,{"$type":"text","text":"x"}]""")]
    [InlineData("""{"$type":"unknown","text":"x"}""")]
    [InlineData("""[{"$type":"text","text":"x","more":1}]""")]
    [InlineData("""{"$type":"data","uri":"no uri"}""")]
    [InlineData("\"text\"")]
    public void A_result_that_is_no_content_stays_as_it_is(string json)
    {
        var message = new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c", System.Text.Json.JsonElement.Parse(json))]);
        NewMessage stored = ChatMessageFormat.Default.ToNewMessage(message);
        ChatMessage read = ChatMessageFormat.Default.ToChatMessage(
            new Message
            {
                Sequence = 1,
                Id = "m",
                Role = stored.Role,
                Contents = stored.Contents,
                Created = DateTimeOffset.UnixEpoch,
            }
        );
        Assert.Equal(json, Assert.IsType<System.Text.Json.JsonElement>(((FunctionResultContent)read.Contents[0]).Result).GetRawText());
    }

    private async Task RunAsync(StrictChatClient model, Conversation conversation, int? most, ChatMessage[] input)
    {
        var window = new ConversationWindow(new ConversationWindowOptions { MaxMessages = most });

        // Without the framework's own layers, which take approvals only of a session that knows of the requests.
        var agent = TestAgents.Of(
            model,
            new ConversationHistoryProvider(Client, new ConversationHistoryProviderOptions { Window = window }),
            options => options.UseProvidedChatClientAsIs = true
        );
        await agent.RunAsync(input, (await agent.CreateSessionAsync()).UseConversation(conversation.Key));
    }

    private static ChatMessage User(string text) => new(ChatRole.User, text);
}

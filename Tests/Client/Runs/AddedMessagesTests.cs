using System.Collections.Immutable;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Runs;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

/// <summary>
/// Context that an outer layer adds to a request is read by the rules that hold for the log: whatever it adds, every model takes the whole.
/// </summary>
public sealed class AddedMessagesTests(SharedHosts hosts) : IAsyncLifetime
{
    private const int Seeds = 80;

    private ConversationClient _client = null!;

    public async ValueTask InitializeAsync() => _client = Clients.OfNewTenant(await hosts.InMemoryAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static TheoryData<string> Ways() => ["run", "run streamed", "inside", "outside"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Whatever_is_added_the_strictest_model_takes_the_request(string way)
    {
        foreach (int seed in Generated.Seeds(Seeds))
        {
            var random = new Random(seed);
            try
            {
                await RunAsync(way, FormattableString.Invariant($"{way.Replace(' ', '-')}-{seed}"), random);
            }
            catch (Exception failure)
            {
                Assert.Fail($"seed {seed}: {failure}");
            }
        }
    }

    [Fact]
    public async Task A_whole_pair_and_texts_are_sent_as_given_and_the_halves_are_left_out()
    {
        ImmutableArray<ChatMessage> added =
        [
            new ChatMessage(new ChatRole("narrator"), "once"),
            Call("a"),
            new ChatMessage(ChatRole.User, "between"),
            Result("a"),
            Call("open"),
            Result("lone"),
            new ChatMessage(ChatRole.Assistant, [new TextContent("kept"), new FunctionCallContent("half", "look"), null!]),
            new ChatMessage(
                ChatRole.User,
                [new ToolApprovalRequestContent("r", new FunctionCallContent("r", "look")).CreateResponse(true)]
            ),
            new ChatMessage(ChatRole.Assistant, [new ToolApprovalRequestContent("r", new FunctionCallContent("r", "look"))]),
        ];
        var model = new StrictChatClient();
        ConversationChatClient client = model.WithConversation(
            _client,
            options => (options.ConversationId, options.IsStored) = ("whole", message => !added.Contains(message))
        );
        await client.GetResponseAsync([.. added, new ChatMessage(ChatRole.User, "1")]);
        await client.GetResponseAsync([new ChatMessage(ChatRole.User, "2"), .. added]);

        string[] sent = ["user[once]", "assistant[+a]", "tool[-a]", "user[between]", "assistant[kept]"];
        Assert.Equal([.. sent, "user[1]"], model.Calls[0].Shorts);
        Assert.Equal(["user[1]", "assistant[answer  1]", .. sent, "user[2]"], model.Calls[1].Shorts);
        Assert.Equal(4, (await _client.Get("whole").GetHeadAsync())!.LastSequence);
        Assert.Equal(3, added[6].Contents.Count);
    }

    [Fact]
    public async Task What_is_added_takes_no_result_from_the_input_and_gives_none_to_the_log()
    {
        Conversation conversation = _client.Get("pairs");
        await conversation.AppendAsync([new ChatMessage(ChatRole.User, "look"), Call("a"), new ChatMessage(ChatRole.User, "x"), Call("b")]);
        var model = new StrictChatClient();
        ChatMessage[] added = [Result("b"), Call("a")];
        ConversationChatClient client = model.WithConversation(
            _client,
            options => (options.ConversationId, options.IsStored) = ("pairs", message => !added.Contains(message))
        );
        await client.GetResponseAsync([.. added, Result("a")]);

        Assert.Equal(["user[look]", "user[x]", "assistant[+a]", "tool[-a]"], model.Calls[0].Shorts);
    }

    private async Task RunAsync(string way, string id, Random random)
    {
        if (random.Next(2) == 0)
        {
            await _client
                .Get(id)
                .AppendAsync([
                    .. AddedByProviders.Some(random).OfType<ChatMessage>().Where(Storable),
                    new ChatMessage(ChatRole.User, "before"),
                ]);
        }

        StrictChatClient model = new(call => call.AnswersCalls ? StrictAnswer.Text("done") : StrictAnswer.Calls("look", "a", "new"));
        IChatClient inner = way == "inside" ? model.AsBuilder().UseFunctionInvocation().Build() : model;
        ChatMessage[] added = [];
        IChatClient client = inner.WithConversation(
            _client,
            options => (options.ConversationId, options.IsStored) = (id, message => !added.Contains(message))
        );

        // A loop around everything would read itself, and refuse, what is added outside of it: here it is added behind the loop.
        client =
            way == "outside"
                ? client
                    .AsBuilder()
                    .UseFunctionInvocation()
                    .Use((messages, options, next, token) => next.GetResponseAsync([.. added, .. messages], options, token), null)
                    .Build()
                : client;
        foreach (string text in new[] { "now", "again" })
        {
            var options = new ChatOptions { Tools = [Look] };
            added = [.. AddedByProviders.Some(random).OfType<ChatMessage>()];
            ChatMessage[] given = [.. way == "outside" ? [] : added, new ChatMessage(ChatRole.User, text)];
            _ =
                way == "run streamed"
                    ? await client.GetStreamingResponseAsync(given, options).ToChatResponseAsync()
                    : await client.GetResponseAsync(given, options);
        }

        model.DemandUnchanged();
    }

    private static AIFunction Look { get; } = AIFunctionFactory.Create(() => "seen", "look");

    private static bool Storable(ChatMessage message) =>
        message.Role.Value is "user" or "assistant" or "tool" or "system"
        && message.Contents.All(content => content is not null && content.GetType() != typeof(AIContent));

    private static ChatMessage Call(params string[] ids) =>
        new(ChatRole.Assistant, [.. ids.Select(id => new FunctionCallContent(id, "look"))]);

    private static ChatMessage Result(params string[] ids) =>
        new(ChatRole.Tool, [.. ids.Select(id => new FunctionResultContent(id, "seen"))]);
}

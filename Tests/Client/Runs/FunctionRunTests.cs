using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Runs;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

/// <summary>Runs with the function-invoking client of Microsoft.Extensions.AI, inside and outside of ours.</summary>
public sealed class FunctionRunTests(SharedHosts hosts) : IAsyncLifetime
{
    private ConversationClient _client = null!;

    private Conversation Conversation => _client.Get("c");

    public async ValueTask InitializeAsync() => _client = Clients.OfNewTenant(await hosts.InMemoryAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Every_call_of_the_model_is_sent_the_whole_history(bool inside, bool streaming)
    {
        var model = new StrictChatClient(call =>
            call.Messages.Reverse().TakeWhile(message => message.Role != ChatRole.User).Count(message => message.Role == ChatRole.Tool) < 2
                ? StrictAnswer.Calls("look", FormattableString.Invariant($"c{call.Number}"))
                : StrictAnswer.Text(FormattableString.Invariant($"found {call.Number}"))
        );
        using IChatClient client = Client(model, inside);
        var options = new ChatOptions
        {
            ConversationId = "c",
            Tools = [AIFunctionFactory.Create((string id) => $"result of {id}", "look")],
        };
        List<string> expected = [];
        for (int turn = 1; turn <= 3; turn++)
        {
            int before = model.Calls.Count;
            await RunAsync(client, streaming, $"question {turn}", options);
            expected.Add($"user[question {turn}]");
            foreach (StrictCall call in model.Calls.Skip(before))
            {
                Assert.Equal(expected, call.Shorts);
                bool calls = call.Number < model.Calls.Count;
                expected.AddRange(calls ? [$"assistant[+c{call.Number}]", $"tool[-c{call.Number}]"] : [$"assistant[found {call.Number}]"]);
            }
        }

        Assert.Equal(9, model.Calls.Count);
        Assert.Equal(expected, await LogAsync());
        model.DemandUnchanged();
        Assert.Equal(("c", 1), (options.ConversationId, options.Tools.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_that_a_caller_gave_is_changed_and_what_it_got_is_its_own(bool streaming)
    {
        var model = new StrictChatClient(_ => StrictAnswer.Text("a", "b") with { Ids = StrictIds.None });
        using ConversationChatClient client = model.WithConversation(_client, options => options.ConversationId = "c");
        var said = new ChatMessage(ChatRole.User, "1") { AdditionalProperties = new() { ["mine"] = 1 } };
        var options = new ChatOptions
        {
            AdditionalProperties = new() { [ConversationChatClient.TurnIdProperty] = "t" },
            Instructions = "x",
        };

        if (streaming)
        {
            await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync([said], options))
            {
                update.Contents.Clear();
                (update.Role, update.MessageId, update.AdditionalProperties) = (ChatRole.Tool, "changed", new() { ["changed"] = 1 });
            }
        }
        else
        {
            ChatResponse response = await client.GetResponseAsync([said], options);
            response.Messages[0].Contents.Clear();
            response.Messages.Clear();
        }

        model.DemandUnchanged();
        Assert.Equal((null, 1, null), (said.MessageId, said.AdditionalProperties.Count, options.ConversationId));
        Assert.Equal("x", options.Instructions);
        Assert.Equal(["1", "ab"], (await Conversation.GetMessagesAsync()).Messages.Select(message => message.Message.Text));
    }

    private IChatClient Client(StrictChatClient model, bool inside) =>
        inside
            ? model.AsBuilder().UseFunctionInvocation().Build().WithConversation(_client)
            : model.WithConversation(_client).AsBuilder().UseFunctionInvocation().Build();

    private static Task<ChatResponse> RunAsync(IChatClient client, bool streaming, string text, ChatOptions options) =>
        streaming ? client.GetStreamingResponseAsync(text, options).ToChatResponseAsync() : client.GetResponseAsync(text, options);

    private async Task<string[]> LogAsync() =>
        [.. (await Conversation.GetMessagesAsync()).Messages.Select(message => ProviderRules.Short(message.Message))];
}

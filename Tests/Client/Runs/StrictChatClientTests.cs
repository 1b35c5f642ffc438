using Microsoft.Extensions.AI;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

/// <summary>The strict model refuses what the large providers refuse, and nothing else.</summary>
public sealed class StrictChatClientTests
{
    [Theory]
    [InlineData("user:hello", null)]
    [InlineData("system:rules|user:hello|assistant:hi|user:again", null)]
    [InlineData("developer:rules|User:hello|Assistant:hi", null)]
    [InlineData("user:1|assistant:+a|tool:-a|assistant:done", null)]
    [InlineData("user:1|assistant:wait +a +b|tool:-b|tool:-a|user:2", null)]
    [InlineData("user:1|assistant:+a|tool:-a|assistant:+a|tool:-a", null)]
    [InlineData("user:1|assistant:+a +b|tool:-a -b", null)]
    [InlineData("user:1|assistant:?a|user:!a|assistant:done", null)]
    [InlineData("user:1|assistant:?a ?b|user:!a|user:!b", null)]
    [InlineData("", ProviderRule.SomeMessages)]
    [InlineData("user:1|narrator:2", ProviderRule.KnownRole)]
    [InlineData("user:1|assistant:", ProviderRule.NothingEmpty)]
    [InlineData("user:1|assistant:~", ProviderRule.NothingEmpty)]
    [InlineData("user:1|assistant:_", ProviderRule.NothingEmpty)]
    [InlineData("user:1|tool:_", ProviderRule.NothingEmpty)]
    [InlineData("user:1|user:+a|tool:-a", ProviderRule.CallsByTheAssistant)]
    [InlineData("user:1|assistant:+a|user:-a", ProviderRule.ResultsInToolMessages)]
    [InlineData("user:1|assistant:+a -a", ProviderRule.ResultsInToolMessages)]
    [InlineData("user:1|assistant:+a|tool:text", ProviderRule.ResultsInToolMessages)]
    [InlineData("user:1|assistant:+a +a|tool:-a", ProviderRule.DistinctCallIds)]
    [InlineData("user:1|assistant:+a", ProviderRule.EveryCallAnswered)]
    [InlineData("user:1|assistant:+a|user:2|tool:-a", ProviderRule.EveryCallAnswered)]
    [InlineData("user:1|assistant:+a +b|tool:-a|assistant:done", ProviderRule.EveryCallAnswered)]
    [InlineData("user:1|assistant:+a|assistant:+b|tool:-a -b", ProviderRule.EveryCallAnswered)]
    [InlineData("user:1|tool:-a", ProviderRule.ResultBehindItsCall)]
    [InlineData("tool:-a|user:1", ProviderRule.ResultBehindItsCall)]
    [InlineData("user:1|assistant:+a|tool:-a|user:2|tool:-a", ProviderRule.ResultBehindItsCall)]
    [InlineData("user:1|assistant:+a|tool:-b", ProviderRule.ResultBehindItsCall)]
    [InlineData("user:1|assistant:+a|tool:-a|tool:-a", ProviderRule.OneResult)]
    [InlineData("user:1|assistant:?a", ProviderRule.EveryApprovalAnswered)]
    [InlineData("user:1|assistant:?a ?b|user:!a|user:2", ProviderRule.EveryApprovalAnswered)]
    [InlineData("user:!a", ProviderRule.ApprovalAnswersItsRequest)]
    [InlineData("user:1|assistant:?a|user:!a|user:!a", ProviderRule.ApprovalAnswersItsRequest)]
    [InlineData("user:1|assistant:?a|user:!a|assistant:?a|user:!a", ProviderRule.ApprovalAnswersItsRequest)]
    internal async Task A_history_is_refused_for_the_rule_that_it_breaks(string history, ProviderRule? expected)
    {
        ChatMessage[] messages = [.. history.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
        var model = new StrictChatClient();

        if (expected is null)
        {
            Assert.Equal("answer 1", (await model.GetResponseAsync(messages)).Text);
            Assert.Equal("answer 2", (await model.GetStreamingResponseAsync(messages).ToChatResponseAsync()).Text);
        }
        else
        {
            HistoryRefusedException whole = await Assert.ThrowsAsync<HistoryRefusedException>(() => model.GetResponseAsync(messages));
            HistoryRefusedException streamed = await Assert.ThrowsAsync<HistoryRefusedException>(() =>
                model.GetStreamingResponseAsync(messages).ToChatResponseAsync()
            );
            Assert.Equal((expected, expected), (whole.Rule, streamed.Rule));
            Assert.Empty(model.Calls);
        }

        Assert.Equal(
            history.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(Parse).Select(ProviderRules.Short),
            messages.Select(ProviderRules.Short)
        );
    }

    [Theory]
    [InlineData(StrictIds.OnePerResponse, 1)]
    [InlineData(StrictIds.OnePerItem, 2)]
    [InlineData(StrictIds.None, 1)]
    internal async Task A_stream_says_the_same_as_a_whole_answer_with_the_ids_that_were_asked_for(StrictIds ids, int messages)
    {
        var model = new StrictChatClient(_ => StrictAnswer.Calls("look", "a", "b").Behind("wait") with { Ids = ids });

        ChatResponse whole = await model.GetResponseAsync([new(ChatRole.User, "1")]);
        ChatResponse streamed = await model.GetStreamingResponseAsync([new(ChatRole.User, "1")]).ToChatResponseAsync();

        Assert.Equal(["assistant[wait +a +b]"], whole.Messages.Select(ProviderRules.Short));
        Assert.Equal(messages, streamed.Messages.Count);
        Assert.Equal(["wait", "a", "b"], streamed.Messages.SelectMany(message => message.Contents).Select(Name).OfType<string>());
        Assert.Equal((ChatFinishReason.ToolCalls, ChatFinishReason.ToolCalls), (whole.FinishReason!.Value, streamed.FinishReason!.Value));
        Assert.Equal(ids == StrictIds.None, streamed.Messages[0].MessageId is null);

        static string? Name(AIContent content) => content is FunctionCallContent call ? call.CallId : (content as TextContent)?.Text;
    }

    [Fact]
    public async Task A_failure_comes_behind_what_was_streamed()
    {
        var model = new StrictChatClient(_ => StrictAnswer.Text("part") with { Failure = new InvalidOperationException("as planned") });
        List<string> texts = [];

        await Assert.ThrowsAsync<InvalidOperationException>(() => model.GetResponseAsync([new(ChatRole.User, "1")]));
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (ChatResponseUpdate update in model.GetStreamingResponseAsync([new(ChatRole.User, "1")]))
            {
                texts.Add(update.Text);
            }
        });
        Assert.Equal("part", string.Concat(texts));
    }

    [Fact]
    public async Task Whoever_changes_what_was_handed_out_is_told_at_the_next_call()
    {
        await Changes(async model => (await model.GetResponseAsync([new(ChatRole.User, "1")])).ConversationId = "mine");
        await Changes(async model => (await model.GetResponseAsync([new(ChatRole.User, "1")])).Messages[0].MessageId = "mine");
        await Changes(async model => (await model.GetResponseAsync([new(ChatRole.User, "1")])).Messages[0].Contents.Clear());
        await Changes(async model => await EachAsync(model, update => update.ConversationId = "mine"));
        await Changes(async model => await EachAsync(model, update => update.MessageId = "mine"));
        await Changes(async model => await EachAsync(model, update => update.Contents.Add(new TextContent("more"))));
        await Changes(async model => await EachAsync(model, update => update.AdditionalProperties = new() { ["mine"] = 1 }));

        static async Task Changes(Func<StrictChatClient, Task> change)
        {
            var model = new StrictChatClient();
            await model.GetResponseAsync([new(ChatRole.User, "0")]);
            model.DemandUnchanged();
            await change(model);
            Assert.Throws<HandedOutChangedException>(model.DemandUnchanged);
            await Assert.ThrowsAsync<HandedOutChangedException>(() => model.GetResponseAsync([new(ChatRole.User, "2")]));
        }

        static async Task EachAsync(StrictChatClient model, Action<ChatResponseUpdate> change)
        {
            await foreach (ChatResponseUpdate update in model.GetStreamingResponseAsync([new(ChatRole.User, "1")]))
            {
                change(update);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_function_invoking_client_passes_with_and_without_approval(bool streaming)
    {
        var model = new StrictChatClient(call =>
            call.AnswersCalls
                ? StrictAnswer.Text("done")
                : StrictAnswer.Calls(call.Messages.Count == 1 ? "look" : "write", "a" + call.Number, "b" + call.Number) with
                {
                    Ids = StrictIds.OnePerItem,
                }
        );
        IChatClient client = model.AsBuilder().UseFunctionInvocation().Build();
        AIFunction look = AIFunctionFactory.Create((string id) => id, "look");
        var options = new ChatOptions
        {
            Tools = [look, new ApprovalRequiredAIFunction(AIFunctionFactory.Create((string id) => id, "write"))],
        };
        List<ChatMessage> chat = [new(ChatRole.User, "1")];

        chat.AddRange((await RunAsync()).Messages);
        chat.Add(new(ChatRole.User, "2"));
        ChatResponse asked = await RunAsync();
        chat.AddRange(asked.Messages);
        chat.Add(
            new(
                ChatRole.User,
                [
                    .. asked
                        .Messages.SelectMany(message => message.Contents)
                        .OfType<ToolApprovalRequestContent>()
                        .Select(request => request.CreateResponse(true)),
                ]
            )
        );
        ChatResponse done = await RunAsync();

        Assert.Equal("done", done.Messages[^1].Text);
        Assert.Equal(4, model.Calls.Count);
        model.DemandUnchanged();

        async Task<ChatResponse> RunAsync() =>
            streaming
                ? await client.GetStreamingResponseAsync(chat, options).ToChatResponseAsync()
                : await client.GetResponseAsync(chat, options);
    }

    private static ChatMessage Parse(string message)
    {
        string[] parts = message.Split(':');
        return new ChatMessage(new ChatRole(parts[0]), [.. parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Content)]);
    }

    private static AIContent Content(string content) =>
        content[0] switch
        {
            '+' => new FunctionCallContent(content[1..], "tool", new Dictionary<string, object?>()),
            '-' => new FunctionResultContent(content[1..], "result"),
            '?' => new ToolApprovalRequestContent(content[1..], new McpServerToolCallContent("call " + content, "tool", "server")),
            '!' => new ToolApprovalResponseContent(content[1..], true, new McpServerToolCallContent("call " + content, "tool", "server")),
            '~' => new TextReasoningContent("thought"),
            '_' => new TextContent(" "),
            _ => new TextContent(content),
        };
}

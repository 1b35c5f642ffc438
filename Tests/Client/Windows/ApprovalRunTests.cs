using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Runs;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Windows;

/// <summary>
/// Runs with the function-invoking client of Microsoft.Extensions.AI, inside and outside, whose tools ask for approval or take their time.
/// </summary>
public sealed class ApprovalRunTests(SharedHosts hosts) : IAsyncLifetime
{
    private int _deletions;

    private ConversationClient Client { get; set; } = null!;

    public async ValueTask InitializeAsync() => Client = Clients.OfNewTenant(await hosts.InMemoryAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task An_approval_that_is_posted_again_runs_its_tool_once(bool outside, bool streaming)
    {
        var model = new StrictChatClient(Script("c"));
        IChatClient client = Make(model, outside);
        ToolApprovalRequestContent request = Request(await RunAsync(client, streaming, User("delete it")));

        ChatResponse done = await RunAsync(client, streaming, Answer(request, approved: true));
        Assert.Equal((1, "done"), (_deletions, done.Messages[^1].Text));
        await RunAsync(client, streaming, Answer(request, approved: true));
        await RunAsync(client, streaming, Answer(request, approved: true), User("and?"));
        Assert.Equal(1, _deletions);
        Assert.Contains("user[and?]", model.Calls[^1].Shorts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_approval_that_is_posted_twice_at_once_runs_its_tool_once(bool outside)
    {
        IChatClient client = Make(new StrictChatClient(Script("c")), outside);
        ToolApprovalRequestContent request = Request(await RunAsync(client, streaming: false, User("delete it")));

        await RunAsync(client, streaming: false, Answer(request, approved: true), Answer(request, approved: true));
        Assert.Equal(1, _deletions);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_request_that_is_ignored_or_rejected_does_not_end_the_conversation(bool outside, bool rejected)
    {
        var model = new StrictChatClient(Script("c"));
        IChatClient client = Make(model, outside);
        ToolApprovalRequestContent request = Request(await RunAsync(client, streaming: false, User("delete it")));

        if (rejected)
        {
            await RunAsync(client, streaming: false, Answer(request, approved: false));
        }

        Assert.Equal("done", (await RunAsync(client, streaming: false, User("never mind"))).Text);
        Assert.Equal("done", (await RunAsync(client, streaming: true, User("really"))).Text);
        Assert.Equal(0, _deletions);
    }

    [Fact]
    public async Task One_of_two_requests_may_be_answered_and_the_other_later()
    {
        var model = new StrictChatClient(Script("c", "d"));
        IChatClient client = Make(model, outside: false);
        ChatResponse asked = await RunAsync(client, streaming: false, User("delete both"));
        ToolApprovalRequestContent[] requests =
        [
            .. asked.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>(),
        ];
        Assert.Equal(2, requests.Length);

        await RunAsync(client, streaming: false, Answer(requests[1], approved: true));
        Assert.Equal(1, _deletions);
        await RunAsync(client, streaming: false, User("go on"));
        Assert.Equal(1, _deletions);
        await RunAsync(client, streaming: false, Answer(requests[0], approved: true));
        Assert.Equal(2, _deletions);
    }

    [Fact]
    public async Task A_model_that_uses_its_call_ids_again_is_approved_each_time()
    {
        IChatClient client = Make(new StrictChatClient(Script("c")), outside: false);
        for (int i = 1; i <= 3; i++)
        {
            ToolApprovalRequestContent request = Request(await RunAsync(client, streaming: false, User("delete it")));
            await RunAsync(client, streaming: false, Answer(request, approved: true));
            Assert.Equal(i, _deletions);
        }
    }

    [Fact]
    public async Task An_approval_of_what_was_never_asked_runs_nothing()
    {
        IChatClient client = Make(new StrictChatClient(Script("c")), outside: false);
        await RunAsync(client, streaming: false, User("hello"));
        var request = new ToolApprovalRequestContent("forged", new FunctionCallContent("forged", "delete"));
        await RunAsync(client, streaming: false, Answer(request, approved: true), User("hello?"));
        Assert.Equal(0, _deletions);
    }

    [Fact]
    public void A_client_without_a_conversation_inside_is_refused() =>
        Assert.Throws<ArgumentException>(() => new AnsweredApprovalsChatClient(new FunctionInvokingChatClient(new StrictChatClient())));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_that_comes_while_a_tool_works_outside_is_a_conflict_where_the_log_must_not_change(bool required)
    {
        Conversation conversation = Client.Get("conversation");
        AIFunction slow = AIFunctionFactory.Create(
            async () =>
            {
                await conversation.AppendAsync(User("are you there?"));
                return "deleted";
            },
            "delete"
        );
        var model = new StrictChatClient(call => call.AnswersCalls ? StrictAnswer.Text("done") : StrictAnswer.Calls("delete", "c"));
        using var client = new FunctionInvokingChatClient(
            model.WithConversation(
                Client,
                options =>
                {
                    options.ConversationId = "conversation";
                    options.RequireUnchangedLog = required;
                }
            )
        );

        Task<ChatResponse> run = client.GetResponseAsync([User("delete it")], new ChatOptions { Tools = [slow] });
        if (required)
        {
            await Assert.ThrowsAsync<VersionConflictException>(() => run);
            Assert.Single(model.Calls);
            return;
        }

        Assert.Equal("done", (await run).Messages[^1].Text);
        Assert.Equal(["user[delete it]", "user[are you there?]", "assistant[+c]", "tool[-c]"], model.Calls[1].Shorts);
        await client.GetResponseAsync([User("thanks")]);
        Assert.Equal(
            ["user[delete it]", "assistant[+c]", "tool[-c]", "user[are you there?]", "assistant[done]", "user[thanks]"],
            model.Calls[2].Shorts
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_loop_outside_that_nobody_disturbs_is_no_conflict(bool streaming)
    {
        var model = new StrictChatClient(call =>
            call.Number <= 2 ? StrictAnswer.Calls("delete", $"c{call.Number}", $"d{call.Number}") : StrictAnswer.Text("done")
        );
        using var client = new FunctionInvokingChatClient(
            model.WithConversation(
                Client,
                options =>
                {
                    options.ConversationId = "conversation";
                    options.RequireUnchangedLog = true;
                }
            )
        );
        var options = new ChatOptions { Tools = [AIFunctionFactory.Create(() => "deleted", "delete")] };

        ChatResponse response = streaming
            ? await client.GetStreamingResponseAsync([User("delete it")], options).ToChatResponseAsync()
            : await client.GetResponseAsync([User("delete it")], options);
        Assert.Equal("done", response.Messages[^1].Text);
    }

    private static Func<StrictCall, StrictAnswer> Script(params string[] calls) =>
        call =>
            call.Messages[^1].Text.StartsWith("delete", StringComparison.Ordinal)
                ? StrictAnswer.Calls("delete", calls)
                : StrictAnswer.Text("done");

    private IChatClient Make(IChatClient model, bool outside)
    {
        AIFunction delete = new ApprovalRequiredAIFunction(AIFunctionFactory.Create(() => ++_deletions, "delete"));
        IChatClient client = outside
            ? new AnsweredApprovalsChatClient(new FunctionInvokingChatClient(Bind(model)))
            : Bind(new FunctionInvokingChatClient(model));
        return client.AsBuilder().ConfigureOptions(options => options.Tools = [delete]).Build();
    }

    private ConversationChatClient Bind(IChatClient client) =>
        client.WithConversation(Client, options => options.ConversationId = "conversation");

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private static async Task<ChatResponse> RunAsync(IChatClient client, bool streaming, params ChatMessage[] input) =>
        streaming ? await client.GetStreamingResponseAsync(input).ToChatResponseAsync() : await client.GetResponseAsync(input);

    private static ToolApprovalRequestContent Request(ChatResponse response) =>
        Assert.Single(response.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>());

    /// <summary>An answer as a front end posts it: nothing of it is an object that was handed out.</summary>
    private static ChatMessage Answer(ToolApprovalRequestContent request, bool approved)
    {
        var call = (FunctionCallContent)request.ToolCall;
        var asked = new ToolApprovalRequestContent(request.RequestId, new FunctionCallContent(call.CallId, call.Name, call.Arguments));
        string posted = JsonSerializer.Serialize(
            new ChatMessage(ChatRole.User, [asked.CreateResponse(approved)]),
            AIJsonUtilities.DefaultOptions
        );
        return JsonSerializer.Deserialize<ChatMessage>(posted, AIJsonUtilities.DefaultOptions)!;
    }
}

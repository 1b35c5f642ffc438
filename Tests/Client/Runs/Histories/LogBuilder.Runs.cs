using Microsoft.Extensions.AI;
using OrleansMemory.Client.Runs;

namespace OrleansMemory.Tests.Client.Runs.Histories;

internal sealed partial class LogBuilder
{
    /// <summary>What a cancelled or failed run ends with; it is no failure of the test.</summary>
    private sealed class PlannedException : Exception;

    private bool Heads => _random.Next(2) == 0;

    private async Task RunAsync() => await RunAsync(Client(ScriptedModel.Caller(_random), inside: Heads), [User("run")]);

    private async Task RunTwoAsync()
    {
        // Two loops outside: the calls of one stand between a call and the result of the other.
        IChatClient one = Client(ScriptedModel.Caller(_random), inside: Heads);
        IChatClient other = Client(ScriptedModel.Caller(_random), inside: Heads);
        await Task.WhenAll(RunAsync(one, [User("one")]), RunAsync(other, [User("other")]));
    }

    private async Task RunBesideAsync()
    {
        StrictChatClient caller = ScriptedModel.Caller(_random);
        var model = new StrictChatClient(call =>
            call.AnswersCalls ? StrictAnswer.Text("late") : StrictAnswer.Calls("look", ScriptedModel.NewCallId())
        )
        {
            BeforeUpdate = token => Conversation.AppendUserAsync("meanwhile", cancellationToken: token),
        };
        await RunAsync(Client(_random.Next(3) == 0 ? caller : model, inside: false), [User("run")]);
    }

    private async Task CancelAsync()
    {
        int updates = _random.Next(0, 6);
        StoredOnFailure stored = (StoredOnFailure)_random.Next(3);
        IChatClient client = Client(ScriptedModel.Caller(_random), inside: Heads, stored);
        bool abandons = Heads;
        using var cancellation = new CancellationTokenSource();
        try
        {
            await foreach (
                ChatResponseUpdate update in client.GetStreamingResponseAsync([User("cancelled")], Options(), cancellation.Token)
            )
            {
                if (updates-- > 0)
                {
                    continue;
                }

                if (abandons)
                {
                    break;
                }

                await cancellation.CancelAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // As planned.
        }
    }

    private async Task FailAsync()
    {
        StoredOnFailure stored = (StoredOnFailure)_random.Next(3);
        bool answers = Heads;
        var model = new StrictChatClient(call =>
            call.AnswersCalls && answers
                ? StrictAnswer.Text("half") with
                {
                    Failure = new PlannedException(),
                }
                : StrictAnswer.Calls("look", ScriptedModel.NewCallId()).Behind("well") with
                {
                    Failure = answers ? null : new PlannedException(),
                }
        );
        try
        {
            await RunAsync(Client(model, inside: Heads, stored), [User("failing")]);
        }
        catch (PlannedException)
        {
            // As planned.
        }
    }

    private async Task ApproveAsync()
    {
        bool inside = Heads;
        ChatResponse asked = await RunAsync(Client(ScriptedModel.Caller(_random, "write"), inside), [User("write")]);
        ToolApprovalRequestContent[] requests =
        [
            .. asked.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>(),
        ];
        int what = _random.Next(5);
        if (what == 0)
        {
            // No one answers.
            return;
        }

        int answered = what == 1 ? 1 : requests.Length;
        AIContent[] answers = [.. requests.Take(answered).Select(request => (AIContent)request.CreateResponse(_random.Next(3) != 0))];
        List<ChatMessage> input = [new(ChatRole.User, [.. answers])];
        if (what == 2)
        {
            input.Add(User("and go on"));
        }

        IChatClient client = Client(ScriptedModel.Caller(_random, what == 3 ? "write" : "look"), inside);
        await RunAsync(client, input);
    }

    private async Task ApproveTwiceAsync()
    {
        bool inside = Heads;
        ChatResponse asked = await RunAsync(Client(ScriptedModel.Caller(_random, "write"), inside), [User("write")]);
        ToolApprovalRequestContent[] requests =
        [
            .. asked.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>(),
        ];
        IChatClient one = Client(ScriptedModel.Caller(_random), inside);
        IChatClient other = Client(ScriptedModel.Caller(_random), inside);
        await Task.WhenAll(RunAsync(one, [Post()]), RunAsync(other, [Post()]));

        ChatMessage Post() =>
            new(
                ChatRole.User,
                [
                    .. requests.Select(request =>
                        (AIContent)
                            new ToolApprovalRequestContent(
                                request.RequestId,
                                new FunctionCallContent(request.ToolCall.CallId, "write", ((FunctionCallContent)request.ToolCall).Arguments)
                            ).CreateResponse(true)
                    ),
                ]
            );
    }

    private async Task ServerAsksAsync()
    {
        string id = ScriptedModel.NewCallId();
        var model = new StrictChatClient(call => call.Number == 1 ? StrictAnswer.AsksFor(id).Behind("may I") : StrictAnswer.Text("fine"));
        IChatClient client = model.WithConversation(_client, options => options.Tenant = _tenant.Name);
        ChatResponse asked = await RunAsync(client, [User("use the server")]);
        ToolApprovalRequestContent request = asked
            .Messages.SelectMany(message => message.Contents)
            .OfType<ToolApprovalRequestContent>()
            .Single();
        await RunAsync(client, [Heads ? new ChatMessage(ChatRole.User, [request.CreateResponse(Heads)]) : User("never mind")]);
    }

    private async Task ResendAsync()
    {
        IChatClient client = Client(ScriptedModel.Caller(_random), inside: true);
        List<ChatMessage> chat = [new(ChatRole.User, "first") { MessageId = Guid.NewGuid().ToString("N") }];
        chat.AddRange((await RunAsync(client, chat)).Messages);
        chat.Add(new ChatMessage(ChatRole.User, "second") { MessageId = Guid.NewGuid().ToString("N") });
        await RunAsync(
            client,
            chat.Select(message => new ChatMessage(message.Role, [.. message.Contents]) { MessageId = message.MessageId })
        );
    }

    private ChatOptions Options() => ScriptedModel.Options(Conversation.Key.Id);

    private IChatClient Client(StrictChatClient model, bool inside, StoredOnFailure stored = StoredOnFailure.Nothing)
    {
        IChatClient inner = inside ? model.AsBuilder().UseFunctionInvocation().Build() : model;
        IChatClient bound = inner.WithConversation(_client, options => (options.Tenant, options.StoredOnFailure) = (_tenant.Name, stored));
        if (inside)
        {
            return bound;
        }

        IChatClient loop = bound.AsBuilder().UseFunctionInvocation().Build();
        return Heads ? new AnsweredApprovalsChatClient(loop).WithToolJournal() : loop;
    }

    private async Task<ChatResponse> RunAsync(IChatClient client, IEnumerable<ChatMessage> input) =>
        Heads
            ? await client.GetStreamingResponseAsync(input, Options()).ToChatResponseAsync()
            : await client.GetResponseAsync(input, Options());
}

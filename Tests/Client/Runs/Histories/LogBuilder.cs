using System.Net;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Client.Transfer;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Client.Runs.Histories;

/// <summary>Changes a conversation by every API, one step at a time.</summary>
internal sealed partial class LogBuilder
{
    private readonly SiloTenant _tenant;
    private readonly ConversationClient _client;
    private readonly Random _random;
    private readonly List<FunctionCallContent> _open = [];
    private readonly (string Name, Func<Task> Step)[] _steps;
    private Func<Task> _chosen = () => Task.CompletedTask;
    private int _copies;

    public LogBuilder(SiloTenant tenant, ConversationClient client, string id, Random random)
    {
        (_tenant, _client, _random) = (tenant, client, random);
        Conversation = client.Get(tenant.Name, id);
        _steps =
        [
            .. Often("append calls", AppendCallsAsync),
            .. Often("append results", AppendResultsAsync),
            .. Often("run", RunAsync),
            .. Often("cancel a run", CancelAsync),
            .. Often("ask for approval", ApproveAsync),
            ("append texts", AppendTextsAsync),
            ("append a text over HTTP", AppendOverHttpAsync),
            ("append a whole tool turn", AppendToolTurnAsync),
            ("append a result of nothing", AppendOrphanAsync),
            ("append what says nothing", AppendNothingAsync),
            ("append every kind of content", AppendKindsAsync),
            ("append approvals", AppendApprovalsAsync),
            ("append a call with its result beside it", AppendBesideAsync),
            ("fail a run", FailAsync),
            ("a server asks for approval", ServerAsksAsync),
            ("run two at once", RunTwoAsync),
            ("approve twice at once", ApproveTwiceAsync),
            ("run while others write", RunBesideAsync),
            ("send everything again", ResendAsync),
            ("truncate", TruncateAsync),
            ("delete some", DeleteSomeAsync),
            ("fork", ForkAsync),
            ("export and import", ImportAsync),
            ("load a state", LoadStateAsync),
            ("log a program's turn", ProgramAsync),
            ("clear", ClearAsync),
        ];
    }

    /// <summary>The conversation that the steps have made.</summary>
    public Conversation Conversation { get; private set; }

    /// <summary>Chooses the next step.</summary>
    public string Choose()
    {
        (string name, _chosen) = _steps[_random.Next(_steps.Length)];
        return name;
    }

    /// <summary>Makes the step that was chosen.</summary>
    public Task StepAsync() => _chosen();

    private static (string Name, Func<Task> Step)[] Often(string name, Func<Task> step) => [(name, step), (name, step)];

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private static FunctionCallContent Call(string? id = null) =>
        new(id ?? ScriptedModel.NewCallId(), "look", new Dictionary<string, object?> { ["id"] = "x" });

    private static ChatMessage Results(IEnumerable<FunctionCallContent> calls) =>
        new(ChatRole.Tool, [.. calls.Select(call => (AIContent)new FunctionResultContent(call.CallId, "seen"))]);

    private async Task AppendTextsAsync()
    {
        await Conversation.AppendUserAsync("question");
        if (_random.Next(2) == 0)
        {
            await Conversation.AppendAssistantAsync("answer");
        }

        if (_random.Next(3) == 0)
        {
            await Conversation.AppendAsync(new ChatMessage(ChatRole.System, "rules"));
        }
    }

    private Task AppendOverHttpAsync() =>
        _tenant.AskAsync(
            HttpStatusCode.Created,
            "POST",
            $"/v1/conversations/{Conversation.Key.Id}/messages",
            """[{"role":"user","content":"over HTTP"},{"role":"assistant","content":"so"}]"""
        );

    private Task AppendToolTurnAsync()
    {
        FunctionCallContent[] calls =
        [
            .. Enumerable
                .Range(0, _random.Next(1, 4))
                .Select(_ => Call(_random.Next(4) == 0 ? "again" : null))
                .DistinctBy(call => call.CallId),
        ];
        return Conversation.AppendAsync([
            User("look"),
            new ChatMessage(ChatRole.Assistant, [.. calls]),
            Results(calls),
            new ChatMessage(ChatRole.Assistant, "seen"),
        ]);
    }

    private async Task AppendCallsAsync()
    {
        FunctionCallContent[] calls = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Call())];
        AIContent[] contents = _random.Next(2) == 0 ? [.. calls] : [new TextContent("a moment"), .. calls];
        bool split = _random.Next(4) == 0;
        await Conversation.AppendAsync(
            split
                ? contents.Select(content => new ChatMessage(ChatRole.Assistant, [content]))
                : [new ChatMessage(ChatRole.Assistant, contents)]
        );
        _open.AddRange(calls);
    }

    private async Task AppendResultsAsync()
    {
        FunctionCallContent[] answered = [.. _open.Where(_ => _random.Next(3) != 0)];
        if (answered.Length == 0)
        {
            await AppendTextsAsync();
            return;
        }

        _random.Shuffle(answered);
        bool apart = _random.Next(2) == 0;
        foreach (ChatMessage message in apart ? answered.Select(call => Results([call])) : [Results(answered)])
        {
            await Conversation.AppendAsync(message);
            if (_random.Next(4) == 0)
            {
                await Conversation.AppendUserAsync("in between");
            }
        }

        _open.RemoveAll(call => answered.Contains(call) && _random.Next(5) != 0);
    }

    private Task AppendOrphanAsync() =>
        Conversation.AppendAsync([Results([Call()]), _random.Next(2) == 0 ? User("hm") : Results([Call()])]);

    private Task AppendNothingAsync() =>
        Conversation.AppendAsync([
            new ChatMessage(ChatRole.Assistant, []),
            new ChatMessage(ChatRole.User, " "),
            new ChatMessage(ChatRole.Assistant, [new TextReasoningContent("hm")]),
            new ChatMessage(ChatRole.Assistant, [new UsageContent(new UsageDetails())]),
            new ChatMessage(ChatRole.System, ""),
            new ChatMessage(ChatRole.Tool, []),
        ]);

    private Task AppendKindsAsync() =>
        Conversation.AppendAsync([
            new ChatMessage(ChatRole.User, [new TextContent("look"), new DataContent(new byte[] { 1, 2 }, "image/png")]),
            new ChatMessage(ChatRole.Assistant, [new UriContent("https://example.com/a.png", "image/png")]),
            new ChatMessage(ChatRole.Assistant, [new ErrorContent("refused")]),
            new ChatMessage(ChatRole.Assistant, [new TextReasoningContent("so"), new TextContent("done")]),
            new ChatMessage(
                ChatRole.Assistant,
                [new McpServerToolCallContent(ScriptedModel.NewCallId(), "tool", "server"), new TextContent("asked")]
            ),
            new ChatMessage(ChatRole.User, [new HostedFileContent("file")]),
        ]);

    private Task AppendApprovalsAsync()
    {
        ToolApprovalRequestContent[] requests =
        [
            .. Enumerable
                .Range(0, _random.Next(1, 3))
                .Select(_ => Call())
                .Select(call => new ToolApprovalRequestContent("ask_" + call.CallId, call)),
        ];
        List<ChatMessage> messages = [new(ChatRole.Assistant, [.. requests])];
        if (_random.Next(2) == 0)
        {
            IEnumerable<ToolApprovalRequestContent> answered = requests.Take(_random.Next(1, requests.Length + 1));
            messages.Add(new ChatMessage(ChatRole.User, [.. answered.Select(request => request.CreateResponse(_random.Next(2) == 0))]));
        }

        return Conversation.AppendAsync(messages);
    }

    private Task AppendBesideAsync()
    {
        FunctionCallContent call = Call();
        return Conversation.AppendAsync(
            new ChatMessage(ChatRole.Assistant, [call, new FunctionResultContent(call.CallId, "done there"), new TextContent("done")])
        );
    }

    private async Task TruncateAsync()
    {
        if (await Conversation.GetHeadAsync() is { MessageCount: > 0 } head)
        {
            await Conversation.TruncateAsync(_random.Next(1, (int)head.MessageCount + 1));
        }
    }

    private async Task DeleteSomeAsync()
    {
        var memory = new ConversationMemory(Conversation);
        int size = (int)await memory.GetSizeAsync();
        if (size > 0)
        {
            await memory.DeleteAsync([.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => _random.Next(size)).Distinct()]);
        }
    }

    private async Task ClearAsync()
    {
        if (await Conversation.GetHeadAsync() is not null)
        {
            await Conversation.ClearAsync();
        }
    }

    private async Task ForkAsync()
    {
        if (await Conversation.GetHeadAsync() is { } head)
        {
            // An empty log can be forked at its end only.
            long at = head.MessageCount > 0 ? _random.NextInt64(head.FirstSequence, head.LastSequence + 1) : head.LastSequence;
            Conversation = await Conversation.ForkAsync(Copy(), at);
        }
    }

    private async Task ImportAsync()
    {
        if (await Conversation.GetHeadAsync() is not null)
        {
            using var document = new MemoryStream();
            await Conversation.ExportAsync(document);
            document.Position = 0;
            Conversation copy = _client.Get(Conversation.Key.Tenant, Copy());
            await copy.ImportAsync(document);
            Conversation = copy;
        }
    }

    private async Task LoadStateAsync()
    {
        if (await Conversation.GetHeadAsync() is not null)
        {
            Conversation copy = _client.Get(Conversation.Key.Tenant, Copy());
            await new ConversationMemory(copy).LoadStateDictAsync(await new ConversationMemory(Conversation).StateDictAsync());
            Conversation = copy;
        }
    }

    private async Task ProgramAsync()
    {
        MemoryObject memory = await MemoryObject.OpenAsync(Conversation);
        memory.AddUserReply("reply");
        memory.ProcessCall();
        memory.LogThoughtTurn("thought", "instruction");
        memory.LogChatTurn("said", 12, "chatbot");
        memory.ProcessFunctionExit("chatbot", 12, new Dictionary<string, object?>());
        await memory.CommitAsync();
    }

    private string Copy() => FormattableString.Invariant($"{Conversation.Key.Id}-c{_copies++}");
}

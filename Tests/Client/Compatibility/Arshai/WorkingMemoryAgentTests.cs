using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using OrleansMemory.Client.Compatibility.Arshai;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.Arshai;

public sealed class WorkingMemoryAgentTests : IDisposable
{
    private const string Id = "conv_123";

    private readonly InMemoryManager _manager = new();
    private readonly LogLines _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public async Task An_interaction_updates_the_memory_with_what_the_model_writes()
    {
        await StoreAsync("old memory");
        using var model = ArshaiScript.Saying("new memory");
        WorkingMemoryAgent agent = Make(
            model,
            _manager,
            new WorkingMemoryAgentOptions
            {
                SystemPrompt = "keep it",
                ChatOptions = new ChatOptions { ModelId = "m" },
                ReadHistory = (id, _) => ValueTask.FromResult<string?>("history of " + id),
            }
        );

        Assert.Equal("success", await agent.ProcessAsync(Input("I'm Bob", ("user_id", "u"))));

        IReadOnlyList<ChatMessage> asked = Assert.Single(model.Calls);
        Assert.Equal((ChatRole.System, "keep it"), (asked[0].Role, asked[0].Text));
        Assert.Equal(ChatRole.User, asked[1].Role);
        Assert.All(
            ["old memory", "history of conv_123", "I'm Bob"],
            part => Assert.Contains(part, asked[1].Text, StringComparison.Ordinal)
        );
        Assert.Equal("m", model.Options?.ModelId);
        StoredWorkingMemory stored = Assert.Single(_manager.Storage).Value;
        Assert.Equal(("memory:WORKING_MEMORY:conv_123", "new memory"), (stored.Key, stored.Memory.Text));
        Assert.Equal((Id, "u"), (stored.Metadata["conversation_id"].GetString(), stored.Metadata["user_id"].GetString()));
        Assert.Empty(_logs.Lines);
    }

    public static TheoryData<Dictionary<string, object?>?> NoIds() =>
        new(
            null,
            new Dictionary<string, object?>(),
            new Dictionary<string, object?> { ["conversation_id"] = null },
            new Dictionary<string, object?> { ["conversation_id"] = "" }
        );

    [Theory]
    [MemberData(nameof(NoIds))]
    public async Task Without_a_conversation_id_nothing_is_asked_or_stored(Dictionary<string, object?>? metadata)
    {
        using var model = ArshaiScript.Saying("new");
        WorkingMemoryAgent agent = Make(model, _manager);
        var input = new AgentInput { Message = "hi", Metadata = metadata };

        Assert.Equal("error: no conversation_id provided", await agent.ProcessAsync(input));
        Assert.Equal(new AgentAnswer(null, "error: no conversation_id provided"), await agent.AnswerAsync(input));

        Assert.Empty(model.Calls);
        Assert.Empty(_manager.Storage);
        Assert.Equal(2, _logs.Lines.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t")]
    public async Task An_empty_memory_is_not_stored(string answer)
    {
        await StoreAsync("old");
        using var model = ArshaiScript.Saying(answer);

        Assert.Equal("error: empty memory response", await Make(model, _manager).ProcessAsync(Input("hi")));

        Assert.Equal("old", Assert.Single(_manager.Storage).Value.Memory.Text);
    }

    [Fact]
    public async Task A_model_that_fails_is_a_status()
    {
        await StoreAsync("old");
        using ArshaiScript model = new ArshaiScript().Then(_ => throw new InvalidOperationException("quota used up"));

        Assert.Equal("error: quota used up", await Make(model, _manager).ProcessAsync(Input("hi")));

        Assert.Equal("old", Assert.Single(_manager.Storage).Value.Memory.Text);
        Assert.DoesNotContain("quota", Assert.Single(_logs.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storage_that_fails_is_a_status()
    {
        using var model = ArshaiScript.Saying("new");

        Assert.Equal("error: storage failed - disk full", await Make(model, new BrokenManager()).ProcessAsync(Input("hi")));

        Assert.Equal(2, _logs.Lines.Count);
    }

    [Fact]
    public async Task A_memory_and_a_history_that_cannot_be_read_do_not_stop_the_update()
    {
        using var model = ArshaiScript.Saying("new");
        WorkingMemoryAgent agent = Make(
            model,
            new BrokenManager(),
            new WorkingMemoryAgentOptions { ReadHistory = (_, _) => throw new InvalidOperationException("no history") }
        );

        await agent.ProcessAsync(Input("hi"));

        Assert.Single(model.Calls);
        Assert.Equal(3, _logs.Lines.Count);
        Assert.All(_logs.Lines, line => Assert.DoesNotContain(Id, line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_manager_it_succeeds_and_warns()
    {
        using var model = ArshaiScript.Saying("new");

        Assert.Equal("success", await Make(model, null).ProcessAsync(Input("hi")));

        Assert.Contains("No memory manager", Assert.Single(_logs.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_of_another_type_is_taken_as_text_and_a_bad_one_fails_to_store()
    {
        using var model = ArshaiScript.Saying("new");
        WorkingMemoryAgent agent = Make(model, _manager);

        Assert.Equal(
            "success",
            await agent.ProcessAsync(
                new AgentInput
                {
                    Message = "hi",
                    Metadata = new Dictionary<string, object?> { ["conversation_id"] = 17 },
                }
            )
        );
        string status = await agent.ProcessAsync(
            new AgentInput
            {
                Message = "hi",
                Metadata = new Dictionary<string, object?> { ["conversation_id"] = "a/b" },
            }
        );

        Assert.Equal(["memory:WORKING_MEMORY:17"], _manager.Storage.Keys);
        Assert.StartsWith("error: storage failed - A conversation id is", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_cancels_gets_no_status()
    {
        using var model = ArshaiScript.Saying("new");
        using var source = new CancellationTokenSource();
        using ArshaiScript cancelling = new ArshaiScript().Then(_ =>
        {
            source.Cancel();
            throw new OperationCanceledException(source.Token);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Make(model, _manager).ProcessAsync(Input("hi"), new CancellationToken(true))
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Make(cancelling, _manager).ProcessAsync(Input("hi"), source.Token));

        Assert.Empty(_manager.Storage);
    }

    [Fact]
    public async Task An_answer_comes_from_the_memory_and_goes_into_it()
    {
        await StoreAsync("The user is Bob.");
        using var model = ArshaiScript.Saying("You are Bob.", "The user is Bob and asked for the name.");

        AgentAnswer answer = await Make(model, _manager).AnswerAsync(Input("Who am I?"));

        Assert.Equal(new AgentAnswer("You are Bob.", "success"), answer);
        Assert.Contains("The user is Bob.", model.Calls[0][0].Text, StringComparison.Ordinal);
        Assert.Equal("Who am I?", model.Calls[0][1].Text);
        Assert.Contains("User: Who am I?\nAssistant: You are Bob.", model.Calls[1][1].Text, StringComparison.Ordinal);
        Assert.Equal("The user is Bob and asked for the name.", Assert.Single(_manager.Storage).Value.Memory.Text);
    }

    [Fact]
    public async Task Without_an_answer_the_memory_stays()
    {
        await StoreAsync("old");
        using var silent = ArshaiScript.Saying(" ");
        using ArshaiScript failing = new ArshaiScript().Then(_ => throw new InvalidOperationException("down"));
        using var forgetful = ArshaiScript.Saying("Hello.", "");

        Assert.Equal(new AgentAnswer(null, "error: empty answer"), await Make(silent, _manager).AnswerAsync(Input("hi")));
        Assert.Equal(new AgentAnswer(null, "error: down"), await Make(failing, _manager).AnswerAsync(Input("hi")));
        Assert.Equal(new AgentAnswer("Hello.", "error: empty memory response"), await Make(forgetful, _manager).AnswerAsync(Input("hi")));

        Assert.Equal("old", Assert.Single(_manager.Storage).Value.Memory.Text);
    }

    private WorkingMemoryAgent Make(IChatClient model, IMemoryManager? manager, WorkingMemoryAgentOptions? options = null) =>
        new(
            model,
            manager,
            options ?? new WorkingMemoryAgentOptions(),
            LoggerFactory.Create(logging => logging.AddProvider(_logs)).CreateLogger<WorkingMemoryAgent>()
        );

    private Task<string> StoreAsync(string text) =>
        _manager.StoreAsync(new MemoryInput { ConversationId = Id, Data = [new WorkingMemory(text)] });

    private static AgentInput Input(string message, params (string Name, object? Value)[] more) =>
        new() { Message = message, Metadata = more.Append(("conversation_id", Id)).ToDictionary(pair => pair.Item1, pair => pair.Item2) };

    private sealed class BrokenManager : IMemoryManager
    {
        public Task<string> StoreAsync(MemoryInput input, CancellationToken cancellationToken = default) =>
            throw new IOException("disk full");

        public Task<IReadOnlyList<WorkingMemory>> RetrieveAsync(MemoryInput input, CancellationToken cancellationToken = default) =>
            throw new IOException("disk full");

        public Task UpdateAsync(MemoryInput input, CancellationToken cancellationToken = default) => throw new IOException("disk full");

        public Task DeleteAsync(MemoryInput input, CancellationToken cancellationToken = default) => throw new IOException("disk full");
    }
}

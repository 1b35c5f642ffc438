using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Runs;
using OrleansMemory.Client.Windows;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

public abstract partial class RunBehaviour
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_sends_the_history_and_commits_input_and_response_as_one_turn(bool streaming)
    {
        var model = new RunScriptClient();
        ConversationChatClient client = Bind(model);
        await RunAsync(client, streaming, [User("1")]);
        ChatResponse response = await RunAsync(client, streaming, [User("2"), User("3")]);

        Assert.Equal((_id, "answer 2"), (response.ConversationId, response.Text));
        Assert.Equal(["1", "answer 1", "2", "3"], model.Calls[1].Texts);
        Assert.Equal(["1", "answer 1", "2", "3", "answer 2"], await LogAsync());
        Assert.Equal(2, await VersionAsync());
        ConversationPage page = await Conversation.GetMessagesAsync();
        Assert.Equal(page.Messages[^1].Message.MessageId, response.Messages.Single().MessageId);
    }

    [Fact]
    public async Task The_options_name_the_conversation_and_win_and_the_inner_client_is_told_none()
    {
        var model = new RunScriptClient();
        string other = Guid.NewGuid().ToString("N");
        var tool = new HostedCodeInterpreterTool();
        var options = new ChatOptions
        {
            ConversationId = other,
            Instructions = "be brief",
            Tools = [tool],
            ModelId = "m",
            AdditionalProperties = new() { [ConversationChatClient.TurnIdProperty] = "t", ["mine"] = 1 },
        };
        ChatResponse response = await Bind(model).GetResponseAsync([User("1")], options);

        Assert.Equal(other, response.ConversationId);
        ChatOptions sent = model.Calls[0].Options!;
        Assert.Equal((null, "be brief", "m"), (sent.ConversationId, sent.Instructions, sent.ModelId));
        Assert.Equal(["mine"], sent.AdditionalProperties!.Keys);
        Assert.Equal([tool], sent.Tools);
        Assert.Equal((other, 2), (options.ConversationId, options.AdditionalProperties!.Count));
        Assert.Empty(await LogAsync());
        Assert.Equal(2, (await Client.Get(other).GetHeadAsync())!.LastSequence);
    }

    [Fact]
    public async Task Without_a_conversation_a_run_says_what_to_set()
    {
        ConversationChatClient client = new RunScriptClient().WithConversation(Client);

        InvalidOperationException refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetResponseAsync([User("1")]));
        Assert.Contains("ChatOptions.ConversationId", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(client, streaming: true, [User("1")]));
        await Assert.ThrowsAsync<InvalidRequestException>(() =>
            client.GetResponseAsync([User("1")], new ChatOptions { ConversationId = "a/b" })
        );
    }

    [Fact]
    public async Task A_tenant_has_conversations_of_its_own()
    {
        await Bind(new RunScriptClient(), options => options.Tenant = "acme").GetResponseAsync([User("1")]);

        Assert.Empty(await LogAsync());
        Assert.Equal(2, (await Client.Get("acme", _id).GetHeadAsync())!.LastSequence);
    }

    [Fact]
    public async Task Options_that_cannot_be_are_refused_by_name()
    {
        Assert.Contains("SummarizeAfterMessages", Refused(options => options.SummarizeAfterMessages = 0), StringComparison.Ordinal);
        Assert.Contains("Window", Refused(options => options.Window = null!), StringComparison.Ordinal);
        Assert.Contains("StoredOnFailure", Refused(options => options.StoredOnFailure = (StoredOnFailure)9), StringComparison.Ordinal);
        Assert.Throws<InvalidRequestException>(() => Bind(new RunScriptClient(), options => options.Tenant = "a b"));
        await Assert.ThrowsAsync<InvalidRequestException>(() =>
            Bind(new RunScriptClient()).GetResponseAsync([User("1")], Turn(new string('x', 233)))
        );
        await Assert.ThrowsAsync<InvalidRequestException>(() =>
            Bind(new RunScriptClient())
                .GetResponseAsync(
                    [User("1")],
                    new ChatOptions { AdditionalProperties = new() { [ConversationChatClient.TurnIdProperty] = 5 } }
                )
        );

        string Refused(Action<ConversationChatClientOptions> configure) =>
            Assert.Throws<ArgumentException>(() => Bind(new RunScriptClient(), configure)).Message;
    }

    [Fact]
    public async Task The_window_bounds_what_is_sent_and_not_what_is_stored()
    {
        var model = new RunScriptClient();
        ConversationChatClient client = Bind(
            model,
            options => options.Window = new ConversationWindow(new ConversationWindowOptions { MaxMessages = 4 })
        );
        await client.GetResponseAsync([new ChatMessage(ChatRole.System, "rules"), User("1")]);
        await client.GetResponseAsync([User("2")]);
        await client.GetResponseAsync([User("3")]);

        Assert.Equal(["rules", "2", "answer 2", "3"], model.Calls[2].Texts);
        Assert.Equal(7, (await LogAsync()).Length);
    }

    [Fact]
    public async Task System_messages_that_do_not_fit_fail_the_run_before_the_model()
    {
        var model = new RunScriptClient();
        await Bind(model).GetResponseAsync([new ChatMessage(ChatRole.System, new string('x', 4_000)), User("1")]);
        ConversationChatClient small = Bind(
            model,
            options => options.Window = new ConversationWindow(new ConversationWindowOptions { MaxTokens = 100 })
        );

        await Assert.ThrowsAsync<WindowTooSmallException>(() => small.GetResponseAsync([User("2")]));
        Assert.Single(model.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_sent_again_is_not_stored_again(bool streaming)
    {
        var model = new RunScriptClient();
        ConversationChatClient client = Bind(model);
        List<ChatMessage> chat = [new(ChatRole.System, "rules"), User("1")];
        chat.AddRange((await RunAsync(client, streaming, chat)).Messages);
        chat.Add(User("2"));
        chat.AddRange((await RunAsync(client, streaming, chat)).Messages);

        // Another process has other objects, but the same ids and the same system message.
        List<ChatMessage> read = [new(ChatRole.System, "rules"), .. chat.Where(message => message.Role == ChatRole.Assistant), User("3")];
        await RunAsync(
            Bind(model),
            streaming,
            read.Select(message => new ChatMessage(message.Role, message.Contents) { MessageId = message.MessageId })
        );

        Assert.Equal(["rules", "1", "answer 1", "2", "answer 2", "3", "answer 3"], await LogAsync());
        Assert.Equal(["rules", "1", "answer 1", "2", "answer 2", "3"], model.Calls[2].Texts);
    }

    [Fact]
    public async Task The_same_object_may_be_said_twice_and_in_two_conversations()
    {
        ConversationChatClient client = Bind(new RunScriptClient());
        ChatMessage again = User("go on");
        await client.GetResponseAsync([again]);
        await client.GetResponseAsync([again]);
        string other = Guid.NewGuid().ToString("N");
        await client.GetResponseAsync([again, User("x")], new ChatOptions { ConversationId = other });
        await Conversation.DeleteAsync();
        await client.GetResponseAsync([again, User("y")]);

        Assert.Equal(3, (await Client.Get(other).GetHeadAsync())!.LastSequence);
        Assert.Equal(["go on", "y", "answer 4"], await LogAsync());
    }

    [Fact]
    public async Task Two_runs_at_once_are_both_stored_each_in_one_piece()
    {
        using var gate = new Gate();
        var model = new RunScriptClient((call, _) => Held(call));
        ConversationChatClient client = Bind(model);
        Task<ChatResponse>[] runs = [client.GetResponseAsync([User("a")]), client.GetResponseAsync([User("b")])];
        await gate.ArrivalAsync();
        await gate.ArrivalAsync();
        gate.Open();
        await Task.WhenAll(runs).WithTimeout();

        string[] log = await LogAsync();
        Assert.Equal(["a", "b"], new[] { log[0], log[2] }.Order());
        Assert.Equal([$"to {log[0]}", $"to {log[2]}"], [log[1], log[3]]);

        async IAsyncEnumerable<ChatResponseUpdate> Held(RunScriptCall call)
        {
            await gate.PassAsync();
            yield return new ChatResponseUpdate(ChatRole.Assistant, $"to {call.Messages[^1].Text}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_may_demand_that_nothing_was_said_meanwhile(bool streaming)
    {
        await Conversation.AppendAsync(User("0"));
        Func<Task> meanwhile = () => Conversation.SetEntryAsync("s", "k", "1");
        var model = new RunScriptClient((call, _) => Meanwhile());
        ConversationChatClient client = Bind(model, options => options.RequireUnchangedLog = true);

        await RunAsync(client, streaming, [User("1")]);
        meanwhile = () => Conversation.AppendAsync(User("between"));
        await Assert.ThrowsAsync<VersionConflictException>(() => RunAsync(client, streaming, [User("2")]));
        Assert.Equal(["0", "1", "x", "between"], await LogAsync());

        async IAsyncEnumerable<ChatResponseUpdate> Meanwhile()
        {
            await meanwhile();
            yield return new ChatResponseUpdate(ChatRole.Assistant, "x");
        }
    }

    [Fact]
    public async Task A_run_on_what_is_deleted_meanwhile_brings_nothing_back()
    {
        await Conversation.AppendAsync(User("0"));
        var model = new RunScriptClient((call, _) => Delete());

        await Assert.ThrowsAsync<VersionConflictException>(() =>
            Bind(model, options => options.RequireUnchangedLog = true).GetResponseAsync([User("1")])
        );
        Assert.Null(await Conversation.GetHeadAsync());
        foreach (StoredOnFailure stored in Enum.GetValues<StoredOnFailure>())
        {
            await Conversation.AppendAsync(User("0"));
            await Assert.ThrowsAsync<ConversationNotFoundException>(() =>
                Bind(model, options => options.StoredOnFailure = stored).GetResponseAsync([User("1")])
            );
            Assert.Null(await Conversation.GetHeadAsync());
        }

        await Bind(model).GetResponseAsync([User("1")]);
        Assert.Equal(["1", "x"], await LogAsync());

        async IAsyncEnumerable<ChatResponseUpdate> Delete()
        {
            await Conversation.DeleteAsync();
            yield return new ChatResponseUpdate(ChatRole.Assistant, "x");
        }
    }
}

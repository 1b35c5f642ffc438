using System.Net;
using System.Text.Json;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.AgentFramework;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Client.Runs;
using OrleansMemory.Client.Windows;
using OrleansMemory.Tests.AgentFramework;
using OrleansMemory.Tests.Support;

namespace OrleansMemory.Tests.Client.Runs.Histories;

/// <summary>
/// Every way in which a model can be fed with a conversation. What is stored goes to a fork, so that asking does not change the log.
/// </summary>
internal sealed class ModelFeeds(SiloTenant tenant, ConversationClient client, Random random)
{
    /// <summary>The fewest messages that a window here may hold.</summary>
    public const int SmallestWindow = 2;

    private int _forks;

    /// <summary>The ways, each with a name.</summary>
    public IEnumerable<(string Name, Func<Conversation, Task> Ask)> All()
    {
        foreach (bool streaming in new[] { false, true })
        {
            string how = streaming ? " streamed" : "";
            yield return ("run" + how, conversation => RunAsync(conversation, Loop.None, streaming));
            yield return ("run, functions inside" + how, conversation => RunAsync(conversation, Loop.Inside, streaming));
            yield return ("run, functions outside" + how, conversation => RunAsync(conversation, Loop.Outside, streaming));
            yield return ("run with context" + how, conversation => RunAsync(conversation, Loop.Inside, streaming, adds: true));
            yield return ("agent" + how, conversation => AgentAsync(conversation, streaming));
        }

        yield return ("window", conversation => WindowAsync(conversation, new ConversationWindow()));
        foreach (int most in new[] { SmallestWindow, 3, 5 })
        {
            yield return (
                FormattableString.Invariant($"window of {most} messages"),
                conversation => WindowAsync(conversation, new ConversationWindow(new ConversationWindowOptions { MaxMessages = most }))
            );
        }

        int tokens = random.Next(1, 150);
        yield return (
            "window of few tokens",
            conversation => WindowAsync(conversation, new ConversationWindow(new ConversationWindowOptions { MaxTokens = tokens + 500 }))
        );
        yield return ("HTTP window", conversation => HttpAsync(conversation, 100_000));
        yield return ("HTTP window of few tokens", conversation => HttpAsync(conversation, tokens));
        foreach (int limit in new[] { 1, 2, 4 })
        {
            yield return (FormattableString.Invariant($"memory, limit {limit}"), conversation => MemoryAsync(conversation, limit));
        }
    }

    private static ChatMessage Next() => new(ChatRole.User, "and now?");

    private async Task RunAsync(Conversation conversation, Loop loop, bool streaming, bool adds = false)
    {
        Conversation fork = await ForkAsync(conversation);
        ChatMessage[] added = adds ? [.. AddedByProviders.Some(random).OfType<ChatMessage>()] : [];
        var window = new ConversationWindow(
            new ConversationWindowOptions { MaxMessages = random.Next(3) == 0 ? random.Next(SmallestWindow, 8) : null }
        );
        StrictChatClient model = loop == Loop.None ? ScriptedModel.Talker() : ScriptedModel.Caller(random);
        IChatClient asked = loop == Loop.Inside ? model.AsBuilder().UseFunctionInvocation().Build() : model;
        asked = asked.WithConversation(
            client,
            options => (options.Window, options.Tenant, options.IsStored) = (window, fork.Key.Tenant, message => !added.Contains(message))
        );
        asked = loop == Loop.Outside ? asked.AsBuilder().UseFunctionInvocation().Build() : asked;
        ChatOptions options = ScriptedModel.Options(fork.Key.Id);
        ChatMessage[] given = [.. added, Next()];
        _ = streaming
            ? await asked.GetStreamingResponseAsync(given, options).ToChatResponseAsync()
            : await asked.GetResponseAsync(given, options);
        model.DemandUnchanged();
    }

    private async Task AgentAsync(Conversation conversation, bool streaming)
    {
        Conversation fork = await ForkAsync(conversation);
        int? most = random.Next(2) == 0 ? random.Next(SmallestWindow, 8) : null;
        StrictChatClient model = ScriptedModel.Caller(random);
        var history = new ConversationHistoryProvider(
            client,
            new ConversationHistoryProviderOptions { Window = new ConversationWindow(new ConversationWindowOptions { MaxMessages = most }) }
        );
        var agent = TestAgents.Of(model, history, options => options.ChatOptions = ScriptedModel.Options());
        AgentSession session = (await agent.CreateSessionAsync()).UseConversation(fork.Key);
        _ = streaming ? await agent.RunStreamingAsync([Next()], session).ToAgentResponseAsync() : await agent.RunAsync([Next()], session);
        model.DemandUnchanged();
    }

    private static async Task WindowAsync(Conversation conversation, ConversationWindow window)
    {
        if (await conversation.GetHeadAsync() is null)
        {
            return;
        }

        IReadOnlyList<ConversationMessage> read = await conversation.GetWindowAsync(window);
        await AskAsync(read.Select(message => message.Message));
    }

    private async Task HttpAsync(Conversation conversation, int tokens)
    {
        if (await conversation.GetHeadAsync() is null)
        {
            return;
        }

        string path = FormattableString.Invariant(
            $"/v1/conversations/{conversation.Key.Id}/messages?maxTokens={tokens}&limit={random.Next(1, 200)}"
        );
        JsonElement page = await tenant.AskAsync(HttpStatusCode.OK, "GET", path);
        await AskAsync(
            page.GetProperty("messages")
                .EnumerateArray()
                .Select(message => new ChatMessage(
                    new ChatRole(message.GetProperty("role").GetString()!),
                    message.GetProperty("contents").Deserialize<IList<AIContent>>(AIJsonUtilities.DefaultOptions)
                ))
        );
    }

    private static async Task MemoryAsync(Conversation conversation, int limit) =>
        await AskAsync(await new ConversationMemory(conversation).GetMessagesAsync(limit));

    private static Task AskAsync(IEnumerable<ChatMessage> messages) => ScriptedModel.Talker().GetResponseAsync([.. messages, Next()]);

    private async Task<Conversation> ForkAsync(Conversation conversation)
    {
        string id = FormattableString.Invariant($"{conversation.Key.Id}-{_forks++}");
        return await conversation.GetHeadAsync() is null ? client.Get(conversation.Key.Tenant, id) : await conversation.ForkAsync(id);
    }

    private enum Loop
    {
        None,
        Inside,
        Outside,
    }
}

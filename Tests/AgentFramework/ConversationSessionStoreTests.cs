using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.AgentFramework;
using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.AgentFramework;

/// <summary>Sessions by their keys: what is stored of them, and when.</summary>
public sealed class ConversationSessionStoreTests(SharedHosts hosts) : IAsyncLifetime
{
    private readonly AgentSessionStoreKey _key = new("a thread/with any characters é", null);

    private ConversationClient _client = null!;

    private ConversationSessionStore Store => field ??= new ConversationSessionStore(_client);

    public async ValueTask InitializeAsync() => _client = Clients.OfNewTenant(await hosts.OnPostgresAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_new_session_learns_its_key_and_one_that_holds_nothing_else_is_not_written()
    {
        ChatClientAgent agent = Agent();
        Assert.Null(await Store.GetSessionAsync(agent, _key));
        AgentSession session = await Store.GetOrCreateSessionAsync(agent, _key);
        await Store.SaveSessionAsync(agent, _key, session);
        Assert.Null(await Store.FindConversation(_key).GetHeadAsync());

        await agent.RunAsync("1", session);
        await Store.SaveSessionAsync(agent, _key, session);
        Head head = (await Store.FindConversation(_key).GetHeadAsync())!;
        Assert.Equal((1L, 2L), (head.Version, head.MessageCount));

        // Another process goes on with it.
        ChatClientAgent other = Agent();
        await other.RunAsync("2", (await new ConversationSessionStore(_client).GetSessionAsync(other, _key))!);
        Assert.Equal(4, (await Store.FindConversation(_key).GetHeadAsync())!.MessageCount);
    }

    [Fact]
    public async Task What_a_session_holds_besides_is_one_entry_that_is_written_when_it_changes()
    {
        ChatClientAgent agent = Agent();
        AgentSession session = await Store.GetOrCreateSessionAsync(agent, _key);
        for (int version = 1; version <= 2; version++)
        {
            session.StateBag.SetValue("note", $"note {version}");
            session.StateBag.SetValue("other", "same");
            await Store.SaveSessionAsync(agent, _key, session);
            await Store.SaveSessionAsync(agent, _key, session);
            session = await Store.GetOrCreateSessionAsync(agent, _key);
            await Store.SaveSessionAsync(agent, _key, session);
            Assert.Equal(version, (await Store.FindConversation(_key).GetHeadAsync())!.Version);
            Assert.Equal($"note {version}", session.StateBag.GetValue<string>("note"));
        }

        Assert.NotSame(await Store.GetSessionAsync(agent, _key), await Store.GetSessionAsync(agent, _key));
        Assert.Single(await Store.FindConversation(_key).GetEntriesAsync(EntrySpaces.AgentSessions));
    }

    [Fact]
    public async Task Agents_of_other_names_have_their_own_state_and_the_same_conversation()
    {
        ChatClientAgent ada = Agent("Ada"),
            bob = Agent("Bob");
        AgentSession session = await Store.GetOrCreateSessionAsync(ada, _key);
        session.StateBag.SetValue("note", "Ada's");
        await Store.SaveSessionAsync(ada, _key, session);
        AgentSession bobs = await Store.GetOrCreateSessionAsync(bob, _key);
        Assert.Null(bobs.StateBag.GetValue<string>("note"));
        await bob.RunAsync("1", bobs);
        Assert.Equal(2, (await Store.FindConversation(_key).GetHeadAsync())!.MessageCount);
        Assert.Equal("Ada's", (await Store.GetSessionAsync(Agent("Ada"), _key))!.StateBag.GetValue<string>("note"));
    }

    [Fact]
    public void Every_partition_counts_in_whatever_order()
    {
        AgentSessionStoreKey plain = new("s", null);
        AgentSessionStoreKey[] keys =
        [
            plain,
            plain.WithPartition("user", "a"),
            plain.WithPartition("user", "b"),
            plain.WithPartition("user", "a").WithPartition("app", "x"),
            new("user=a//s", null),
            plain.WithPartition("user", "a//s"),
            plain.WithPartition("user", new string('u', 300)),
            plain.WithPartition("user", new string('u', 301)),
            plain.WithPartition("user", new string('u', 246)),
            new(new string('s', 300), null),
            new("S", null),
            new(".", null),
        ];
        Assert.Equal(keys.Length, keys.Select(key => Store.FindConversation(key).Key).Distinct().Count());
        Assert.Equal(
            Store.FindConversation(plain.WithPartition("a", "1").WithPartition("b", "2")).Key,
            Store.FindConversation(plain.WithPartition("b", "2").WithPartition("a", "1")).Key
        );
    }

    [Fact]
    public async Task Deleting_a_session_deletes_what_was_said_and_a_missing_one_is_no_error()
    {
        ChatClientAgent agent = Agent();
        await Store.DeleteSessionAsync(agent, _key);
        await agent.RunAsync("1", await Store.GetOrCreateSessionAsync(agent, _key));
        await Store.DeleteSessionAsync(agent, _key);
        Assert.Null(await Store.FindConversation(_key).GetHeadAsync());
        Assert.Null(await Store.GetSessionAsync(agent, _key));
    }

    [Fact]
    public async Task A_session_that_did_not_learn_its_key_keeps_the_conversation_of_its_own()
    {
        ChatClientAgent agent = Agent();
        var outer = new Delegating(Store);
        AgentSession session = await outer.GetOrCreateSessionAsync(agent, _key);
        await agent.RunAsync("1", session);
        await outer.SaveSessionAsync(agent, _key, session);
        session = await outer.GetOrCreateSessionAsync(agent, _key);
        await agent.RunAsync("2", session);
        await outer.SaveSessionAsync(agent, _key, session);
        Conversation own = History.FindConversation(session)!;
        Assert.NotEqual(Store.FindConversation(_key).Key, own.Key);
        Assert.Equal(4, (await own.GetHeadAsync())!.MessageCount);
        Assert.Equal(1, (await Store.FindConversation(_key).GetHeadAsync())!.Version);

        await outer.DeleteSessionAsync(agent, _key);
        Assert.Null(await own.GetHeadAsync());
    }

    private ConversationHistoryProvider History => field ??= new ConversationHistoryProvider(_client);

    private ChatClientAgent Agent(string? name = null) =>
        TestAgents.Of(new PlainModel(_ => new ChatMessage(ChatRole.Assistant, "answer")), History, options => options.Name = name);

    private sealed class Delegating(AgentSessionStore inner) : DelegatingAgentSessionStore(inner);
}

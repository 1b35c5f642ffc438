using System.Text.Json;
using OrleansMemory.Client.Agents;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Agents;

/// <summary>A thread outlives the process that it was made in.</summary>
public sealed class SuspendAndResumeTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task A_suspended_thread_is_resumed_on_another_host()
    {
        string state;
        await using (GrainHost first = await GrainHost.OnPostgresAsync(database.ConnectionString))
        {
            var agent = new ChatAgent(
                new ScriptedChatClient().Says("Nice to meet you, Ada."),
                new ChatAgentOptions { MessageStoreFactory = () => new ConversationChatMessageStore(Clients.Of(first).Get("suspended")) });
            AgentThread thread = agent.GetNewThread();
            await agent.RunAsync("My name is Ada.", thread);
            state = (await thread.SerializeAsync()).GetRawText();
            await first.StopAsync();
        }

        Assert.DoesNotContain("Ada", state, StringComparison.Ordinal);
        await using GrainHost second = await GrainHost.OnPostgresAsync(database.ConnectionString);
        var provider = new ScriptedProvider();
        ScriptedChatClient model = new ScriptedChatClient().Says("Ada.");
        var resuming = new ChatAgent(model, new ChatAgentOptions { ContextProviders = [provider] });
        AgentThread resumed = await resuming.DeserializeThreadAsync(JsonElement.Parse(state), conversations: Clients.Of(second));
        await resuming.RunAsync("What is my name?", resumed);

        Assert.Equal(["My name is Ada.", "Nice to meet you, Ada.", "What is my name?"], model.Requests[0].Texts);
        Assert.Equal(4, (await resumed.MessageStore!.ListMessagesAsync()).Count);
        Assert.Equal(2, provider.Calls.Count);
    }
}

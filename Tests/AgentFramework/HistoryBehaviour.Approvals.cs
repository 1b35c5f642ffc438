using System.Text.Json;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.AgentFramework;
using Xunit;

namespace OrleansMemory.Tests.AgentFramework;

public abstract partial class HistoryBehaviour
{
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task An_approval_that_comes_after_a_restart_runs_the_tool_once(bool streaming, bool approved)
    {
        var tool = new ApprovalRequiredAIFunction(Look);
        var model = new StrictChatClient(call => call.AnswersCalls ? StrictAnswer.Text("done") : StrictAnswer.Calls("look", "a"));
        ChatClientAgent agent = TestAgents.Of(model, History, tools: tool);
        AgentSession session = await SessionAsync(agent);
        AgentResponse asked = await agent.RunAsync(streaming, [TestAgents.User("1")], session);
        JsonElement state = await agent.SerializeSessionAsync(session);
        ToolApprovalRequestContent request = Assert.Single(
            asked.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>()
        );
        Assert.Equal(1, (await Conversation.GetHeadAsync())!.Version);

        ChatClientAgent again = TestAgents.Of(model, new ConversationHistoryProvider(Client), tools: tool);
        AgentSession resumed = await again.DeserializeSessionAsync(state);
        ChatMessage answer = new(ChatRole.User, [request.CreateResponse(approved)]);
        AgentResponse done = await again.RunAsync(streaming, [answer], resumed);
        Assert.Equal("done", done.Messages[^1].Text);
        Assert.Equal((approved ? 1 : 0, 2L), (_looks, (await Conversation.GetHeadAsync())!.Version));

        await again.RunAsync(streaming, [TestAgents.User("and?")], resumed);
        Assert.Equal("user[and?]", model.Calls[^1].Shorts.Last());
        Assert.Equal(["user[1]", "assistant[+a]", "tool[-a]", "assistant[done]", "user[and?]"], model.Calls[^1].Shorts);
    }

    [Fact]
    public async Task Where_the_session_was_lost_the_framework_takes_no_approval_and_the_next_question_works()
    {
        var tool = new ApprovalRequiredAIFunction(Look);
        var model = new StrictChatClient(call => call.Number == 1 ? StrictAnswer.Calls("look", "a") : StrictAnswer.Text("done"));
        ChatClientAgent agent = TestAgents.Of(model, History, tools: tool);
        AgentResponse asked = await agent.RunAsync("1", await SessionAsync(agent));
        ToolApprovalRequestContent request = Assert.Single(
            asked.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>()
        );
        AgentSession another = await SessionAsync(agent);
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            agent.RunAsync(new ChatMessage(ChatRole.User, [request.CreateResponse(true)]), another)
        );
        await agent.RunAsync("2", another);
        Assert.Equal(0, _looks);
        Assert.Equal(["user[1]", "user[2]"], model.Calls[1].Shorts);
    }

    [Fact]
    public async Task An_approval_that_is_posted_again_runs_no_tool_again()
    {
        var tool = new ApprovalRequiredAIFunction(Look);
        var model = new StrictChatClient(call => call.Number == 1 ? StrictAnswer.Calls("look", "a") : StrictAnswer.Text("done"));
        ChatClientAgent agent = TestAgents.Of(model, History, tools: tool);
        AgentSession session = await SessionAsync(agent);
        AgentResponse asked = await agent.RunAsync("1", session);
        ToolApprovalRequestContent request = Assert.Single(
            asked.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>()
        );
        for (int i = 0; i < 2; i++)
        {
            await agent.RunAsync(new ChatMessage(ChatRole.User, [request.CreateResponse(true)]), session);
        }

        Assert.Equal(1, _looks);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task With_persistence_per_service_call_each_call_is_a_turn_and_a_run_has_no_stored_answer(bool streaming)
    {
        // The framework changes what its inner client handed out, so the model is none of the strict ones.
        var model = new PlainModel(messages =>
        {
            ProviderRules.Demand(messages);
            return messages.Any(message => message.Role == ChatRole.Tool)
                ? new ChatMessage(ChatRole.Assistant, "done")
                : new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("a", "look")]);
        });
        ChatClientAgent agent = TestAgents.Of(
            model,
            History,
            options => (options.RequirePerServiceCallChatHistoryPersistence, options.AIContextProviders) = (true, [new Adding("a memory")]),
            Look
        );
        AgentSession session = await SessionAsync(agent);
        await agent.RunAsync(streaming, [TestAgents.User("1")], session, new AgentRunOptions().WithTurnId("t"));

        Assert.Equal(["user[1]", "assistant[+a]", "tool[-a]", "assistant[done]"], await LogAsync());
        Assert.Equal(2, (await Conversation.GetHeadAsync())!.Version);
        Assert.Equal(2, (await Conversation.GetTurnMessagesAsync("t"))!.Count);
        Assert.Throws<InvalidOperationException>(agent.WithDurableRuns);
    }
}

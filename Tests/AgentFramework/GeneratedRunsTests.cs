using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.AgentFramework;
using OrleansMemory.Client.Windows;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.AgentFramework;

/// <summary>Agents that talk, call tools, ask for approvals, fail and are asked again, by chance: the strict model takes every history, and
/// every run that was acknowledged is in the log once.</summary>
public sealed class GeneratedRunsTests(SharedHosts hosts)
{
    private const int Seeds = 40;
    private const int Runs = 12;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_acknowledged_run_is_there_once(bool onPostgres)
    {
        ConversationClient client = Clients.OfNewTenant(onPostgres ? await hosts.OnPostgresAsync() : await hosts.InMemoryAsync());
        foreach (int seed in Generated.Seeds(onPostgres ? Seeds / 8 : Seeds))
        {
            try
            {
                await new Script(client, seed).RunAsync();
            }
            catch (Exception failure)
            {
                Assert.Fail($"seed {seed}: {failure}");
            }
        }
    }

    private sealed class Script(ConversationClient client, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly List<(string TurnId, ChatMessage[] Input, string Answer)> _acknowledged = [];
        private readonly List<ToolApprovalRequestContent> _open = [];
        private int _said;

        private Conversation Conversation => client.Get(FormattableString.Invariant($"c{seed}"));

        public async Task RunAsync()
        {
            var model = new StrictChatClient(Answer);
            AIAgent agent = Make(model);
            AgentSession session = (await agent.CreateSessionAsync()).UseConversation(Conversation.Key);
            for (int i = 0; i < Runs; i++)
            {
                if (_random.Next(5) == 0)
                {
                    // The process is another one.
                    agent = Make(model);
                    session = await agent.DeserializeSessionAsync(await agent.SerializeSessionAsync(session));
                }

                await (_acknowledged.Count > 0 && _random.Next(4) == 0 ? RepeatAsync(agent, session, model) : StepAsync(agent, session, i));
            }

            await DemandAsync();
        }

        private AIAgent Make(StrictChatClient model)
        {
            AIFunction look = AIFunctionFactory.Create(() => "seen", "look"),
                ask = AIFunctionFactory.Create(() => "done", "ask");
            return TestAgents
                .Of(model, new ConversationHistoryProvider(client), tools: [look, new ApprovalRequiredAIFunction(ask)])
                .WithDurableRuns();
        }

        private StrictAnswer Answer(StrictCall call)
        {
            string id = FormattableString.Invariant($"{seed}-{call.Number}");
            StrictAnswer answer = _random.Next(call.AnswersCalls ? 3 : 6) switch
            {
                3 => StrictAnswer.Calls("look", id + "a", id + "b"),
                4 => StrictAnswer.Calls("ask", id),
                5 => StrictAnswer.Calls("look", id).Behind("let me see"),
                _ => StrictAnswer.Text("said ", id),
            };
            return answer with { Ids = (StrictIds)_random.Next(3), Failure = _random.Next(8) == 0 ? new TimeoutException() : null };
        }

        private async Task StepAsync(AIAgent agent, AgentSession session, int number)
        {
            ChatMessage[] input = [TestAgents.User(FormattableString.Invariant($"question {++_said}"))];
            if (_open.Count > 0 && _random.Next(3) > 0)
            {
                input = [new ChatMessage(ChatRole.User, [.. _open.Select(request => request.CreateResponse(_random.Next(3) > 0))])];
            }

            string turnId = FormattableString.Invariant($"turn {number}");
            AgentResponse response;
            try
            {
                response = await agent.RunAsync(_random.Next(2) == 0, input, session, new AgentRunOptions().WithTurnId(turnId));
            }
            catch (TimeoutException)
            {
                return;
            }

            _open.Clear();
            _open.AddRange(response.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>());
            _acknowledged.Add((turnId, input, Texts(response)));
        }

        private async Task RepeatAsync(AIAgent agent, AgentSession session, StrictChatClient model)
        {
            (string turnId, ChatMessage[] input, string answer) = _acknowledged[_random.Next(_acknowledged.Count)];
            int calls = model.Calls.Count;
            AgentResponse again = await agent.RunAsync(_random.Next(2) == 0, input, session, new AgentRunOptions().WithTurnId(turnId));
            Assert.Equal((answer, calls), (Texts(again), model.Calls.Count));
        }

        private async Task DemandAsync()
        {
            string[] log = await Conversation.GetHeadAsync() is null
                ? []
                : [.. (await Conversation.StreamMessagesAsync().ToListAsync()).Select(message => message.Message.Text)];
            string[] questions = [.. _acknowledged.Select(run => run.Input[0].Text).Where(text => text.Length > 0)];
            Assert.Equal(questions, log.Where(text => text.StartsWith("question", StringComparison.Ordinal)));
            Assert.Equal(
                _acknowledged.Select(run => run.Answer.Replace("let me see", "", StringComparison.Ordinal)).Where(text => text.Length > 0),
                log.Where(text => text.StartsWith("said", StringComparison.Ordinal))
            );
            IEnumerable<ConversationMessage> window = await Conversation.GetWindowAsync(
                new OrleansMemory.Client.Windows.ConversationWindow()
            );
            ProviderRules.Demand([.. window.Select(message => message.Message), TestAgents.User("next")]);
        }

        private static string Texts(AgentResponse response) => string.Concat(response.Messages.Select(message => message.Text));
    }
}

using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.AgentFramework;
using OrleansMemory.Client.Memories;
using OrleansMemory.Memories;

namespace OrleansMemory.Samples.TravelPlanning;

/// <summary>
/// The travel planning of Agent Framework's memory document: a thread of two runs, and then another thread. What was said is a thread's own
/// (short-term) memory; what is worth knowing next time goes to the long-term memory of the user, which all threads share. Between the two
/// runs the thread is suspended.
/// </summary>
public sealed class Trip : IDisposable
{
    private const string Planning = "Travel Planning";

    private readonly string _userId;
    private readonly TextWriter _output;
    private readonly ScriptedModel _model = new();
    private readonly ScopedMemories _memory;
    private readonly ConversationHistoryProvider _history;
    private readonly ConversationSessionStore _sessions;
    private readonly ChatClientAgent _agent;

    /// <summary>Makes the agent. Nothing of an earlier trip is held here.</summary>
    /// <param name="conversations">Where threads and memory are kept.</param>
    /// <param name="userId">Who travels.</param>
    /// <param name="output">Where to print who says what and what is remembered.</param>
    public Trip(ConversationClient conversations, string userId, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(conversations);
        (_userId, _output) = (userId, output);
        _memory = conversations.Memories(user: userId);
        _history = new ConversationHistoryProvider(conversations);
        _sessions = new ConversationSessionStore(conversations);
        _agent = new ChatClientAgent(
            _model,
            new ChatClientAgentOptions
            {
                Name = "TravelAssistant",
                ChatHistoryProvider = _history,

                // Records what is said, reminds the model of the facts that fit to a question, and lets it save what it finds worth
                // knowing.
                AIContextProviders =
                [
                    new LongTermMemoryProvider(
                        conversations,
                        _memory.Scope,
                        new LongTermMemoryProviderOptions
                        {
                            Mode = LongTermMemoryMode.Context | LongTermMemoryMode.Tools,
                            Kind = MemoryKind.Fact,
                        }
                    ),
                ],
            }
        );
    }

    /// <summary>The first run of the thread, which is then suspended.</summary>
    /// <returns>A task that ends when the thread is suspended.</returns>
    public async Task BeginAsync()
    {
        await _output.WriteLineAsync($"Thread: {Planning}");
        await RunAsync(Planning, 1, "I need to book a hotel in New York for 2 stays.");
    }

    /// <summary>The second run, which resumes the thread, and another thread.</summary>
    /// <returns>A task that ends after all runs.</returns>
    public async Task GoOnAsync()
    {
        await RunAsync(Planning, 2, "What's the daily meal allowance for the business trip?");
        await _output.WriteLineAsync("\nThread: Packing");
        await RunAsync("Packing", 1, "What do you know about my trip?");
    }

    /// <inheritdoc />
    public void Dispose() => _model.Dispose();

    private async Task RunAsync(string thread, int number, string question)
    {
        AgentSessionStoreKey key = new AgentSessionStoreKey(thread, null).WithPartition("user", _userId);
        AgentSession session = await _sessions.GetOrCreateSessionAsync(_agent, key);
        AgentResponse response = await _agent.RunAsync(question, session);
        await _sessions.SaveSessionAsync(_agent, key, session);
        ConversationPage said = await _history.FindConversation(session)!.GetMessagesAsync();
        await _output.WriteLineAsync(
            $"""

            Run {number}
            User's message: {question}
            The model was reminded of:{List(_model.Reminders)}
            Agent's message: {response.Messages[^1].Text}
            Thread now contains:{List(
                said.Messages.Select(message => message.Message).Where(message => message.Text.Length > 0).Select(Line)
            )}
            Memory now contains:{List(await FactsAsync())}
            """
        );
    }

    private static string Line(ChatMessage message) =>
        $"{(message.Role == ChatRole.User ? "User's message" : "Agent's message")}: {message.Text}";

    private static string List(IEnumerable<string> lines) =>
        string.Concat(lines.DefaultIfEmpty("nothing").Select(line => $"{Environment.NewLine}- {line}"));

    /// <summary>
    /// What the model has saved, oldest first. The turns that the provider recorded are memories too, and too long to print.
    /// </summary>
    private async Task<IEnumerable<string>> FactsAsync() =>
        (await _memory.ListAsync(new MemoryListQuery { Kind = MemoryKind.Fact })).Memories.Select(fact => $"\"{fact.Text}\"").Reverse();
}

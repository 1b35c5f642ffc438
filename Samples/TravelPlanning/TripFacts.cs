using Microsoft.Extensions.AI;
using OrleansMemory.Client.Agents;
using OrleansMemory.Client.Memory;

namespace OrleansMemory.Samples.TravelPlanning;

/// <summary>A long-term memory: learns a fact from each run and reminds every later run of it, in whichever thread.</summary>
/// <param name="memory">Where the facts of the user are kept, one message each; a fact is kept once, by its id.</param>
internal sealed class TripFacts(ConversationMemory memory) : ContextProvider
{
    // What a model would distil: which words mean which fact.
    private static readonly (string Words, string Fact)[] Rules =
    [
        ("New York", "Trip to New York"),
        ("daily meal allowance", "Daily meal allowance"),
    ];

    /// <inheritdoc />
    public override async ValueTask<Context> InvokingAsync(IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<ChatMessage> facts = await memory.GetMessagesAsync(cancellationToken: cancellationToken);
        return facts.Count == 0
            ? Context.Empty
            : new Context { Instructions = $"{DefaultContextPrompt}\n{string.Join('\n', facts.Select(fact => $"- {fact.Text}"))}" };
    }

    /// <inheritdoc />
    public override async ValueTask InvokedAsync(
        IReadOnlyList<ChatMessage> requestMessages,
        IReadOnlyList<ChatMessage>? responseMessages,
        Exception? invokeException,
        CancellationToken cancellationToken = default)
    {
        if (invokeException is not null)
        {
            return;
        }

        IEnumerable<ChatMessage> facts = Rules
            .Where(rule => requestMessages.Any(message => message.Text.Contains(rule.Words, StringComparison.Ordinal)))
            .Select(rule => new ChatMessage(ChatRole.User, rule.Fact) { MessageId = $"fact:{rule.Fact}" });
        await memory.AddAsync(facts, cancellationToken: cancellationToken);
    }
}

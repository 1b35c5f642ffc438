using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Agents;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Tests.Seeds;

/// <summary>
/// A small provider in the role that Mem0 has in the document: it keeps facts as globals of a conversation of the user's own, so that all threads of the user
/// share them.
/// </summary>
internal sealed class FactsOfUser(Conversation ofUser, params (string Heard, string Fact)[] notable) : ContextProvider
{
    /// <summary>What is remembered, in the order of its keys.</summary>
    public async Task<IReadOnlyList<string>> RecallAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            ImmutableArray<Entry> facts = await ofUser.GetEntriesAsync(EntrySpaces.Globals, cancellationToken);
            return [.. facts.Select(fact => JsonSerializer.Deserialize<string>(fact.Value)!)];
        }
        catch (ConversationNotFoundException)
        {
            return [];
        }
    }

    /// <inheritdoc />
    public override async ValueTask<Context> InvokingAsync(IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<string> memories = await RecallAsync(cancellationToken);
        return memories.Count == 0
            ? Context.Empty
            : new Context { Instructions = "## Memories\n" + string.Concat(memories.Select(memory => $"- {memory}\n")) };
    }

    /// <inheritdoc />
    public override async ValueTask InvokedAsync(
        IReadOnlyList<ChatMessage> requestMessages,
        IReadOnlyList<ChatMessage>? responseMessages,
        Exception? invokeException,
        CancellationToken cancellationToken = default)
    {
        if (responseMessages is null)
        {
            return;
        }

        string said = string.Join('\n', requestMessages.Select(message => message.Text));
        foreach ((int number, (string heard, string fact)) in notable.Index())
        {
            if (said.Contains(heard, StringComparison.Ordinal))
            {
                string key = FormattableString.Invariant($"{number}");
                await ofUser.SetEntryAsync(EntrySpaces.Globals, key, JsonSerializer.Serialize(fact), cancellationToken: cancellationToken);
            }
        }
    }
}

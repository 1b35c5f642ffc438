using System.Collections.Immutable;
using System.Text.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.MassGen;

public sealed partial class ConversationMemory
{
    /// <summary>Writes the whole memory as JSON, <c>{"messages":[…]}</c>; the messages in Microsoft.Extensions.AI's form, with their ids.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The state. It holds all content in the clear.</returns>
    public async Task<JsonElement> StateDictAsync(CancellationToken cancellationToken = default)
    {
        using var state = new MemoryStateWriter();
        try
        {
            await foreach (Message message in Conversation.StreamStoredMessagesAsync(cancellationToken: cancellationToken))
            {
                state.Add(message);
            }
        }
        catch (ConversationNotFoundException)
        {
            // An empty memory, or one that has just gone; what was read of it stays true.
        }

        return state.ToElement();
    }

    /// <summary>Replaces all messages with those of a state, as one turn. Entries and settings of the conversation stay.</summary>
    /// <param name="state">
    /// The state: of <see cref="StateDictAsync"/>, or of MassGen itself with messages such as <c>{"role":"user","content":"…","id":"…"}</c>; fields of a message
    /// that are not known here become extra properties. Calls and results as OpenAI's chat completions write them (<c>tool_calls</c>, <c>tool_call_id</c>, and <c>function_call</c> with the role
    /// <c>function</c>) become calls and results that belong together, content in parts becomes contents (with a part that is not known here, the whole is kept as an extra property, too), the
    /// role <c>developer</c> is stored as <c>system</c>, and ids may be numbers. Items that are no JSON objects are skipped.
    /// </param>
    /// <param name="reading">Whether the state must have <c>messages</c>.</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>A task that ends when it is durable.</returns>
    /// <remarks>Ids are taken as they are; a message without one gets one, as every stored message has an id here.</remarks>
    /// <exception cref="InvalidRequestException">The state is no such state. Nothing was changed.</exception>
    /// <exception cref="PayloadTooLargeException">There are too many messages for one turn, 10,000 by default, or too large ones.</exception>
    public async Task LoadStateDictAsync(
        JsonElement state, StateReading reading = StateReading.Strict, string? turnId = null, CancellationToken cancellationToken = default)
    {
        if (reading is not (StateReading.Strict or StateReading.Lenient))
        {
            throw new ArgumentOutOfRangeException(nameof(reading), reading, "Strict or Lenient is expected.");
        }

        ImmutableArray<NewMessage> messages = MemoryStateReader.Read(state, reading, Conversation.Format);
        try
        {
            await Conversation.CommitAsync(
                new Turn { TurnId = turnId ?? Conversation.NewTurnId(), KeepLast = 0, Messages = messages }, cancellationToken);
        }
        catch (ConversationNotFoundException)
        {
            // The empty state of a conversation that does not exist is what there is.
        }
    }
}

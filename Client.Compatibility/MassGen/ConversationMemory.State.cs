using System.Collections.Immutable;
using System.Text.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.MassGen;

public sealed partial class ConversationMemory
{
    /// <summary>
    /// Writes the whole memory as JSON, <c>{"messages":[…]}</c>; the messages in Microsoft.Extensions.AI's form, with their ids.
    /// </summary>
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

    /// <summary>Replaces all messages with those of a state. Entries and settings of the conversation stay.</summary>
    /// <param name="state">
    /// The state: of <see cref="StateDictAsync"/>, or of MassGen itself with messages such as
    /// <c>{"role":"user","content":"…","id":"…"}</c>; fields of a message that are not known here become extra properties. Calls and
    /// results as OpenAI's chat completions write them (<c>tool_calls</c>, <c>tool_call_id</c>, and <c>function_call</c> with the role
    /// <c>function</c>) become calls and results that belong together, content in parts becomes contents (with a part that is not known
    /// here, the whole is kept as an extra property, too), the role <c>developer</c> is stored as <c>system</c>, and ids may be numbers.
    /// Items that are no JSON objects are skipped.
    /// </param>
    /// <param name="reading">Whether the state must have <c>messages</c>.</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>A task that ends when it is durable.</returns>
    /// <remarks>
    /// <para>Ids are taken as they are; a message without one gets one, as every stored message has an id here.</para>
    /// <para>It is one turn as long as the state fits one. A larger state is appended ahead, in turns <c>id/1</c>, <c>id/2</c>…; then the
    /// turn <c>id</c> drops what was there before. Until then readers find the new messages behind the old ones. Sent again under its id it
    /// goes on where it stopped.</para>
    /// </remarks>
    /// <exception cref="InvalidRequestException">The state is no such state. Nothing was changed.</exception>
    /// <exception cref="PayloadTooLargeException">A message is too large. Nothing was changed.</exception>
    /// <exception cref="TurnConflictException">The turn id was used before with something else.</exception>
    /// <exception cref="VersionConflictException">
    /// Somebody else has committed a turn while a state that is larger than a turn was appended. The old messages are all there, and behind
    /// them what was appended by then; load the state under another id.
    /// </exception>
    public async Task LoadStateDictAsync(
        JsonElement state,
        StateReading reading = StateReading.Strict,
        string? turnId = null,
        CancellationToken cancellationToken = default
    )
    {
        if (reading is not (StateReading.Strict or StateReading.Lenient))
        {
            throw new ArgumentOutOfRangeException(nameof(reading), reading, "Strict or Lenient is expected.");
        }

        ImmutableArray<NewMessage> messages = MemoryStateReader.Read(state, reading, Conversation.Format);
        try
        {
            await ReplaceAsync(
                new Turn
                {
                    TurnId = turnId ?? Conversation.NewTurnId(),
                    KeepLast = 0,
                    Messages = messages,
                },
                cancellationToken
            );
        }
        catch (ConversationNotFoundException)
        {
            // The empty state of a conversation that does not exist is what there is.
        }
    }

    private async Task ReplaceAsync(Turn turn, CancellationToken cancellationToken)
    {
        TurnLimits limits = await Conversation.GetLimitsAsync(cancellationToken);
        if (TurnSize.Fits(turn, limits))
        {
            await Conversation.CommitAsync(turn, cancellationToken);
            return;
        }

        TurnSize.Require(turn.Messages, [], limits);
        var staging = new MessageStaging(Conversation, turn.TurnId);
        TurnReceipt? begun = await staging.FindAsync(cancellationToken);
        Head? head = await Conversation.GetHeadAsync(cancellationToken);
        long version = begun?.Version - 1 ?? head?.Version ?? 0;
        long last = begun?.FirstSequence - 1 ?? head?.LastSequence ?? 0;
        TurnReceipt appended = await staging.AppendAsync(TurnSize.Parts(turn.Messages, limits), version, cancellationToken);
        Turn drop = turn with { ExpectedVersion = appended.Version, KeepLast = turn.Messages.Length, Messages = [] };
        TurnReceipt receipt = await Conversation.CommitAsync(drop, cancellationToken);
        await DropStragglersAsync(turn.TurnId, receipt, last, limits, cancellationToken);
    }

    /// <summary>Drops old messages that were kept because the state begins with results of their calls.</summary>
    private async Task DropStragglersAsync(
        string turnId,
        TurnReceipt receipt,
        long last,
        TurnLimits limits,
        CancellationToken cancellationToken
    )
    {
        while (
            await Conversation.GetHeadAsync(cancellationToken) is { } head && head.Version == receipt.Version && head.FirstSequence <= last
        )
        {
            int count = (int)Math.Min(last - head.FirstSequence + 1, limits.MaxTurnMessages);
            var drop = new Turn
            {
                TurnId = FormattableString.Invariant($"{turnId}/to{head.FirstSequence + count - 1}"),
                ExpectedVersion = head.Version,
                DeleteSequences = [.. Enumerable.Range(0, count).Select(i => head.FirstSequence + i)],
            };
            receipt = await Conversation.CommitAsync(drop, cancellationToken);
        }
    }
}

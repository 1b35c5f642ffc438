using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.MassGen;

public sealed partial class ConversationMemory
{
    private const int IdDigits = 12;

    /// <summary>
    /// Adds one message; see <see cref="AddAsync(IEnumerable{ChatMessage}?, DuplicateHandling, string?, CancellationToken)"/>.
    /// </summary>
    /// <param name="message">The message; <see langword="null"/> adds nothing.</param>
    /// <param name="duplicates">What becomes of it when its id is stored already.</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>How many messages were added: 1 or 0.</returns>
    public Task<int> AddAsync(
        ChatMessage? message,
        DuplicateHandling duplicates = DuplicateHandling.Skip,
        string? turnId = null,
        CancellationToken cancellationToken = default
    ) => AddAsync(message is null ? null : [message], duplicates, turnId, cancellationToken);

    /// <summary>Adds messages, as one turn: all of them are durable when this returns, or none.</summary>
    /// <param name="messages">The messages, in order; <see langword="null"/> adds nothing.</param>
    /// <param name="duplicates">
    /// What becomes of messages whose id is stored already. When they are skipped, so is a message whose id an earlier one of the same call
    /// has; MassGen compares with stored messages only.
    /// </param>
    /// <param name="turnId">
    /// The turn's id; <see langword="null"/> makes a new one. Calling again with the same id and messages adds nothing twice, also after a
    /// crash.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>How many messages were added.</returns>
    /// <remarks>
    /// A message without an id gets one, <c>msg_</c> and 12 hexadecimal digits; the caller's own object is left alone. That no stored
    /// message has the ids that came with messages, or with a turn id, is a condition of the turn and is decided where the conversation
    /// lives: nothing is read for it, and however much others append meanwhile, an add does not fail because of it. When some are stored
    /// already, the others are committed by a second call.
    /// </remarks>
    /// <exception cref="TurnConflictException">The turn id was used before with other messages.</exception>
    /// <exception cref="PayloadTooLargeException">There are too many messages for one turn, or too large ones.</exception>
    public async Task<int> AddAsync(
        IEnumerable<ChatMessage>? messages,
        DuplicateHandling duplicates = DuplicateHandling.Skip,
        string? turnId = null,
        CancellationToken cancellationToken = default
    )
    {
        if (duplicates is not (DuplicateHandling.Skip or DuplicateHandling.Allow))
        {
            throw new ArgumentOutOfRangeException(nameof(duplicates), duplicates, "Skip or Allow is expected.");
        }

        if (messages is null)
        {
            return 0;
        }

        string turn = turnId ?? Conversation.NewTurnId();
        ImmutableArray<NewMessage> given = Conversation.Format.ToNewMessages(messages);
        HashSet<string> mayBeStored = [.. given.Where(message => message.Id is not null).Select(message => message.Id!)];
        given = [.. given.Select((message, i) => message with { Id = message.Id ?? NewId(turn, i) })];
        if (turnId is not null)
        {
            mayBeStored.UnionWith(given.Select(message => message.Id!));
        }

        string? fingerprint = turnId is null ? null : Fingerprint(given);
        return duplicates == DuplicateHandling.Skip && mayBeStored.Count > 0
            ? await AddUnknownAsync(given, mayBeStored, turn, fingerprint, cancellationToken)
            : await CommitAsync(
                new Turn
                {
                    TurnId = turn,
                    Messages = given,
                    Fingerprint = fingerprint,
                },
                cancellationToken
            );
    }

    /// <summary>Leaves out what turns out to be stored until the rest can be committed; each time it is less.</summary>
    private async Task<int> AddUnknownAsync(
        ImmutableArray<NewMessage> given,
        HashSet<string> mayBeStored,
        string turnId,
        string? fingerprint,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<NewMessage> unknown = [.. given.DistinctBy(message => message.Id, StringComparer.Ordinal)];
        while (true)
        {
            string[] ids = [.. unknown.Select(message => message.Id!).Where(mayBeStored.Contains)];
            var turn = new Turn
            {
                TurnId = turnId,
                Messages = unknown,
                Conditions = [.. ids.Select(TurnCondition.MessageAbsent)],
                Fingerprint = fingerprint,
            };
            try
            {
                return await CommitAsync(turn, cancellationToken);
            }
            catch (ConditionFailedException failure)
            {
                HashSet<string> stored = [.. failure.Failed.Select(place => ids[place])];
                unknown = unknown.RemoveAll(message => stored.Contains(message.Id!));
            }
        }
    }

    private async Task<int> CommitAsync(Turn turn, CancellationToken cancellationToken)
    {
        if (turn.Messages.IsEmpty)
        {
            return 0;
        }

        TurnReceipt receipt;
        try
        {
            receipt = await Conversation.CommitAsync(turn, cancellationToken);
        }
        catch (TurnConflictException) when (turn.Fingerprint is not null)
        {
            // The turn id is known. Turns of earlier builds are known by their payload, which had neither fingerprint nor conditions.
            receipt = await Conversation.CommitAsync(turn with { Fingerprint = null, Conditions = [] }, cancellationToken);
        }

        // A turn that comes again may have left out other messages when it was committed.
        return receipt is { Replayed: true, FirstSequence: { } first, LastSequence: { } last }
            ? (int)(last - first + 1)
            : turn.Messages.Length;
    }

    /// <summary>What a turn is known by that leaves out what is stored when it is committed: all that was given.</summary>
    private static string Fingerprint(ImmutableArray<NewMessage> given)
    {
        IEnumerable<string?> parts = given.SelectMany(message =>
            (string?[])
                [
                    message.Id,
                    message.Role,
                    message.Author,
                    message.Contents,
                    message.Metadata,
                    message.Created?.UtcTicks.ToString(CultureInfo.InvariantCulture),
                ]
        );
        return "memory-add:"
            + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ValueFormat.Default.Write(parts.ToArray(), "messages"))));
    }

    /// <summary>The same for the same turn, so that a turn that comes again has the same payload.</summary>
    private static string NewId(string turnId, int index)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{index}:{turnId}")));
        return "msg_" + Convert.ToHexStringLower(hash)[..IdDigits];
    }
}

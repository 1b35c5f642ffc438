using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Memory;

public sealed partial class ConversationMemory
{
    private const int IdDigits = 12;

    /// <summary>Adds one message; see <see cref="AddAsync(IEnumerable{ChatMessage}?, DuplicateHandling, string?, CancellationToken)"/>.</summary>
    /// <param name="message">The message; <see langword="null"/> adds nothing.</param>
    /// <param name="duplicates">What becomes of it when its id is stored already.</param>
    /// <param name="turnId">The turn's id; <see langword="null"/> makes a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>How many messages were added: 1 or 0.</returns>
    public Task<int> AddAsync(
        ChatMessage? message,
        DuplicateHandling duplicates = DuplicateHandling.Skip,
        string? turnId = null,
        CancellationToken cancellationToken = default) =>
        AddAsync(message is null ? null : [message], duplicates, turnId, cancellationToken);

    /// <summary>Adds messages, as one turn: all of them are durable when this returns, or none.</summary>
    /// <param name="messages">The messages, in order; <see langword="null"/> adds nothing.</param>
    /// <param name="duplicates">
    /// What becomes of messages whose id is stored already. When they are skipped, so is a message whose id an earlier one of the same call has; MassGen
    /// compares with stored messages only.
    /// </param>
    /// <param name="turnId">
    /// The turn's id; <see langword="null"/> makes a new one. Calling again with the same id and messages adds nothing twice, also after a crash.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>How many messages were added.</returns>
    /// <remarks>
    /// A message without an id gets one, <c>msg_</c> and 12 hexadecimal digits; the caller's own object is left alone. Only messages that came with an id, or a
    /// turn id, have to be compared with what is stored: this instance then reads the log once, page by page, and later only what has come since. The
    /// version that was compared with is the one that is written to; when somebody else was faster, it is compared again.
    /// </remarks>
    /// <exception cref="TurnConflictException">The turn id was used before with other messages.</exception>
    /// <exception cref="PayloadTooLargeException">There are too many messages for one turn, or too large ones.</exception>
    /// <exception cref="VersionConflictException">Others were faster a hundred times in a row. Nothing was added.</exception>
    public async Task<int> AddAsync(
        IEnumerable<ChatMessage>? messages,
        DuplicateHandling duplicates = DuplicateHandling.Skip,
        string? turnId = null,
        CancellationToken cancellationToken = default)
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
        bool mayBeStored = turnId is not null || given.Any(message => message.Id is not null);
        given = [.. given.Select((message, i) => message with { Id = message.Id ?? NewId(turn, i) })];
        return duplicates == DuplicateHandling.Skip && mayBeStored
            ? await _retry.ExecuteAsync(token => AddUnknownAsync(given, turn, token), cancellationToken)
            : await CommitAsync(given, turn, expectedVersion: null, cancellationToken);
    }

    private async Task<int> AddUnknownAsync(ImmutableArray<NewMessage> given, string turnId, CancellationToken cancellationToken)
    {
        (long version, IReadOnlySet<string> stored) = await _ids.FindAsync(given.Select(message => message.Id!), cancellationToken);
        ImmutableArray<NewMessage> unknown =
            [.. given.Where(message => !stored.Contains(message.Id!)).DistinctBy(message => message.Id, StringComparer.Ordinal)];
        return await CommitAsync(unknown, turnId, version, cancellationToken);
    }

    private async Task<int> CommitAsync(
        ImmutableArray<NewMessage> messages, string turnId, long? expectedVersion, CancellationToken cancellationToken)
    {
        if (!messages.IsEmpty)
        {
            await Conversation.CommitAsync(
                new Turn { TurnId = turnId, ExpectedVersion = expectedVersion, Messages = messages }, cancellationToken);
        }

        return messages.Length;
    }

    /// <summary>The same for the same turn, so that a turn that comes again has the same payload.</summary>
    private static string NewId(string turnId, int index)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{index}:{turnId}")));
        return "msg_" + Convert.ToHexStringLower(hash)[..IdDigits];
    }
}

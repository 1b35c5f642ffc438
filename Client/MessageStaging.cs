using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client;

/// <summary>
/// Appends more messages than one turn may hold, ahead of the turn whose messages they are: in turns <c>id/1</c>, <c>id/2</c>… of their
/// own. Sent again they are found again, so whoever was cut off goes on where it stopped.
/// </summary>
/// <param name="turnId">The id of the turn that they belong to.</param>
internal sealed class MessageStaging(Conversation conversation, string turnId)
{
    private const int MaxTurnIdBytes = 256;

    /// <summary>Whether something has been appended, now or by an earlier attempt.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Asks whether an earlier attempt has begun.</summary>
    /// <returns>What its first turn was answered with; <see langword="null"/> when there was none.</returns>
    public async Task<TurnReceipt?> FindAsync(CancellationToken cancellationToken)
    {
        TurnReceipt? first = await conversation.GetTurnAsync(IdOf(1), cancellationToken);
        HasBegun |= first is not null;
        return first;
    }

    /// <summary>Appends messages.</summary>
    /// <param name="parts">The messages, divided into turns; see <see cref="TurnSize.Parts"/>.</param>
    /// <param name="expectedVersion">
    /// The version that the first turn makes the next one of; each other turn makes the next one of that before it, so that nothing of
    /// others is among the messages. <see langword="null"/> takes any versions.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>What the last turn was answered with.</returns>
    /// <exception cref="VersionConflictException">Somebody else has committed a turn in between.</exception>
    /// <exception cref="TurnConflictException">A turn id was used before with other messages, or at another place.</exception>
    public async Task<TurnReceipt> AppendAsync(
        IEnumerable<ImmutableArray<NewMessage>> parts,
        long? expectedVersion,
        CancellationToken cancellationToken
    )
    {
        TurnReceipt? last = null;
        int number = 0;
        foreach (ImmutableArray<NewMessage> part in parts)
        {
            number++;
            var turn = new Turn
            {
                TurnId = IdOf(number),
                ExpectedVersion = expectedVersion,
                Messages = part,
            };
            last = await conversation.CommitAsync(turn, cancellationToken);
            HasBegun = true;
            if (expectedVersion is { } expected && last.Version != expected + 1)
            {
                throw new TurnConflictException(turn.TurnId, last.Version);
            }

            expectedVersion += 1;
        }

        return last ?? throw new ArgumentException("There is nothing to append.", nameof(parts));
    }

    private string IdOf(int number)
    {
        string id = FormattableString.Invariant($"{turnId}/{number}");
        return Encoding.UTF8.GetByteCount(id) <= MaxTurnIdBytes
            ? id
            : FormattableString.Invariant($"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(turnId)))}/{number}");
    }
}

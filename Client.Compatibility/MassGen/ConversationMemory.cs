using System.Collections.Immutable;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.MassGen;

/// <summary>
/// The short-term memory of an agent: the log of one conversation, as MassGen's <c>ConversationMemory</c> sees it. It is durable, and what
/// it writes every other API of the conversation reads. A conversation that does not exist is an empty memory.
/// </summary>
/// <remarks>
/// <para>Ports MassGen's <c>massgen/memory/_conversation.py</c>. Not ported: truncating to 0 kept everything, truncating to a negative size
/// dropped the oldest messages, and deleting by a lazily evaluated sequence deleted nothing. Its <c>retrieve</c>, which always failed, is
/// left out.</para>
/// <para>An instance holds nothing of the conversation. It may be shared; several instances, in several processes, may work on one
/// conversation at the same time.</para>
/// <para>Every method throws what <see cref="OrleansMemory.Client.Conversation"/> throws. Messages are kept until they are deleted,
/// truncated or expire, and are neither redacted nor encrypted. What comes back was written by users and models: treat it as
/// untrusted.</para>
/// </remarks>
public sealed partial class ConversationMemory
{
    private const int MostAttempts = 100;

    /// <summary>Makes the memory of a conversation. Nothing is read or created by this.</summary>
    /// <param name="conversation">The conversation.</param>
    public ConversationMemory(Conversation conversation)
    {
        ArgumentNullException.ThrowIfNull(conversation);
        Conversation = conversation;
    }

    /// <summary>The conversation.</summary>
    public Conversation Conversation { get; }

    /// <summary>Counts the messages.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many there are, 0 or more.</returns>
    public async Task<long> GetSizeAsync(CancellationToken cancellationToken = default) =>
        (await Conversation.GetHeadAsync(cancellationToken))?.MessageCount ?? 0;

    /// <summary>Reads messages, oldest first.</summary>
    /// <param name="limit">
    /// At most so many of the newest, as a model may be given them: a tool call and its results are in it together or not at all, results
    /// stand directly behind their calls, and what lacks its other half is left out, as in a <see cref="ConversationWindow"/>.
    /// <see langword="null"/>, 0 or less reads all messages raw, as the log holds them, however many there are: their places are those that
    /// <see cref="DeleteAsync(int, CancellationToken)"/> takes. For a model take
    /// <see cref="ConversationWindowExtensions"/> (<c>GetWindowAsync</c>) then.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Copies of the messages.</returns>
    public async Task<IReadOnlyList<ChatMessage>> GetMessagesAsync(int? limit = null, CancellationToken cancellationToken = default)
    {
        if (limit is not > 0)
        {
            return await ReadAsync(new MessageQuery { After = 0 }, cancellationToken);
        }

        LoadedWindow window = await Conversation.LoadWindowAsync(ConversationWindow.Newest(limit), [], cancellationToken);
        return [.. window.Messages.Select(message => message.Message)];
    }

    /// <summary>Reads the newest message, raw, as the log holds it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A copy of it; <see langword="null"/> when there is none.</returns>
    public async Task<ChatMessage?> GetLastMessageAsync(CancellationToken cancellationToken = default) =>
        (await ReadAsync(new MessageQuery { Limit = 1 }, cancellationToken)).SingleOrDefault();

    /// <summary>Reads the messages of a role, oldest first, raw, as the log holds them.</summary>
    /// <param name="role">The role. It is compared exactly: no message has the role <c>User</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Copies of the messages.</returns>
    public Task<IReadOnlyList<ChatMessage>> GetMessagesByRoleAsync(ChatRole role, CancellationToken cancellationToken = default) =>
        MessageRoles.IsKnown(role.Value)
            ? ReadAsync(new MessageQuery { After = 0, Role = role.Value }, cancellationToken)
            : Task.FromResult<IReadOnlyList<ChatMessage>>([]);

    /// <summary>
    /// Drops all but the newest messages, as one turn. A tool call is never separated from its result, so a few more may stay.
    /// </summary>
    /// <param name="maxMessages">How many messages to keep, 0 or more; 0 drops all of them.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>A task that ends when it is durable. Nothing is written when there are no more messages than that.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public async Task TruncateToSizeAsync(int maxMessages, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxMessages);
        if (await GetSizeAsync(cancellationToken) <= maxMessages)
        {
            return;
        }

        try
        {
            await Conversation.TruncateAsync(maxMessages, cancellationToken: cancellationToken);
        }
        catch (ConversationNotFoundException)
        {
            // It has gone in the meantime: there is nothing left to drop.
        }
    }

    /// <summary>Drops all messages, as one turn. Entries and settings of the conversation stay.</summary>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>A task that ends when it is durable.</returns>
    public Task ClearAsync(CancellationToken cancellationToken = default) => TruncateToSizeAsync(0, cancellationToken);

    /// <summary>Deletes one message; see <see cref="DeleteAsync(IEnumerable{int}, CancellationToken)"/>.</summary>
    /// <param name="index">Its place, counted from 0.</param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>A task that ends when it is durable.</returns>
    /// <exception cref="MessageIndexException">There is no such message.</exception>
    public Task DeleteAsync(int index, CancellationToken cancellationToken = default) => DeleteAsync([index], cancellationToken);

    /// <summary>Deletes messages by their places, as one turn: all of them or, where one does not exist, none.</summary>
    /// <param name="indices">
    /// Their places in the log as it is now, counted from 0. Naming one twice is no error; none at all deletes nothing.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, not a turn that is already on its way.</param>
    /// <returns>A task that ends when it is durable.</returns>
    /// <remarks>
    /// Deleting the oldest messages is cheap. Deleting from within writes what is left again, with new sequences; see
    /// <see cref="Turn.DeleteSequences"/>. A tool call may be deleted without its result.
    /// </remarks>
    /// <exception cref="MessageIndexException">There are no such messages.</exception>
    /// <exception cref="PayloadTooLargeException">More messages are left than one turn may write: truncate first.</exception>
    public Task DeleteAsync(IEnumerable<int> indices, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(indices);
        int[] wanted = [.. indices];
        return wanted.Length == 0 ? Task.CompletedTask : DeletePlacesAsync(wanted, cancellationToken);
    }

    /// <summary>
    /// A place is pinned by the sequence that the message there has, so appends do not matter. Only when others have dropped the message or
    /// written it again in between, the place is looked up anew.
    /// </summary>
    private async Task DeletePlacesAsync(int[] wanted, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await DeleteOnceAsync(wanted, cancellationToken);
                return;
            }
            catch (MemoryException failure) when (attempt < MostAttempts && HasMovedOn(failure))
            {
                // Somebody else's deletion was committed: it may be tried again at once.
            }
        }
    }

    private static bool HasMovedOn(MemoryException failure) =>
        failure is ConversationNotFoundException
        || (failure is InvalidRequestException invalid && invalid.Parameter.StartsWith("deleteSequences[", StringComparison.Ordinal));

    private async Task<TurnReceipt> DeleteOnceAsync(int[] wanted, CancellationToken cancellationToken)
    {
        Head? head = await Conversation.GetHeadAsync(cancellationToken);
        long count = head?.MessageCount ?? 0;
        ImmutableArray<int> unknown = [.. wanted.Where(index => index < 0 || index >= count)];
        if (head is null || unknown.Length > 0)
        {
            throw new MessageIndexException(unknown, count);
        }

        var turn = new Turn
        {
            TurnId = Conversation.NewTurnId(),
            ExpectedLife = head.CreatedAt,
            DeleteSequences = [.. wanted.Select(index => head.FirstSequence + index)],
        };
        return await Conversation.CommitAsync(turn, cancellationToken);
    }

    private async Task<IReadOnlyList<ChatMessage>> ReadAsync(MessageQuery query, CancellationToken cancellationToken)
    {
        var messages = new List<ChatMessage>();
        try
        {
            await foreach (ConversationMessage message in Conversation.StreamMessagesAsync(query, cancellationToken))
            {
                messages.Add(message.Message);
            }
        }
        catch (ConversationNotFoundException)
        {
            messages.Clear();
        }

        return messages;
    }
}

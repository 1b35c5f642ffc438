using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Errors;

namespace OrleansMemory.Client.Windows;

// The reducer contract of Microsoft.Extensions.AI is still marked experimental.
#pragma warning disable MEAI001

/// <summary>
/// The part of a conversation that goes to a model: the newest messages that fit the bounds, in an order that every provider takes. What is
/// stored stays as it is. The same messages and bounds always give the same window, and larger bounds never lose a message of it.
/// </summary>
/// <remarks>
/// <para><b>System messages</b> are kept, wherever they stand, and count first. If they alone do not fit, that is a <see
/// cref="WindowTooSmallException"/>.</para>
/// <para><b>Tool calls and their results</b> stay together or go together. They stand where the calls stand, each result directly behind
/// its message of calls, however late it came and whatever came between. A result answers the newest open call of its id. A call without a
/// result, a result without a call and a second result of one call are left out; what else their messages say is kept. Where a call id is
/// used again, the older call and its result get another id. A message that would mix results with something else becomes several.</para>
/// <para>
/// <b>Messages that say nothing</b>, neither a text nor data nor anything else but reasoning, are left out; so is a tool message without
/// results.
/// </para>
/// <para><b>New input</b> that comes with the messages decides what else is kept: calls whose results are in it, and approval requests that
/// it answers. They stand at the end, directly before the input. They are looked for among the newest 2,000 messages.</para>
/// <para><b>Approval requests</b> that the input does not answer are left out, and so is every answer of before: what has been approved or
/// rejected stands there as a call with its result. An answer to a request that is not known, or whose call has a result already, is left
/// out of what a run sends.</para>
/// <para><b>Over the bounds</b> go only the newest user message (among the newest 2,000), the input with what it answers, and without input
/// the last message: a model that is asked nothing cannot answer.</para>
/// <para><b>Holes:</b> calls that stand before the window are left out of it with their results, though these may be newer than others that
/// are in. A bounded window ends where of 10,000 messages in a row none may be shown.</para>
/// </remarks>
public sealed class ConversationWindow : IChatReducer
{
    /// <summary>Makes a window.</summary>
    /// <param name="options">Its bounds; they are read once. <see langword="null"/> takes the defaults.</param>
    /// <exception cref="ArgumentException">A bound is out of its range.</exception>
    public ConversationWindow(ConversationWindowOptions? options = null)
    {
        options ??= new ConversationWindowOptions();
        var failures = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), failures, validateAllProperties: true))
        {
            throw new ArgumentException(string.Join(' ', failures.Select(failure => failure.ErrorMessage)), nameof(options));
        }

        Budget = new WindowBudget(options.MaxMessages, options.MaxTokens, options.MaxBytes);
        CountTokens = options.CountTokens ?? TokenEstimate.Of;
    }

    private ConversationWindow(WindowBudget budget)
    {
        Budget = budget;
        CountTokens = TokenEstimate.Of;
        IsPlain = true;
    }

    /// <summary>All messages, without bounds.</summary>
    internal static ConversationWindow Everything { get; } = new(default(WindowBudget));

    /// <summary>Whether all messages count alike; see <see cref="WindowRules"/>.</summary>
    internal bool IsPlain { get; }

    /// <summary>The bounds.</summary>
    internal WindowBudget Budget { get; }

    /// <summary>Counts the tokens of a text.</summary>
    internal Func<string, int> CountTokens { get; }

    /// <summary>Chooses from messages.</summary>
    /// <param name="messages">All messages, oldest first.</param>
    /// <returns>Those of the window; the same instances, and copies of those of which something is left out.</returns>
    /// <exception cref="WindowTooSmallException">The system messages alone do not fit.</exception>
    public IReadOnlyList<ChatMessage> Reduce(IEnumerable<ChatMessage> messages) => Reduce(messages, []);

    /// <summary>Chooses from messages what goes before new input.</summary>
    /// <param name="messages">All messages before the input, oldest first.</param>
    /// <param name="newInput">The input. It counts; where the bounds leave no room for it, it is kept all the same.</param>
    /// <returns>The messages of the window without the input. A call that the input answers is the last of them.</returns>
    /// <exception cref="WindowTooSmallException">The system messages alone do not fit.</exception>
    public IReadOnlyList<ChatMessage> Reduce(IEnumerable<ChatMessage> messages, IEnumerable<ChatMessage> newInput)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(newInput);
        AskedMessages asked = Ask([.. messages], [.. newInput]);
        return [.. asked.History, .. asked.Awaiting];
    }

    /// <inheritdoc />
    public Task<IEnumerable<ChatMessage>> ReduceAsync(IEnumerable<ChatMessage> messages, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IEnumerable<ChatMessage>>(Reduce(messages));
    }

    /// <summary>A window of the newest messages, all of which count alike; see <see cref="WindowRules"/>.</summary>
    /// <param name="messages">The most messages; <see langword="null"/> for all.</param>
    internal static ConversationWindow Newest(long? messages) => new(new WindowBudget(messages, null, null));

    /// <summary>Chooses from messages, and puts the input behind them.</summary>
    /// <param name="messages">All messages before the input, oldest first.</param>
    /// <returns>What a model is to be sent.</returns>
    /// <exception cref="WindowTooSmallException">The system messages alone do not fit.</exception>
    internal AskedMessages Ask(IReadOnlyList<ChatMessage> messages, IReadOnlyList<ChatMessage> newInput)
    {
        WindowItem[] items = [.. messages.Concat(newInput).Select(message => WindowItem.Of(message, CountTokens))];
        WindowPlan plan = WindowPlan.Make(items, messages.Count, Rules(reserved: default));
        return AskedMessages.Of(plan, messages, newInput);
    }

    /// <summary>The rules by which it is chosen.</summary>
    /// <param name="reserved">What else must fit.</param>
    internal WindowRules Rules(WindowSize reserved) => new(Budget, reserved, CountTokens, IsPlain);
}

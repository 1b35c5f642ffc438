using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Errors;

namespace OrleansMemory.Client.Windows;

// The reducer contract of Microsoft.Extensions.AI is still marked experimental.
#pragma warning disable MEAI001

/// <summary>
/// The part of a conversation that goes to a model: the newest messages that fit the bounds, in their order. It chooses and changes
/// nothing: what is stored stays as it is.
/// The same messages and bounds always give the same window, and larger bounds never lose a message of it.
/// </summary>
/// <remarks>
/// <para><b>System messages</b> are kept, wherever they stand, and count first. If they alone do not fit, that is a <see
/// cref="WindowTooSmallException"/>.</para>
/// <para><b>Tool calls and their results</b> stay together or go together, also where one message calls several tools, results are spread
/// over several messages, or a result
/// comes with a further call. A result whose call is not there is left out, with its message. A call without a result is kept only at the
/// very end, where a run
/// waits for it; elsewhere its message is left out, and what belongs to it.</para>
/// <para><b>Over the bounds</b> go only the newest user message and the last message, each with what it belongs to: a model that is asked
/// nothing cannot answer.</para>
/// <para><b>Holes:</b> a group of messages that begins before the window is left out of it, though its last message may be newer than
/// others that are in.</para>
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

    /// <summary>The bounds.</summary>
    internal WindowBudget Budget { get; }

    /// <summary>Counts the tokens of a text.</summary>
    internal Func<string, int> CountTokens { get; }

    /// <summary>Chooses from messages.</summary>
    /// <param name="messages">All messages, oldest first.</param>
    /// <returns>Those of the window, in the same order; the same instances.</returns>
    /// <exception cref="WindowTooSmallException">The system messages alone do not fit.</exception>
    public IReadOnlyList<ChatMessage> Reduce(IEnumerable<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        List<ChatMessage> all = [.. messages];
        WindowItem[] items = [.. all.Select(message => WindowItem.Of(message, CountTokens))];
        WindowPlan plan = WindowPlan.Make(items, items.Length, Budget, reserved: default);
        return [.. all.Where((_, i) => plan.Keeps(i))];
    }

    /// <inheritdoc />
    public Task<IEnumerable<ChatMessage>> ReduceAsync(IEnumerable<ChatMessage> messages, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IEnumerable<ChatMessage>>(Reduce(messages));
    }
}

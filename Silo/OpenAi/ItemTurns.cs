using System.Text.RegularExpressions;
using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>Commits items, and names what the grain refuses as the request has it.</summary>
internal static partial class ItemTurns
{
    /// <summary>Appends items, as one turn.</summary>
    /// <param name="conversation">The conversation, which must exist.</param>
    /// <param name="items">The items, at least one.</param>
    /// <param name="turnId">The turn's id.</param>
    /// <param name="fingerprint">What a request that sends the turn's id again must match.</param>
    /// <returns>The items as they are stored: of a turn that was committed before, those of that time.</returns>
    /// <exception cref="Errors.ProblemException">An item has an id that one of the conversation has.</exception>
    public static async Task<IReadOnlyList<ConversationItem>> AppendAsync(
        Conversation conversation,
        IReadOnlyList<WrittenItem> items,
        string turnId,
        string fingerprint,
        CancellationToken cancellationToken
    )
    {
        (WrittenItem Item, int Index)[] given =
        [
            .. items.Select(static (item, index) => (item, index)).Where(static one => one.item.HasGivenId),
        ];
        var turn = new Turn
        {
            TurnId = turnId,
            Fingerprint = fingerprint,
            MustExist = true,
            Messages = [.. items.Select(static item => item.Message)],
            Conditions = [.. given.Select(static one => TurnCondition.MessageAbsent(one.Item.Message.Id!))],
        };
        TurnReceipt receipt;
        try
        {
            receipt = await CommitAsync(conversation, turn, cancellationToken);
        }
        catch (ConditionFailedException failure)
        {
            throw OpenAiProblem.Invalid(
                "duplicate_item",
                FormattableString.Invariant($"items[{given[failure.Failed[0]].Index}].id"),
                "The conversation has an item of this id."
            );
        }

        return receipt.Replayed
            ? await ReadAsync(conversation, turnId, cancellationToken)
            : [.. items.SelectMany(static item => MessageItems.Of(item.Message))];
    }

    /// <summary>Commits a turn. Errors name items in the place of messages.</summary>
    public static async Task<TurnReceipt> CommitAsync(Conversation conversation, Turn turn, CancellationToken cancellationToken)
    {
        try
        {
            return await conversation.CommitAsync(turn, cancellationToken);
        }
        catch (InvalidRequestException failure) when (Rename(failure.Parameter) is { } name)
        {
            throw new InvalidRequestException(name, failure.Message.Replace(failure.Parameter, name, StringComparison.Ordinal));
        }
        catch (JsonTooDeepException failure) when (Rename(failure.Parameter) is { } name)
        {
            throw new JsonTooDeepException(name, failure.Depth, failure.Limit);
        }
        catch (PayloadTooLargeException failure) when (Rename(failure.Parameter) is { } name)
        {
            throw new PayloadTooLargeException(name, failure.Actual, failure.Limit, failure.Unit);
        }
    }

    private static async Task<IReadOnlyList<ConversationItem>> ReadAsync(
        Conversation conversation,
        string turnId,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<Message> messages =
            await conversation.GetStoredTurnMessagesAsync(turnId, cancellationToken)
            ?? throw new ConversationNotFoundException(conversation.Key);
        return [.. messages.SelectMany(static message => MessageItems.Of(message))];
    }

    // An item is one message; which of its parts is the grain's own word for it.
    private static string? Rename(string parameter) =>
        Indexed().Match(parameter) is { Success: true } match ? $"items[{match.Groups["index"].Value}]" : null;

    [GeneratedRegex(@"\Amessages\[(?<index>[0-9]{1,9})\]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Indexed();
}

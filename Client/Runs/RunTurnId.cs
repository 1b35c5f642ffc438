using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Windows;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Runs;

/// <summary>The turn ids of runs.</summary>
internal static class RunTurnId
{
    /// <summary>What a caller's id may have in bytes, so that there is room for what is added to it.</summary>
    public const int MaxBytes = 232;

    /// <summary>How many times what is left of a run is stored, where it fails again and again under one id.</summary>
    public const int MostPartial = 9;

    private const int MaxTurnIdBytes = 256;

    /// <summary>The caller's id for a call of the model, if it gave one.</summary>
    /// <param name="input">Its messages.</param>
    /// <returns>
    /// The id; where the messages end with tool results, one derived from it and from the calls they answer, because then this is a further
    /// call of one run.
    /// <see langword="null"/> when the caller gave none.
    /// </returns>
    /// <exception cref="InvalidRequestException">The id is no text, or not a valid one.</exception>
    public static string? Of(ChatOptions? options, IReadOnlyList<ChatMessage> input)
    {
        object? given = null;
        if (options?.AdditionalProperties?.TryGetValue(ConversationChatClient.TurnIdProperty, out given) is not true || given is null)
        {
            return null;
        }

        return Of(Require(given), input);
    }

    /// <summary>The id of a call of the model, where a run may have several.</summary>
    /// <param name="turnId">The run's id.</param>
    /// <param name="input">The messages of the call.</param>
    /// <returns>The id; where the messages end with answers to calls, one that is derived from it and from them.</returns>
    public static string Of(string turnId, IReadOnlyList<ChatMessage> input)
    {
        string[] answered = Answered(input);
        return answered.Length == 0 ? turnId : $"{turnId}#{Hash(answered)}";
    }

    /// <summary>Checks a run's id.</summary>
    /// <param name="given">What a caller gave.</param>
    /// <exception cref="InvalidRequestException">It is no text, or not a valid one.</exception>
    public static string Require(object? given)
    {
        if (
            given is not string { Length: > 0 } turnId
            || Encoding.UTF8.GetByteCount(turnId) > MaxBytes
            || turnId.Contains('\0', StringComparison.Ordinal)
        )
        {
            throw new InvalidRequestException(
                ConversationChatClient.TurnIdProperty,
                FormattableString.Invariant($"A run's turn id must be a text of 1 to {MaxBytes} bytes of UTF-8, without U+0000.")
            );
        }

        WellFormedText.Require(turnId, ConversationChatClient.TurnIdProperty);
        return turnId;
    }

    /// <summary>The id of a run that its caller did not name and whose answer is made in the background.</summary>
    /// <param name="token">The first token that asks for its rest.</param>
    public static string Of(ResponseContinuationToken token) => "background_" + BackgroundRuns.NameOf(token);

    /// <summary>The id under which what is left of a failed run is stored.</summary>
    /// <param name="turnId">The run's id.</param>
    /// <param name="attempt">Which of the run's failures it is, 1 to <see cref="MostPartial"/>.</param>
    public static string Partial(string turnId, int attempt)
    {
        string suffix = attempt == 1 ? "#partial" : FormattableString.Invariant($"#partial{attempt}");
        return Encoding.UTF8.GetByteCount(turnId) + suffix.Length <= MaxTurnIdBytes
            ? turnId + suffix
            : FormattableString.Invariant($"{turnId}#p{attempt}");
    }

    /// <summary>The calls that are answered behind the last thing the model said, in an order that does not depend on which tool was ready
    /// first.</summary>
    private static string[] Answered(IReadOnlyList<ChatMessage> input) =>
        [
            .. input
                .Reverse()
                .TakeWhile(message => message.Role != ChatRole.Assistant)
                .SelectMany(message => ToolUse.In(message.Contents))
                .Where(use => use.Answers)
                .Select(use => use.Id)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    private static string Hash(string[] ids)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string id in ids)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(id);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}

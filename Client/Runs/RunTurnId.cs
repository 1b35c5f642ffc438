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

    private const string PartialSuffix = "#partial";

    /// <summary>The caller's id for a call of the model, if it gave one.</summary>
    /// <param name="options">The options of the call.</param>
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

        if (given is not string { Length: > 0 } turnId || Encoding.UTF8.GetByteCount(turnId) > MaxBytes || turnId.Contains('\0', StringComparison.Ordinal))
        {
            throw new InvalidRequestException(
                ConversationChatClient.TurnIdProperty, FormattableString.Invariant($"A run's turn id must be a text of 1 to {MaxBytes} bytes of UTF-8, without U+0000."));
        }

        WellFormedText.Require(turnId, ConversationChatClient.TurnIdProperty);
        string[] answered = Answered(input);
        return answered.Length == 0 ? turnId : $"{turnId}#{Hash(answered)}";
    }

    /// <summary>The id under which what is left of a failed run is stored.</summary>
    /// <param name="turnId">The run's id.</param>
    /// <returns>The id.</returns>
    public static string Partial(string turnId) => turnId + PartialSuffix;

    /// <summary>The calls that are answered behind the last thing the model said, in an order that does not depend on which tool was ready
    /// first.</summary>
    private static string[] Answered(IReadOnlyList<ChatMessage> input) =>
    [
        .. input.Reverse().TakeWhile(message => message.Role != ChatRole.Assistant)
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

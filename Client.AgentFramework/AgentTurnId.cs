using System.Security.Cryptography;
using System.Text;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Runs;

namespace OrleansMemory.Client.AgentFramework;

/// <summary>The turn ids of agents' runs.</summary>
internal static class AgentTurnId
{
    /// <summary>What of the messages of a call is the caller's, and not history or context.</summary>
    public static IReadOnlyList<ChatMessage> InputOf(IEnumerable<ChatMessage> messages) => [.. messages.Where(IsInput)];

    /// <summary>Whether a message is the caller's.</summary>
    public static bool IsInput(ChatMessage message) => message.GetAgentRequestMessageSourceType() == AgentRequestMessageSourceType.External;

    /// <summary>The turn id of a run.</summary>
    /// <param name="options">The run's options.</param>
    /// <returns>
    /// The caller's id, or one that is derived from the ids of the input's messages; where the input ends with answers to calls or
    /// approvals, one that is derived from it and from those. <see langword="null"/> when nothing names the run.
    /// </returns>
    public static string? Of(AgentRunOptions? options, IReadOnlyList<ChatMessage> input)
    {
        object? given = null;
        _ = options?.AdditionalProperties?.TryGetValue(ConversationChatClient.TurnIdProperty, out given);
        return (given is null ? Derived(input) : RunTurnId.Require(given)) is { } turnId ? RunTurnId.Of(turnId, input) : null;
    }

    private static string? Derived(IReadOnlyList<ChatMessage> input)
    {
        if (input.Count == 0 || input.Any(message => string.IsNullOrEmpty(message.MessageId)))
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ChatMessage message in input)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(message.MessageId!);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return $"messages_{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16))}";
    }
}

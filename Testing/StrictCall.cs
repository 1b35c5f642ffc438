using Microsoft.Extensions.AI;

namespace OrleansMemory.Testing;

/// <summary>One call of a strict model.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Messages">What it was sent.</param>
/// <param name="Options">With which options.</param>
public sealed record StrictCall(int Number, IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)
{
    /// <summary>The messages in short, see <see cref="ProviderRules.Short"/>.</summary>
    public IEnumerable<string> Shorts => Messages.Select(ProviderRules.Short);

    /// <summary>Whether the newest message holds tool results.</summary>
    public bool AnswersCalls => Messages[^1].Role == ChatRole.Tool;
}

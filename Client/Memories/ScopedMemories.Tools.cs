using System.ComponentModel;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Memories;

namespace OrleansMemory.Client.Memories;

public sealed partial class ScopedMemories
{
    // Line breaks in a result are tokens that say nothing.
    private static readonly JsonSerializerOptions ToolOptions = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    /// <summary>
    /// The two tools by which a model keeps its own memory: <c>save_to_memory</c> records facts, all of them or none, and
    /// <c>recall_from_memory</c> finds memories, quoted between marks (see <see cref="MemoryFence"/>). What they throw is for the client
    /// that calls functions.
    /// </summary>
    /// <param name="limit">How many memories the second one finds at most, 1 to 1,000.</param>
    /// <param name="minScore">
    /// The least score of a memory, 0 to 1; see <see cref="RecallRequest.MinScore"/>. <see langword="null"/> for none.
    /// </param>
    /// <param name="exceptConversation">
    /// The conversation whose memories are not found; see <see cref="RecallRequest.ExceptConversation"/>.
    /// </param>
    /// <returns>The tools, to be given to a chat client that calls functions.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The limit or the score is out of its range.</exception>
    public IReadOnlyList<AIFunction> AsTools(int limit = 5, double? minScore = null, string? exceptConversation = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1_000);
        if (minScore is { } share && !(share is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(minScore), share, "It must be 0 to 1.");
        }

        return
        [
            AIFunctionFactory.Create(SaveAsync, "save_to_memory", "Save important information for future reference", ToolOptions),
            AIFunctionFactory.Create(FindAsync, "recall_from_memory", "Search long-term memory for information", ToolOptions),
        ];

        async Task<string> SaveAsync(
            [Description("What to remember, one fact for each item")] string[] content,
            CancellationToken cancellationToken
        )
        {
            NewMemory[] facts = [.. content.Select(item => new NewMemory { Kind = MemoryKind.Fact, Text = item })];
            if (facts.Length > 0)
            {
                await RecordAsync(new RecordRequest { Memories = [.. facts] }, cancellationToken);
            }

            return FormattableString.Invariant($"Saved {facts.Length} memories.");
        }

        async Task<string> FindAsync([Description("What to look for, in plain words")] string query, CancellationToken cancellationToken)
        {
            if (MemoryMessages.ToQuery(query) is not { } asked)
            {
                return "Say in plain words what to look for.";
            }

            var request = new RecallRequest
            {
                Query = asked,
                Limit = limit,
                MinScore = minScore,
                ExceptConversation = exceptConversation,
            };
            RecallResult result = await RecallAsync(request, cancellationToken);
            return result.Memories.IsEmpty ? "There is no such memory." : result.ToPrompt();
        }
    }
}

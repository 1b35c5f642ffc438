using System.ComponentModel;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client.Memories;
using OrleansMemory.Memories;

namespace OrleansMemory.Client.Compatibility.MassGen;

public sealed partial class PersistentMemory
{
    // Line breaks in a result are tokens that say nothing.
    private static readonly JsonSerializerOptions ToolOptions = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    /// <summary>
    /// Saves what an agent finds worth remembering, one memory for each item, all of them or none. It fails by its result, not by an
    /// exception.
    /// </summary>
    /// <param name="thinking">Why it matters. It is kept as metadata, <c>thinking</c>; a blank one is not.</param>
    /// <param name="content">What to remember. No item may be blank.</param>
    /// <param name="key">Names the saving, so that saving again stores nothing twice; <see langword="null"/> names a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not a saving that is already on its way.</param>
    /// <returns>
    /// <c>Successfully saved N items to memory</c> and the ids, or <c>Error saving to memory: …</c> and none.
    /// </returns>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async Task<MemorySaveResult> SaveToMemoryAsync(
        string? thinking,
        IEnumerable<string> content,
        string? key = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(content);
        try
        {
            string? metadata = string.IsNullOrWhiteSpace(thinking)
                ? null
                : ValueFormat.Default.Write(new Dictionary<string, string>(StringComparer.Ordinal) { ["thinking"] = thinking }, "thinking");
            NewMemory[] facts =
            [
                .. content.Select(item => new NewMemory
                {
                    Kind = MemoryKind.Fact,
                    Text = item,
                    Metadata = metadata,
                }),
            ];
            IReadOnlyList<string> ids =
                facts.Length == 0 ? [] : (await RecordAsync([.. facts], key, conversationId: null, cancellationToken)).MemoryIds;
            return new MemorySaveResult
            {
                Success = true,
                Message = FormattableString.Invariant($"Successfully saved {facts.Length} items to memory"),
                MemoryIds = ids,
            };
        }
        catch (Exception failure) when (!IsEnded(failure, cancellationToken))
        {
            return new MemorySaveResult
            {
                Success = false,
                Message = $"Error saving to memory: {failure.Message}",
                MemoryIds = [],
            };
        }
    }

    /// <summary>Finds memories by keywords, each by itself. It fails by its result, not by an exception.</summary>
    /// <param name="keywords">Names, topics or questions. None may be blank.</param>
    /// <param name="limit">How many memories of each keyword at most, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The texts, or <c>Error retrieving memories: …</c> and none.</returns>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async Task<MemoryRecallResult> RecallFromMemoryAsync(
        IEnumerable<string> keywords,
        int limit = 5,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(keywords);
        try
        {
            var memories = new List<string>();
            foreach (string keyword in keywords)
            {
                RecallResult result = await Memories.RecallAsync(keyword, limit, cancellationToken);
                memories.AddRange(result.Memories.Select(recalled => MemoryMessages.Describe(recalled.Memory)));
            }

            return new MemoryRecallResult
            {
                Success = true,
                Memories = memories,
                Count = memories.Count,
            };
        }
        catch (Exception failure) when (!IsEnded(failure, cancellationToken))
        {
            return new MemoryRecallResult
            {
                Success = false,
                Message = $"Error retrieving memories: {failure.Message}",
                Memories = [],
            };
        }
    }

    /// <summary>The two tools by which a model keeps its own memory: <c>save_to_memory</c> and <c>recall_from_memory</c>.</summary>
    /// <param name="limit">How many memories of each keyword the second one finds at most, 1 to 1,000.</param>
    /// <returns>
    /// The tools, to be given to a chat client that calls functions. Their results are the JSON of <see cref="MemorySaveResult"/> and
    /// <see cref="MemoryRecallResult"/>.
    /// </returns>
    public IReadOnlyList<AIFunction> AsTools(int limit = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return
        [
            AIFunctionFactory.Create(SaveAsync, "save_to_memory", "Save important information for future reference", ToolOptions),
            AIFunctionFactory.Create(FindAsync, "recall_from_memory", "Search long-term memory for information", ToolOptions),
        ];

        Task<MemorySaveResult> SaveAsync(
            [Description("Why this information is important")] string thinking,
            [Description("List of things to remember")] string[] content,
            CancellationToken cancellationToken
        ) => SaveToMemoryAsync(thinking, content, key: null, cancellationToken);

        Task<MemoryRecallResult> FindAsync(
            [Description("Keywords to search for")] string[] keywords,
            CancellationToken cancellationToken
        ) => RecallFromMemoryAsync(keywords, limit, cancellationToken);
    }

    private static bool IsEnded(Exception failure, CancellationToken cancellationToken) =>
        failure is OperationCanceledException && cancellationToken.IsCancellationRequested;
}

using OrleansMemory.Memories;

namespace OrleansMemory.Client.Memories;

/// <summary>Gives recalled memories to a model.</summary>
public static class RecallResultExtensions
{
    /// <summary>Writes memories for a prompt, as quotations between marks; see <see cref="MemoryFence"/>.</summary>
    /// <param name="result">The memories.</param>
    /// <param name="heading">What stands before them; <see langword="null"/> for nothing but the fence's own notice.</param>
    /// <returns>The text; an empty one when there are no memories.</returns>
    public static string ToPrompt(this RecallResult result, string? heading = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Memories.IsDefaultOrEmpty)
        {
            return string.Empty;
        }

        string fence = MemoryFence.Enclose("memories", result.Memories.Select(recalled => MemoryMessages.Describe(recalled.Memory)));
        return string.IsNullOrEmpty(heading) ? $"{MemoryFence.Notice}\n{fence}" : $"{heading}\n{MemoryFence.Notice}\n{fence}";
    }
}

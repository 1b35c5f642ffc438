using OrleansMemory.Client.Compatibility.MemoryStore;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>Checks what a memory manager is asked for, so that every one of them refuses the same.</summary>
internal static class MemoryRequest
{
    /// <summary>Checks which memory is meant.</summary>
    /// <exception cref="InvalidRequestException">The conversation's id or the kind is not valid.</exception>
    public static void Check(MemoryInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        SessionAddress.CheckId(input.ConversationId, "conversationId");
        input.MemoryType.ToName();
    }

    /// <summary>Checks which memory is meant, and finds the text to write.</summary>
    /// <param name="purpose">What the data is for: store or update.</param>
    /// <returns>The text of the last memory.</returns>
    /// <exception cref="InvalidRequestException">The conversation's id or the kind is not valid, or there is no data.</exception>
    public static string CheckText(MemoryInput input, string purpose)
    {
        Check(input);
        if (input.Data is not { Count: > 0 } data)
        {
            throw new InvalidRequestException("data", $"No data provided to {purpose}");
        }

        for (int i = 0; i < data.Count; i++)
        {
            if (data[i] is null)
            {
                throw new InvalidRequestException(FormattableString.Invariant($"data[{i}]"), "A working memory must not be null.");
            }
        }

        return data[^1].Text;
    }
}

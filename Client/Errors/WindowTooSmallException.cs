using OrleansMemory.Errors;

namespace OrleansMemory.Client.Errors;

/// <summary>
/// The system messages alone do not fit into the window. They are never left out silently, because they hold what the model must know.
/// </summary>
public sealed class WindowTooSmallException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="systemMessages">How many system messages were counted before the window was full.</param>
    /// <param name="tokens">How many tokens these have.</param>
    /// <param name="bytes">How many bytes these have.</param>
    public WindowTooSmallException(long systemMessages, long tokens, long bytes)
        : base(
            FormattableString.Invariant(
                $"The system messages alone ({systemMessages} of them, {tokens} tokens, {bytes} bytes) do not fit into the window. Make it larger, or remove some."
            )
        )
    {
        SystemMessages = systemMessages;
        Tokens = tokens;
        Bytes = bytes;
    }

    /// <summary>How many system messages were counted before the window was full.</summary>
    public long SystemMessages { get; }

    /// <summary>How many tokens these have.</summary>
    public long Tokens { get; }

    /// <summary>How many bytes these have.</summary>
    public long Bytes { get; }
}

using System.Text;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.MemoryStore;

/// <summary>
/// Checks sessions, namespaces and keys by the rules that conversations have for them, so that every store refuses the same.
/// </summary>
internal static class SessionAddress
{
    private const int MaxNamespaceBytes = 248;

    /// <summary>Checks the address of a value.</summary>
    /// <exception cref="InvalidRequestException">One of them is not valid.</exception>
    public static void Check(string sessionId, string sessionNamespace, string key)
    {
        Check(sessionId, sessionNamespace);
        CheckName(key, "key", EntryNames.MaxKeyBytes);
    }

    /// <summary>Checks the address of a namespace.</summary>
    /// <exception cref="InvalidRequestException">One of them is not valid.</exception>
    public static void Check(string sessionId, string sessionNamespace)
    {
        CheckId(sessionId, "sessionId");
        CheckName(sessionNamespace, "sessionNamespace", MaxNamespaceBytes);
    }

    /// <summary>Checks the id of a conversation.</summary>
    /// <param name="parameter">What to name in an error.</param>
    /// <exception cref="InvalidRequestException">It is not valid.</exception>
    public static void CheckId(string id, string parameter)
    {
        try
        {
            ConversationKey.Create("any", id);
        }
        catch (InvalidRequestException failure)
        {
            throw new InvalidRequestException(parameter, failure.Message);
        }
    }

    private static void CheckName(string text, string parameter, int maxBytes)
    {
        WellFormedText.Require(text, parameter);
        if (
            string.IsNullOrEmpty(text)
            || text is "." or ".."
            || text.Contains('\0', StringComparison.Ordinal)
            || Encoding.UTF8.GetByteCount(text) > maxBytes
        )
        {
            throw new InvalidRequestException(
                parameter,
                FormattableString.Invariant($"{parameter} must be 1 to {maxBytes} bytes of UTF-8 without U+0000, and neither '.' nor '..'.")
            );
        }
    }
}

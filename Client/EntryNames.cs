using System.Diagnostics.CodeAnalysis;
using System.Text;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client;

/// <summary>The rules of entries' names, where a caller is to be told before a turn is sent.</summary>
internal static class EntryNames
{
    /// <summary>How long the key of an entry may be, in bytes of UTF-8.</summary>
    public const int MaxKeyBytes = 1024;

    /// <summary>Refuses a key that no turn could write.</summary>
    /// <param name="parameter">What to name in the error.</param>
    /// <exception cref="InvalidRequestException">It cannot be written.</exception>
    public static void RequireKey([NotNull] string? key, string parameter)
    {
        RequireText(key, parameter, MaxKeyBytes);
        RefuseSteps(key, parameter);
    }

    /// <summary>Refuses text that is missing, too long, or that PostgreSQL or a wire cannot hold.</summary>
    /// <param name="parameter">What to name in the error.</param>
    /// <param name="maxBytes">How long it may be, in bytes of UTF-8.</param>
    /// <exception cref="InvalidRequestException">It cannot be written.</exception>
    public static void RequireText([NotNull] string? text, string parameter, int maxBytes)
    {
        if (string.IsNullOrEmpty(text) || text.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(text) > maxBytes)
        {
            throw new InvalidRequestException(
                parameter,
                FormattableString.Invariant($"{parameter} must be 1 to {maxBytes} bytes of UTF-8, without U+0000.")
            );
        }

        WellFormedText.Require(text, parameter);
    }

    /// <summary>Refuses names that are steps in a path: no address could hold them.</summary>
    /// <param name="parameter">What to name in the error.</param>
    /// <exception cref="InvalidRequestException">It is one.</exception>
    public static void RefuseSteps(string name, string parameter)
    {
        if (name is "." or ".." or EntrySpaces.SessionPrefix + "." or EntrySpaces.SessionPrefix + "..")
        {
            throw new InvalidRequestException(parameter, $"{parameter} must not be '.' or '..': no address can hold them.");
        }
    }
}

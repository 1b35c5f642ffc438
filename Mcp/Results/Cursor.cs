using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OrleansMemory.Errors;

namespace OrleansMemory.Mcp.Results;

/// <summary>
/// Where the next result goes on: at which text, and where in it. A cursor is good for the arguments that it was given for; nothing is kept
/// for it.
/// </summary>
/// <param name="Offset">Where in it, in UTF-16 units from 0.</param>
internal readonly record struct Cursor(long Position, int Offset)
{
    private const int HashBytes = 8;

    /// <summary>Writes it.</summary>
    /// <param name="conditions">The arguments that it is good for.</param>
    /// <returns>The text, of letters, digits and full stops.</returns>
    public string Write(params ReadOnlySpan<string?> conditions) =>
        string.Create(CultureInfo.InvariantCulture, $"{Position}.{Offset}.{Hash(conditions)}");

    /// <summary>Reads one.</summary>
    /// <param name="text">What the client has sent; <see langword="null"/> for none.</param>
    /// <param name="conditions">The arguments of the request.</param>
    /// <returns>The cursor; <see langword="null"/> for none.</returns>
    /// <exception cref="InvalidRequestException">It was not given for these arguments.</exception>
    public static Cursor? Read(string? text, params ReadOnlySpan<string?> conditions)
    {
        if (text is null)
        {
            return null;
        }

        string[] parts = text.Split('.');
        return
            parts.Length == 3
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long position)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int offset)
            && parts[2].Equals(Hash(conditions), StringComparison.Ordinal)
            ? new Cursor(position, offset)
            : throw new InvalidRequestException(
                "cursor",
                "This cursor was not given for these arguments. Send the arguments of the call before with the cursor that it returned as 'next', or leave the cursor out to begin anew."
            );
    }

    private static string Hash(ReadOnlySpan<string?> conditions)
    {
        var text = new StringBuilder();
        foreach (string? condition in conditions)
        {
            // With its length, so that two of them never read as one.
            text.Append(CultureInfo.InvariantCulture, $"{condition?.Length ?? -1}:{condition}");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, HashBytes));
    }
}

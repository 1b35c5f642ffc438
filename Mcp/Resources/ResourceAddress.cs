using OrleansMemory.Errors;

namespace OrleansMemory.Mcp.Resources;

/// <summary>
/// The address of a resource: <c>scheme://what</c>, and <c>?cursor=</c> behind it for where to go on. What it names is percent-encoded.
/// </summary>
/// <param name="Segments">What it names, between slashes, with every escape resolved.</param>
/// <param name="Cursor">Where to go on; <see langword="null"/> for the beginning.</param>
internal sealed record ResourceAddress(string[] Segments, string? Cursor)
{
    private const string CursorField = "cursor=";

    /// <summary>Whether an address is of a scheme.</summary>
    /// <param name="scheme">The scheme, with its colon and slashes.</param>
    public static bool IsOf(string uri, string scheme) => uri.StartsWith(scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads an address.</summary>
    /// <param name="scheme">The scheme, with its colon and slashes.</param>
    /// <exception cref="InvalidRequestException">It has another query than a cursor.</exception>
    public static ResourceAddress Read(string uri, string scheme)
    {
        string[] parts = uri[scheme.Length..].Split('?', 2);
        if (parts is [_, { Length: > 0 } query] && !query.StartsWith(CursorField, StringComparison.Ordinal))
        {
            throw new InvalidRequestException(
                "uri",
                "The address of a resource has no other query than ?cursor= with the cursor of the part before."
            );
        }

        // Some clients put a slash behind what they take for the name of a host.
        string[] segments = [.. parts[0].TrimEnd('/').Split('/').Select(Uri.UnescapeDataString)];
        return new ResourceAddress(
            segments,
            parts is [_, { Length: > 0 } cursor] ? Uri.UnescapeDataString(cursor[CursorField.Length..]) : null
        );
    }

    /// <summary>Writes an address.</summary>
    /// <param name="scheme">The scheme, with its colon and slashes.</param>
    /// <param name="segments">What it names.</param>
    public static string Write(string scheme, params ReadOnlySpan<string> segments)
    {
        string[] escaped = new string[segments.Length];
        for (int i = 0; i < segments.Length; i++)
        {
            escaped[i] = Uri.EscapeDataString(segments[i]).Replace("%3D", "=", StringComparison.Ordinal);
        }

        return scheme + string.Join('/', escaped);
    }

    /// <summary>The line behind a part of a resource.</summary>
    /// <param name="uri">The address of the resource, without a query.</param>
    /// <param name="next">The cursor; <see langword="null"/> when nothing is left.</param>
    /// <returns>The line with a line end before it; empty when nothing is left.</returns>
    public static string More(string uri, string? next) =>
        next is null ? "" : $"\nThere is more: {uri}?{CursorField}{Uri.EscapeDataString(next)}";
}

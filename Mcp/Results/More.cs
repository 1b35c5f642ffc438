namespace OrleansMemory.Mcp.Results;

/// <summary>Tells a model that a result is not all.</summary>
internal static class More
{
    /// <summary>The line behind a result.</summary>
    /// <param name="next">The cursor; <see langword="null"/> when nothing is left.</param>
    /// <returns>The line with a line end before it; empty when nothing is left.</returns>
    public static string Of(string? next) => next is null ? "" : $"\nThere is more: the same arguments and the cursor {next} continue.";
}

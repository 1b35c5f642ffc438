namespace OrleansMemory.Tests.Stress.Hostile;

/// <summary>What a request was answered with.</summary>
/// <param name="Headers">The headers, names in lower case; of two of one name the last.</param>
/// <param name="Body">The body; of a live feed its beginning.</param>
/// <param name="IsCut">Whether the connection ended within the body.</param>
internal sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body, bool IsCut)
{
    /// <summary>The content type without its parameters.</summary>
    public string? ContentType => Headers.TryGetValue("content-type", out string? type) ? type.Split(';')[0].Trim() : null;

    /// <summary>Whether the server closes the connection.</summary>
    public bool Closes =>
        Headers.TryGetValue("connection", out string? connection) && connection.Contains("close", StringComparison.OrdinalIgnoreCase);
}

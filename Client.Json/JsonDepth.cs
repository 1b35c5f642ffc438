namespace OrleansMemory.Client.Json;

/// <summary>How deep JSON may be nested.</summary>
public static class JsonDepth
{
    /// <summary>How deep a stored value may be nested.</summary>
    public const int MaxStored = 64;

    /// <summary>
    /// How deep values are written. It is more than may be stored, so that the depth of what is a little too deep can be told; what is
    /// deeper than this refers to itself most likely.
    /// </summary>
    public const int MaxWritten = 512;
}

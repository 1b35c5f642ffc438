namespace OrleansMemory.Errors;

/// <summary>There is no such memory, or it has expired, been deleted or been retired.</summary>
[GenerateSerializer, Alias("OrleansMemory.MemoryNotFoundException")]
public sealed class MemoryNotFoundException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="id">Which memory was asked for.</param>
    public MemoryNotFoundException(string id)
        : base("There is no such memory. A list of memories or the receipt of a recording has the ids.") => Id = id;

    /// <summary>Which memory was asked for.</summary>
    [Id(0)]
    public string Id { get; }
}

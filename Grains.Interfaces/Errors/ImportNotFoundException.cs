namespace OrleansMemory.Errors;

/// <summary>No open import of this conversation has the given id: it was never begun, or it was dropped after a day.</summary>
[GenerateSerializer, Alias("OrleansMemory.ImportNotFoundException")]
public sealed class ImportNotFoundException : MemoryException
{
    /// <summary>Makes the error.</summary>
    public ImportNotFoundException()
        : base("No open import of this conversation has this id. Begin a new one.") { }
}

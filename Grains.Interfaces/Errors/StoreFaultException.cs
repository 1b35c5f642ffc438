namespace OrleansMemory.Errors;

/// <summary>
/// The store failed in a way that neither the caller nor another attempt can mend: a defect of ours, or of the database. The outcome of a
/// write is that nothing was written. The log of the silo has the cause under <see cref="FaultId"/>.
/// </summary>
[GenerateSerializer, Alias("OrleansMemory.StoreFaultException")]
public sealed class StoreFaultException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="faultId">What to look for in the log.</param>
    public StoreFaultException(string faultId)
        : base($"The store failed. The log of the silo has the cause under {faultId}.") => FaultId = faultId;

    /// <summary>What to look for in the log. It says nothing of the request.</summary>
    [Id(0)]
    public string FaultId { get; }
}

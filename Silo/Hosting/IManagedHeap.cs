namespace OrleansMemory.Silo.Hosting;

/// <summary>The heap of this process.</summary>
internal interface IManagedHeap
{
    /// <summary>How many bytes have been allocated since the start.</summary>
    long AllocatedBytes { get; }

    /// <summary>Collects garbage and gives memory back.</summary>
    void Collect();
}

namespace OrleansMemory.Silo.Hosting;

/// <summary>The heap of the runtime's garbage collector.</summary>
internal sealed class ManagedHeap : IManagedHeap
{
    // A heap of this size is compacted within some tens of milliseconds; a larger one would keep a request waiting that comes just then.
    private const long MostToCompact = 512 * 1024 * 1024;

    /// <inheritdoc />
    public long AllocatedBytes => GC.GetTotalAllocatedBytes();

    /// <inheritdoc />
    public void Collect()
    {
        // First in the background: it tells how much is alive.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        GC.WaitForFullGCComplete(TimeSpan.FromSeconds(10));
        if (GC.GetTotalMemory(forceFullCollection: false) <= MostToCompact)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}

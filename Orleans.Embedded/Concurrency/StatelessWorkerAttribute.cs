namespace Orleans.Concurrency;

/// <summary>Marks a grain class whose activations belong to the silo that calls them: at most a given number per key and silo.</summary>
/// <remarks>Here there is one silo, and one activation per key is all that is offered; it is what Orleans does with one worker.</remarks>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StatelessWorkerAttribute : Attribute
{
    /// <summary>Makes the attribute.</summary>
    /// <param name="maxLocalWorkers">How many activations of one key a silo may have; only 1 is supported here.</param>
    /// <exception cref="NotSupportedException">More than one is asked for.</exception>
    public StatelessWorkerAttribute(int maxLocalWorkers)
    {
        if (maxLocalWorkers != 1)
        {
            throw new NotSupportedException("The embedded host runs one activation per key: write [StatelessWorker(1)], or build with Cluster=true.");
        }

        MaxLocalWorkers = maxLocalWorkers;
    }

    /// <summary>How many activations of one key a silo may have.</summary>
    public int MaxLocalWorkers { get; }
}

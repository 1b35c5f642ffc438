using Orleans.Runtime.Calls;

namespace Orleans.Runtime.Streams;

/// <summary>What a grain method that returns a stream gives its caller. The grain is called when enumeration begins, anew for each
/// enumeration.</summary>
/// <typeparam name="T">The elements.</typeparam>
internal abstract class GrainStream<T> : IAsyncEnumerable<T>
{
    /// <summary>The token among the arguments.</summary>
    internal CancellationToken Token { get; set; }

    internal int MaxBatchSize { get; set; } = 100;

    internal GrainReference Reference { get; private set; } = null!;

    internal GrainMethod Fetch { get; private set; } = null!;

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new StreamReader<T>(this, cancellationToken);

    /// <summary>Calls the method; generated.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="token">Takes the place of the token among the arguments.</param>
    public abstract IAsyncEnumerable<T> Call(object grain, CancellationToken token);

    internal GrainStream<T> BindTo(GrainReference reference, GrainMethod method)
    {
        Reference = reference;
        Fetch = new GrainMethod { Name = method.Name, AlwaysInterleave = true };
        return this;
    }
}

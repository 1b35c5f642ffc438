namespace OrleansMemory.Benchmarks.GrainCalls;

/// <summary>A grain that does nothing, so that only the host is measured.</summary>
[Alias("orleansmemory.benchmarks.ping")]
internal interface IPingGrain : IGrainWithStringKey
{
    /// <summary>Returns at once.</summary>
    [Alias("ping")]
    ValueTask PingAsync();
}

/// <inheritdoc cref="IPingGrain" />
[GrainType("orleansmemory-benchmarks-ping")]
internal sealed class PingGrain : Grain, IPingGrain
{
    /// <inheritdoc />
    public ValueTask PingAsync() => default;
}

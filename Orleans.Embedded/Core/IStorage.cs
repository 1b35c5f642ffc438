namespace Orleans.Core;

/// <summary>The stored state of one grain.</summary>
public interface IStorage
{
    /// <summary>What tells this version of the record from others; null when there was never one.</summary>
    string? Etag { get; }

    /// <summary>Whether there is a record. It was read before the grain's <see cref="IGrainBase.OnActivateAsync"/>.</summary>
    bool RecordExists { get; }

    /// <summary>Removes the state. The state in memory is a new one afterwards.</summary>
    Task ClearStateAsync();

    /// <summary>Writes the state.</summary>
    Task WriteStateAsync();

    /// <summary>Reads the state again, in place of what is in memory.</summary>
    Task ReadStateAsync();

#pragma warning disable MA0040 // The methods without a token are those that every storage implements.
    /// <inheritdoc cref="ClearStateAsync()" />
    /// <param name="cancellationToken">Ends the wait.</param>
    Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

    /// <inheritdoc cref="WriteStateAsync()" />
    /// <param name="cancellationToken">Ends the wait.</param>
    Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

    /// <inheritdoc cref="ReadStateAsync()" />
    /// <param name="cancellationToken">Ends the wait.</param>
    Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
#pragma warning restore MA0040
}

/// <summary>The stored state of one grain, with the state.</summary>
/// <typeparam name="TState">The state.</typeparam>
public interface IStorage<TState> : IStorage
{
    /// <summary>The state in memory. Setting or changing it writes nothing.</summary>
    TState State { get; set; }
}

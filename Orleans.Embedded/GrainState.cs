namespace Orleans;

/// <summary>A state on its way between a grain and a storage.</summary>
/// <typeparam name="T">The state.</typeparam>
public interface IGrainState<T>
{
    /// <summary>The state.</summary>
    T? State { get; set; }

    /// <summary>What tells this version of the record from others; null when there was never one.</summary>
    string? ETag { get; set; }

    /// <summary>Whether there is a record.</summary>
    bool RecordExists { get; set; }
}

/// <inheritdoc />
[GenerateSerializer]
public sealed class GrainState<T> : IGrainState<T>
{
    /// <summary>No state.</summary>
    public GrainState()
    {
    }

    /// <summary>A state that is not stored.</summary>
    /// <param name="state">The state.</param>
    public GrainState(T? state)
        : this(state, null)
    {
    }

    /// <summary>A state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="eTag">Its version.</param>
    public GrainState(T? state, string? eTag)
    {
        State = state;
        ETag = eTag;
    }

    /// <inheritdoc />
    [Id(0)]
    public T? State { get; set; }

    /// <inheritdoc />
    [Id(1)]
    public string? ETag { get; set; }

    /// <inheritdoc />
    [Id(2)]
    public bool RecordExists { get; set; }
}

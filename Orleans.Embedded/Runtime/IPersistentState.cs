using Orleans.Core;

namespace Orleans.Runtime;

/// <summary>A state that is asked for by <see cref="PersistentStateAttribute"/> on a parameter of the grain's constructor.</summary>
/// <typeparam name="TState">The state; a class with a constructor without parameters, or a value.</typeparam>
public interface IPersistentState<TState> : IStorage<TState>
{
}

/// <summary>Which state, and where it is stored.</summary>
public interface IPersistentStateConfiguration
{
    /// <summary>The name of the state.</summary>
    string StateName { get; }

    /// <summary>The name of the storage; null or empty for the one that has none.</summary>
    string? StorageName { get; }
}

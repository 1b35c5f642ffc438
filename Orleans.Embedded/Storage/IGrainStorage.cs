using Orleans.Runtime;

namespace Orleans.Storage;

#pragma warning disable MA0040 // The methods without a token are those that every storage implements.

/// <summary>Where grain states are kept. It is registered as a keyed service under the name that <see cref="PersistentStateAttribute"/> gives.</summary>
public interface IGrainStorage
{
    /// <summary>Reads a state into what it is given: the state, or a new one when there is no record; its ETag; whether there is a record.</summary>
    /// <typeparam name="T">The state.</typeparam>
    /// <param name="stateName">The name of the state.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">Receives it.</param>
    Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <inheritdoc cref="ReadStateAsync{T}(string, GrainId, IGrainState{T})" />
    /// <param name="stateName">The name of the state.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">Receives it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        ReadStateAsync(stateName, grainId, grainState);

    /// <summary>Writes a state if the record is the version whose ETag it is given; the ETag is the new version's afterwards.</summary>
    /// <typeparam name="T">The state.</typeparam>
    /// <param name="stateName">The name of the state.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">The state.</param>
    /// <exception cref="InconsistentStateException">The record is another version.</exception>
    Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <inheritdoc cref="WriteStateAsync{T}(string, GrainId, IGrainState{T})" />
    /// <param name="stateName">The name of the state.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">The state.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        WriteStateAsync(stateName, grainId, grainState);

    /// <summary>Clears a state if the record is the version whose ETag it is given. The state is a new one afterwards.</summary>
    /// <typeparam name="T">The state.</typeparam>
    /// <param name="stateName">The name of the state.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">The state.</param>
    /// <exception cref="InconsistentStateException">The record is another version.</exception>
    Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <inheritdoc cref="ClearStateAsync{T}(string, GrainId, IGrainState{T})" />
    /// <param name="stateName">The name of the state.</param>
    /// <param name="grainId">The grain.</param>
    /// <param name="grainState">The state.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        ClearStateAsync(stateName, grainId, grainState);
}

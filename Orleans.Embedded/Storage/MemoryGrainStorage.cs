using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>Grain states in memory, as JSON: what a grain changes without writing it is not stored. All is lost when the process ends.</summary>
internal sealed class MemoryGrainStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(string State, GrainId Grain), Stored> _states = new();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var stored = _states.GetValueOrDefault((stateName, grainId));
        grainState.State = stored?.Json is { } json ? JsonSerializer.Deserialize<T>(json) : Activator.CreateInstance<T>();
        grainState.ETag = stored?.ETag;
        grainState.RecordExists = stored?.Json is not null;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Replace(stateName, grainId, grainState, JsonSerializer.SerializeToUtf8Bytes(grainState.State));
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.ETag is not null || _states.ContainsKey((stateName, grainId))) Replace(stateName, grainId, grainState, null);
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
        return Task.CompletedTask;
    }

    private void Replace<T>(string stateName, GrainId grainId, IGrainState<T> grainState, byte[]? json)
    {
        var key = (stateName, grainId);
        var known = _states.GetValueOrDefault(key);
        var next = new Stored((known?.Version ?? 0) + 1, json);
        var replaced = known?.ETag == grainState.ETag && (known is null ? _states.TryAdd(key, next) : _states.TryUpdate(key, next, known));
        if (!replaced)
        {
            throw new InconsistentStateException($"The state {stateName} was stored by another activation.", known?.ETag, grainState.ETag);
        }

        grainState.ETag = next.ETag;
    }

    private sealed class Stored(long version, byte[]? json)
    {
        internal long Version => version;

        internal byte[]? Json => json;

        internal string ETag { get; } = version.ToString(CultureInfo.InvariantCulture);
    }
}

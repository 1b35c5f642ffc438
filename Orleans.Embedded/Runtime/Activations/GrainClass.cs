using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Runtime.Calls;
using Orleans.Runtime.States;

namespace Orleans.Runtime.Activations;

/// <summary>A grain class in one host, with the directory of its activations: at most one per key.</summary>
internal sealed class GrainClass
{
    private readonly ConcurrentDictionary<string, Activation> _activations = new(StringComparer.Ordinal);
    private readonly ObjectFactory _create;
    private readonly StateParameter[] _states;

    internal GrainClass(EmbeddedSilo silo, Type type, GrainType grainType, TimeSpan collectionAge)
    {
        Silo = silo;
        Type = type;
        GrainType = grainType;
        CollectionAge = collectionAge;
        Reentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        // One worker per key is what every class has here; reading the attribute refuses more.
        _ = type.GetCustomAttribute<StatelessWorkerAttribute>();
        _states = StateParameter.Of(type);
        _create = ActivatorUtilities.CreateFactory(type, [.. _states.Select(static state => state.Type)]);
    }

    internal EmbeddedSilo Silo { get; }

    internal Type Type { get; }

    internal GrainType GrainType { get; }

    internal TimeSpan CollectionAge { get; }

    internal bool Reentrant { get; }

    /// <summary>The name for logs and messages; never a key.</summary>
    internal string Name => Type.FullName ?? Type.Name;

    internal bool HasActivations => !_activations.IsEmpty;

    internal IEnumerable<Activation> Activations => _activations.Select(static pair => pair.Value);

    internal Activation? Find(string key) => _activations.GetValueOrDefault(key);

    /// <summary>Makes the grain object of an activation.</summary>
    /// <param name="context">The activation.</param>
    /// <param name="states">Its stored states, which are to be read before it is used.</param>
    internal object Create(IGrainContext context, out ILoadedState[] states)
    {
        states = _states.Length == 0 ? [] : Array.ConvertAll(_states, state => state.Make(context, Name));
        return _create(context.ActivationServices, states);
    }

    /// <summary>Brings a request to the activation of the key, making one when there is none.</summary>
    internal void Deliver(string key, GrainRequest request)
    {
        while (true)
        {
            if (!_activations.TryGetValue(key, out var activation))
            {
                activation = _activations.GetOrAdd(key, new Activation(this, key, held: false));
            }

            if (activation.TryDeliver(request)) return;

            // It ended with nothing left to do, and its own removal is a moment away.
            Remove(activation);
        }
    }

    internal void Remove(Activation activation) => _activations.TryRemove(new(activation.Key, activation));

    /// <summary>Puts the successor in the place of an activation whose inbox is still open.</summary>
    internal void Replace(Activation activation, Activation successor) => _activations[activation.Key] = successor;
}

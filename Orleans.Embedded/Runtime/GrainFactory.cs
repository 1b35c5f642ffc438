using System.Collections.Concurrent;
using Orleans.Runtime.Activations;
using Orleans.Runtime.Calls;

namespace Orleans.Runtime;

/// <summary>Makes references to the grains of one host.</summary>
internal sealed class GrainFactory(GrainClassMap classes) : IGrainFactory
{
    private readonly ConcurrentDictionary<Type, Target> _targets = new();

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(primaryKey);
        var target = grainClassNamePrefix is null
            ? TargetOf(typeof(TGrainInterface))
            : MakeTarget(typeof(TGrainInterface), grainClassNamePrefix);
        return (TGrainInterface)(object)target.Make(target.Class, primaryKey);
    }

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey)
    {
        ArgumentNullException.ThrowIfNull(grainInterfaceType);
        ArgumentException.ThrowIfNullOrWhiteSpace(grainPrimaryKey);
        var target = TargetOf(grainInterfaceType);
        return (IGrain)(object)target.Make(target.Class, grainPrimaryKey);
    }

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId) where TGrainInterface : IAddressable =>
        (TGrainInterface)(object)GetReference(typeof(TGrainInterface), classes.Get(grainId.Type), grainId.Key.ToString());

    /// <summary>A reference through one interface of a known class.</summary>
    internal static GrainReference GetReference(Type grainInterface, GrainClass grainClass, string key) =>
        grainInterface.IsAssignableFrom(grainClass.Type)
        ? GrainProxies.MakerOf(grainInterface)(grainClass, key)
        : throw new ArgumentException($"{grainClass.Name} does not implement {grainInterface}.", nameof(grainInterface));

    /// <summary>A reference with no interface of the grain's own, which others can be made of.</summary>
    internal static GrainReference GetReference(GrainClass grainClass, string key) => GrainProxies.MakerOf(typeof(IGrain))(grainClass, key);

    private Target TargetOf(Type grainInterface) =>
        _targets.TryGetValue(grainInterface, out var target) ? target : _targets.GetOrAdd(grainInterface, MakeTarget(grainInterface, null));

    private Target MakeTarget(Type grainInterface, string? prefix) =>
        new(classes.Get(grainInterface, prefix), GrainProxies.MakerOf(grainInterface));

    private sealed record Target(GrainClass Class, GrainReferenceMaker Make);
}

/// <summary>Makes a reference of one interface.</summary>
internal delegate GrainReference GrainReferenceMaker(GrainClass grainClass, string key);

using System.Collections.Concurrent;
using System.Linq.Expressions;
using Orleans.Runtime.Activations;

namespace Orleans.Runtime.Calls;

/// <summary>The classes behind grain references, one per interface and process, made when first needed.</summary>
internal static class GrainProxies
{
    private static readonly ConcurrentDictionary<Type, Lazy<GrainReferenceMaker>> Makers = new();

    /// <exception cref="NotSupportedException">The interface has a method that cannot be called through this host.</exception>
    internal static GrainReferenceMaker MakerOf(Type grainInterface) =>
        Makers.GetOrAdd(grainInterface, static type => new(() => Make(type))).Value;

    private static GrainReferenceMaker Make(Type grainInterface)
    {
        if (!grainInterface.IsInterface || grainInterface.ContainsGenericParameters)
        {
            throw new ArgumentException($"{grainInterface} is not a grain interface that can be called.", nameof(grainInterface));
        }

        var proxy = new GrainProxyBuilder(grainInterface).Build();
        var constructor = proxy.GetConstructor([typeof(GrainClass), typeof(string)])!;
        var grainClass = Expression.Parameter(typeof(GrainClass));
        var key = Expression.Parameter(typeof(string));
        return Expression.Lambda<GrainReferenceMaker>(Expression.New(constructor, grainClass, key), grainClass, key).Compile();
    }
}

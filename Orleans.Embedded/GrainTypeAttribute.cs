using Orleans.Runtime;

namespace Orleans;

/// <summary>Gives a grain class the type name that is part of the identity of its grains.</summary>
/// <param name="grainType">The type name; unique among all grain classes, and kept when the class is renamed.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class GrainTypeAttribute(string grainType) : Attribute
{
    private readonly GrainType _grainType = GrainType.Create(grainType);

    /// <summary>The type name given to the class.</summary>
    /// <param name="services">Not used; may be null.</param>
    /// <param name="type">The class that carries the attribute.</param>
    public GrainType GetGrainType(IServiceProvider services, Type type) => _grainType;
}

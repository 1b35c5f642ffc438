using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Numerics;

namespace Orleans.Runtime.Calls;

/// <summary>Knows which types are immutable by declaration and may therefore be shared between caller and grain.</summary>
internal static class Immutability
{
    private static readonly FrozenSet<Type> Plain = FrozenSet.Create(
        typeof(string), typeof(decimal), typeof(Half), typeof(Int128), typeof(UInt128), typeof(BigInteger), typeof(Guid), typeof(DateTime),
        typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Uri), typeof(Version), typeof(Index),
        typeof(Range), typeof(CancellationToken));

    private static readonly FrozenSet<Type> Containers = FrozenSet.Create(
        typeof(Nullable<>), typeof(ReadOnlyMemory<>), typeof(KeyValuePair<,>), typeof(ImmutableArray<>), typeof(ImmutableList<>),
        typeof(ImmutableDictionary<,>), typeof(ImmutableSortedDictionary<,>), typeof(ImmutableHashSet<>), typeof(ImmutableSortedSet<>),
        typeof(ImmutableQueue<>), typeof(ImmutableStack<>), typeof(FrozenDictionary<,>), typeof(FrozenSet<>));

    /// <summary>Whether no value of the type can change once it exists, going by what the type declares.</summary>
    internal static bool IsDeclared(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || Plain.Contains(type)) return true;

        // A reference to a grain has no state of its own.
        if (type.IsInterface && typeof(IAddressable).IsAssignableFrom(type)) return true;
        if (type.IsConstructedGenericType && !type.GetGenericArguments().All(IsDeclared)) return false;
        return type.IsDefined(typeof(ImmutableAttribute), inherit: false)
            || (type.IsConstructedGenericType && (Containers.Contains(type.GetGenericTypeDefinition()) || IsTuple(type)));
    }

    private static bool IsTuple(Type type) => type.IsAssignableTo(typeof(System.Runtime.CompilerServices.ITuple))
        && type.Namespace == nameof(System);
}

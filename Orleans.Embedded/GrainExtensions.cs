using Orleans.Runtime;

namespace Orleans;

/// <summary>What can be asked of a grain or of a reference to one.</summary>
public static class GrainExtensions
{
    /// <summary>The key of the grain.</summary>
    /// <param name="grain">A grain or a reference.</param>
    /// <exception cref="ArgumentException">The object is neither, or was made outside a host.</exception>
    public static string GetPrimaryKeyString(this IAddressable grain) => grain is GrainReference reference
        ? reference.Key
        : grain.GetGrainId().Key.ToString();

    /// <summary>The identity of the grain.</summary>
    /// <param name="grain">A grain or a reference.</param>
    /// <exception cref="ArgumentException">The object is neither, or was made outside a host.</exception>
    public static GrainId GetGrainId(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain switch
        {
            GrainReference reference => reference.GrainId,
            IGrainBase { GrainContext: { } context } => context.GrainId,
            _ => throw NotAddressable(grain),
        };
    }

    /// <summary>A reference to the grain, for handing to others: never hand out the grain object itself.</summary>
    /// <typeparam name="TGrainInterface">An interface of the grain's class.</typeparam>
    /// <param name="grain">A grain or a reference.</param>
    /// <exception cref="ArgumentException">The object is neither, or its class lacks the interface.</exception>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain) =>
        (TGrainInterface)(object)grain.AsReference(typeof(TGrainInterface));

    /// <inheritdoc cref="AsReference{TGrainInterface}(IAddressable)" />
    public static TGrainInterface Cast<TGrainInterface>(this IAddressable grain) => grain.AsReference<TGrainInterface>();

    private static GrainReference AsReference(this IAddressable grain, Type interfaceType)
    {
        ArgumentNullException.ThrowIfNull(grain);
        var reference = grain switch
        {
            GrainReference direct => direct,
            IGrainBase { GrainContext: { } context } => context.GrainReference,
            _ => throw NotAddressable(grain),
        };
        return reference.As(interfaceType);
    }

    private static ArgumentException NotAddressable(IAddressable grain) =>
        new($"{grain.GetType()} is neither a grain of a host nor a reference to one.", nameof(grain));
}

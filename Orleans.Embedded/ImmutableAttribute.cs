namespace Orleans;

/// <summary>Declares that a value is never changed once it exists, so that it may be handed over without a copy.</summary>
/// <remarks>
/// On a type it speaks for every value of that type; on a parameter or a return value for that place alone. The embedded host never
/// copies and therefore refuses grain methods whose arguments or results lack such a declaration.
/// </remarks>
[AttributeUsage(
    AttributeTargets.Class
    | AttributeTargets.Struct
    | AttributeTargets.Field
    | AttributeTargets.Property
    | AttributeTargets.Parameter
    | AttributeTargets.ReturnValue,
    Inherited = false)]
public sealed class ImmutableAttribute : Attribute;

namespace Orleans;

/// <summary>Gives a member its number in the wire shape of its type. A number, once used, is never given to another member.</summary>
/// <param name="id">The number, unique within the declaring type.</param>
[AttributeUsage(
    AttributeTargets.Field
    | AttributeTargets.Property
    | AttributeTargets.Parameter
    | AttributeTargets.Class
    | AttributeTargets.Struct
    | AttributeTargets.Enum
    | AttributeTargets.Method)]
public sealed class IdAttribute(uint id) : Attribute
{
    /// <summary>The number of the member.</summary>
    public uint Id { get; } = id;
}

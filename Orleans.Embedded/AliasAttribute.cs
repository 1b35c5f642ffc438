namespace Orleans;

/// <summary>Gives a type or method a name on the wire that survives renaming it in C#.</summary>
/// <param name="alias">The name; unique among all types, or among the methods of the declaring type.</param>
[AttributeUsage(
    AttributeTargets.Class
    | AttributeTargets.Interface
    | AttributeTargets.Struct
    | AttributeTargets.Enum
    | AttributeTargets.Method,
    AllowMultiple = true)]
public sealed class AliasAttribute(string alias) : Attribute
{
    /// <summary>The name on the wire.</summary>
    public string Alias { get; } = alias;
}

namespace Orleans;

/// <summary>Marks a type whose values travel in grain calls.</summary>
/// <remarks>The embedded host serializes nothing; the mark is read by the code generator of the cluster build.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum)]
public sealed class GenerateSerializerAttribute : Attribute
{
    /// <summary>Whether primary constructor parameters count as members of the wire shape.</summary>
    public bool IncludePrimaryConstructorParameters { get; init; }
}

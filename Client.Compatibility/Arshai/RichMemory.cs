using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansMemory.Client.Compatibility.Arshai;

/// <summary>A memory with a weight, tags and properties of its own.</summary>
public sealed record RichMemory
{
    /// <summary>The least important.</summary>
    public const int MinImportance = 1;

    /// <summary>The most important.</summary>
    public const int MaxImportance = 10;

    /// <summary>Its text. Models and users wrote it: treat it as untrusted.</summary>
    public required string Content { get; init; }

    /// <summary>How important it is, 1 to 10.</summary>
    public required int Importance { get; init; }

    /// <summary>Its tags.</summary>
    /// <value>Default: none.</value>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>The caller's own properties, as JSON; <see langword="null"/> for none.</summary>
    public ImmutableDictionary<string, JsonElement>? Metadata { get; init; }
}

using System.Text.Json;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>What a <see cref="MemoryObject"/> is made with.</summary>
public sealed record MemoryObjectOptions
{
    /// <summary>The configuration; <see langword="null"/> takes the stored one, or the default where none is stored.</summary>
    public ProgramConfig? Config { get; init; }

    /// <summary>The root function; <see langword="null"/> takes the stored one, or none.</summary>
    public RootFunction? RootFunction { get; init; }

    /// <summary>Options whose resolver knows the types of locals and user globals that are no plain JSON values.</summary>
    /// <value>Default: <see langword="null"/>: plain JSON values only.</value>
    public JsonSerializerOptions? SerializerOptions { get; init; }

    /// <summary>The clock of timestamps.</summary>
    /// <value>Default: the system's.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

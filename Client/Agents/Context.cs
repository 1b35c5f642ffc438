using System.Collections.Immutable;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Agents;

/// <summary>What a <see cref="ContextProvider"/> adds to one run. It is sent to the model and never stored.</summary>
/// <remarks>Ports Agent Framework's <c>Context</c>. What comes from a memory was written by users and models: treat it as untrusted.</remarks>
public sealed record Context
{
    /// <summary>Nothing to add.</summary>
    public static Context Empty { get; } = new();

    /// <summary>Instructions for the model, beside the caller's own; <see langword="null"/> adds none.</summary>
    public string? Instructions { get; init; }

    /// <summary>Messages between the history and the input, in order.</summary>
    public ImmutableArray<ChatMessage> Messages { get; init; } = [];

    /// <summary>Tools beside the caller's own, in order.</summary>
    public ImmutableArray<AITool> Tools { get; init; } = [];
}

using System.Text.Json;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>How a program is configured, as far as its memory is concerned.</summary>
public sealed record ProgramConfig
{
    /// <summary>The system prompt of a program that has set none.</summary>
    /// <value>Default: <c>You are an agent.</c></value>
    public string DefaultPrompt { get; init; } = "You are an agent.";

    /// <summary>
    /// Settings of the program's own: a JSON object; <see langword="null"/> for none. They travel in the mode
    /// <see cref="SerializationMode.Full"/>.
    /// </summary>
    public JsonElement? Settings { get; init; }
}

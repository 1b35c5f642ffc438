using System.Text.Json;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>Configuration and root function as JSON.</summary>
internal static class ConfigJson
{
    /// <summary>Writes a configuration.</summary>
    public static void Write(Utf8JsonWriter writer, ProgramConfig config)
    {
        writer.WriteStartObject();
        writer.WriteString("default_prompt", config.DefaultPrompt);
        if (config.Settings is { } settings)
        {
            writer.WritePropertyName("settings");
            ProgramJson.Write(writer, settings, "config.settings", ProgramJson.DefaultOptions);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes a root function.</summary>
    public static void Write(Utf8JsonWriter writer, RootFunction? root) => writer.WriteStringValue(root?.Name);

    /// <summary>Reads a configuration.</summary>
    /// <param name="path">Where it stands.</param>
    /// <exception cref="InvalidRequestException">It is none.</exception>
    public static ProgramConfig Read(JsonElement element, string path)
    {
        StrictObject config = StrictObject.Read(element, path, "default_prompt", "settings");
        return new ProgramConfig
        {
            DefaultPrompt = config.RequiredText("default_prompt"),
            Settings = config.TryGet("settings", out JsonElement settings) ? settings : null,
        };
    }

    /// <summary>Reads a root function.</summary>
    /// <param name="path">Where it stands.</param>
    /// <exception cref="InvalidRequestException">It is no name.</exception>
    public static RootFunction ReadRoot(JsonElement element, string path) =>
        ProgramJson.Natural(element) is string name
            ? new RootFunction(name)
            : throw new InvalidRequestException(path, "A root function is named by a text.");
}

using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansMemory.Client.Json;

namespace OrleansMemory.Silo.OpenAi;

/// <summary>Copies JSON with some of its values replaced. All else is copied as it is written.</summary>
internal static class JsonSplice
{
    private const string Null = "null";

    /// <summary>A copy.</summary>
    /// <param name="replaced">
    /// What stands in the place of values, as JSON, by their JSON pointers (RFC 6901); <see langword="null"/> leaves a property out. A
    /// pointer to what is not there means nothing.
    /// </param>
    public static JsonElement Copy(JsonElement value, IReadOnlyDictionary<string, string?> replaced) =>
        WrittenJson.Of((value, replaced), static (writer, state) => Write(writer, state.value, state.replaced));

    /// <summary>Writes a copy.</summary>
    /// <param name="replaced">What stands in the place of values; see <see cref="Copy"/>.</param>
    public static void Write(Utf8JsonWriter writer, JsonElement value, IReadOnlyDictionary<string, string?> replaced) =>
        Write(writer, value, replaced, string.Empty);

    /// <summary>Writes a value as it is written.</summary>
    public static void WriteRaw(Utf8JsonWriter writer, JsonElement value) =>
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);

    private static void Write(Utf8JsonWriter writer, JsonElement value, IReadOnlyDictionary<string, string?> replaced, string path)
    {
        if (replaced.TryGetValue(path, out string? other))
        {
            writer.WriteRawValue(other ?? Null, skipInputValidation: true);
        }
        else if (
            !replaced.Keys.Any(pointer =>
                pointer.Length > path.Length && pointer[path.Length] == '/' && pointer.StartsWith(path, StringComparison.Ordinal)
            )
        )
        {
            WriteRaw(writer, value);
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            WriteObject(writer, value, replaced, path);
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            writer.WriteStartArray();
            int index = 0;
            foreach (JsonElement item in value.EnumerateArray())
            {
                Write(writer, item, replaced, FormattableString.Invariant($"{path}/{index++}"));
            }

            writer.WriteEndArray();
        }
        else
        {
            WriteRaw(writer, value);
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, JsonElement value, IReadOnlyDictionary<string, string?> replaced, string path)
    {
        writer.WriteStartObject();
        foreach (JsonProperty property in value.EnumerateObject())
        {
            string name = JsonText.ReadName(property);
            string pointer = $"{path}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
            if (!replaced.TryGetValue(pointer, out string? other) || other is not null)
            {
                writer.WritePropertyName(name);
                Write(writer, property.Value, replaced, pointer);
            }
        }

        writer.WriteEndObject();
    }
}

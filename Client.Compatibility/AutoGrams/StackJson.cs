using System.Globalization;
using System.Text.Json;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>The stack as JSON, with the field names of AutoGRAMS.</summary>
internal static class StackJson
{
    /// <summary>Writes the stack.</summary>
    /// <param name="options">The options that know the types of locals.</param>
    /// <exception cref="UnserializableValueException">A local cannot be written.</exception>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<StackFrame> stack, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        for (int i = 0; i < stack.Count; i++)
        {
            StackFrame frame = stack[i];
            writer.WriteStartObject();
            writer.WriteNumber("line_number", frame.LineNumber);
            writer.WriteString("function_name", frame.FunctionName);
            writer.WritePropertyName("locals");
            ProgramJson.Write(writer, frame.Locals, string.Create(CultureInfo.InvariantCulture, $"stack[{i}].locals"), options);
            if (frame.Address is { } address)
            {
                writer.WriteString("address", address);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Reads a stack.</summary>
    /// <param name="path">Where it stands.</param>
    /// <param name="options">The options that know the types of locals.</param>
    /// <returns>The frames.</returns>
    /// <exception cref="InvalidRequestException">It is no stack.</exception>
    public static IEnumerable<StackFrame> Read(JsonElement array, string path, JsonSerializerOptions options) =>
        StrictObject
            .Items(array, path)
            .Select(item =>
            {
                StrictObject frame = StrictObject.Read(item.Element, item.Path, "line_number", "function_name", "locals", "address");
                return new StackFrame
                {
                    LineNumber = ToInt(frame.RequiredInteger("line_number"), frame.PathOf("line_number")),
                    FunctionName = frame.RequiredText("function_name"),
                    Locals = ReadMap(frame.Required("locals"), frame.PathOf("locals")),
                    Address = frame.Text("address"),
                    Options = options,
                };
            });

    /// <summary>Reads names and values.</summary>
    /// <param name="element">An object.</param>
    /// <param name="path">Where it stands.</param>
    public static IReadOnlyDictionary<string, object?> ReadMap(JsonElement element, string path) =>
        StrictObject.ReadMap(element, path).ToDictionary(pair => pair.Key, pair => (object?)pair.Value, StringComparer.Ordinal);

    /// <summary>A number of lines or calls.</summary>
    /// <param name="number">The number as it came.</param>
    /// <param name="path">Where it stands.</param>
    /// <exception cref="InvalidRequestException">It is out of range.</exception>
    public static int ToInt(long number, string path) =>
        number is >= int.MinValue and <= int.MaxValue
            ? (int)number
            : throw new InvalidRequestException(path, "This number is out of range.");
}

using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>Values of programs as JSON and back. No type is ever taken from the data.</summary>
internal static class ProgramJson
{
    // Of the 64 levels that a conversation allows, the memory's own documents need some around a value.
    private const int MaxDepth = 56;

    /// <summary>Options that know plain JSON values only.</summary>
    public static JsonSerializerOptions DefaultOptions { get; } =
        Exact(new JsonSerializerOptions { TypeInfoResolver = PlainTypes.Instance });

    /// <summary>A JSON null.</summary>
    public static JsonElement Null { get; } = JsonElement.Parse("null");

    /// <summary>Options that keep every text exactly.</summary>
    /// <param name="options">Options that know the types; <see langword="null"/> for plain values.</param>
    public static JsonSerializerOptions Exact(JsonSerializerOptions? options)
    {
        if (options is null)
        {
            return DefaultOptions;
        }

        var exact = new JsonSerializerOptions(options)
        {
            WriteIndented = false,
            Encoder = LoneSurrogateEncoder.Instance,
            TypeInfoResolver = JsonTypeInfoResolver.Combine(options.TypeInfoResolver, PlainTypes.Instance),
        };
        exact.Converters.Insert(0, new ExactStringConverter());
        exact.Converters.Insert(1, new ExactElementConverter());
        exact.Converters.Add(new FloatingPointConverter<double>());
        exact.Converters.Add(new FloatingPointConverter<float>());
        exact.Converters.Add(new FloatingPointConverter<Half>());
        exact.Converters.Add(new BigIntegerConverter());
        exact.MakeReadOnly();
        return exact;
    }

    /// <summary>A JSON text.</summary>
    /// <param name="write">Writes it.</param>
    public static string Text(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>How documents are written.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = LoneSurrogateEncoder.Instance, SkipValidation = true };

    /// <summary>A value as an element.</summary>
    /// <param name="path">Where it stands.</param>
    /// <param name="options">The options that know its type.</param>
    /// <exception cref="UnserializableValueException">It, or something in it, is no JSON value and of no known type.</exception>
    public static JsonElement ToElement(object? value, string path, JsonSerializerOptions options) =>
        JsonElement.Parse(Text(writer => Write(writer, value, path, options)));

    /// <summary>Writes a value.</summary>
    /// <param name="path">Where it stands.</param>
    /// <param name="options">The options that know its type.</param>
    /// <exception cref="UnserializableValueException">It, or something in it, is no JSON value and of no known type.</exception>
    /// <exception cref="JsonTooDeepException">It is nested too deep.</exception>
    public static void Write(Utf8JsonWriter writer, object? value, string path, JsonSerializerOptions options) =>
        Write(writer, value, path, path, options, 0);

    /// <summary>A value as a type.</summary>
    /// <param name="value">The value, as it was given or as it came back.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="options">The options that know the type.</param>
    /// <exception cref="UnserializableValueException">It is of another type.</exception>
    public static T? Read<T>(object? value, string path, JsonSerializerOptions options)
    {
        if (value is T typed)
        {
            return typed;
        }

        try
        {
            return value switch
            {
                null => default,
                JsonElement element => element.Deserialize((JsonTypeInfo<T>)options.GetTypeInfo(typeof(T))),
                _ => ToElement(value, path, options).Deserialize((JsonTypeInfo<T>)options.GetTypeInfo(typeof(T))),
            };
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException or InvalidOperationException or FormatException)
        {
            throw new UnserializableValueException(path, failure);
        }
    }

    /// <summary>
    /// An element as what a program would have written: texts, truth values, null, whole numbers (of the first of <see cref="long"/>,
    /// <see cref="ulong"/> and <see cref="BigInteger"/> that holds them), other numbers (<see cref="double"/>, or <see cref="decimal"/>
    /// where a double would lose digits); else the element.
    /// </summary>
    public static object? Natural(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.Undefined => null,
            JsonValueKind.String => JsonText.Read(element),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => Number(element),
            _ => element,
        };

    private static object Number(JsonElement element)
    {
        if (element.TryGetInt64(out long whole))
        {
            return whole;
        }

        if (element.TryGetUInt64(out ulong large))
        {
            return large;
        }

        string text = element.GetRawText();
        if (BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger any))
        {
            return any;
        }

        double number = element.GetDouble();
        bool isExact =
            !double.IsFinite(number)
            || !element.TryGetDecimal(out decimal digits)
            || text.AsSpan().IndexOfAny('e', 'E') >= 0
            || IsWritten(number, text)
            || digits.ToString(CultureInfo.InvariantCulture) != text;
        return isExact ? number : element.GetDecimal();
    }

    private static bool IsWritten(double number, string text)
    {
        string written = number.ToString("R", CultureInfo.InvariantCulture);
        return written == text || written + ".0" == text;
    }

    private static void Write(Utf8JsonWriter writer, object? value, string root, string path, JsonSerializerOptions options, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new JsonTooDeepException(root, depth, MaxDepth);
        }

        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case IEnumerable<KeyValuePair<string, object?>> map:
                writer.WriteStartObject();
                foreach ((string name, object? item) in map)
                {
                    writer.WritePropertyName(name);
                    Write(writer, item, root, $"{path}.{name}", options, depth + 1);
                }

                writer.WriteEndObject();
                break;
            case IEnumerable<object?> list:
                WriteList(writer, list, root, path, options, depth);
                break;
            default:
                WriteTyped(writer, value, path, options);
                break;
        }
    }

    private static void WriteList(
        Utf8JsonWriter writer,
        IEnumerable list,
        string root,
        string path,
        JsonSerializerOptions options,
        int depth
    )
    {
        writer.WriteStartArray();
        int index = 0;
        foreach (object? item in list)
        {
            Write(writer, item, root, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), options, depth + 1);
        }

        writer.WriteEndArray();
    }

    private static void WriteTyped(Utf8JsonWriter writer, object value, string path, JsonSerializerOptions options)
    {
        string json;
        try
        {
            // Written apart, so that what fails half-way leaves nothing behind.
            json = JsonSerializer.Serialize(value, options.GetTypeInfo(value.GetType()));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Getters of the value's own type run here: whatever they throw, the value cannot be serialized.
            MemoryException? tooDeep = value is JsonElement element ? TooDeep(element, path) : null;
            throw tooDeep ?? new UnserializableValueException(path, failure);
        }

        writer.WriteRawValue(json, skipInputValidation: true);
    }

    private static JsonTooDeepException? TooDeep(JsonElement element, string path) =>
        JsonTooDeepException.Find(JsonMarshal.GetRawUtf8Value(element), path, MaxDepth);
}

using System.Text.Json;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Client;

/// <summary>Turns the values of entries into JSON and back. Every text survives exactly, surrogates without a partner included.</summary>
internal sealed class ValueFormat
{
    private readonly JsonSerializerOptions _options;

    /// <summary>Makes a format.</summary>
    /// <param name="options">The serializer options that know the types; <see langword="null"/> takes System.Text.Json's own.</param>
    public ValueFormat(JsonSerializerOptions? options)
    {
        _options = new JsonSerializerOptions(options ?? JsonSerializerOptions.Default)
        {
            WriteIndented = false,
            MaxDepth = JsonDepth.MaxWritten,
            Encoder = LoneSurrogateEncoder.Instance,
        };
        _options.Converters.Insert(0, new ExactStringConverter());
        _options.Converters.Insert(1, new ExactElementConverter());
        _options.MakeReadOnly(populateMissingResolver: true);
    }

    /// <summary>The format without options of its own.</summary>
    public static ValueFormat Default { get; } = new(null);

    /// <summary>The JSON of a value.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="parameter">What to name in an error.</param>
    /// <exception cref="InvalidRequestException">The options cannot write it.</exception>
    /// <exception cref="JsonTooDeepException">It is nested deeper than <see cref="JsonDepth.MaxWritten"/>, or refers to itself.</exception>
    public string Write<T>(T value, string parameter)
    {
        try
        {
            return JsonSerializer.Serialize(value, _options);
        }
        catch (JsonException)
        {
            // Writing fails with this where it comes to the depth.
            throw new JsonTooDeepException(parameter, JsonDepth.MaxWritten + 1, JsonDepth.MaxStored);
        }
        catch (NotSupportedException)
        {
            throw new InvalidRequestException(parameter, $"{parameter} cannot be written as JSON by these serializer options.");
        }
    }

    /// <summary>The value of JSON.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <exception cref="UnreadableValueException">It is not of this type.</exception>
    public T? Read<T>(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, _options);
        }
        catch (Exception failure) when (failure is NotSupportedException or JsonException)
        {
            throw new UnreadableValueException(typeof(T));
        }
    }
}

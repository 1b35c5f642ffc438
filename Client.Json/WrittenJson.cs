using System.Buffers;
using System.Text.Json;

namespace OrleansMemory.Client.Json;

/// <summary>Makes JSON piece by piece; texts are written exactly, raw pieces as they are.</summary>
public static class WrittenJson
{
    // What is stored may be nested 64 levels deep, and stands some levels deeper in what is written around it.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 128 };

    /// <summary>Makes a JSON value.</summary>
    /// <typeparam name="TState">What writing needs.</typeparam>
    /// <param name="state">What writing needs.</param>
    /// <param name="write">Writes the value.</param>
    /// <returns>The value.</returns>
    public static JsonElement Of<TState>(TState state, Action<Utf8JsonWriter, TState> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = LoneSurrogateEncoder.Instance });
        write(writer, state);
        writer.Flush();
        return JsonElement.Parse(buffer.WrittenSpan, Deep);
    }
}

using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Json;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Transfer;

/// <summary>
/// Reads a long JSON document from a stream, token by token or value by value. It holds no more than the value being read.
/// </summary>
internal sealed class JsonChunkReader(Stream source, int maxValueBytes) : IDisposable
{
    // An export nests a message's contents three levels deeper than the request that brought them.
    private const int MaxDepth = 128;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    private readonly StreamBuffer _buffer = new(source, "body", maxValueBytes);
    private int _depth;
    private JsonReaderState _state = new(Options);

    /// <summary>The name that <see cref="ReadTokenAsync"/> read, when it was a property's.</summary>
    public string? Name { get; private set; }

    /// <summary>Reads the next token.</summary>
    /// <returns>The token; <see cref="JsonTokenType.None"/> at the end of the document.</returns>
    /// <exception cref="MalformedJsonException">The document is not valid JSON.</exception>
    /// <exception cref="JsonTooDeepException">The document is nested deeper than 128 levels.</exception>
    public async ValueTask<JsonTokenType> ReadTokenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryReadToken(out JsonTokenType token))
            {
                return token;
            }

            if (_buffer.Ended)
            {
                return JsonTokenType.None;
            }

            await _buffer.FillAsync(cancellationToken);
        }
    }

    /// <summary>Reads the next value whole.</summary>
    /// <returns>The value; <see langword="null"/> when the array that is being read has ended.</returns>
    /// <exception cref="MalformedJsonException">The document is not valid JSON.</exception>
    /// <exception cref="JsonTooDeepException">The document is nested deeper than 128 levels.</exception>
    /// <exception cref="PayloadTooLargeException">The value is larger than allowed.</exception>
    public async ValueTask<JsonElement?> ReadValueAsync(CancellationToken cancellationToken)
    {
        JsonElement? value;
        while (!TryReadValue(out value))
        {
            // A long value that comes in many pieces is looked at each time it has doubled, not from its beginning at each piece.
            int enough = Math.Min(2 * _buffer.Unused.Length, maxValueBytes + 1);
            do
            {
                await _buffer.FillAsync(cancellationToken);
            } while (!_buffer.Ended && _buffer.Unused.Length < enough);
        }

        return value;
    }

    /// <inheritdoc />
    public void Dispose() => _buffer.Dispose();

    private bool TryReadToken(out JsonTokenType token)
    {
        try
        {
            var reader = new Utf8JsonReader(_buffer.Unused.Span, _buffer.Ended, _state);
            bool read = reader.Read();
            token = reader.TokenType;
            if (read && !Utf8.IsValid(reader.ValueSpan))
            {
                // A reader looks at the encoding of names and strings only when they are made texts of.
                throw new MalformedJsonException(null, null);
            }

            Name = read && token == JsonTokenType.PropertyName ? JsonText.Read(ref reader) : null;
            Advance(reader);
            return read;
        }
        catch (JsonException failure)
        {
            throw Explain(failure);
        }
    }

    private bool TryReadValue(out JsonElement? value)
    {
        value = null;
        try
        {
            var reader = new Utf8JsonReader(_buffer.Unused.Span, _buffer.Ended, _state);
            if (!reader.Read())
            {
                return false;
            }

            if (reader.TokenType != JsonTokenType.EndArray)
            {
                if (!JsonDocument.TryParseValue(ref reader, out JsonDocument? document))
                {
                    return false;
                }

                using (document)
                {
                    value = Utf8.IsValid(JsonMarshal.GetRawUtf8Value(document.RootElement))
                        ? document.RootElement.Clone()
                        : throw new MalformedJsonException(null, null);
                }
            }

            Advance(reader);
            return true;
        }
        catch (JsonException failure)
        {
            throw Explain(failure);
        }
    }

    private void Advance(in Utf8JsonReader reader)
    {
        _buffer.Use((int)reader.BytesConsumed);
        _state = reader.CurrentState;
        _depth = reader.CurrentDepth + (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject ? 1 : 0);
    }

    private MemoryException Explain(JsonException failure)
    {
        // What is left begins at the value that could not be read, or at the separator before it.
        ReadOnlySpan<byte> rest = _buffer.Unused.Span.TrimStart(" \t\r\n,:"u8);
        return JsonTooDeepException.Find(rest, "body", MaxDepth - _depth) is { } deep
            ? new JsonTooDeepException(deep.Parameter, deep.Depth + _depth, MaxDepth)
            : MalformedJsonException.Of(failure);
    }
}

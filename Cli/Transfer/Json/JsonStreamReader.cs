using System.Text.Json;
using System.Text.Unicode;

namespace OrleansMemory.Cli.Transfer.Json;

/// <summary>
/// Reads a long JSON document, token by token or value by value. It holds no more than the value being read, and no more of that than 256
/// MiB.
/// </summary>
/// <param name="read">Reads more of it; 0 at its end.</param>
internal sealed class JsonStreamReader(Func<Memory<byte>, CancellationToken, ValueTask<int>> read)
{
    private const int FirstBytes = 64 * 1024;
    private const int MaxValueBytes = 256 * 1024 * 1024;
    private const int MaxDepth = 256;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    private byte[] _buffer = new byte[FirstBytes];
    private int _start;
    private int _end;
    private bool _ended;
    private JsonReaderState _state = new(Options);

    /// <summary>How many bytes of the document have been read.</summary>
    public long Position { get; private set; }

    /// <summary>The name that <see cref="ReadTokenAsync"/> read, when it was a property's.</summary>
    public string? Name { get; private set; }

    /// <summary>Reads the next token.</summary>
    /// <returns>The token; <see cref="JsonTokenType.None"/> behind the document.</returns>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public async ValueTask<JsonTokenType> ReadTokenAsync(CancellationToken cancellationToken)
    {
        JsonTokenType? token;
        while ((token = TryReadToken()) is null)
        {
            await FillAsync(cancellationToken);
        }

        return token.Value;
    }

    /// <summary>Reads the next value whole.</summary>
    /// <returns>Its JSON, valid UTF-8, until the next call; <see langword="null"/> where the array that is being read ends.</returns>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadValueAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryReadValue(out ReadOnlyMemory<byte>? value))
            {
                return value;
            }

            // A long value that comes in many pieces is looked at each time it has doubled, not from its beginning at each piece.
            int enough = 2 * (_end - _start);
            do
            {
                await FillAsync(cancellationToken);
            } while (!_ended && _end - _start < enough);
        }
    }

    private JsonTokenType? TryReadToken()
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _ended, _state);
        if (!reader.Read())
        {
            return _ended ? JsonTokenType.None : null;
        }

        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            Name = Utf8.IsValid(reader.ValueSpan) ? reader.GetString() : throw NoUtf8();
        }

        Advance(reader);
        return reader.TokenType;
    }

    private bool TryReadValue(out ReadOnlyMemory<byte>? value)
    {
        value = null;
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _ended, _state);
        if (!reader.Read())
        {
            return _ended ? throw new JsonException("The document ends within a value.") : false;
        }

        if (reader.TokenType != JsonTokenType.EndArray)
        {
            int from = (int)reader.TokenStartIndex;
            if (!reader.TrySkip())
            {
                return false;
            }

            value = _buffer.AsMemory(_start + from, (int)reader.BytesConsumed - from);
            if (!Utf8.IsValid(value.Value.Span))
            {
                throw NoUtf8();
            }
        }

        Advance(reader);
        return true;
    }

    private static JsonException NoUtf8() => new("A text is not UTF-8.");

    private void Advance(in Utf8JsonReader reader)
    {
        _start += (int)reader.BytesConsumed;
        Position += reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0 && (_end == _buffer.Length || _start == _end))
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= MaxValueBytes)
            {
                throw new JsonException("A value is longer than 256 MiB.");
            }

            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        int count = await read(_buffer.AsMemory(_end), cancellationToken);
        _end += count;
        _ended = count == 0;
    }
}

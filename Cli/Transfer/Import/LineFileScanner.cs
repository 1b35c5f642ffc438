using System.Text.Json;
using System.Text.Unicode;
using OrleansMemory.Cli.Transfer.Json;

namespace OrleansMemory.Cli.Transfer.Import;

/// <summary>
/// Looks through a file of lines before anything of it is sent: whether it is whole, what it holds, and where its parts are.
/// </summary>
/// <param name="name">The file's name.</param>
/// <param name="user">The user that all of it is given to; <see langword="null"/> leaves it with the users of the file.</param>
internal sealed class LineFileScanner(string name, string? user)
{
    private const int MostMemories = 100;
    private const long MostMemoryBytes = 4 * 1024 * 1024;
    private const int MaxDepth = 256;

    private readonly List<LinePart> _parts = [];
    private TransferCounts _counts = new();
    private string? _owner = user;
    private LinePart? _open;
    private long _missing;
    private bool _isEnded;

    /// <summary>Reads the file.</summary>
    /// <param name="file">It, from where it begins.</param>
    /// <returns>Its parts, in their order, and what is in them together.</returns>
    /// <exception cref="MalformedFileException">It is not whole, or not what it should be.</exception>
    public async Task<(IReadOnlyList<LinePart> Parts, TransferCounts Counts)> ScanAsync(
        FileStream file,
        CancellationToken cancellationToken
    )
    {
        long begin = file.Position;
        var lines = new LineReader(file);
        long offset = begin;
        while (await lines.ReadAsync(cancellationToken) is { } line)
        {
            Take(line, lines.Number, offset, begin + lines.Position - offset);
            offset = begin + lines.Position;
        }

        return _isEnded
            ? (_parts, _counts)
            : throw Malformed(lines.Number + 1, "the file was cut: its last line, which says how much there is, is missing.");
    }

    /// <summary>Reads a line: an object with one field.</summary>
    /// <returns>The field, and where its value stands.</returns>
    /// <exception cref="JsonException">It is no such object.</exception>
    public static (string Kind, Range Value) Parse(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (
            !Utf8.IsValid(line)
            || !reader.Read()
            || reader.TokenType != JsonTokenType.StartObject
            || !reader.Read()
            || reader.TokenType != JsonTokenType.PropertyName
        )
        {
            throw new JsonException();
        }

        string kind = reader.GetString()!;
        reader.Read();
        int from = (int)reader.TokenStartIndex;
        reader.Skip();
        int to = (int)reader.BytesConsumed;
        return reader.Read() && reader.TokenType == JsonTokenType.EndObject && !reader.Read()
            ? (kind, from..to)
            : throw new JsonException();
    }

    private MalformedFileException Malformed(long line, string what) => new(FormattableString.Invariant($"{name}, line {line}: {what}"));

    private void Take(ReadOnlyMemory<byte> line, long number, long offset, long length)
    {
        try
        {
            (string kind, Range value) = Parse(line.Span);
            if (_isEnded)
            {
                throw Malformed(number, "nothing may follow the line that ends the file.");
            }

            if (kind == JsonLines.Begin != (number == 1))
            {
                throw Malformed(number, "the line that begins an export stands first, and only there.");
            }

            Take(kind, line[value], number, offset, length);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Malformed(number, "this is no line of an export.");
        }
    }

    private void Take(string kind, ReadOnlyMemory<byte> value, long number, long offset, long length)
    {
        if (kind == JsonLines.Message)
        {
            LinePart open = _open ?? throw Malformed(number, "a message follows the conversation that it is of.");
            _open = open with { Length = open.Length + length };
            _missing--;
            Close();
            return;
        }

        if (kind == JsonLines.Dropped)
        {
            _open = null;
            return;
        }

        if (_open is not null)
        {
            throw Malformed(number, "messages of the conversation before it are missing.");
        }

        using JsonDocument document = JsonDocument.Parse(value, new JsonDocumentOptions { MaxDepth = MaxDepth });
        JsonElement root = document.RootElement;
        switch (kind)
        {
            case JsonLines.Begin:
                CheckVersion(root, number);
                _owner ??= Text(root, "userId");
                break;
            case JsonLines.Conversation:
                Open(root, number, offset, length);
                break;
            case JsonLines.Memory:
                AddMemory(root, number, offset, length);
                break;
            case JsonLines.End:
                CheckCounts(root, number);
                break;
            default:
                throw Malformed(
                    number,
                    $"a line is one of {JsonLines.Conversation}, {JsonLines.Message}, {JsonLines.Dropped}, {JsonLines.Memory} and {JsonLines.End}."
                );
        }
    }

    private void CheckVersion(JsonElement begin, long number)
    {
        if (begin.GetProperty("formatVersion").GetInt32() != JsonLines.Version)
        {
            throw Malformed(
                number,
                FormattableString.Invariant($"exports of format version {JsonLines.Version} can be imported, no others.")
            );
        }
    }

    private static string? Text(JsonElement from, string field) =>
        from.TryGetProperty(field, out JsonElement value) ? value.GetString() : null;

    private void Open(JsonElement conversation, long number, long offset, long length)
    {
        string id = Text(conversation, "id") is { Length: > 0 } text ? text : throw Malformed(number, "the conversation has no id.");
        long first = conversation.GetProperty("firstSequence").GetInt64();
        long messages = conversation.GetProperty("lastSequence").GetInt64() - first + 1;
        if (messages < 0)
        {
            throw Malformed(number, "the conversation ends before it begins.");
        }

        var counts = new TransferCounts(1, messages, conversation.GetProperty("entries").GetArrayLength());
        _open = new LinePart(number, offset, length, id, _owner ?? Text(conversation.GetProperty("settings"), "userId"), first, counts);
        _missing = messages;
        Close();
    }

    private void Close()
    {
        if (_missing == 0)
        {
            Add(_open!);
            _open = null;
        }
    }

    private void AddMemory(JsonElement memory, long number, long offset, long length)
    {
        string? owner = _owner ?? Text(memory, "user");
        var one = new TransferCounts(Memories: 1);
        if (
            _parts.Count > 0
            && _parts[^1] is { ConversationId: null, Counts.Memories: < MostMemories, Length: < MostMemoryBytes } last
            && last.UserId == owner
            && last.Offset + last.Length == offset
        )
        {
            _parts[^1] = last with { Length = last.Length + length, Counts = last.Counts + one };
            _counts += one;
        }
        else
        {
            Add(new LinePart(number, offset, length, null, owner, 0, one));
        }
    }

    private void Add(LinePart part)
    {
        _parts.Add(part);
        _counts += part.Counts;
    }

    private void CheckCounts(JsonElement end, long number)
    {
        var said = new TransferCounts(Count("conversations"), Count("messages"), Count("entries"), Count("memories"));
        _isEnded =
            said == _counts
                ? true
                : throw Malformed(
                    number,
                    "it says that there is more or less than what came before it: lines are missing, or stand there twice."
                );

        long Count(string field) => end.GetProperty(field).GetInt64();
    }
}

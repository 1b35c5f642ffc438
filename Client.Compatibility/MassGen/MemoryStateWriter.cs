using System.Buffers;
using System.Text.Json;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Compatibility.MassGen;

/// <summary>Writes the state of a <see cref="ConversationMemory"/>, message by message.</summary>
internal sealed class MemoryStateWriter : IDisposable
{
    // What is stored may be nested 64 levels deep, and stands some levels deeper here.
    private const int MaxDepth = 128;

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _writer;

    public MemoryStateWriter()
    {
        _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = LoneSurrogateEncoder.Instance });
        _writer.WriteStartObject();
        _writer.WriteStartArray(MemoryStateReader.Messages);
    }

    /// <summary>Adds the next message.</summary>
    public void Add(Message message)
    {
        _writer.WriteStartObject();
        _writer.WriteString("messageId", message.Id);
        _writer.WriteString("role", message.Role);
        if (message.Author is { } author)
        {
            _writer.WriteString("authorName", author);
        }

        _writer.WriteString("createdAt", message.Created);
        _writer.WritePropertyName("contents");
        _writer.WriteRawValue(message.Contents, skipInputValidation: true);
        if (message.Metadata is { } metadata)
        {
            _writer.WritePropertyName("additionalProperties");
            _writer.WriteRawValue(metadata, skipInputValidation: true);
        }

        _writer.WriteEndObject();
    }

    /// <summary>Ends the state.</summary>
    public JsonElement ToElement()
    {
        _writer.WriteEndArray();
        _writer.WriteEndObject();
        _writer.Flush();
        return JsonElement.Parse(_buffer.WrittenSpan, new JsonDocumentOptions { MaxDepth = MaxDepth });
    }

    /// <inheritdoc />
    public void Dispose() => _writer.Dispose();
}

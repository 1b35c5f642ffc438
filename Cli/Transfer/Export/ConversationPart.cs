using System.Text.Json;
using OrleansMemory.Cli.Transfer.Json;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Transfer.Export;

/// <summary>
/// Writes a conversation as lines: the silo's document of it, streamed, with its id and expiry, which the document does not have.
/// </summary>
/// <param name="memory">Calls the silo.</param>
/// <param name="user">Whose conversations are wanted; <see langword="null"/> for anybody's.</param>
internal sealed class ConversationPart(MemoryHttpClient memory, string? user)
{
    private const int MaxDepth = 256;

    /// <summary>Writes it.</summary>
    /// <returns>What it holds; <see langword="null"/> when it is somebody else's by now.</returns>
    /// <exception cref="CutAnswerException">It changed while it was read, or the connection was lost.</exception>
    public async Task<TransferCounts?> WriteAsync(ListedConversation listed, PartWriter part, CancellationToken cancellationToken)
    {
        using FileResponse exported = await memory.ExportConversationAsync(listed.Id, cancellationToken);
        try
        {
            var reader = new JsonStreamReader(exported.Stream.ReadPieceAsync);
            Dictionary<string, JsonElement> header = await ReadHeaderAsync(reader, cancellationToken);
            if (user is not null && !IsOf(header, user))
            {
                return null;
            }

            await part.WriteAsync(JsonLines.Line(JsonLines.Conversation, writer => WriteHeader(writer, listed, header)), cancellationToken);
            long messages = await WriteMessagesAsync(reader, part, cancellationToken);
            return messages == header["lastSequence"].GetInt64() - header["firstSequence"].GetInt64() + 1
                ? new TransferCounts(1, messages, header["entries"].GetArrayLength())
                : throw new CutAnswerException();
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException)
        {
            throw new CutAnswerException();
        }
    }

    private static async Task<Dictionary<string, JsonElement>> ReadHeaderAsync(JsonStreamReader reader, CancellationToken cancellationToken)
    {
        var header = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        await reader.ReadTokenAsync(cancellationToken);
        while (await reader.ReadTokenAsync(cancellationToken) == JsonTokenType.PropertyName && reader.Name != "messages")
        {
            string name = reader.Name!;
            ReadOnlyMemory<byte>? value = await reader.ReadValueAsync(cancellationToken);
            using JsonDocument document = JsonDocument.Parse(value!.Value, new JsonDocumentOptions { MaxDepth = MaxDepth });
            header[name] = document.RootElement.Clone();
        }

        return await reader.ReadTokenAsync(cancellationToken) == JsonTokenType.StartArray ? header : throw new CutAnswerException();
    }

    private static bool IsOf(Dictionary<string, JsonElement> header, string user) =>
        header["settings"].TryGetProperty("userId", out JsonElement owner) && owner.ValueEquals(user);

    private static void WriteHeader(Utf8JsonWriter writer, ListedConversation listed, Dictionary<string, JsonElement> header)
    {
        writer.WriteStartObject();
        writer.WriteString("id", listed.Id);
        if (listed.ExpiresAt is { } expiresAt)
        {
            writer.WriteString("expiresAt", expiresAt);
        }

        if (listed.Origin is { } origin)
        {
            writer.WriteStartObject("origin");
            writer.WriteString("id", origin.Id);
            writer.WriteNumber("sequence", origin.Sequence);
            writer.WriteEndObject();
        }

        foreach ((string name, JsonElement value) in header)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
        }

        writer.WriteEndObject();
    }

    private static async Task<long> WriteMessagesAsync(JsonStreamReader reader, PartWriter part, CancellationToken cancellationToken)
    {
        long messages = 0;
        while (await reader.ReadValueAsync(cancellationToken) is { } message)
        {
            await part.WriteAsync(
                JsonLines.Line(JsonLines.Message, writer => writer.WriteRawValue(message.Span, skipInputValidation: true)),
                cancellationToken
            );
            messages++;
        }

        // The object's end, and nothing behind it: what was cut has no end.
        return
            await reader.ReadTokenAsync(cancellationToken) == JsonTokenType.EndObject
            && await reader.ReadTokenAsync(cancellationToken) == JsonTokenType.None
            ? messages
            : throw new CutAnswerException();
    }
}

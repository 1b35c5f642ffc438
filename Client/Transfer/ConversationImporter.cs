using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansMemory.Client.Json;
using OrleansMemory.Client.Retries;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Transfer;

/// <summary>Reads an exported conversation and hands it to the grain, chunk by chunk.</summary>
internal sealed class ConversationImporter(IConversationGrain grain, TransientRetry retry)
{
    /// <summary>
    /// The largest message with its fields, or the largest list of entries, that is read: 128 MiB, twice the most that a silo lets a
    /// message have.
    /// </summary>
    private const int MaxValueBytes = 128 * 1024 * 1024;

    private static readonly string[] HeaderFields =
    [
        ExportFormat.FormatField,
        ExportFormat.FormatVersionField,
        ExportFormat.ExportedAtField,
        ExportFormat.SettingsField,
        ExportFormat.VersionField,
        ExportFormat.FirstSequenceField,
        ExportFormat.LastSequenceField,
        ExportFormat.EntriesField,
    ];

    /// <summary>Reads the document and imports it.</summary>
    /// <param name="source">Where from; it is left open.</param>
    /// <returns>The head of the new conversation.</returns>
    public async Task<Head> ReadAsync(Stream source, CancellationToken cancellationToken)
    {
        using var reader = new JsonChunkReader(source, MaxValueBytes);
        if (await reader.ReadTokenAsync(cancellationToken) != JsonTokenType.StartObject)
        {
            throw new InvalidRequestException("body", "An export is a JSON object.");
        }

        var header = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        string? importId = null;
        while (await reader.ReadTokenAsync(cancellationToken) == JsonTokenType.PropertyName)
        {
            string name = reader.Name!;
            if (importId is not null)
            {
                throw new InvalidRequestException(name, $"\"{ExportFormat.MessagesField}\" must be the last field of an export.");
            }

            if (name == ExportFormat.MessagesField)
            {
                ImportStart start = ToStart(StrictObject.Of(header));
                importId = await BeginAsync(start, cancellationToken);
                await ReadMessagesAsync(reader, importId, start, cancellationToken);
            }
            else if (!HeaderFields.Contains(name, StringComparer.Ordinal))
            {
                throw new InvalidRequestException(name, "This field is not known in an export.");
            }
            else if (!header.TryAdd(name, (await reader.ReadValueAsync(cancellationToken))!.Value))
            {
                throw new InvalidRequestException(name, "This field stands here twice.");
            }
        }

        // Whatever follows the document makes it malformed.
        await reader.ReadTokenAsync(cancellationToken);
        return importId is null
            ? throw new InvalidRequestException(ExportFormat.MessagesField, "This field is required.")
            : await CompleteAsync(importId, cancellationToken);
    }

    /// <summary>Whether a field stands before the messages.</summary>
    internal static bool IsHeaderField(string name) => HeaderFields.Contains(name, StringComparer.Ordinal);

    /// <summary>Reads the fields that stand before the messages.</summary>
    /// <returns>What they announce.</returns>
    internal static ImportStart ToStart(StrictObject header)
    {
        if (header.RequiredText(ExportFormat.FormatField) != ExportFormat.Name)
        {
            throw new InvalidRequestException(
                ExportFormat.FormatField,
                $"This is not an export: \"{ExportFormat.Name}\" is expected here."
            );
        }

        if (header.RequiredInteger(ExportFormat.FormatVersionField) != ExportFormat.Version)
        {
            throw new InvalidRequestException(
                ExportFormat.FormatVersionField,
                FormattableString.Invariant($"Exports of format version {ExportFormat.Version} can be imported, no others.")
            );
        }

        header.Instant(ExportFormat.ExportedAtField);
        header.Integer(ExportFormat.VersionField);
        return new ImportStart
        {
            Settings = SettingsDocument.Read(header.Required(ExportFormat.SettingsField), ExportFormat.SettingsField),
            Entries = [.. header.Items(ExportFormat.EntriesField).Select(item => ToEntry(item.Element, item.Path))],
            FirstSequence = header.RequiredInteger(ExportFormat.FirstSequenceField),
            LastSequence = header.RequiredInteger(ExportFormat.LastSequenceField),
        };
    }

    private static Entry ToEntry(JsonElement element, string path)
    {
        StrictObject entry = StrictObject.Read(element, path, "space", "key", "value", "expiresAt");
        return new Entry
        {
            Space = entry.RequiredText("space"),
            Key = entry.RequiredText("key"),
            Value = entry.TryGetAny("value", out JsonElement value)
                ? value.GetRawText()
                : throw new InvalidRequestException(entry.PathOf("value"), "This field is required."),
            ExpiresAt = entry.Instant("expiresAt"),
        };
    }

    /// <summary>Reads a message.</summary>
    /// <param name="path">Where it stands.</param>
    internal static Message ToMessage(JsonElement element, string path)
    {
        StrictObject message = StrictObject.Read(
            element,
            path,
            "sequence",
            "messageId",
            "role",
            "authorName",
            "createdAt",
            "contents",
            "additionalProperties"
        );
        return new Message
        {
            Sequence = message.RequiredInteger("sequence"),
            Id = message.RequiredText("messageId"),
            Role = message.RequiredText("role"),
            Author = message.Text("authorName"),
            Created =
                message.Instant("createdAt") ?? throw new InvalidRequestException(message.PathOf("createdAt"), "This field is required."),
            Contents = ToContents(message),
            Metadata = message.RawObject("additionalProperties"),
        };
    }

    // Of which type is for who reads them: a newer build may have written types that this one does not know.
    private static string ToContents(StrictObject message)
    {
        foreach ((JsonElement content, string path) in message.Items("contents"))
        {
            if (
                content.ValueKind != JsonValueKind.Object
                || !JsonText.TryGetProperty(content, "$type", out JsonElement type)
                || type.ValueKind != JsonValueKind.String
            )
            {
                throw new InvalidRequestException($"{path}.$type", "A content is a JSON object that names its type here.");
            }
        }

        return message.Required("contents").GetRawText();
    }

    private async Task ReadMessagesAsync(JsonChunkReader reader, string importId, ImportStart start, CancellationToken cancellationToken)
    {
        if (await reader.ReadTokenAsync(cancellationToken) != JsonTokenType.StartArray)
        {
            throw new InvalidRequestException(ExportFormat.MessagesField, "A JSON array is expected here.");
        }

        ImmutableArray<Message>.Builder chunk = ImmutableArray.CreateBuilder<Message>();
        long bytes = 0;
        long expected = start.FirstSequence;
        while (await reader.ReadValueAsync(cancellationToken) is { } element)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"{ExportFormat.MessagesField}[{expected - start.FirstSequence}]");
            Message message = ToMessage(element, path);
            if (message.Sequence != expected || expected > start.LastSequence)
            {
                throw new InvalidRequestException($"{path}.sequence", "Sequences run from firstSequence to lastSequence without gaps.");
            }

            expected++;
            chunk.Add(message);
            bytes += Encoding.UTF8.GetByteCount(message.Contents) + Encoding.UTF8.GetByteCount(message.Metadata ?? "");
            if (chunk.Count == ExportFormat.ChunkMessages || bytes >= ExportFormat.ChunkBytes)
            {
                await AppendAsync(importId, chunk.DrainToImmutable(), cancellationToken);
                bytes = 0;
            }
        }

        if (expected != start.LastSequence + 1)
        {
            throw new InvalidRequestException(ExportFormat.MessagesField, "Messages are missing: they end before lastSequence.");
        }

        if (chunk.Count > 0)
        {
            await AppendAsync(importId, chunk.DrainToImmutable(), cancellationToken);
        }
    }

    private Task<string> BeginAsync(ImportStart start, CancellationToken cancellationToken) =>
        retry.ExecuteAsync(static (state, token) => state.grain.BeginImportAsync(state.start, token), (grain, start), cancellationToken);

    private Task<bool> AppendAsync(string importId, ImmutableArray<Message> messages, CancellationToken cancellationToken) =>
        retry.ExecuteAsync(
            static async (state, token) =>
            {
                await state.grain.AppendImportAsync(state.importId, state.messages, token);
                return true;
            },
            (grain, importId, messages),
            cancellationToken
        );

    private Task<Head> CompleteAsync(string importId, CancellationToken cancellationToken) =>
        retry.ExecuteAsync(
            static (state, token) => state.grain.CompleteImportAsync(state.importId, token),
            (grain, importId),
            cancellationToken
        );
}

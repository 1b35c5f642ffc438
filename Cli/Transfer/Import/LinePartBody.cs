using System.IO.Pipelines;
using System.Text.Json;
using OrleansMemory.Cli.Transfer.Json;

namespace OrleansMemory.Cli.Transfer.Import;

/// <summary>Makes of a part of a file what the silo takes, while it is sent.</summary>
internal sealed class LinePartBody(string path, LinePart part)
{
    private const int FlushBytes = 64 * 1024;
    private const int MaxDepth = 256;

    private static readonly string[] NotInDocuments = ["id", "expiresAt", "origin"];

    /// <summary>The part as the file of a user that has nothing else.</summary>
    public Stream OpenUser(CancellationToken cancellationToken) => Open(WriteUserAsync, cancellationToken);

    /// <summary>The part as the document of a conversation.</summary>
    public Stream OpenDocument(CancellationToken cancellationToken) => Open(WriteDocumentAsync, cancellationToken);

    private static Stream Open(Func<PipeWriter, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        var pipe = new Pipe();
        _ = Task.Run(
            async () =>
            {
                try
                {
                    await write(pipe.Writer, cancellationToken);
                    await pipe.Writer.CompleteAsync();
                }
                catch (Exception failure)
                {
                    // Whoever reads the other end fails with it.
                    await pipe.Writer.CompleteAsync(failure);
                }
            },
            CancellationToken.None
        );
        return pipe.Reader.AsStream();
    }

    private async Task WriteUserAsync(PipeWriter to, CancellationToken cancellationToken)
    {
        await to.WriteAsync(JsonLines.BeginLine(part.UserId, TimeProvider.System.GetUtcNow()), cancellationToken);
        await ForEachAsync(
            (kind, value) =>
                kind == JsonLines.Memory
                    ? JsonLines.Line(kind, writer => WriteWithout(writer, value, "user"))
                    : JsonLines.Line(kind, writer => writer.WriteRawValue(value.Span, skipInputValidation: true)),
            to,
            cancellationToken
        );
        await to.WriteAsync(JsonLines.EndLine(part.Counts), cancellationToken);
    }

    private async Task WriteDocumentAsync(PipeWriter to, CancellationToken cancellationToken)
    {
        bool isFirst = true;
        await ForEachAsync(
            (kind, value) =>
            {
                if (kind == JsonLines.Conversation)
                {
                    byte[] header = JsonLines.Line(kind, writer => WriteWithout(writer, value, NotInDocuments));

                    // {"conversation":{…}} with its line feed: what is within, still open, and with the messages to come.
                    int from = header.AsSpan().IndexOf((byte)':') + 1;
                    return [.. header.AsSpan(from, header.Length - from - 3), .. ",\"messages\":["u8];
                }

                byte[] message = [.. isFirst ? [] : ","u8, .. value.Span];
                isFirst = false;
                return message;
            },
            to,
            cancellationToken
        );
        await to.WriteAsync("]}"u8.ToArray(), cancellationToken);
    }

    private static void WriteWithout(Utf8JsonWriter writer, ReadOnlyMemory<byte> json, params string[] names)
    {
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
        writer.WriteStartObject();
        foreach (
            JsonProperty property in document
                .RootElement.EnumerateObject()
                .Where(property => !names.Contains(property.Name, StringComparer.Ordinal))
        )
        {
            writer.WritePropertyName(property.Name);
            writer.WriteRawValue(property.Value.GetRawText(), skipInputValidation: true);
        }

        writer.WriteEndObject();
    }

    private async Task ForEachAsync(Func<string, ReadOnlyMemory<byte>, byte[]> write, PipeWriter to, CancellationToken cancellationToken)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        await using (file)
        {
            file.Seek(part.Offset, SeekOrigin.Begin);
            var lines = new LineReader(file);
            while (lines.Position < part.Length && await lines.ReadAsync(cancellationToken) is { } line)
            {
                (string kind, Range value) = LineFileScanner.Parse(line.Span);
                byte[] written = write(kind, line[value]);
                written.CopyTo(to.GetMemory(written.Length));
                to.Advance(written.Length);
                if (to.UnflushedBytes >= FlushBytes && (await to.FlushAsync(cancellationToken)).IsCompleted)
                {
                    // The silo wants no more of it.
                    return;
                }
            }
        }
    }
}

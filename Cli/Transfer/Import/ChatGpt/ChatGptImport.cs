using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using OrleansMemory.Cli.Terminal;
using OrleansMemory.Cli.Transfer.Import.Converted;
using OrleansMemory.Cli.Transfer.Json;
using OrleansMemory.Cli.Transfer.Progress;

namespace OrleansMemory.Cli.Transfer.Import.ChatGpt;

/// <summary>Imports ChatGPT's <c>conversations.json</c>, conversation by conversation: the file is never in memory as a whole.</summary>
/// <param name="converter">Converts them.</param>
/// <param name="import">Writes them.</param>
/// <param name="tally">Is told what it comes to.</param>
internal sealed class ChatGptImport(ChatGptConverter converter, ConvertedImport import, ImportTally tally)
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    private string? _malformed;

    /// <summary>Imports it.</summary>
    /// <param name="file">The file, from where it begins.</param>
    /// <param name="parallel">How many conversations at a time.</param>
    /// <param name="meter">Is told how many bytes of the file.</param>
    /// <param name="cancellationToken">Ends it; what is imported stays.</param>
    /// <exception cref="MalformedFileException">It is no JSON from somewhere on; what stands before that is imported.</exception>
    public async Task ImportAsync(FileStream file, int parallel, TransferMeter meter, CancellationToken cancellationToken)
    {
        meter.Total = file.Length;
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            ReadAsync(file, meter, cancellationToken),
            options,
            async (item, token) => await ImportAsync(item.Number, item.Json, token)
        );
        if (_malformed is not null)
        {
            throw new MalformedFileException(_malformed);
        }
    }

    private async Task ImportAsync(long number, byte[] json, CancellationToken cancellationToken)
    {
        string where = FormattableString.Invariant($"conversation {number}");
        try
        {
            using JsonDocument document = Parse(json);
            IReadOnlyList<ConvertedConversation> converted = converter.Convert(document.RootElement);
            foreach (ConvertedConversation conversation in converted)
            {
                tally.Read(conversation.Counts);
                await import.ImportAsync(conversation, number, where, cancellationToken);
            }
        }
        catch (MalformedConversationException failure)
        {
            tally.Fail(number, where, failure.Message);
        }
    }

    // Half of a character, which JSON can say and a text cannot be, becomes a replacement.
    private static JsonDocument Parse(byte[] json)
    {
        bool mayHaveHalves = json.AsSpan().IndexOf("\\ud"u8) >= 0 || json.AsSpan().IndexOf("\\uD"u8) >= 0;
        return mayHaveHalves ? JsonDocument.Parse(PlainJson.Of(Encoding.UTF8.GetString(json)), Options) : JsonDocument.Parse(json, Options);
    }

    private async IAsyncEnumerable<(long Number, byte[] Json)> ReadAsync(
        FileStream file,
        TransferMeter meter,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var reader = new JsonStreamReader(file.ReadAsync);
        long number = 0;
        bool isList = await IsListAsync(file, cancellationToken);
        if (isList)
        {
            await reader.ReadTokenAsync(cancellationToken);
        }

        while (await TryReadAsync(file.Name, reader, number + 1, isList, cancellationToken) is { } json)
        {
            meter.Set(reader.Position);
            yield return (++number, json);
        }
    }

    // One conversation may stand in a file of its own.
    private static async Task<bool> IsListAsync(FileStream file, CancellationToken cancellationToken)
    {
        long begin = file.Position;
        byte[] one = new byte[1];
        while (await file.ReadAsync(one, cancellationToken) > 0 && one[0] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') { }

        file.Seek(begin, SeekOrigin.Begin);
        return one[0] == (byte)'[';
    }

    private async Task<byte[]?> TryReadAsync(
        string name,
        JsonStreamReader reader,
        long number,
        bool isList,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (isList || number == 1)
            {
                if (await reader.ReadValueAsync(cancellationToken) is { } json)
                {
                    return json.ToArray();
                }
            }

            // Nothing may follow.
            await reader.ReadTokenAsync(cancellationToken);
            return null;
        }
        catch (JsonException)
        {
            _malformed = FormattableString.Invariant(
                $"{name}: conversation {number}, behind byte {reader.Position}: this is no JSON, or the file was cut. What stands before it was imported."
            );
            return null;
        }
    }
}

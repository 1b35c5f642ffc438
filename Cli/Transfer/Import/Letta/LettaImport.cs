using System.Text;
using System.Text.Json;
using OrleansMemory.Cli.Terminal;
using OrleansMemory.Cli.Transfer.Import.Converted;
using OrleansMemory.Cli.Transfer.Progress;

namespace OrleansMemory.Cli.Transfer.Import.Letta;

/// <summary>Imports an Agent File: each agent with its messages is a conversation.</summary>
/// <param name="import">Writes them.</param>
/// <param name="tally">Is told what it comes to.</param>
internal sealed class LettaImport(ConvertedImport import, ImportTally tally)
{
    private const long MostBytes = 512L * 1024 * 1024;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    /// <summary>Imports it.</summary>
    /// <param name="file">The file, from where it begins.</param>
    /// <param name="conversation">The conversation's id; <see langword="null"/> for one made of what the agent is.</param>
    /// <param name="parallel">How many agents at a time.</param>
    /// <param name="meter">Is told how many agents.</param>
    /// <exception cref="MalformedFileException">It is no agent file.</exception>
    public async Task ImportAsync(
        FileStream file,
        string? conversation,
        int parallel,
        TransferMeter meter,
        CancellationToken cancellationToken
    )
    {
        using JsonDocument document = await ReadAsync(file, cancellationToken);
        var source = new LettaFile(file.Name, document.RootElement, tally);
        IReadOnlyList<ConvertedConversation> agents = source.Convert();
        if (conversation is not null)
        {
            agents =
                agents.Count == 1
                    ? [agents[0] with { Id = conversation }]
                    : throw new UsageException($"{file.Name} has {agents.Count} agents: --conversation is for a file of one.");
        }

        meter.Total = agents.Count;
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken };
        await Parallel.ForAsync(
            0,
            agents.Count,
            options,
            async (at, token) =>
            {
                tally.Read(agents[at].Counts);
                await import.ImportAsync(agents[at], at + 1, FormattableString.Invariant($"agent {at + 1}"), token);
                meter.Add(1);
            }
        );
    }

    // Some agent files are a JSON text that holds the JSON of the agent file.
    private static async Task<JsonDocument> ReadAsync(FileStream file, CancellationToken cancellationToken)
    {
        if (file.Length > MostBytes)
        {
            throw new MalformedFileException($"{file.Name} is longer than 512 MiB: this is no agent file.");
        }

        string text = await ReadTextAsync(file, cancellationToken);
        JsonDocument document = Parse(file.Name, text);
        if (document.RootElement.ValueKind != JsonValueKind.String)
        {
            return document;
        }

        using (document)
        {
            return Parse(file.Name, document.RootElement.GetString()!);
        }
    }

    private static async Task<string> ReadTextAsync(FileStream file, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(
            file,
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true),
            leaveOpen: true
        );
        try
        {
            return await reader.ReadToEndAsync(cancellationToken);
        }
        catch (DecoderFallbackException)
        {
            throw new MalformedFileException($"{file.Name}: a text is not UTF-8.");
        }
    }

    private static JsonDocument Parse(string name, string text)
    {
        try
        {
            return JsonDocument.Parse(PlainJson.Of(text), Options);
        }
        catch (JsonException failure)
        {
            throw new MalformedFileException(
                FormattableString.Invariant(
                    $"{name}, line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1}: this is no JSON, or the file was cut."
                )
            );
        }
    }
}

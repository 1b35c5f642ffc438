using OrleansMemory.Cli.Transfer.Progress;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Transfer.Import;

/// <summary>
/// Imports a file of lines, part by part. What is there already is left as it is, so that the same file may be imported again after an
/// interruption.
/// </summary>
/// <param name="memory">Calls the silo.</param>
/// <param name="tally">Is told what it comes to.</param>
/// <param name="retry">Repeats calls.</param>
internal sealed class LinesImport(MemoryHttpClient memory, ImportTally tally, Retry retry)
{
    /// <summary>Imports it.</summary>
    /// <param name="user">To whom; <see langword="null"/> to whose it is in the file.</param>
    /// <param name="parallel">How many parts at a time.</param>
    /// <param name="meter">Is told how many bytes of the file.</param>
    /// <param name="cancellationToken">Ends it; what is imported stays.</param>
    public async Task ImportAsync(FileStream file, string? user, int parallel, TransferMeter meter, CancellationToken cancellationToken)
    {
        (IReadOnlyList<LinePart> parts, TransferCounts counts) = await new LineFileScanner(file.Name, user).ScanAsync(
            file,
            cancellationToken
        );
        tally.Read(counts);
        meter.Total = parts.Sum(static part => part.Length);
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            parts,
            options,
            async (part, token) =>
            {
                await ImportAsync(file.Name, part, token);
                meter.Add(part.Length);
            }
        );
    }

    private async Task ImportAsync(string path, LinePart part, CancellationToken cancellationToken)
    {
        var body = new LinePartBody(path, part);
        try
        {
            await retry.ExecuteAsync(
                () =>
                    part.ConversationId is { } id
                        ? ImportConversationAsync(body, part, id, cancellationToken)
                        : ImportMemoriesAsync(body, part, cancellationToken),
                cancellationToken
            );
        }
        catch (MemoryHttpException refusal) when (ImportTally.IsOfOne(refusal))
        {
            tally.Fail(part.FirstLine, FormattableString.Invariant($"line {part.FirstLine}"), ImportTally.Why(refusal));
        }
    }

    private async Task<bool> ImportConversationAsync(LinePartBody body, LinePart part, string id, CancellationToken cancellationToken)
    {
        if (await memory.FindConversationAsync(id, cancellationToken) is { } there)
        {
            if (there.UserId == part.UserId && there.FirstSequence == part.FirstSequence && there.LastSequence == part.LastSequence)
            {
                tally.Unchanged();
                return false;
            }

            tally.Fail(
                part.FirstLine,
                FormattableString.Invariant($"line {part.FirstLine}"),
                "A conversation with this id is there, and is another one or has gone on."
            );
            return false;
        }

        if (part.UserId is { } user)
        {
            Stream lines = body.OpenUser(cancellationToken);
            await using (lines)
            {
                ImportedUserDocument imported = await memory.ImportUserAsync(user, lines, cancellationToken);
                if (imported.Skipped > 0)
                {
                    tally.Unchanged();
                    return false;
                }
            }
        }
        else
        {
            Stream document = body.OpenDocument(cancellationToken);
            await using (document)
            {
                await memory.ImportConversationAsync(id, document, cancellationToken);
            }
        }

        tally.Imported(part.Counts);
        return true;
    }

    private async Task<bool> ImportMemoriesAsync(LinePartBody body, LinePart part, CancellationToken cancellationToken)
    {
        if (part.UserId is not { } user)
        {
            tally.Note(
                "memories of agents or sessions without a user: left out, since the silo imports memories of users only",
                part.Counts.Memories
            );
            return false;
        }

        Stream lines = body.OpenUser(cancellationToken);
        await using (lines)
        {
            ImportedUserDocument imported = await memory.ImportUserAsync(user, lines, cancellationToken);
            tally.Imported(new TransferCounts(Memories: imported.Memories - imported.Skipped));
            tally.Note("memories that were there already, or have expired: left as they are", imported.Skipped);
            return true;
        }
    }
}

using System.Net;
using OrleansMemory.Cli.Transfer.Json;
using OrleansMemory.Cli.Transfer.Progress;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Transfer.Export;

/// <summary>
/// Exports all of a user or of a tenant: a conversation is a part, and so is a page of memories. Parts that are there already are not
/// fetched again.
/// </summary>
/// <param name="http">Calls the silo.</param>
/// <param name="user">Whose; <see langword="null"/> for all of the tenant.</param>
/// <param name="parallel">How many calls at a time.</param>
/// <param name="retry">Repeats calls.</param>
internal sealed class LinesExport(HttpClient http, string? user, int parallel, Retry retry)
{
    private const string BeginUnit = "begin";
    private const string EndUnit = "end";
    private const string NoMore = "";
    private const int PageLimit = 200;

    // What is committed while the list is read may move a conversation to a page that was read before.
    private const int MostLists = 5;

    private readonly MemoryHttpClient _memory = new(http);

    /// <summary>Writes what is missing.</summary>
    /// <param name="state">Where an earlier run has got among the memories.</param>
    /// <param name="meter">Is told how many conversations.</param>
    /// <param name="cancellationToken">Ends the export; what is whole stays.</param>
    public async Task WriteAsync(LineFile file, string? state, TransferMeter meter, CancellationToken cancellationToken)
    {
        if (file.IsDone(EndUnit))
        {
            return;
        }

        // Whether there is a silo that lets the caller do it is asked first, and not several times.
        await _memory.ListConversationsAsync(userId: user, limit: 1, cancellationToken: cancellationToken);
        if (!file.IsDone(BeginUnit))
        {
            await file.WriteAsync(BeginUnit, new TransferCounts(), null, [JsonLines.BeginLine(user, TimeProvider.System.GetUtcNow())]);
        }

        await WriteConversationsAsync(file, meter, cancellationToken);
        await WriteMemoriesAsync(file, state, cancellationToken);
        await file.WriteAsync(EndUnit, new TransferCounts(), null, [JsonLines.EndLine(file.Counts)]);
    }

    private static string UnitOf(ListedConversation conversation) => "conversation " + conversation.Id;

    private async Task WriteConversationsAsync(LineFile file, TransferMeter meter, CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken };
        for (int list = 0; list < MostLists; list++)
        {
            List<ListedConversation> found = await ListAsync(seen, cancellationToken);
            if (found.Count == 0)
            {
                break;
            }

            meter.Total += found.Count;
            await Parallel.ForEachAsync(
                found,
                options,
                async (conversation, token) =>
                {
                    if (!file.IsDone(UnitOf(conversation)))
                    {
                        await WriteAsync(file, conversation, token);
                    }

                    meter.Add(1);
                }
            );
        }
    }

    private async Task<List<ListedConversation>> ListAsync(HashSet<string> seen, CancellationToken cancellationToken)
    {
        var found = new List<ListedConversation>();
        string? cursor = null;
        do
        {
            ConversationListDocument page = await retry.ExecuteAsync(
                () => _memory.ListConversationsAsync(userId: user, limit: PageLimit, cursor: cursor, cancellationToken: cancellationToken),
                cancellationToken
            );
            found.AddRange(
                page.Conversations.Where(one => seen.Add(one.Id))
                    .Select(static one => new ListedConversation(one.Id, one.ExpiresAt, one.Origin))
            );
            cursor = page.Next;
        } while (cursor is not null);

        return found;
    }

    private Task<TransferCounts> WriteAsync(LineFile file, ListedConversation conversation, CancellationToken cancellationToken)
    {
        var conversations = new ConversationPart(_memory, user);
        return retry.ExecuteAsync(
            () =>
                file.WriteAsync(
                    UnitOf(conversation),
                    async part =>
                    {
                        try
                        {
                            return await conversations.WriteAsync(conversation, part, cancellationToken);
                        }
                        catch (MemoryHttpException refusal) when ((HttpStatusCode)refusal.StatusCode is HttpStatusCode.NotFound)
                        {
                            return null;
                        }
                        catch (MemoryHttpException refusal) when ((HttpStatusCode)refusal.StatusCode is HttpStatusCode.Conflict)
                        {
                            throw new CutAnswerException();
                        }
                    },
                    cancellationToken
                ),
            cancellationToken
        );
    }

    private async Task WriteMemoriesAsync(LineFile file, string? state, CancellationToken cancellationToken)
    {
        var memories = new MemoryParts(http, user, parallel);
        string? cursor = state;
        while (cursor != NoMore)
        {
            string? from = cursor;
            (byte[][] lines, string? next) = await retry.ExecuteAsync(() => memories.ReadAsync(from, cancellationToken), cancellationToken);
            cursor = next ?? NoMore;
            await file.WriteAsync("memories before " + cursor, new TransferCounts(Memories: lines.Length), cursor, lines);
        }
    }
}

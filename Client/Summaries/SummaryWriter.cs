using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Summaries;

/// <summary>Makes the next summary of a conversation and stores it in a turn of its own.</summary>
/// <param name="summarizer">Writes the text.</param>
/// <param name="least">How many messages must have fallen out since the summary before.</param>
/// <param name="time">The clock of the instant that is stored with it.</param>
internal sealed class SummaryWriter(IConversationSummarizer summarizer, int least, TimeProvider time)
{
    /// <summary>One summary stands for at most this many further messages, so that one call of a model is bounded.</summary>
    public const int MostMessages = 200;

    private const int Kept = 2;

    /// <summary>Makes and stores the next summary, if there is enough to summarise.</summary>
    /// <param name="startOfWindow">The first sequence of the window that the run had.</param>
    /// <returns>A task that ends when it is stored, or when there is nothing to store.</returns>
    public async Task WriteAsync(Conversation conversation, long startOfWindow, CancellationToken cancellationToken)
    {
        if (await conversation.GetSnapshotAsync(cancellationToken) is not { } snapshot)
        {
            return;
        }

        long firstOfLog = snapshot.Head.FirstSequence;
        StoredSummary? before = StoredSummary.Newest(Summaries(snapshot), firstOfLog, startOfWindow);
        long first = before is null ? Math.Max(firstOfLog, startOfWindow - MostMessages) : Math.Max(before.Through + 1, firstOfLog);
        long last = Math.Min(startOfWindow - 1, first + MostMessages - 1);
        if (last - first + 1 < least)
        {
            return;
        }

        IReadOnlyList<ConversationMessage> messages = await ReadAsync(conversation, first, last, cancellationToken);
        if (messages.Count == 0 || messages[0].Sequence != first || messages[^1].Sequence != last)
        {
            // Truncated in the meantime.
            return;
        }

        string? text = await summarizer.SummarizeAsync(
            new SummaryRequest(before?.Text, messages, before?.From ?? first, last),
            cancellationToken
        );
        if (!string.IsNullOrWhiteSpace(text))
        {
            var summary = new StoredSummary(before?.From ?? first, last, WellFormed(text), time.GetUtcNow());
            await StoreAsync(conversation, summary, first, snapshot.Head, cancellationToken);
        }
    }

    private static async Task<IReadOnlyList<ConversationMessage>> ReadAsync(
        Conversation conversation,
        long first,
        long last,
        CancellationToken cancellationToken
    )
    {
        var messages = new List<ConversationMessage>();
        for (long? after = first - 1; after is not null && after < last;)
        {
            ConversationPage page = await conversation.GetShownMessagesAsync(
                new MessageQuery
                {
                    After = after,
                    Before = last + 1,
                    Limit = MostMessages,
                },
                cancellationToken
            );
            messages.AddRange(page.Messages);
            after = page.Next;
        }

        return messages;
    }

    /// <summary>
    /// Stores a summary on the conversation it was made from and on no other: never one that was deleted, and not where the messages were
    /// cleared in the meantime. What was
    /// appended since does not matter.
    /// </summary>
    private static async Task StoreAsync(
        Conversation conversation,
        StoredSummary summary,
        long first,
        Head from,
        CancellationToken cancellationToken
    )
    {
        string turnId = FormattableString.Invariant($"summary:{first}-{summary.Through}");
        while (await conversation.GetSnapshotAsync(cancellationToken) is { } now && now.Head.CreatedAt == from.CreatedAt)
        {
            List<StoredSummary> ranked = [.. Summaries(now).Append(summary).OrderByDescending(other => other.Through)];
            if (summary.Through < now.Head.FirstSequence - 1 || ranked.IndexOf(summary) >= Kept)
            {
                return;
            }

            try
            {
                await conversation.CommitAsync(
                    new Turn
                    {
                        TurnId = turnId,
                        ExpectedVersion = now.Head.Version,
                        EntryWrites = [summary.ToWrite()],
                        EntryDeletes =
                        [
                            .. ranked.Skip(Kept).Select(old => new EntryDelete { Space = EntrySpaces.Summaries, Key = old.Key }),
                        ],
                    },
                    cancellationToken
                );
                return;
            }
            catch (VersionConflictException)
            {
                // Something was committed in between; whether the summary still fits is looked at again.
            }
            catch (TurnConflictException)
            {
                // Another client has stored a summary of the same messages.
                return;
            }
        }
    }

    private static IEnumerable<StoredSummary> Summaries(ConversationSnapshot snapshot) =>
        snapshot
            .Entries.Where(entry => string.Equals(entry.Space, EntrySpaces.Summaries, StringComparison.Ordinal))
            .Select(StoredSummary.Read)
            .OfType<StoredSummary>();

    /// <summary>A model's text may end within a pair of surrogates.</summary>
    private static string WellFormed(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}

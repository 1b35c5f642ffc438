using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage.InMemory;

internal sealed partial class InMemoryConversationStore
{
    /// <inheritdoc />
    public Task<IReadOnlyList<Message>> ReadMessagesAsync(Lineage lineage, MessageScan scan, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<Message>>(() => Read(lineage, scan), cancellationToken);

    /// <inheritdoc />
    public Task<Dictionary<string, long>> FindMessageIdsAsync(
        Lineage lineage,
        long first,
        long last,
        string[] ids,
        CancellationToken cancellationToken
    ) =>
        Locked(
            () =>
            {
                var found = new Dictionary<string, long>(StringComparer.Ordinal);
                foreach (LogSegment segment in lineage.Within(first, last, MessageOrder.Ascending))
                {
                    foreach (string id in ids)
                    {
                        if (
                            _lives.TryGetValue(segment.StoreId, out StoredLife? life)
                            && life.NewestOf(id, segment.First, segment.Last) is { } sequence
                        )
                        {
                            found[id] = Math.Max(found.GetValueOrDefault(id), sequence);
                        }
                    }
                }

                return found;
            },
            cancellationToken
        );

    /// <inheritdoc />
    public Task<IReadOnlyList<ToolTrace>> ReadToolTracesAsync(Lineage lineage, long fromSequence, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<ToolTrace>>(
            () =>
                [
                    .. Rows(lineage, fromSequence, long.MaxValue, MessageOrder.Ascending)
                        .Where(row => row.Tools is not null)
                        .Select(row => new ToolTrace(row.Message.Sequence, row.Tools!)),
                ],
            cancellationToken
        );

    private List<Message> Read(Lineage lineage, MessageScan scan)
    {
        var messages = new List<Message>();
        long bytes = 0;
        foreach (MessageRow row in Rows(lineage, scan.First, scan.Last, scan.Order))
        {
            if (scan.Role is not null && !string.Equals(row.Message.Role, scan.Role, StringComparison.Ordinal))
            {
                continue;
            }

            bytes += row.Bytes;
            if (messages.Count == scan.Limit || (messages.Count > 0 && bytes > scan.MaxBytes))
            {
                break;
            }

            messages.Add(row.Message);
        }

        return messages;
    }

    private IEnumerable<MessageRow> Rows(Lineage lineage, long first, long last, MessageOrder order) =>
        lineage
            .Within(first, last, order)
            .SelectMany(segment =>
                _lives.TryGetValue(segment.StoreId, out StoredLife? life) ? life.Range(segment.First, segment.Last, order) : []
            );
}

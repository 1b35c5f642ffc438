using OrleansMemory.Conversations;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Storage;

/// <summary>A search that has been checked.</summary>
/// <param name="Expression">What to look for.</param>
/// <param name="Behind">Only messages behind this one, in the order of the result; <see langword="null"/> for the first page.</param>
/// <param name="Limit">The most messages.</param>
/// <param name="MaxBytes">The most bytes of contents and metadata; the first message is returned whatever its size.</param>
/// <param name="At">The instant of the search: what has expired by then is not searched.</param>
internal sealed record MessageSearch(SearchExpression Expression, SearchPosition? Behind, int Limit, long MaxBytes, DateTimeOffset At);

/// <summary>Where a message stands in the order of a result. Within one conversation only the sequence counts.</summary>
/// <param name="Created">Its instant.</param>
/// <param name="StoreId">The life that holds it.</param>
internal readonly record struct SearchPosition(DateTimeOffset Created, long StoreId, long Sequence);

/// <summary>A message that was found.</summary>
/// <param name="StoreId">The life that holds it.</param>
internal sealed record FoundMessage(ConversationKey Key, long StoreId, Message Message)
{
    /// <summary>Where it stands in the order of the result.</summary>
    public SearchPosition Position => new(Message.Created, StoreId, Message.Sequence);
}

/// <summary>What a search found.</summary>
/// <param name="Messages">The messages, newest first.</param>
/// <param name="More">Whether there are more behind them.</param>
internal sealed record SearchResult(IReadOnlyList<FoundMessage> Messages, bool More);

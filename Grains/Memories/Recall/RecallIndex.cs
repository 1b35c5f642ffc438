using OrleansMemory.Grains.Memories.Recall.Indexing;
using OrleansMemory.Grains.Memories.Recall.Scoring;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>
/// Finds memories by the words of a question, with what helps where memories are turns of conversations: the turns around them, who is
/// asked about, dates, and how well the whole episode fits. No model is needed. It holds everything in memory, reads no clock, does no I/O
/// and is for one thread.
/// </summary>
/// <remarks>
/// Any language works: words of English, German, French, Spanish, Russian and Arabic lose their endings, those of other languages are
/// compared as they are folded, scripts without spaces by their characters and pairs of them, and emoji are words. A question without any
/// term (empty, or of stop words, names and dates only) finds all memories that fit its names and dates best, newest first; one about a
/// person in general those that tell most first. The results depend only on the memories that are there, not on the order in which they
/// came.
/// </remarks>
internal sealed class RecallIndex
{
    /// <summary>How many tokens of a memory are looked at: the text's, then the caption's.</summary>
    public const int MaxDocumentTokens = 16_384;

    /// <summary>How many tokens of a question are looked at.</summary>
    public const int MaxQueryTokens = 1_024;

    /// <summary>How many terms of a question count: the rarest.</summary>
    public const int MaxQueryTerms = 64;

    private readonly RecallMemories _memories;
    private readonly RecallSearch _search;

    /// <summary>Makes an empty index.</summary>
    /// <param name="weights">How much each sign counts.</param>
    public RecallIndex(RecallWeights weights)
    {
        var context = new ContextWeights(weights);
        _memories = new RecallMemories(context);
        _search = new RecallSearch(_memories, weights, context);
    }

    /// <summary>How many memories it has.</summary>
    public int Count => _memories.Entries.Count;

    /// <summary>About how many bytes it holds.</summary>
    public long EstimatedBytes => _memories.EstimatedBytes + _search.EstimatedBytes;

    /// <summary>Adds a memory, or puts it in the place of the one with its id.</summary>
    /// <param name="document">The memory.</param>
    public void Put(RecallDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        Remove(document.Id);
        _memories.Add(document);
    }

    /// <summary>Takes a memory out.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>Whether it was there.</returns>
    public bool Remove(string id)
    {
        int slot = _memories.Entries.Find(id);
        if (slot >= 0)
        {
            _memories.Remove(slot);
        }

        return slot >= 0;
    }

    /// <summary>Whether a memory is there.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>Whether it is.</returns>
    public bool Contains(string id) => _memories.Entries.Find(id) >= 0;

    /// <summary>Finds the memory that stands for one and its equals in an answer.</summary>
    /// <param name="id">The memory.</param>
    /// <param name="accept">Which may be shown; <see langword="null"/>: all.</param>
    /// <param name="count">How many equal facts it stands for.</param>
    /// <returns>
    /// The newest of the equal facts that may be shown, for anything but a fact the memory itself; <see langword="null"/> when none may be
    /// shown.
    /// </returns>
    public string? NewestOf(string id, Func<string, bool>? accept, out int count)
    {
        count = 1;
        int slot = _memories.Entries.Find(id);
        if (slot < 0 || _memories.Entries[slot].Same is not { Slots.Count: > 1 } equals)
        {
            return accept?.Invoke(id) == false ? null : id;
        }

        int newest = EqualFactChoice.NewestOf(equals, _memories.Entries, accept, out count);
        return newest < 0 ? null : _memories.Entries[newest].Id;
    }

    /// <summary>Finds the memories that fit a question best.</summary>
    /// <param name="query">The question.</param>
    /// <returns>
    /// Best first, at most <see cref="RecallQuery.Limit"/>; none when the question's terms are in no memory and it names no date.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="RecallQuery.Limit"/> is less than 1.</exception>
    public IReadOnlyList<RecallHit> Search(RecallQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        return _search.Run(query);
    }
}

/// <summary>A question to the index.</summary>
internal sealed record RecallQuery
{
    /// <summary>
    /// The question, in any language. Nothing in it has a syntax. Its first <see cref="RecallIndex.MaxQueryTokens"/> tokens are looked at,
    /// and of their terms the <see cref="RecallIndex.MaxQueryTerms"/> rarest.
    /// </summary>
    public required string Text { get; init; }

    /// <summary>The instant from which "yesterday" or "last month" in the question is counted, in the time zone of who asks.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The most results, 1 or more.</summary>
    public required int Limit { get; init; }

    /// <summary>Which ids may be returned; it is asked before the cut to <see cref="Limit"/>. <see langword="null"/>: all.</summary>
    public Func<string, bool>? Accept { get; init; }

    /// <summary>Writes down how scores come about; <see langword="null"/> when it is not asked for.</summary>
    public ScoreTrace? Trace { get; init; }
}

/// <summary>One result.</summary>
/// <param name="Id">The memory.</param>
/// <param name="Score">How well it fits, more is better. It compares results of one question, nothing else.</param>
internal readonly record struct RecallHit(string Id, double Score)
{
    /// <summary>
    /// How much of the question it has, 0 to 1: comparable between questions, but no rank; see <see cref="QuestionCoverage"/>.
    /// </summary>
    public double Fit { get; init; }

    /// <summary>How many equal facts it stands for, itself included.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Why it is there; <see langword="null"/> when it is not asked for.</summary>
    public RecallReasons? Why { get; init; }
}

using OrleansMemory.Grains.Memories.Recall;

namespace OrleansMemory.Tests.Memories.Recall;

/// <summary>Short ways to write memories and questions.</summary>
internal static class Recollections
{
    public static readonly DateTimeOffset Now = new(2024, 6, 12, 9, 0, 0, TimeSpan.Zero);

    public static RecallDocument Turn(
        string id,
        string text,
        string? speaker = null,
        string episode = "s1",
        long position = 0,
        string? role = null,
        DateTimeOffset? at = null
    ) =>
        new()
        {
            Id = id,
            Kind = RecallKind.Turn,
            Episode = episode,
            Position = position,
            Speaker = speaker,
            Role = role,
            OccurredAt = at ?? Now.AddDays(-400),
            Text = text,
        };

    public static RecallDocument Fact(string id, string text, DateTimeOffset? at = null) =>
        new()
        {
            Id = id,
            Kind = RecallKind.Fact,
            OccurredAt = at ?? Now.AddDays(-400),
            Text = text,
        };

    public static RecallIndex Index(params IEnumerable<RecallDocument> documents) => Index(new RecallWeights(), documents);

    public static RecallIndex Index(RecallWeights weights, params IEnumerable<RecallDocument> documents)
    {
        var index = new RecallIndex(weights);
        foreach (RecallDocument document in documents)
        {
            index.Put(document);
        }

        return index;
    }

    public static RecallQuery Ask(string text, int limit = 10, Func<string, bool>? accept = null) =>
        new()
        {
            Text = text,
            Now = Now,
            Limit = limit,
            Accept = accept,
        };

    public static string Found(RecallIndex index, string question, int limit = 10) =>
        string.Join(' ', index.Search(Ask(question, limit)).Select(hit => hit.Id));
}

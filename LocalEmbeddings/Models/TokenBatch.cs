namespace OrleansMemory.LocalEmbeddings.Models;

/// <summary>Texts that are computed together, all as long as the longest of them.</summary>
internal sealed class TokenBatch
{
    /// <summary>Fills texts up to one length. What is filled in does not take part: the mask says so.</summary>
    /// <param name="texts">The numbers of each text's tokens; one text or more.</param>
    public TokenBatch(IReadOnlyList<int[]> texts)
    {
        Count = texts.Count;
        Length = texts.Max(text => text.Length);
        Ids = new long[Count * Length];
        Mask = new long[Ids.Length];
        for (int row = 0; row < texts.Count; row++)
        {
            int[] text = texts[row];
            for (int i = 0; i < text.Length; i++)
            {
                Ids[(row * Length) + i] = text[i];
                Mask[(row * Length) + i] = 1;
            }
        }
    }

    /// <summary>How many texts.</summary>
    public int Count { get; }

    /// <summary>How many tokens each of them has, those that fill up included.</summary>
    public int Length { get; }

    /// <summary>The numbers, text after text; 0 where nothing is.</summary>
    public long[] Ids { get; }

    /// <summary>1 for a token, 0 where nothing is.</summary>
    public long[] Mask { get; }

    /// <summary>Divides texts into batches of texts of about one length, so that little is filled up.</summary>
    /// <param name="texts">The numbers of each text's tokens.</param>
    /// <param name="maxTokens">How many tokens a batch has, those that fill up included; a longer text is a batch of its own.</param>
    /// <returns>The places of the texts of each batch.</returns>
    public static IEnumerable<IReadOnlyList<int>> Plan(IReadOnlyList<int[]> texts, int maxTokens)
    {
        var batch = new List<int>();
        foreach (int place in Enumerable.Range(0, texts.Count).OrderBy(place => texts[place].Length))
        {
            // The texts come by length: the new one is the longest.
            if (batch.Count > 0 && (batch.Count + 1) * texts[place].Length > maxTokens)
            {
                yield return batch;
                batch = [];
            }

            batch.Add(place);
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }
}

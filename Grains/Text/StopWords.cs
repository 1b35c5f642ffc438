using System.Collections.Frozen;

namespace OrleansMemory.Grains.Text;

/// <summary>English words that say little by themselves, in the form that the tokenizer gives them.</summary>
internal static class StopWords
{
    private static readonly FrozenSet<string> Words = FrozenSet.ToFrozenSet(
        [
            "a", "about", "above", "after", "again", "against", "all", "am", "an", "and", "any", "are", "as", "at", "be", "because", "been", "before",
            "being", "below", "between", "both", "but", "by", "can", "could", "did", "didn", "do", "does", "doesn", "doing", "don", "down", "during",
            "each", "few", "for", "from", "further", "had", "has", "have", "having", "he", "her", "here", "hers", "herself", "him", "himself", "his",
            "how", "i", "if", "in", "into", "is", "isn", "it", "its", "itself", "just", "me", "more", "most", "my", "myself", "no", "nor", "not", "now",
            "of", "off", "on", "once", "only", "or", "other", "our", "ours", "ourselves", "out", "over", "own", "same", "she", "should", "so", "some",
            "such", "than", "that", "the", "their", "theirs", "them", "themselves", "then", "there", "these", "they", "this", "those", "through", "to",
            "too", "under", "until", "up", "very", "was", "wasn", "we", "were", "what", "when", "where", "which", "while", "who", "whom", "why", "will",
            "with", "won", "would", "you", "your", "yours", "yourself", "yourselves",
        ],
        StringComparer.Ordinal);

    /// <summary>All of them.</summary>
    public static IEnumerable<string> All => Words;

    /// <summary>Whether a word is one of them.</summary>
    /// <param name="word">A folded word, not stemmed.</param>
    public static bool Contains(string word) => Words.Contains(word);
}

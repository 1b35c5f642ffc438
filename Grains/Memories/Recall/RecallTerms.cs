using System.Collections.Concurrent;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>What is indexed of a token: the stem of an English word, anything else as it is; nothing of stop words.</summary>
internal static class RecallTerms
{
    /// <summary>
    /// The most words whose stems are remembered by the process. Stemming is the most of building an index, and texts repeat their words; what is
    /// remembered depends on nothing but the word, so that all indexes share it.
    /// </summary>
    private const int MaxRemembered = 50_000;

    /// <summary>Longer words are rare, and not worth the memory.</summary>
    private const int MaxRememberedLength = 20;

    private static readonly ConcurrentDictionary<string, string> Remembered = new(StringComparer.Ordinal);
    private static int rememberedCount;

    /// <summary>The term of a token.</summary>
    /// <param name="token">The token.</param>
    /// <returns>Its term; empty when it is a stop word.</returns>
    public static string Of(Token token) => token.Kind == TokenKind.Word ? OfWord(token.Text) : token.Text;

    private static string OfWord(string word)
    {
        if (Remembered.TryGetValue(word, out string? term))
        {
            return term;
        }

        term = StopWords.Contains(word) || IsContraction(word) ? "" : WordVariants.StemOf(word);
        if (word.Length <= MaxRememberedLength && Volatile.Read(ref rememberedCount) < MaxRemembered && Remembered.TryAdd(word, term))
        {
            Interlocked.Increment(ref rememberedCount);
        }

        return term;
    }

    /// <summary>What the tokenizer leaves of "haven't" and the like, where <see cref="StopWords"/> has not got it.</summary>
    private static bool IsContraction(string word) =>
        word is "aren" or "couldn" or "hadn" or "hasn" or "haven" or "mustn" or "needn" or "shouldn" or "weren" or "wouldn" or "let";
}

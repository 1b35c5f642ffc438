namespace OrleansMemory.Grains.Text;

/// <summary>The stemmer of M. F. Porter, "An algorithm for suffix stripping" (1980), as published.</summary>
internal static class PorterStemmer
{
    /// <summary>Takes the suffixes off an English word.</summary>
    /// <param name="word">A folded word.</param>
    /// <returns>Its stem; the word itself when it is shorter than three letters or has anything but a to z.</returns>
    public static string Stem(string word)
    {
        if (word.Length < 3 || word.AsSpan().IndexOfAnyExceptInRange('a', 'z') >= 0)
        {
            return word;
        }

        Span<char> letters = stackalloc char[word.Length + 1];
        word.CopyTo(letters);
        var steps = new PorterSteps(letters, word.Length);
        steps.Run();
        return steps.Stem.SequenceEqual(word) ? word : new string(steps.Stem);
    }
}

using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>Finds the name of a speaker among words.</summary>
internal static class SpeakerNames
{
    /// <summary>Whether a question names a speaker at a word: by the whole name or the first part of it.</summary>
    /// <param name="words">The words of the question.</param>
    /// <param name="at">The word.</param>
    /// <param name="speaker">The speaker.</param>
    /// <returns>How many words the name has there; 0 when it is not there.</returns>
    public static int LengthAt(QueryWords words, int at, Speaker speaker)
    {
        int length = 0;
        while (length < speaker.Words.Length && words[at + length].Text == speaker.Words[length])
        {
            length++;
        }

        // A name that is an ordinary word as well, such as Will or May, is one only with a capital letter that does not start the question.
        bool isWord = length > 0 && (StopWords.Contains(words[at].Text) || DateWords.MonthOf(words[at].Text) > 0);
        return isWord && (at == 0 || !words[at].IsCapital) ? 0 : length;
    }
}

using OrleansMemory.Grains.Memories.Recall.Indexing;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall.Query;

/// <summary>
/// Reads the names of speakers out of a question: whole names, or as much of their beginning as is there; where there is none, short forms
/// of a name and misspelt ones.
/// </summary>
/// <param name="words">The words of the question; names are taken from them.</param>
/// <param name="memories">Whose speakers are meant.</param>
internal sealed class NameReader(QueryWords words, RecallMemories memories)
{
    // In a scope of many speakers most words are similar to one of their names.
    private const int MostSimilar = 200;
    private const int LeastUnmarked = 5;

    private readonly List<Mention> _mentions = [];

    /// <summary>Takes the names from the words.</summary>
    /// <returns>Who is meant; the speaker is <see langword="null"/> when none is.</returns>
    public (SpeakerChoice Choice, Speaker? Speaker) Read()
    {
        for (int i = 0; i < words.Count; i++)
        {
            if (!words.IsTaken(i) && MentionAt(i) is { } mention)
            {
                words.Take(i, mention.Count);
                _mentions.Add(mention);
            }
        }

        if (_mentions.Count == 0)
        {
            TakeSimilar();
        }

        Speaker?[] named = [.. _mentions.Select(mention => mention.Speaker).Distinct()];
        return named switch
        {
            [] => (SpeakerChoice.Anyone, null),
            [{ } only] => (SpeakerChoice.Named, only),
            _ => Subject() is { } subject ? (SpeakerChoice.Subject, subject) : (SpeakerChoice.Anyone, null),
        };
    }

    /// <summary>
    /// The longest name at a word; of equally long ones the one that is whole there. More than one: which is meant is not known.
    /// </summary>
    private Mention? MentionAt(int at)
    {
        Mention? best = null;
        (int Length, bool IsWhole) rank = (0, false);
        foreach (Speaker speaker in memories.Speakers.StartingWith(words[at].Text))
        {
            int length = LengthAt(at, speaker);
            int order = (length, length == speaker.Words.Length).CompareTo(rank);
            if (length == 0 || order < 0)
            {
                continue;
            }

            best = new Mention(order == 0 ? null : speaker, at, length);
            rank = (length, length == speaker.Words.Length);
        }

        return best;
    }

    /// <summary>Takes words that are similar to the name of one speaker.</summary>
    private void TakeSimilar()
    {
        if (memories.Speakers.All.Count > MostSimilar)
        {
            return;
        }

        // Where every word has a capital letter, that marks no names.
        bool marksNames = Enumerable.Range(0, words.Count).Any(i => !words[i].IsCapital);
        for (int i = 0; i < words.Count; i++)
        {
            if (
                words[i].Term is { } term
                && DateWords.MonthOf(words[i].Text) == 0
                && SimilarTo(words[i], term, marksNames && i > 0) is { } speaker
            )
            {
                words.Take(i, 1);
                _mentions.Add(new Mention(speaker, i, 1));
            }
        }
    }

    /// <summary>
    /// The one speaker who is meant by a word: a short form that is marked as a name, or a misspelt name that is no word of the memories.
    /// </summary>
    private Speaker? SimilarTo(QueryWord word, QueryTerm term, bool mayBeMarked)
    {
        bool isUnknown = memories.Terms.Find(term.Text) < 0;
        bool isMarked = word.IsCapital && mayBeMarked;
        bool mayBeShort = isMarked || (isUnknown && word.IsCapital);
        bool mayBeMisspelt = isUnknown && (word.IsCapital || word.Text.Length >= LeastUnmarked);
        Speaker[] meant =
            !mayBeShort && !mayBeMisspelt
                ? []
                :
                [
                    .. memories
                        .Speakers.All.Where(speaker =>
                            (mayBeShort && SimilarNames.IsShortForm(word.Text, speaker.Words[0]))
                            || (mayBeMisspelt && SimilarNames.IsMisspelt(word.Text, speaker.Words[0]))
                        )
                        .Take(2),
                ];
        return meant is [{ } only] ? only : null;
    }

    private int LengthAt(int at, Speaker speaker)
    {
        // A name that is an ordinary word as well, such as Will or May, is one only with a capital letter that does not start the question.
        bool isWord = StopWords.Contains(words[at].Text) || DateWords.MonthOf(words[at].Text) > 0;
        if (isWord && (at == 0 || !words[at].IsCapital))
        {
            return 0;
        }

        int length = 0;
        while (length < speaker.Words.Length && words[at + length].Text == speaker.Words[length])
        {
            length++;
        }

        return length;
    }

    /// <summary>
    /// Who does something in a question that names several: the first who is neither an owner ("Ann's") nor one of a pair ("Ann and Tom").
    /// </summary>
    private Speaker? Subject()
    {
        Mention first = _mentions.Find(mention => !words[mention.At + mention.Count - 1].IsPossessive);
        bool isOfPair =
            first.Count > 0 && (words[first.At + first.Count].Text is "and" or "or" || words[first.At - 1].Text is "and" or "or");
        return isOfPair ? null : first.Speaker;
    }

    private readonly record struct Mention(Speaker? Speaker, int At, int Count);
}

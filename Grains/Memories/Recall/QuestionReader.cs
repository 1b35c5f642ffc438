namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>Tells by its first words what an English question asks for.</summary>
internal static class QuestionReader
{
    private const int NounDistance = 4;

    /// <summary>What a question asks for.</summary>
    /// <param name="words">Its words.</param>
    /// <returns>What it asks for.</returns>
    public static QuestionKind KindOf(QueryWords words) => (words[0].Text, words[1].Text) switch
    {
        ("when", _) or ("how", "long") => QuestionKind.Time,
        ("what" or "which", "date" or "day" or "month" or "year") => QuestionKind.Time,
        ("where", _) => QuestionKind.Place,
        ("what" or "which", "city" or "country" or "place" or "state" or "town") => QuestionKind.Place,
        _ => QuestionKind.Other,
    };

    /// <summary>Whether a question asks for several things: "how many tickets", "which books did", "what has she painted".</summary>
    /// <param name="words">Its words, of which names have been taken.</param>
    /// <returns>Whether it does.</returns>
    public static bool AsksSeveral(QueryWords words)
    {
        if (words[0].Text == "how" && words[1].Text == "many")
        {
            return true;
        }

        int asks = words[0].Text is "what" or "which" ? 0 : words[1].Text is "what" or "which" ? 1 : words.Count;
        for (int i = asks + 1; i < words.Count && i <= asks + NounDistance; i++)
        {
            switch (words[i].Text)
            {
                case "are" or "were" or "has" or "have":
                    return true;
                case "is" or "was" or "do" or "does" or "did" or "can" or "could" or "will" or "would" or "should":
                    return false;
                case string word when !words.IsTaken(i) && words[i].Term is not null && IsPlural(word):
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether a question is in the first person and does not ask for what the other one said.</summary>
    /// <param name="words">Its words.</param>
    /// <returns>Whether it is.</returns>
    public static bool IsOfUser(QueryWords words)
    {
        bool isFirst = false;
        for (int i = 0; i < words.Count; i++)
        {
            isFirst |= words[i].Text is "i" or "me" or "my" or "mine" or "myself";
            bool isPolite = words[i - 1].Text is "can" or "could" or "would" or "will" or "do";
            if (words[i].Text is "your" or "yours" || (words[i].Text == "you" && !isPolite))
            {
                return false;
            }
        }

        return isFirst;
    }

    private static bool IsPlural(string word) => word is "people" or "children" or "men" or "women"
        || (word.Length > 3 && word[^1] == 's' && word[^2] != 's');
}

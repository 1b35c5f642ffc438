using System.Collections.Frozen;

namespace OrleansMemory.Grains.Memories.Recall.Query;

/// <summary>Tells by its first words what an English question asks for.</summary>
internal static class QuestionReader
{
    private const int NounDistance = 4;

    /// <summary>What a question asks for.</summary>
    /// <param name="words">Its words.</param>
    /// <returns>What it asks for.</returns>
    public static QuestionKind KindOf(QueryWords words) =>
        (words[0].Text, words[1].Text) switch
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

        int asks =
            words[0].Text is "what" or "which" ? 0
            : words[1].Text is "what" or "which" ? 1
            : words.Count;
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

    private static bool IsPlural(string word) =>
        word is "people" or "children" or "men" or "women" || (word.Length > 3 && word[^1] == 's' && word[^2] != 's');
}

/// <summary>What a question asks for.</summary>
internal enum QuestionKind
{
    /// <summary>Anything else.</summary>
    Other,

    /// <summary>A time.</summary>
    Time,

    /// <summary>A place.</summary>
    Place,
}

/// <summary>
/// Tells questions for whatever is known of somebody: "What do you know about me?", "Tell me about Ann", "Do you remember me?", "Who am
/// I?".
/// </summary>
internal static class GeneralQuestion
{
    /// <summary>Words that ask for it, in the languages whose endings are known.</summary>
    private static readonly FrozenSet<string> Asking = FrozenSet.ToFrozenSet(
        [
            "know",
            "knows",
            "known",
            "remember",
            "remembers",
            "recall",
            "recalls",
            "tell",
            "describe",
            "summarize",
            "summarise",
            "learn",
            "learned",
            "learnt",
            "introduce",
            "remind",
            "who",
            "weisst",
            "wissen",
            "erzahl",
            "erzahle",
            "erinnerst",
            "kennst",
            "sais",
            "savez",
            "connais",
            "souviens",
            "rappelles",
            "parle",
            "raconte",
            "decris",
            "sabes",
            "recuerdas",
            "conoces",
            "cuentame",
            "hablame",
            "dime",
            "знаешь",
            "знаете",
            "помнишь",
            "помните",
            "расскажи",
            "расскажите",
        ],
        StringComparer.Ordinal
    );

    /// <summary>Words that may stand beside them and ask for nothing of their own.</summary>
    private static readonly FrozenSet<string> Filling = FrozenSet.ToFrozenSet(
        [
            "fact",
            "facts",
            "thing",
            "things",
            "everything",
            "anything",
            "something",
            "information",
            "info",
            "detail",
            "details",
            "memory",
            "memories",
            "person",
            "far",
            "already",
            "please",
            "hello",
            "hi",
            "hey",
            "ok",
            "okay",
            "still",
            "really",
            "bit",
            "little",
            "share",
            "list",
            "stored",
            "saved",
            "give",
            "current",
            "currently",
            "alles",
            "etwas",
            "bitte",
            "hallo",
            "uns",
            "tout",
            "chose",
            "choses",
            "bonjour",
            "todo",
            "hola",
            "cosas",
            "все",
            "привет",
        ],
        StringComparer.Ordinal
    );

    private static readonly FrozenSet<string> Self = FrozenSet.ToFrozenSet(
        ["me", "myself", "i", "us", "mich", "mir", "moi", "m", "mi", "cuentame", "hablame", "меня", "мне", "обо"],
        StringComparer.Ordinal
    );

    /// <summary>Whether a question is one.</summary>
    /// <param name="words">Its words, of which names and dates have been taken.</param>
    /// <param name="choice">Who is named.</param>
    /// <returns>Whether it is.</returns>
    public static bool Is(QueryWords words, SpeakerChoice choice)
    {
        bool asks = false;
        bool isOfSelf = false;
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i].Text;
            asks |= Asking.Contains(word);
            isOfSelf |= Self.Contains(word);
            if (!words.IsTaken(i) && words[i].Term is not null && !Asking.Contains(word) && !Filling.Contains(word) && !Self.Contains(word))
            {
                return false;
            }
        }

        return asks && (isOfSelf || choice == SpeakerChoice.Named);
    }
}

using System.Collections.Frozen;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>Tells questions for whatever is known of somebody: "What do you know about me?", "Tell me about Ann", "Do you remember me?", "Who am I?".</summary>
internal static class GeneralQuestion
{
    /// <summary>Words that ask for it, in the languages whose endings are known.</summary>
    private static readonly FrozenSet<string> Asking = FrozenSet.ToFrozenSet(
        [
            "know", "knows", "known", "remember", "remembers", "recall", "recalls", "tell", "describe", "summarize", "summarise", "learn", "learned", "learnt",
            "introduce", "remind", "who",
            "weisst", "wissen", "erzahl", "erzahle", "erinnerst", "kennst", "sais", "savez", "connais", "souviens", "rappelles", "parle", "raconte", "decris", "sabes",
            "recuerdas", "conoces", "cuentame", "hablame", "dime", "знаешь", "знаете", "помнишь", "помните", "расскажи", "расскажите",
        ],
        StringComparer.Ordinal);

    /// <summary>Words that may stand beside them and ask for nothing of their own.</summary>
    private static readonly FrozenSet<string> Filling = FrozenSet.ToFrozenSet(
        [
            "fact", "facts", "thing", "things", "everything", "anything", "something", "information", "info", "detail", "details", "memory", "memories", "person", "far",
            "already", "please", "hello", "hi", "hey", "ok", "okay", "still", "really", "bit", "little", "share", "list", "stored", "saved", "give", "current", "currently",
            "alles", "etwas", "bitte", "hallo", "uns", "tout", "chose", "choses", "bonjour", "todo", "hola", "cosas", "все", "привет",
        ],
        StringComparer.Ordinal);

    private static readonly FrozenSet<string> Self = FrozenSet.ToFrozenSet(
        ["me", "myself", "i", "us", "mich", "mir", "moi", "m", "mi", "cuentame", "hablame", "меня", "мне", "обо"], StringComparer.Ordinal);

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

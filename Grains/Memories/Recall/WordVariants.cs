using System.Collections.Frozen;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>
/// English forms that a stemmer does not bring together: irregular verbs and nouns, and everyday words for the same thing. Forms that are more often
/// something else in talk are left out: "rose", "bit", "lives", "leaves".
/// </summary>
internal static class WordVariants
{
    /// <summary>Each line: a word, then irregular forms of it.</summary>
    private const string Irregular =
        """
        arise arose arisen
        awake awoke awoken
        bear bore borne
        beat beaten
        become became
        begin began begun
        bend bent
        bind bound
        bite bitten
        bleed bled
        blow blew blown
        break broke broken
        breed bred
        bring brought
        build built
        burn burnt
        buy bought
        catch caught
        choose chose chosen
        cling clung
        come came
        creep crept
        deal dealt
        die dying
        dig dug
        draw drew drawn
        dream dreamt
        drink drank drunk
        drive drove driven
        eat ate eaten
        fall fell fallen
        feed fed
        feel felt
        fight fought
        find found
        flee fled
        fling flung
        fly flew flown
        forbid forbade forbidden
        forget forgot forgotten
        forgive forgave forgiven
        freeze froze frozen
        get got gotten
        give gave given
        go goes went gone
        grow grew grown
        hang hung
        hear heard
        hide hid hidden
        hold held
        keep kept
        kneel knelt
        know knew known
        lay laid
        lead led
        lean leant
        leap leapt
        learn learnt
        leave left
        lend lent
        lie lain
        light lit
        lose lost
        make made
        mean meant
        meet met
        mistake mistook mistaken
        overcome overcame
        pay paid
        prove proven
        ride rode ridden
        ring rang rung
        rise risen
        run ran
        say said
        see saw seen
        seek sought
        sell sold
        send sent
        sew sewn
        shake shook shaken
        shine shone
        shoot shot
        show shown
        shrink shrank shrunk
        sing sang sung
        sink sank sunk
        sit sat
        sleep slept
        slide slid
        smell smelt
        sow sown
        speak spoke spoken
        spend spent
        spill spilt
        spin spun
        spoil spoilt
        spring sprang sprung
        stand stood
        steal stole stolen
        stick stuck
        sting stung
        stride strode
        strike struck stricken
        strive strove striven
        swear swore sworn
        sweep swept
        swell swollen
        swim swam swum
        swing swung
        take took taken
        teach taught
        tear tore torn
        tell told
        think thought
        throw threw thrown
        travel traveled traveler travelled traveller travelling
        understand understood
        undertake undertook undertaken
        wake woke woken
        wear wore worn
        weave wove woven
        weep wept
        win won
        withdraw withdrew withdrawn
        write wrote written
        calf calves
        child children
        foot feet
        goose geese
        half halves
        knife knives
        loaf loaves
        man men
        mouse mice
        person people
        shelf shelves
        thief thieves
        tooth teeth
        wife wives
        wolf wolves
        woman women
        """;

    /// <summary>Each line: the word that stands for the others, then the others, in their singular.</summary>
    private const string Everyday =
        """
        bicycle bike
        child kid
        dad daddy father
        favorite fave favourite
        grandma granny grandmother
        grandpa grandfather
        mom mama mommy mum mummy mother
        movie film
        phone telephone
        photo photograph pic picture
        television tv
        color colour
        center centre
        theater theatre
        """;

    private static readonly FrozenDictionary<string, string> IrregularForms = Read(Irregular, form => form);
    private static readonly FrozenDictionary<string, string> EverydayForms = Read(Everyday, PorterStemmer.Stem);

    /// <summary>The stem of a word, the same for all its forms and for the words of the same thing.</summary>
    /// <param name="word">A folded word.</param>
    /// <returns>The stem.</returns>
    public static string StemOf(string word)
    {
        string stem = PorterStemmer.Stem(IrregularForms.GetValueOrDefault(word, word));
        return EverydayForms.TryGetValue(stem, out string? same) ? PorterStemmer.Stem(same) : stem;
    }

    private static FrozenDictionary<string, string> Read(string table, Func<string, string> keyOf)
    {
        var forms = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] words = line.Split(' ');
            foreach (string form in words.AsSpan(1))
            {
                forms.Add(keyOf(form), words[0]);
            }
        }

        return forms.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

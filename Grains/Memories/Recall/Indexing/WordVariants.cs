using System.Collections.Frozen;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall.Indexing;

/// <summary>
/// English forms that a stemmer does not bring together: irregular verbs and nouns, and everyday words for the same thing. Forms that are
/// more often something else in talk are left out: "rose", "bit", "lives", "leaves".
/// </summary>
internal static class WordVariants
{
    /// <summary>Each line: a word, then irregular forms of it.</summary>
    private const string Irregular = """
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
        die dies died dying
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
        lie lies lain lying
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
        tie ties tied tying
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
    private const string Everyday = """
        airplane aeroplane
        apartment apt
        appointment appt
        bicycle bike
        birthday bday
        boyfriend bf
        brother bro
        check cheque
        child kid kiddo
        cozy cosy
        dad daddy father papa
        donut doughnut
        favorite fav fave favourite
        fiance fiancee
        fridge refrigerator
        girlfriend gf
        grandma granny grandmother nana
        grandpa granddad grandfather
        gray grey
        husband hubby
        jewelry jewellery
        math maths mathematics
        mom mama mommy mum mummy mother
        movie film
        pajama pyjama
        phone telephone cellphone
        photo photograph pic picture
        program programme
        skeptical sceptical
        sister sis
        television tv telly
        tire tyre
        university uni
        vacation vacay
        wife wifey
        yogurt yoghurt
        center centre
        fiber fibre
        liter litre
        meter metre
        theater theatre
        minute min
        year yr
        """;

    /// <summary>Each line: a number, then words for it. "one" and "second" are left out: they are mostly something else.</summary>
    private const string Numbers = """
        2 two
        3 three
        4 four
        5 five
        6 six
        7 seven
        8 eight
        9 nine
        10 ten
        11 eleven
        12 twelve dozen
        13 thirteen
        14 fourteen
        15 fifteen
        16 sixteen
        17 seventeen
        18 eighteen
        19 nineteen
        20 twenty
        30 thirty
        40 forty
        50 fifty
        60 sixty
        70 seventy
        80 eighty
        90 ninety
        100 hundred
        1000 thousand
        1st first
        3rd third
        4th fourth
        5th fifth
        10th tenth
        """;

    private const int LeastBritish = 6;
    private const int LeastBeforeIse = 4;

    private static readonly string[] IseForms = ["isations", "isation", "ising", "ised", "ises", "isers", "iser", "ise"];

    private static readonly FrozenDictionary<string, string> NumberForms = Read(Numbers, form => form);
    private static readonly FrozenDictionary<string, string> IrregularForms = Read(Irregular, form => form);
    private static readonly FrozenDictionary<string, string> EverydayForms = Read(Everyday, Stem);

    /// <summary>
    /// The stem of a word, the same for all its forms, for its British and American spelling and for the words of the same thing.
    /// </summary>
    /// <param name="word">A folded word.</param>
    /// <returns>The stem.</returns>
    public static string StemOf(string word)
    {
        if (NumberForms.TryGetValue(word, out string? number))
        {
            return number;
        }

        string stem = Stem(WithIze(IrregularForms.GetValueOrDefault(word, word)));
        return EverydayForms.TryGetValue(stem, out string? same) ? Stem(same) : stem;
    }

    /// <summary>
    /// Porter's stem, with two changes: "our" at its end is "or", and "y" behind a consonant is "i" as in his second stemmer, so that "fly"
    /// meets "flies".
    /// </summary>
    private static string Stem(string word)
    {
        string stem = PorterStemmer.Stem(word);
        if (stem.Length >= LeastBritish && stem.EndsWith("our", StringComparison.Ordinal))
        {
            return stem[..^2] + "r";
        }

        return stem.Length > 2 && stem[^1] == 'y' && stem[^2] is not ('a' or 'e' or 'i' or 'o' or 'u') ? stem[..^1] + "i" : stem;
    }

    /// <summary>"organise" as "organize". Behind a vowel, "c" or "v" it is no ending: "raise", "precise", "television".</summary>
    private static string WithIze(string word)
    {
        foreach (string form in IseForms)
        {
            int before = word.Length - form.Length;
            if (before >= LeastBeforeIse && word.EndsWith(form, StringComparison.Ordinal))
            {
                return word[before - 1] is 'a' or 'e' or 'i' or 'o' or 'u' or 'c' or 'v' or 'w' ? word : $"{word[..before]}iz{form[2..]}";
            }
        }

        return word;
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

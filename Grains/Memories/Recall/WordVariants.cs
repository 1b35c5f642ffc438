using System.Collections.Frozen;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>English forms that a stemmer does not bring together: irregular verbs and nouns, and some everyday words for the same thing.</summary>
internal static class WordVariants
{
    /// <summary>Each line: the word that stands for the others, then the others.</summary>
    private const string Table =
        """
        arise arose arisen
        awake awoke awoken
        bear bore borne
        beat beaten
        become became
        begin began begun
        bend bent
        bind bound
        bite bit bitten
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
        go went gone
        grind ground
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
        rise rose risen
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
        understand understood
        undertake undertook undertaken
        wake woke woken
        wear wore worn
        weave wove woven
        weep wept
        win won
        wind wound
        withdraw withdrew withdrawn
        write wrote written
        calf calves
        child children kid kids
        die dying
        foot feet
        goose geese
        half halves
        knife knives
        leaf leaves
        life lives
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
        good better best
        bad worse worst
        bicycle bike
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
        travel traveled traveler travelled traveller travelling
        """;

    private static readonly FrozenDictionary<string, string> Forms = Read();

    /// <summary>The word that stands for a word.</summary>
    /// <param name="word">A folded word, not stemmed.</param>
    /// <returns>The word that stands for it; the word itself when it is not in the table.</returns>
    public static string BaseOf(string word) => Forms.GetValueOrDefault(word, word);

    private static FrozenDictionary<string, string> Read()
    {
        var forms = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in Table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] words = line.Split(' ');
            foreach (string form in words.AsSpan(1))
            {
                forms.Add(form, words[0]);
            }
        }

        return forms.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

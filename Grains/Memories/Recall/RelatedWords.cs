using System.Collections.Frozen;
using OrleansMemory.Grains.Text;

namespace OrleansMemory.Grains.Memories.Recall;

/// <summary>
/// Everyday English words that are asked for by other words: those that mean about the same, and kinds of things with common examples of them. Written by
/// hand, and meant to stay small.
/// </summary>
internal static class RelatedWords
{
    /// <summary>Each line: words that mean about the same.</summary>
    private const string Synonyms =
        """
        job work career profession occupation employment
        start begin
        buy purchase
        trip travel journey vacation holiday getaway
        book novel
        car vehicle
        doctor physician
        house home apartment
        happy glad pleased joy
        sad unhappy upset
        afraid scared fear
        angry mad
        big large huge
        small little tiny
        friend buddy pal
        marry wedding marriage
        ill sick illness
        exercise workout gym
        relax unwind destress calm
        stress anxious worried pressure
        like love enjoy favorite
        gift present
        store shop
        photograph image
        class course lesson workshop
        talk chat conversation discuss
        help support assist
        win victory champion
        contest competition tournament tourney
        fest festival
        attend participate join
        recommend suggest recommendation suggestion
        fix repair
        quit resign
        city town
        song music
        concert gig
        hobby interest pastime
        dream goal aspiration
        student pupil
        study learn
        education edu school college university degree
        cook bake recipe
        meal dinner lunch breakfast
        dog puppy pup doggy
        cat kitten kitty
        baby newborn infant
        hurt injury injured
        hospital clinic
        boss manager
        colleague coworker
        neighbor neighbour
        bicycle cycling
        photographer photography
        volunteer charity
        award prize trophy medal
        money cash
        pretty beautiful gorgeous
        quick fast
        difficult hard tough
        story tale
        adopt adoption
        kind type sort
        """;

    /// <summary>Each line: what is asked for, and what may be told. Not the other way round.</summary>
    private const string Kinds =
        """
        activity: hike camp swim paint read cook bake run dance yoga fish garden bike ski surf climb draw knit pottery game museum picnic
        hobby: hike camp swim paint read write cook bake run dance yoga fish garden bike ski surf climb draw knit pottery game photography
        interest: hike camp swim paint read write cook bake run dance yoga fish garden bike ski surf climb draw knit pottery game photography
        family: child husband wife mom dad son daughter brother sister parent grandma grandpa aunt uncle cousin
        child: son daughter baby boy girl toddler
        parent: mom dad
        sibling: brother sister
        relative: aunt uncle cousin grandma grandpa brother sister
        pet: dog cat puppy kitten turtle fish hamster rabbit bird parrot guinea snake
        animal: dog cat puppy kitten turtle fish hamster rabbit bird horse cow snake bear
        dessert: cake cookie pie brownie pudding tart chocolate icecream cupcake pastry
        food: pizza pasta salad soup bread cheese burger sushi sandwich cake chicken fruit vegetable
        drink: coffee tea juice wine beer smoothie soda water
        vehicle: car truck bicycle motorcycle van bus
        clothes: shirt dress shoe jacket pants hat sweater
        instrument: guitar piano violin drum flute clarinet cello saxophone ukulele
        sport: soccer football basketball baseball tennis golf hockey volleyball run swim
        relationship: boyfriend girlfriend husband wife partner date single married divorce breakup
        religious: church faith pray god
        weather: rain snow sunny storm
        art: painting drawing sculpture pottery
        health: doctor hospital sick diet illness
        symptom: pain fever headache cough
        allergy: allergic
        degree: graduate bachelor master
        color: red blue green yellow purple orange pink black white brown
        emotion: happy sad excited proud nervous angry scared grateful lonely relieved anxious
        feel: happy sad excited proud nervous angry scared grateful lonely relieved anxious
        device: phone laptop computer tablet camera
        furniture: sofa couch chair table bed lamp shelf
        language: english spanish french german italian chinese japanese
        country: america canada england france germany italy spain japan china india mexico brazil
        holiday: christmas easter thanksgiving halloween
        subject: math history science biology physics chemistry
        profession: teacher nurse doctor engineer lawyer writer artist chef
        event: party wedding concert festival parade conference ceremony show fair
        place: city park beach museum restaurant cafe
        nature: mountain beach forest lake river
        outdoor: hike camp park trail
        exercise: run yoga swim gym
        achievement: win award graduate promotion
        challenge: fail reject lose injury accident setback
        personality: kind caring thoughtful honest brave
        age: old birthday
        game: chess monopoly poker
        fruit: apple banana orange strawberry grape mango
        vegetable: carrot tomato potato onion spinach
        season: summer winter spring autumn
        """;

    private static readonly FrozenDictionary<string, string[]> Table = Read();

    /// <summary>The words related to one.</summary>
    /// <param name="term">The term of the word.</param>
    /// <returns>Their terms; none for most words.</returns>
    public static IReadOnlyList<string> Of(string term) => Table.TryGetValue(term, out string[]? related) ? related : [];

    private static FrozenDictionary<string, string[]> Read()
    {
        var table = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (string line in Lines(Synonyms))
        {
            string[] words = [.. line.Split(' ').Select(TermOf)];
            foreach (string word in words)
            {
                Add(table, word, words);
            }
        }

        foreach (string line in Lines(Kinds))
        {
            string[] parts = line.Split(": ");
            Add(table, TermOf(parts[0]), parts[1].Split(' ').Select(TermOf));
        }

        return table.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToArray(), StringComparer.Ordinal);
    }

    private static void Add(Dictionary<string, HashSet<string>> table, string term, IEnumerable<string> related)
    {
        if (!table.TryGetValue(term, out HashSet<string>? all))
        {
            table.Add(term, all = new HashSet<string>(StringComparer.Ordinal));
        }

        all.UnionWith(related);
        all.Remove(term);
    }

    private static string TermOf(string word) => RecallTerms.Of(new Token(word, TokenKind.Word, 0, 0));

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

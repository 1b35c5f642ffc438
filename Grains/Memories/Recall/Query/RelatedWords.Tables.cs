namespace OrleansMemory.Grains.Memories.Recall.Query;

// Nothing but the tables.
internal static partial class RelatedWords
{
    /// <summary>Each line: words that mean about the same.</summary>
    private const string Synonyms = """
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
        allergy allergic intolerant
        decide decision
        arrive arrival
        choose choice
        grow growth
        die death dead
        fly flight
        sell sale
        advise advice
        believe belief
        speak speech
        sing song singer
        lose loss
        weigh weight
        tall height
        strong strength
        apply application
        receive receipt
        describe description
        anxious anxiety
        angry anger
        hungry hunger
        vegetarian vegan
        engage fiance propose proposal engagement
        divorce separate
        pregnant pregnancy
        born birth
        roommate flatmate housemate
        apartment flat condo
        elevator lift
        truck lorry
        gasoline petrol fuel
        cookie biscuit
        trash rubbish garbage
        sidewalk pavement
        pharmacy chemist drugstore
        eggplant aubergine
        zucchini courgette
        diaper nappy
        lawyer solicitor attorney
        company firm employer
        live reside
        move relocate
        hometown birthplace
        dislike hate
        prefer favorite
        price cost
        salary wage
        schedule timetable
        deadline due
        appointment meeting
        mail email
        flu influenza
        mobile cellphone phone
        religion religious faith
        hire recruit
        error mistake
        answer reply response
        """;

    /// <summary>Each line: what is asked for, and what may be told. Not the other way round.</summary>
    private const string Kinds = """
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
        wife: marry spouse partner bride
        husband: marry spouse partner groom
        spouse: marry wife husband partner
        girlfriend: partner fiance
        boyfriend: partner fiance
        partner: marry wife husband spouse girlfriend boyfriend fiance
        mom: parent
        dad: parent
        sister: sibling twin
        brother: sibling twin
        birthday: born birth
        birthplace: born birth
        hometown: born grow raise
        born: birthday birth
        nationality: citizen passport
        address: live street reside
        home: live move
        name: call
        nickname: call
        cost: pay dollar euro pound fee
        price: pay dollar euro pound fee
        budget: dollar euro pound
        salary: earn pay dollar euro pound
        diet: vegan vegetarian keto gluten lactose halal kosher
        eat: food diet vegetarian vegan meal
        allergy: peanut nut gluten lactose pollen shellfish penicillin
        medicine: medication pill drug prescription antibiotic insulin aspirin
        medication: medicine pill drug prescription antibiotic insulin aspirin
        disease: diabetes cancer asthma
        illness: diabetes cancer asthma migraine
        condition: diabetes asthma arthritis
        work: job employ company office colleague boss
        employer: work
        job: work employ hire
        speak: language fluent
        religion: church pray god christian muslim jewish buddhist hindu
        alcohol: wine beer whiskey vodka
        breed: labrador poodle retriever terrier beagle shepherd
        commute: bus train bicycle subway tram metro
        transport: car bus train bicycle subway tram metro
        phobia: afraid
        """;
}

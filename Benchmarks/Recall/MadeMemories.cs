using System.Collections.Immutable;
using System.Globalization;
using OrleansMemory.Conversations;
using OrleansMemory.Memories;

namespace OrleansMemory.Benchmarks.Recall;

/// <summary>Memories and questions that are made up: always the same, with words as frequent and as rare as in real text.</summary>
internal sealed class MadeMemories
{
    // About what people know, and what a turn of a chat has.
    private const int Words = 20_000;
    private const int LeastWords = 8;
    private const int MostWords = 40;
    private const int TurnsPerSession = 20;

    // Long enough to be a stranger to the stop words.
    private const string Syllables =
        "ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu ra re ri ro ru sa se si so su ta te ti to tu";

    private static readonly DateTimeOffset Began = new(2025, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(20261121);
    private readonly string[] _words;
    private readonly double[] _upTo;

    public MadeMemories()
    {
        string[] syllables = Syllables.Split(' ');
        _words =
        [
            .. Enumerable
                .Range(0, Words)
                .Select(_ => string.Concat(Enumerable.Range(0, _random.Next(2, 5)).Select(_ => syllables[_random.Next(syllables.Length)]))),
        ];
        _upTo = new double[Words];
        double sum = 0;
        for (int i = 0; i < Words; i++)
        {
            sum += 1.0 / (i + 2.7);
            _upTo[i] = sum;
        }
    }

    /// <summary>Makes turns of two speakers.</summary>
    /// <param name="first">The number of the first one, from 0.</param>
    /// <param name="count">How many.</param>
    /// <returns>The turns.</returns>
    public ImmutableArray<NewMemory> Turns(int first, int count) =>
        [
            .. Enumerable
                .Range(first, count)
                .Select(i => new NewMemory
                {
                    Kind = MemoryKind.Turn,
                    Text = Text(_random.Next(LeastWords, MostWords + 1)),
                    Role = i % 2 == 0 ? MessageRoles.User : MessageRoles.Assistant,
                    MessageId = i.ToString(CultureInfo.InvariantCulture),

                    // A session an hour apart from the next one, a turn a minute.
                    OccurredAt = Began.AddHours(i / TurnsPerSession).AddMinutes(i % TurnsPerSession),
                }),
        ];

    /// <summary>Makes a question.</summary>
    /// <returns>The question.</returns>
    public string Question() => $"When did we talk about {Text(_random.Next(3, 8))}?";

    /// <summary>Makes a text.</summary>
    /// <param name="words">How many words it has.</param>
    /// <returns>The text.</returns>
    public string Text(int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Word()));

    private string Word()
    {
        int found = Array.BinarySearch(_upTo, _random.NextDouble() * _upTo[^1]);
        return _words[Math.Min(found < 0 ? ~found : found, Words - 1)];
    }
}

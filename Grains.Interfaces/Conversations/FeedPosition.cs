using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OrleansMemory.Errors;

namespace OrleansMemory.Conversations;

/// <summary>
/// A place in a conversation's feed: everything up to a sequence is known. Sequences start again when a conversation is deleted and made
/// anew, so a position also names the life that it counts in. Its text form, such as <c>57.1763712345678901</c>, is the sequence and the
/// life in microseconds since 1970.
/// </summary>
[GenerateSerializer, Immutable, Alias("OrleansMemory.FeedPosition")]
public readonly record struct FeedPosition
{
    private static readonly long MaxLife = (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Makes a position.</summary>
    /// <param name="sequence">The last sequence that is known, 0 or more; 0 where nothing is.</param>
    /// <param name="life"><see cref="Head.CreatedAt"/> of the life; <see langword="null"/> for whichever life there is.</param>
    public FeedPosition(long sequence, DateTimeOffset? life = null)
    {
        Sequence = sequence;
        Life = life;
    }

    /// <summary>Before the first message: a feed from here gives everything there is.</summary>
    public static FeedPosition Start { get; }

    /// <summary>The last sequence that is known; 0 where nothing is.</summary>
    [Id(0)]
    public long Sequence { get; init; }

    /// <summary>
    /// <see cref="Head.CreatedAt"/> of the life that the sequence counts in; <see langword="null"/> for whichever life there is.
    /// </summary>
    [Id(1)]
    public DateTimeOffset? Life { get; init; }

    /// <summary>Reads the text form.</summary>
    /// <param name="text">The text: a sequence, or a sequence, a point and a life.</param>
    /// <returns>The position.</returns>
    /// <exception cref="InvalidRequestException">The text is not a position.</exception>
    public static FeedPosition Parse(string text) =>
        TryParse(text, out FeedPosition position)
            ? position
            : throw new InvalidRequestException(
                "position",
                "A position is a sequence from 0, such as 57, or a sequence and a life as events carry them, such as 57.1763712345678901."
            );

    /// <summary>Reads the text form.</summary>
    /// <param name="text">The text: a sequence, or a sequence, a point and a life.</param>
    /// <param name="position">The position; <c>default</c> when the text is none.</param>
    /// <returns>Whether the text is a position.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out FeedPosition position)
    {
        position = default;
        ReadOnlySpan<char> rest = text;
        int point = rest.IndexOf('.');
        if (!TryParseNumber(point < 0 ? rest : rest[..point], long.MaxValue, out long sequence))
        {
            return false;
        }

        if (point < 0)
        {
            position = new FeedPosition(sequence);
            return true;
        }

        if (!TryParseNumber(rest[(point + 1)..], MaxLife, out long life))
        {
            return false;
        }

        position = new FeedPosition(sequence, DateTimeOffset.UnixEpoch.AddTicks(life * TimeSpan.TicksPerMicrosecond));
        return true;
    }

    /// <summary>The text form.</summary>
    /// <returns>The sequence and, where it is known, a point and the life in microseconds since 1970.</returns>
    public override string ToString() =>
        Life is { } life
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{Sequence}.{(life - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}"
            )
            : Sequence.ToString(CultureInfo.InvariantCulture);

    private static bool TryParseNumber(ReadOnlySpan<char> text, long most, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most;
}

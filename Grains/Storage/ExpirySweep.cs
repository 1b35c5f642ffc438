namespace OrleansMemory.Grains.Storage;

/// <summary>One step of the expiry wheel.</summary>
/// <param name="At">What is over at this instant goes.</param>
/// <param name="Share">Whose turn it is.</param>
/// <param name="Limit">The most conversations, and the most entries.</param>
internal readonly record struct ExpirySweep(DateTimeOffset At, WheelShare Share, int Limit);

/// <summary>What one step of the expiry wheel removed.</summary>
/// <param name="Conversations">
/// Conversations that have lost their key, and their rows unless forks share them or there are very many.
/// </param>
/// <param name="Entries">Entries, those of removed conversations included.</param>
/// <param name="More">Whether a bound was reached, so that there may be more.</param>
internal readonly record struct ExpirySweepResult(int Conversations, long Messages, long Entries, bool More);

/// <summary>The part of all store ids that one position of the wheel looks after.</summary>
/// <remarks>
/// Store ids fall into 256 slots, as the expiry indexes have them: 64 ids that follow one another into one slot, because their rows lie
/// together and are cheaper removed together. Of N positions each has every Nth slot.
/// </remarks>
internal readonly record struct WheelShare
{
    /// <summary>How many slots there are.</summary>
    public const int SlotCount = 256;

    private const int SlotRun = 6;

    /// <summary>Names a share.</summary>
    /// <param name="position">The position, from 0.</param>
    /// <param name="positions">
    /// How many there are: a power of two up to <see cref="SlotCount"/>, so that all have equally many slots.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such share.</exception>
    public WheelShare(int position, int positions)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(IsWheel(positions), true, nameof(positions));
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, positions);
        Position = position;
        Positions = positions;
    }

    /// <summary>The position, from 0.</summary>
    public int Position { get; }

    /// <summary>How many positions there are.</summary>
    public int Positions { get; }

    /// <summary>Its slots.</summary>
    /// <returns>The slots, ascending.</returns>
    public long[] Slots()
    {
        long[] slots = new long[SlotCount / Positions];
        for (int i = 0; i < slots.Length; i++)
        {
            slots[i] = Position + ((long)i * Positions);
        }

        return slots;
    }

    /// <summary>Whether a life is in it.</summary>
    public bool Has(long storeId) => ((storeId >> SlotRun) & (SlotCount - 1)) % Positions == Position;

    /// <summary>Whether a wheel can have so many positions.</summary>
    public static bool IsWheel(int positions) => positions is >= 1 and <= SlotCount && int.IsPow2(positions);
}

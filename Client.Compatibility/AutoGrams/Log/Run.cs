namespace OrleansMemory.Client.Compatibility.AutoGrams.Log;

/// <summary>Neighbouring sequences of the log.</summary>
internal readonly record struct Run(long First, long Last)
{
    /// <summary>How many they are.</summary>
    public long Length => Last - First + 1;

    /// <summary>As many sequences elsewhere.</summary>
    /// <param name="offset">How far away.</param>
    public Run Moved(long offset) => new(First + offset, Last + offset);
}

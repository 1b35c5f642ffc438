using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Memories;

/// <summary>
/// Tells when a grain that indexes many memories lets its thread go: other grains wait for it. It counts work, not time, so that it is the
/// same on any machine.
/// </summary>
internal sealed class WorkPace
{
    /// <summary>After how many characters, about: 10 to 20 milliseconds on a slow processor.</summary>
    public const int StepCharacters = 64 * 1024;

    /// <summary>What a memory costs besides its text, in characters.</summary>
    public const int MemoryCharacters = 128;

    private int _characters;

    /// <summary>Counts a memory.</summary>
    /// <param name="stored">The memory.</param>
    /// <returns>Whether it is time to let the thread go.</returns>
    public bool IsDone(StoredFact stored)
    {
        _characters += stored.Fact.Text.Length + (stored.Fact.Caption?.Length ?? 0) + MemoryCharacters;
        if (_characters < StepCharacters)
        {
            return false;
        }

        _characters = 0;
        return true;
    }
}

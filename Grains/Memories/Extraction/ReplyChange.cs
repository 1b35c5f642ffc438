using System.Collections.Immutable;

namespace OrleansMemory.Grains.Memories.Extraction;

/// <summary>What the model wants done with a fact.</summary>
internal enum ReplyAction
{
    /// <summary>A new fact.</summary>
    Add,

    /// <summary>A known fact says something else.</summary>
    Update,

    /// <summary>A known fact does not hold any more.</summary>
    Retire,

    /// <summary>Nothing, or nothing that we know: it is left out.</summary>
    Other,
}

/// <summary>One change as the model wrote it. Nothing in it has been checked but its form.</summary>
/// <param name="Action">What is to be done.</param>
/// <param name="Fact">The name of the fact, if given.</param>
/// <param name="Text">The text, if given.</param>
/// <param name="Turns">The names of turns.</param>
internal sealed record ReplyChange(ReplyAction Action, string? Fact, string? Text, ImmutableArray<string> Turns);

/// <summary>What came of reading a reply.</summary>
/// <param name="Changes">The changes; none when it could not be read.</param>
/// <param name="Fault">Why it could not be read, without anything of the reply; <see langword="null"/> when it could.</param>
internal readonly record struct ReplyReading(ImmutableArray<ReplyChange> Changes, string? Fault);

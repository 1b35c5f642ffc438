namespace OrleansMemory.Errors;

/// <summary>The turn id was used before with another payload. Nothing was written.</summary>
[GenerateSerializer, Alias("OrleansMemory.TurnConflictException")]
public sealed class TurnConflictException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="turnId">The turn id.</param>
    /// <param name="committedVersion">The version that the turn of this id produced.</param>
    public TurnConflictException(string turnId, long committedVersion)
        : base(
            FormattableString.Invariant(
                $"This turn id was committed before, as version {committedVersion}, with another payload. Give a new turn a new id."
            )
        )
    {
        TurnId = turnId;
        CommittedVersion = committedVersion;
    }

    /// <summary>The turn id.</summary>
    [Id(0)]
    public string TurnId { get; }

    /// <summary>The version that the turn of this id produced.</summary>
    [Id(1)]
    public long CommittedVersion { get; }
}

using System.Collections.Immutable;

namespace OrleansMemory.Errors;

/// <summary>Conditions of a turn do not hold. Nothing was written.</summary>
[GenerateSerializer, Alias("OrleansMemory.ConditionFailedException")]
public sealed class ConditionFailedException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="failed">The places of all conditions that do not hold, from 0, ascending; at least one.</param>
    public ConditionFailedException(ImmutableArray<int> failed)
        : base(
            FormattableString.Invariant(
                $"conditions[{failed[0]}] does not hold; of the turn's conditions {failed.Length} do not. Nothing was written. Read the conversation again and decide anew."
            )
        )
    {
        Failed = failed;
    }

    /// <summary>The places of all conditions that do not hold in <see cref="Conversations.Turn.Conditions"/>, from 0, ascending.</summary>
    [Id(0)]
    public ImmutableArray<int> Failed { get; }
}

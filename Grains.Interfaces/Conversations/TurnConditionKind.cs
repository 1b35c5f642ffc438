namespace OrleansMemory.Conversations;

/// <summary>The kinds of <see cref="TurnCondition"/>.</summary>
[GenerateSerializer, Alias("OrleansMemory.TurnConditionKind")]
public enum TurnConditionKind
{
    /// <summary>The entry is there.</summary>
    EntryExists = 0,

    /// <summary>The entry is not there.</summary>
    EntryAbsent = 1,

    /// <summary>The entry is there and has a value.</summary>
    EntryHasValue = 2,

    /// <summary>No message has an id.</summary>
    MessageAbsent = 3,
}

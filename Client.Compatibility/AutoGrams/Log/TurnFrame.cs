namespace OrleansMemory.Client.Compatibility.AutoGrams.Log;

/// <summary>What a running function sees and says: one element of the turn stack.</summary>
internal sealed class TurnFrame(ConversationScope scope, string systemPrompt, TurnRanges turns)
{
    /// <summary>Its scope.</summary>
    public ConversationScope Scope { get; } = scope;

    /// <summary>Its system prompt.</summary>
    public string SystemPrompt { get; set; } = systemPrompt;

    /// <summary>Its turns.</summary>
    public TurnRanges Turns { get; } = turns;

    /// <summary>
    /// Whether it stands for a call of code outside of the program. Such a call never outlives the turn at work, so this is not stored.
    /// </summary>
    public bool IsExternal { get; init; }
}

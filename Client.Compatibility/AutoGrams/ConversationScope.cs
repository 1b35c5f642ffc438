namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>What a function sees of its callers' turns, and what becomes of its own turns when it returns.</summary>
public enum ConversationScope
{
    /// <summary>It sees its callers' turns, and its own are theirs when it returns.</summary>
    Global = 0,

    /// <summary>It sees its callers' turns; its own are forgotten when it returns.</summary>
    Normal = 1,

    /// <summary>It sees its own turns only, and they are forgotten when it returns.</summary>
    Local = 2,
}

namespace OrleansMemory.Client.Windows;

/// <summary>What a part of a message holds.</summary>
internal enum WindowPartKind
{
    /// <summary>What somebody says, and the calls of a model.</summary>
    Body,

    /// <summary>Calls in a message that is not the model's.</summary>
    Calls,

    /// <summary>Results of calls, and what a tool message says beside them.</summary>
    Results,
}

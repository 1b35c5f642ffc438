namespace OrleansMemory.Client.Windows;

/// <summary>Calls, results and approvals.</summary>
internal enum ToolUseKind
{
    /// <summary>A call. A model may not see it again without its result, also where it is marked as for information only.</summary>
    Call,

    /// <summary>The result of a call.</summary>
    Result,

    /// <summary>A question to a person whether a call may be made.</summary>
    Request,

    /// <summary>The answer to such a question.</summary>
    Answer,
}

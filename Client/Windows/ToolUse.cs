using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Windows;

/// <summary>What a message has to do with tools, in the order of its contents.</summary>
/// <param name="Kind">A call or a result.</param>
/// <param name="Id">What pairs them.</param>
internal readonly record struct ToolUse(ToolUseKind Kind, string Id)
{
    // Approvals pair by ids of their own; a call may have the same id.
    private const string ApprovalPrefix = "approval:";

    /// <summary>Finds calls and results in contents.</summary>
    /// <param name="contents">The contents.</param>
    /// <returns>The calls and results; empty for most messages.</returns>
    public static IReadOnlyList<ToolUse> In(IList<AIContent> contents)
    {
        List<ToolUse>? uses = null;
        foreach (AIContent content in contents)
        {
            if (Of(content) is { } use)
            {
                (uses ??= []).Add(use);
            }
        }

        return uses is null ? [] : uses;
    }

    private static ToolUse? Of(AIContent content) => content switch
    {
        FunctionCallContent { InformationalOnly: false } call => new ToolUse(ToolUseKind.OpenCall, call.CallId),
        ToolCallContent call => new ToolUse(ToolUseKind.Call, call.CallId),
        ToolResultContent result => new ToolUse(ToolUseKind.Result, result.CallId),
        InputRequestContent request => new ToolUse(ToolUseKind.Call, ApprovalPrefix + request.RequestId),
        InputResponseContent response => new ToolUse(ToolUseKind.Result, ApprovalPrefix + response.RequestId),
        _ => null,
    };
}

/// <summary>Calls and results.</summary>
internal enum ToolUseKind
{
    /// <summary>A call that needs no result: the service handles it itself, or it is a question to a person.</summary>
    Call,

    /// <summary>A call that a model may not see again without its result.</summary>
    OpenCall,

    /// <summary>The result of a call, or the answer to a question.</summary>
    Result,
}

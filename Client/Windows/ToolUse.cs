using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Windows;

/// <summary>What one content of a message has to do with tools.</summary>
/// <param name="Kind">A call, a result, or an approval.</param>
/// <param name="Id">What pairs them; approvals pair by ids of their own.</param>
/// <param name="IsHosted">Whether the model's service runs the tool itself.</param>
/// <param name="CallId">The id of the call that an approval is about; <see langword="null"/> for calls and results.</param>
internal readonly record struct ToolUse(ToolUseKind Kind, string Id, int Content, bool IsHosted = false, string? CallId = null)
{
    // A call may have the same id as an approval.
    private const string ApprovalPrefix = "approval:";

    /// <summary>Whether it answers what another content asks for.</summary>
    public bool Answers => Kind is ToolUseKind.Result or ToolUseKind.Answer;

    /// <summary>Finds calls, results and approvals in contents.</summary>
    /// <returns>What was found, in the order of the contents; empty for most messages.</returns>
    public static IReadOnlyList<ToolUse> In(IList<AIContent> contents)
    {
        List<ToolUse>? uses = null;
        for (int i = 0; i < contents.Count; i++)
        {
            if (Of(contents[i], i) is { } use)
            {
                (uses ??= []).Add(use);
            }
        }

        return uses is null ? [] : uses;
    }

    /// <summary>An approval that is known by its ids only.</summary>
    /// <param name="kind">A request or an answer.</param>
    /// <param name="content">Which content of the message it is.</param>
    public static ToolUse Approval(ToolUseKind kind, string requestId, int content) => new(kind, ApprovalPrefix + requestId, content);

    private static ToolUse? Of(AIContent content, int index) =>
        content switch
        {
            FunctionCallContent call => new ToolUse(ToolUseKind.Call, call.CallId, index),
            FunctionResultContent result => new ToolUse(ToolUseKind.Result, result.CallId, index),
            ToolCallContent call => new ToolUse(ToolUseKind.Call, call.CallId, index, IsHosted: true),
            ToolResultContent result => new ToolUse(ToolUseKind.Result, result.CallId, index, IsHosted: true),
            InputRequestContent request => Approval(ToolUseKind.Request, request.RequestId, index) with
            {
                CallId = (request as ToolApprovalRequestContent)?.ToolCall.CallId,
            },
            InputResponseContent response => Approval(ToolUseKind.Answer, response.RequestId, index) with
            {
                CallId = (response as ToolApprovalResponseContent)?.ToolCall.CallId,
            },
            _ => null,
        };
}

using System.Collections.Immutable;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Tests.Support;

/// <summary>What careless context providers add to a request.</summary>
internal static class AddedByProviders
{
    /// <summary>Some messages: torn pairs, lone results, approvals, roles that are not known, missing messages and contents.</summary>
    public static ImmutableArray<ChatMessage> Some(Random random)
    {
        ChatRole[] roles =
        [
            ChatRole.User,
            ChatRole.Assistant,
            ChatRole.Tool,
            ChatRole.System,
            new("Assistant"),
            new("developer"),
            new("narrator"),
        ];
        return
        [
            .. Enumerable
                .Range(0, random.Next(0, 7))
                .Select(_ =>
                    random.Next(12) == 0
                        ? null!
                        : new ChatMessage(
                            roles[random.Next(roles.Length)],
                            [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => Content(random))]
                        )
                ),
        ];
    }

    private static AIContent Content(Random random)
    {
        string id = "abc"[random.Next(3)].ToString();
        var request = new ToolApprovalRequestContent("ficc_" + id, new FunctionCallContent(id, "look"));
        return random.Next(11) switch
        {
            0 or 1 => new FunctionCallContent(id, "look"),
            2 or 3 => new FunctionResultContent(id, "seen"),
            4 => request,
            5 => request.CreateResponse(random.Next(2) == 0),
            6 => new TextContent(" "),
            7 => new TextReasoningContent("hm"),
            8 => new AIContent(),
            9 => null!,
            _ => new TextContent("text"),
        };
    }
}

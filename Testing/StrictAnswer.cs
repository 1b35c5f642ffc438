using Microsoft.Extensions.AI;

namespace OrleansMemory.Testing;

/// <summary>What a strict model answers: the contents of one assistant message.</summary>
/// <param name="Contents">The contents.</param>
public sealed record StrictAnswer(params IReadOnlyList<AIContent> Contents)
{
    /// <summary>Which ids the answer carries.</summary>
    /// <value>Default: ids as OpenAI gives them.</value>
    public StrictIds Ids { get; init; } = StrictIds.OnePerResponse;

    /// <summary>Fails the call behind these contents; a call that does not stream then gives none of them.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Some text; a stream gives it in these pieces.</summary>
    public static StrictAnswer Text(params string[] pieces) => new([.. pieces.Select(piece => new TextContent(piece))]);

    /// <summary>Calls of one tool, all in one message.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="ids">The ids of the calls.</param>
    public static StrictAnswer Calls(string tool, params string[] ids) => new([.. ids.Select(id => Call(tool, id))]);

    /// <summary>A question to the user whether a server's tool may run.</summary>
    /// <param name="requestId">The question's id.</param>
    public static StrictAnswer AsksFor(string requestId) =>
        new(new ToolApprovalRequestContent(requestId, new McpServerToolCallContent("mcp_" + requestId, "tool", "server")));

    /// <summary>An image.</summary>
    public static StrictAnswer Image() => new(new DataContent(new byte[] { 137, 80, 78, 71 }, "image/png"));

    /// <summary>The same behind some text.</summary>
    public StrictAnswer Behind(string text) => this with { Contents = [new TextContent(text), .. Contents] };

    private static FunctionCallContent Call(string tool, string id) => new(id, tool, new Dictionary<string, object?> { ["id"] = id });
}

/// <summary>The ids in the answers of a model.</summary>
public enum StrictIds
{
    /// <summary>Every update carries the response's id, which is the message's too.</summary>
    OnePerResponse,

    /// <summary>A stream gives its text, its calls and what else there is ids of their own; whole, the answer is one message.</summary>
    OnePerItem,

    /// <summary>None, as small servers do.</summary>
    None,
}

using Microsoft.Extensions.AI;
using OrleansMemory.Client.Runs;

namespace OrleansMemory.Tests.Client.Runs;

public sealed partial class KeptAnswerTests
{
    private static readonly Dictionary<string, (ChatMessage[] Answer, AnswerChangeKind[] Changes)> Scripts = new(StringComparer.Ordinal)
    {
        ["no id"] = ([Said(new TextContent("x"), null)], []),
        ["an empty id"] = ([Said(new TextContent("x"), "")], []),
        ["a long id"] = ([Said(new TextContent("x"), new string('i', 5_000))], [AnswerChangeKind.MessageId]),
        ["a role spelled otherwise"] = ([new ChatMessage(new ChatRole("Assistant"), "x") { MessageId = "a" }], []),
        ["a developer"] = ([new ChatMessage(new ChatRole("developer"), "x") { MessageId = "a" }], [AnswerChangeKind.Role]),
        ["a system message"] = ([new ChatMessage(ChatRole.System, "obey") { MessageId = "a" }], [AnswerChangeKind.Role]),
        ["numbers that JSON lacks"] = (
            [
                Said(
                    new TextContent("x")
                    {
                        AdditionalProperties = new() { ["n"] = double.NaN, ["p"] = float.PositiveInfinity },
                    },
                    "a"
                ),
            ],
            []
        ),
        ["surrogates and nul"] = (
            [Said(new TextContent("a\0\ud800b") { AdditionalProperties = new() { ["\udc00"] = "\0\ud800" } }, "a")],
            []
        ),
        ["a provider's own content"] = ([Said(new Foreign(), "a")], [AnswerChangeKind.Content]),
        ["a raw representation alone"] = ([Said(new AIContent { RawRepresentation = new object() }, "a")], [AnswerChangeKind.Content]),
        ["a property that fails"] = (
            [
                new ChatMessage(ChatRole.Assistant, "x")
                {
                    MessageId = "a",
                    AdditionalProperties = new() { ["p"] = new Unwritable(), ["q"] = 1 },
                },
            ],
            [AnswerChangeKind.Property]
        ),
        ["JSON that is nested too deep"] = (
            [Said(new TextContent("x") { AdditionalProperties = new() { ["d"] = Deep(70) } }, "a")],
            [AnswerChangeKind.Content]
        ),
        ["JSON that is nested deep"] = ([Said(new TextContent("x") { AdditionalProperties = new() { ["d"] = Deep(60) } }, "a")], []),
        ["a missing content"] = ([new ChatMessage(ChatRole.Assistant, [new TextContent("x"), null!]) { MessageId = "a" }], []),
        ["no message"] = ([], []),
        ["a message without contents"] = ([new ChatMessage(ChatRole.Assistant, []) { MessageId = "a" }], []),
        ["instants at the ends of time"] = (
            [
                new ChatMessage(ChatRole.Assistant, "x") { MessageId = "a", CreatedAt = DateTimeOffset.MaxValue },
                new ChatMessage(ChatRole.Assistant, "y") { MessageId = "b", CreatedAt = DateTimeOffset.MinValue },
            ],
            []
        ),
        ["call ids that are empty, long or doubled"] = (
            [
                new ChatMessage(
                    ChatRole.Assistant,
                    [
                        .. new[] { "", "", "a", "a", new string('i', 600), "nul\0", "lone\ud800" }.Select(id => new FunctionCallContent(
                            id,
                            "f"
                        )),
                    ]
                )
                {
                    MessageId = "a",
                },
                new ChatMessage(
                    ChatRole.Tool,
                    [
                        .. new[] { "", "", "a", "a", new string('i', 600), "nul\0", "lone\ud800" }.Select(id => new FunctionResultContent(
                            id,
                            1
                        )),
                    ]
                )
                {
                    MessageId = "b",
                },
                Said(new TextContent("x"), "c"),
            ],
            []
        ),
        ["a large text"] = ([Said(new TextContent(new string('x', 2 * MaxMessageBytes)), "a")], [AnswerChangeKind.Size]),
        ["a large image"] = ([Said(new DataContent(new byte[2 * MaxMessageBytes], "image/png"), "a")], [AnswerChangeKind.Size]),
        ["large properties"] = (
            [
                new ChatMessage(ChatRole.Assistant, "x")
                {
                    MessageId = "a",
                    AdditionalProperties = new() { ["p"] = new string('x', 2 * MaxMessageBytes) },
                },
            ],
            [AnswerChangeKind.Size]
        ),
        ["a large result"] = (
            [
                Said(new FunctionCallContent("c", "f"), "a"),
                new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c", new string('x', 2 * MaxMessageBytes))]) { MessageId = "b" },
                Said(new TextContent("x"), "c"),
            ],
            [AnswerChangeKind.Size]
        ),
        ["much in all"] = (
            [.. Enumerable.Range(0, 6).Select(i => Said(new TextContent(new string('x', MaxMessageBytes - 500)), $"{i}"))],
            [AnswerChangeKind.Size]
        ),
        ["many messages"] = ([.. Enumerable.Range(0, 12).Select(i => Said(new TextContent($"{i}"), $"{i}"))], [AnswerChangeKind.Messages]),
    };
}

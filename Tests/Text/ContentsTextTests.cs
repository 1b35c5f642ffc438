using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Grains.Text;
using Xunit;

namespace OrleansMemory.Tests.Text;

public sealed class ContentsTextTests
{
    [Fact]
    public void Only_text_contents_are_read()
    {
        var message = new ChatMessage(
            ChatRole.Assistant,
            [
                new TextContent("one"),
                new TextReasoningContent("thought"),
                new FunctionCallContent("c", "f", new Dictionary<string, object?> { ["text"] = "argument" }),
                new FunctionResultContent("c", new TextContent("result")),
                new UriContent("https://example.org/text", "text/plain"),
                new TextContent("two"),
                new TextContent(""),
            ]
        );

        Assert.Equal(["one", "two"], ContentsText.Read(ChatMessageFormat.Default.ToNewMessage(message).Contents));
    }

    [Theory]
    [InlineData("""[{"text":"a","$type":"text"}]""", "a")]
    [InlineData("""[{"$type":"text","text":"a\n\"b\"\\ \u00e9\ud83d\ude42"}]""", "a\n\"b\"\\ é🙂")]
    [InlineData(
        """[{"$type":"text","text":7},{"$type":"text"},{"$type":["text"],"text":"x"},{"text":"x"},[1],{"$type":"text","text":"a","more":{"$type":"text","text":"x"}}]""",
        "a"
    )]
    [InlineData("""{"$type":"text","text":"x"}""", null)]
    [InlineData("[]", null)]
    [InlineData("null", null)]
    [InlineData("[{", null)]
    [InlineData("", null)]
    public void Any_json_is_read(string contents, string? expected) =>
        Assert.Equal(expected is null ? [] : [expected], ContentsText.Read(contents));

    [Fact]
    public void Surrogates_without_a_partner_and_nulls_are_read() =>
        Assert.Equal(["\uD800 \0"], ContentsText.Read("""[{"$type":"text","text":"\ud800 \u0000"}]"""));

    [Fact]
    public void Deep_json_is_read()
    {
        string deep = new string('[', 900) + new string(']', 900);
        Assert.Equal(
            ["a"],
            ContentsText.Read($$"""[{"$type":"other","text":{{deep}}},{"$type":"text","text":{{JsonSerializer.Serialize("a")}}}]""")
        );
    }
}

using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public sealed class ToolLinkCollectorTests
{
    [Fact]
    public void Plain_contents_have_no_links() =>
        Assert.Null(Links("""[{"$type":"text","text":"callId"},{"$type":"data","uri":"data:,x"}]"""));

    [Fact]
    public void Calls_and_results_are_found_whatever_the_order_of_their_properties()
    {
        ToolLinks links = Links(
            """[{"callId":"c1","$type":"functionCall"},{"$type":"functionResult","result":{"callId":"inner"},"callId":"r1"}]"""
        )!;
        Assert.Equal(["c1"], links.Calls.AsEnumerable());
        Assert.Equal(["r1"], links.Results.AsEnumerable());
    }

    [Fact]
    public void Every_call_and_result_that_the_library_writes_is_found()
    {
        AIContent[] contents =
        [
            new FunctionCallContent("f1", "weather", new Dictionary<string, object?> { ["city"] = "Wien" }),
            new McpServerToolCallContent("m1", "tool", "server"),
            new FunctionResultContent("f1", "rain"),
            new McpServerToolResultContent("m1"),
        ];
        ToolLinks links = Links(JsonSerializer.Serialize(contents, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(AIContent[]))))!;
        Assert.Equal(["f1", "m1"], links.Calls.AsEnumerable());
        Assert.Equal(["f1", "m1"], links.Results.AsEnumerable());
    }

    [Fact]
    public void A_call_inside_an_approval_request_is_found()
    {
        ToolLinks links = Links(
            """[{"$type":"toolApprovalRequest","requestId":"q","toolCall":{"$type":"functionCall","callId":"c","name":"n"}}]"""
        )!;
        Assert.Equal(["c"], links.Calls.AsEnumerable());
    }

    [Fact]
    public void An_id_with_an_unpaired_surrogate_is_compared_in_its_escaped_form()
    {
        ToolLinks links = Links("""[{"$type":"functionCall","callId":"\ud800"},{"$type":"functionResult","callId":"\ud800"}]""")!;
        Assert.Equal(links.Calls.AsEnumerable(), links.Results);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("\"text\"")]
    [InlineData("[1]")]
    [InlineData("[null]")]
    [InlineData("[{]")]
    [InlineData("")]
    [InlineData("[] []")]
    public void What_is_no_array_of_objects_is_refused(string json) =>
        Assert.Equal("contents", Assert.Throws<InvalidRequestException>(() => Links(json)).Parameter);

    [Fact]
    public void Nesting_is_bounded()
    {
        string deep = "[{\"a\":" + new string('[', 80) + new string(']', 80) + "}]";
        Assert.Equal("contents", Assert.Throws<JsonTooDeepException>(() => Links(deep)).Parameter);
    }

    private static ToolLinks? Links(string json) => JsonRules.CheckContents(json, "contents", 1_000_000).Tools;
}

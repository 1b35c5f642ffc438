using System.Net;
using System.Text.Json;
using OrleansMemory.Client.Json;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo;

/// <summary>Text that System.Text.Json refuses or replaces, over HTTP.</summary>
public abstract class ExactTextHttpTests
{
    protected abstract SiloApp App { get; }

    [Theory]
    [InlineData("""\u0000""")]
    [InlineData("""a\u0000b""")]
    [InlineData("""\ud800""")]
    [InlineData("""x\udfffy""")]
    [InlineData("""\udc00\ud800""")]
    [InlineData("""\ud83d\ude00""")]
    [InlineData("\ud83d\ude00 \u00e9 \u4e2d \ud840\udc00")]
    [InlineData("""\"\\\/\b\f\n\r\t\u2028\u007f""")]
    public async Task Text_comes_back_as_it_was(string json)
    {
        string id = $"exact-{Guid.NewGuid():N}";
        await App.AskAsync(
            HttpStatusCode.Created,
            "POST",
            $"{id}/turns",
            $$$"""
            {"messages":[{"role":"user","content":"{{{json}}}"},
             {"role":"assistant","contents":[{"$type":"functionCall","callId":"c","name":"f","arguments":{"{{{json}}}":"{{{json}}}"}}],"additionalProperties":{"k":"{{{json}}}"}}],
             "globals":{"g":"{{{json}}}"},"entries":[{"namespace":"n","key":"k","value":["{{{json}}}"]}]}
            """
        );

        JsonElement messages = (await App.AskAsync(HttpStatusCode.OK, "GET", $"{id}/messages")).GetProperty("messages");
        string text = JsonText.Read(JsonDocument.Parse($"\"{json}\"").RootElement);
        Assert.Equal(text, JsonText.Read(messages[0].GetProperty("contents")[0].GetProperty("text")), StringComparer.Ordinal);
        JsonProperty argument = messages[1].GetProperty("contents")[0].GetProperty("arguments").EnumerateObject().Single();
        Assert.Equal(text, JsonText.ReadName(argument), StringComparer.Ordinal);
        Assert.Equal(text, JsonText.Read(argument.Value), StringComparer.Ordinal);
        Assert.Equal(text, JsonText.Read(messages[1].GetProperty("additionalProperties").GetProperty("k")), StringComparer.Ordinal);
        JsonElement entry = await App.AskAsync(HttpStatusCode.OK, "GET", $"{id}/entries/n/k");
        Assert.Equal(text, JsonText.Read(entry.GetProperty("value")[0]), StringComparer.Ordinal);
    }
}

public sealed class ExactTextInMemoryHttpTests(SiloApp app) : ExactTextHttpTests, IClassFixture<SiloApp>
{
    protected override SiloApp App => app;
}

using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Silo.OpenAi;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.OpenAi;

/// <summary>What an item is as a message, and that it comes back as it came.</summary>
public sealed class ItemRoundTripTests
{
    private const string Image = "data:image/png;base64,iVBORw0KGgo=";

    /// <summary>
    /// Items as models and their users write them, each with the texts of the contents that other APIs read, and the role.
    /// </summary>
    public static TheoryData<string, string, string> Items =>
        new()
        {
            {
                """{"id":"m","type":"message","role":"user","content":[{"type":"input_text","text":"a"},{"type":"input_text","text":"b\u0000\ud83d\ude00\ud83d"}],"status":"completed"}""",
                "user",
                "TextContent TextContent"
            },
            {
                """{"id":"m","type":"message","role":"developer","content":[{"type":"input_text","text":"a"}],"status":"in_progress"}""",
                "system",
                "TextContent"
            },
            { """{"id":"m","type":"message","role":"critic","content":[],"status":"completed"}""", "assistant", "" },
            {
                """{"id":"m","type":"message","role":"tool","content":[{"type":"text","text":"a"},{"type":"summary_text","text":"b"},{"type":"reasoning_text","text":"c"}],"status":"completed"}""",
                "tool",
                "TextContent TextContent TextReasoningContent"
            },
            {
                """{"id":"m","status":"completed","type":"message","role":"assistant","phase":"final_answer","content":[{"type":"output_text","logprobs":[{"token":"a","bytes":[97],"logprob":-1.50e-3,"top_logprobs":[]}],"annotations":[{"type":"url_citation","url":"https://example.com","title":"t","start_index":0,"end_index":1},{"type":"file_path","file_id":"f","index":0}],"text":"a"},{"type":"refusal","refusal":"no"}]}""",
                "assistant",
                "TextContent ErrorContent"
            },
            {
                $$"""{"id":"m","type":"message","role":"user","status":"completed","content":[{"type":"input_image","detail":"high","image_url":"{{Image}}"},{"type":"input_image","image_url":"https://example.com/a%20b.png?x=1#y","detail":"auto","file_id":null},{"type":"input_image","detail":"auto","file_id":"file-1"},{"type":"input_image","detail":"auto"}]}""",
                "user",
                "DataContent UriContent HostedFileContent"
            },
            {
                """{"id":"m","type":"message","role":"user","status":"completed","content":[{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AAAA"},{"type":"input_file","file_data":"no data url"},{"type":"input_file","file_url":"https://example.com/a.pdf"},{"type":"input_file","file_id":"file-2","detail":"low"}]}""",
                "user",
                "DataContent UriContent HostedFileContent"
            },
            {
                """{"id":"m","type":"message","role":"user","status":"completed","content":[{"type":"input_image","image_url":"data:;;not,base64%%"},{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}},{"type":"new_part","deep":{"text":[1,2.0,1e400]}}]}""",
                "user",
                ""
            },
            {
                """{"id":"c","type":"function_call","call_id":"call_1","name":"find","arguments":"{\"city\":\"Lisbon\",\"n\":1.0}","status":"completed"}""",
                "assistant",
                "FunctionCallContent"
            },
            {
                """{"id":"c","type":"function_call","call_id":"call_1","name":"find","arguments":"{ \"city\" : \"Lisbon\" }","status":"in_progress","namespace":"n"}""",
                "assistant",
                "FunctionCallContent"
            },
            {
                """{"id":"c","type":"function_call","call_id":"call_1","name":"find","arguments":"{\"city\":","status":"incomplete"}""",
                "assistant",
                "FunctionCallContent"
            },
            {
                """{"id":"o","type":"function_call_output","call_id":"call_1","output":"a \"text\"","status":"completed"}""",
                "tool",
                "FunctionResultContent"
            },
            {
                $$"""{"id":"o","type":"function_call_output","call_id":"call_1","output":[{"type":"input_text","text":"a"},{"type":"input_image","image_url":"{{Image}}","detail":"auto"},{"type":"input_file","file_id":"f"}],"status":"completed"}""",
                "tool",
                "FunctionResultContent"
            },
            {
                """{"id":"r","type":"reasoning","summary":[{"type":"summary_text","text":"a"},{"type":"summary_text","text":"b"}],"content":[{"type":"reasoning_text","text":"c"}],"encrypted_content":"sealed","status":"completed"}""",
                "assistant",
                "TextReasoningContent TextReasoningContent TextReasoningContent"
            },
            { """{"id":"r","type":"reasoning","summary":[],"encrypted_content":"sealed"}""", "assistant", "TextReasoningContent" },
            { """{"id":"r","type":"reasoning","encrypted_content":null,"summary":[]}""", "assistant", "" },
            {
                """{"id":"i","type":"image_generation_call","status":"completed","result":"iVBORw0KGgo=","output_format":"webp"}""",
                "assistant",
                "DataContent"
            },
            { """{"id":"i","type":"image_generation_call","status":"generating","result":null}""", "assistant", "" },
            {
                """{"id":"w","type":"web_search_call","status":"completed","action":{"type":"search","query":"q","sources":[{"type":"url","url":"u"}]}}""",
                "assistant",
                ""
            },
            {
                """{"id":"x","type":"something/new~","a":{"b":[null,true,1.50,"\u0000","\ud800"]},"/id":1,"content":"text","ids":{"id":null},"\ud800":0}""",
                "assistant",
                ""
            },
        };

    [Theory]
    [MemberData(nameof(Items))]
    public void An_item_comes_back_as_it_came_and_other_APIs_read_what_it_says(string item, string role, string contents)
    {
        NewMessage message = Write(item);

        AssertSame(JsonElement.Parse(item), Assert.Single(MessageItems.Of(message)).Json);
        Assert.Equal(role, message.Role);
        Assert.Equal(contents, string.Join(' ', Read(message).Contents.Select(content => content.GetType().Name)));
    }

    [Fact]
    public void Other_APIs_read_texts_calls_results_images_and_reasoning()
    {
        Assert.Equal("a", Read(Write("""{"role":"user","content":"a"}""")).Text);
        var call = Assert.IsType<FunctionCallContent>(
            Assert.Single(
                Read(Write("""{"type":"function_call","call_id":"c","name":"find","arguments":"{\"city\":\"Lisbon\"}"}""")).Contents
            )
        );
        Assert.Equal(("c", "find", "Lisbon"), (call.CallId, call.Name, call.Arguments!["city"]!.ToString()));
        var result = Assert.IsType<FunctionResultContent>(
            Assert.Single(Read(Write("""{"type":"function_call_output","call_id":"c","output":"ok"}""")).Contents)
        );
        Assert.Equal(("c", "ok"), (result.CallId, result.Result!.ToString()));
        var image = Assert.IsType<DataContent>(
            Assert.Single(Read(Write($$"""{"role":"user","content":[{"type":"input_image","image_url":"{{Image}}"}]}""")).Contents)
        );
        Assert.Equal(("image/png", 8), (image.MediaType, image.Data.Length));
        var file = Assert.IsType<DataContent>(
            Assert.Single(
                Read(
                    Write(
                        """{"role":"user","content":[{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AAAA"}]}"""
                    )
                ).Contents
            )
        );
        Assert.Equal(("application/pdf", "a.pdf"), (file.MediaType, file.Name));
        var reasoning = Assert.IsType<TextReasoningContent>(
            Assert.Single(
                Read(
                    Write("""{"type":"reasoning","summary":[{"type":"summary_text","text":"why"}],"encrypted_content":"sealed"}""")
                ).Contents
            )
        );
        Assert.Equal(("why", "sealed"), (reasoning.Text, reasoning.ProtectedData));
        var refusal = Assert.IsType<ErrorContent>(
            Assert.Single(Read(Write("""{"role":"assistant","content":[{"type":"refusal","refusal":"no"}]}""")).Contents)
        );
        Assert.Equal(("no", "Refusal"), (refusal.Message, refusal.ErrorCode));
    }

    [Theory]
    [InlineData("""{"role":"user","content":"LARGE"}""")]
    [InlineData("""{"role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,LARGE"}]}""")]
    [InlineData("""{"role":"user","content":[{"type":"input_file","file_data":"data:application/pdf;base64,LARGE"}]}""")]
    [InlineData("""{"type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":\"LARGE\"}"}""")]
    [InlineData("""{"type":"function_call_output","call_id":"c","output":"LARGE"}""")]
    [InlineData("""{"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"LARGE"}]}""")]
    [InlineData("""{"type":"reasoning","summary":[{"type":"summary_text","text":"LARGE"}]}""")]
    [InlineData("""{"type":"image_generation_call","result":"LARGE"}""")]
    public void What_contents_say_is_stored_once(string item)
    {
        string large = new('A', 40_000);
        NewMessage message = Write(item.Replace("LARGE", large, StringComparison.Ordinal));

        Assert.InRange(message.Contents.Length + message.Metadata!.Length, large.Length, large.Length + 1_000);
    }

    [Fact]
    public void Generated_items_come_back_as_they_came()
    {
        foreach (int seed in Generated.Seeds(400))
        {
            string item = new GeneratedItem(seed).Write();
            JsonElement given = JsonElement.Parse(item);
            NewMessage message = Write(item);

            AssertSame(given, Assert.Single(MessageItems.Of(message)).Json);
            _ = Read(message);
        }
    }

    [Theory]
    [InlineData("""{"OrleansMemory.OpenAiItem":1}""")]
    [InlineData("""{"OrleansMemory.OpenAiItem":{"item":[],"places":{}}}""")]
    [InlineData("""{"OrleansMemory.OpenAiItem":{"item":{"type":1},"places":[]}}""")]
    [InlineData("""{"other":"OrleansMemory.OpenAiItem"}""")]
    public void Properties_that_are_no_item_are_not_taken_for_one(string metadata)
    {
        ImmutableArray<ConversationItem> items = MessageItems.Of(
            new NewMessage
            {
                Id = "m",
                Role = "user",
                Contents = """[{"$type":"text","text":"a"}]""",
                Metadata = metadata,
            }
        );

        Assert.Equal(
            """{"id":"m","type":"message","status":"completed","role":"user","content":[{"type":"input_text","text":"a"}]}""",
            Assert.Single(items).Json.GetRawText()
        );
    }

    [Theory]
    [InlineData(
        """{"OrleansMemory.OpenAiItem":{"item":{"type":"t","a":null},"places":["/a",7,"/a",null,"",{"x":1}]}}""",
        """{"type":"t","a":"one"}"""
    )]
    [InlineData("""{"OrleansMemory.OpenAiItem":{"item":{"type":"t","a":null},"places":"/a"}}""", """{"type":"t","a":null}""")]
    [InlineData("""{"OrleansMemory.OpenAiItem":{"item":{"type":"t","id":1},"places":["/b/c","~","x"]}}""", """{"type":"t","id":"m"}""")]
    public void Whatever_another_API_writes_in_their_place_is_read(string metadata, string item)
    {
        const string Contents = """[{"$type":"text","text":"one"},{"$type":"text","text":"two"},{"$type":"usage","details":{}}]""";

        Assert.Equal(
            item,
            Assert
                .Single(
                    MessageItems.Of(
                        new NewMessage
                        {
                            Id = "m",
                            Role = "user",
                            Contents = Contents,
                            Metadata = metadata,
                        }
                    )
                )
                .Json.GetRawText()
        );
    }

    private static NewMessage Write(string item) => Assert.Single(ItemWriter.ReadAll(JsonElement.Parse($"[{item}]"), "items")).Message;

    private static ChatMessage Read(NewMessage message) =>
        ChatMessageFormat.Default.ToChatMessage(
            new Message
            {
                Sequence = 1,
                Id = message.Id!,
                Role = message.Role,
                Contents = message.Contents,
                Metadata = message.Metadata,
                Created = DateTimeOffset.UnixEpoch,
            }
        );

    // Field by field, exactly as written; what may be filled in may come first.
    private static void AssertSame(JsonElement given, JsonElement back)
    {
        Dictionary<string, string> Fields(JsonElement item) =>
            item.EnumerateObject()
                .ToDictionary(OrleansMemory.Client.Json.JsonText.ReadName, field => Plain(field.Value), StringComparer.Ordinal);
        Assert.Equal(
            Fields(given).OrderBy(field => field.Key, StringComparer.Ordinal),
            Fields(back).OrderBy(field => field.Key, StringComparer.Ordinal)
        );
    }

    // An escape may be written in several ways: texts by what they mean, everything else as it is written.
    private static string Plain(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => $"\"{OrleansMemory.Client.Json.JsonText.Read(value)}\"",
            JsonValueKind.Array => $"[{string.Join(',', value.EnumerateArray().Select(Plain))}]",
            JsonValueKind.Object =>
                $"{{{string.Join(',', value.EnumerateObject().Select(field => $"{OrleansMemory.Client.Json.JsonText.ReadName(field)}:{Plain(field.Value)}"))}}}",
            _ => value.GetRawText(),
        };
}

using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Json;
using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client;

/// <summary>Text comes back as it was, whatever it is: System.Text.Json alone refuses or replaces some of it.</summary>
public sealed class ExactTextTests(SharedHosts hosts)
{
    private static readonly ChatMessageFormat Format = ChatMessageFormat.Default;

    // The runner turns surrogates without a partner into U+FFFD on the way to a theory, so theories get escapes.
    public static TheoryData<string> Texts() => [.. All.Select(text => string.Concat(text.Select(character => $"\\u{(int)character:x4}")))];

    private static readonly string[] All =
    [
        "",
        "plain",
        "\0",
        "a\0b",
        "\ud800",
        "\udc00",
        "x\udfffy",
        "\udc00\ud800",
        "\ud800\ud800\udc00",
        "\ud83d\ude00",
        "\ud83d\ude00\ud83d",
        "\u2028\u2029\u0085\u007f",
        "\"\\/\b\f\n\r\t\u0001\u001f",
        "\\ud800",
        "<script>&amp;'</script>",
        "\ufffd\uffff\ufeff",
        "\u00e9\u4e2d\ud840\udc00\udbff\udfff",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_survives_the_format(string escaped)
    {
        string text = Unescape(escaped);
        NewMessage stored = Format.ToNewMessage(Say(text));

        ChatMessage read = Format.ToChatMessage(ChatMessageFormatTests.Store(stored));

        AssertSaid(text, read);
        Assert.Equal(stored.Contents, Format.ToNewMessage(read).Contents);
        Assert.Equal(stored.Metadata, Format.ToNewMessage(read).Metadata);

        // What is stored must pass through strict UTF-8, or PostgreSQL would not take it.
        new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(stored.Contents + stored.Metadata);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Text_survives_the_grain(string escaped)
    {
        string text = Unescape(escaped);
        GrainHost host = await hosts.InMemoryAsync();
        Conversation conversation = Clients.OfNewTenant(host).Get("exact");

        await conversation.AppendAsync(Say(text));

        AssertSaid(text, (await conversation.GetMessagesAsync()).Messages.Single().Message);
    }

    [Fact]
    public void Any_text_survives()
    {
        Gen<string> text = Gen.Elements('a', '"', '\\', '\0', '\n', '\u00e9', '\ud83d', '\ude00', '\ud800', '\udfff', '\u2028')
            .ArrayOf()
            .Select(characters => new string(characters));
        Prop.ForAll(
                text.ToArbitrary(),
                said =>
                {
                    ChatMessage read = Format.ToChatMessage(ChatMessageFormatTests.Store(Format.ToNewMessage(Say(said))));
                    AssertSaid(said, read);
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Four_byte_characters_are_stored_as_themselves()
    {
        NewMessage stored = Format.ToNewMessage(new ChatMessage(ChatRole.User, "\ud83d\ude00"));

        Assert.Equal("[{\"$type\":\"text\",\"text\":\"\ud83d\ude00\"}]", stored.Contents);
    }

    [Fact]
    public void Escapes_are_resolved()
    {
        Assert.Equal("a\ud800b", Unescape("""a\ud800b"""), StringComparer.Ordinal);
        Assert.Equal("\ud83d\ude00", Unescape("""\uD83D\uDE00"""), StringComparer.Ordinal);
        Assert.Equal("\"\\/\b\f\n\r\tA\u00e9", Unescape("\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\u00e9"), StringComparer.Ordinal);
    }

    private static string Unescape(string escaped) => JsonText.Unescape(Encoding.UTF8.GetBytes(escaped));

    private static ChatMessage Say(string text) =>
        new(
            ChatRole.Assistant,
            [
                new TextContent(text),
                new TextReasoningContent(text),
                new FunctionCallContent("c", "f", new Dictionary<string, object?> { [text] = text }),
                new FunctionResultContent("c", text),
            ]
        )
        {
            AdditionalProperties = new() { ["text"] = text, [text + "+"] = JsonSerializer.SerializeToElement("\ud83d\ude00") },
        };

    private static void AssertSaid(string text, ChatMessage read)
    {
        Assert.Equal(text, ((TextContent)read.Contents[0]).Text, StringComparer.Ordinal);
        Assert.Equal(text, ((TextReasoningContent)read.Contents[1]).Text, StringComparer.Ordinal);
        KeyValuePair<string, object?> argument = ((FunctionCallContent)read.Contents[2]).Arguments!.Single();
        Assert.Equal(text, argument.Key, StringComparer.Ordinal);
        Assert.Equal(text, JsonText.Read((JsonElement)argument.Value!), StringComparer.Ordinal);
        Assert.Equal(text, JsonText.Read((JsonElement)((FunctionResultContent)read.Contents[3]).Result!), StringComparer.Ordinal);
        Assert.Equal(text, JsonText.Read((JsonElement)read.AdditionalProperties!["text"]!), StringComparer.Ordinal);
        Assert.True(read.AdditionalProperties.ContainsKey(text + "+"));
    }
}

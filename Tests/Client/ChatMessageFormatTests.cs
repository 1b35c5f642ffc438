using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Errors;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using Xunit;

namespace OrleansMemory.Tests.Client;

public sealed class ChatMessageFormatTests
{
    private static readonly ChatMessageFormat Format = ChatMessageFormat.Default;

    [Fact]
    public void Every_part_of_a_message_survives()
    {
        var said = new ChatMessage(ChatRole.Assistant, "Guten Tag")
        {
            MessageId = "m-1",
            AuthorName = "Ada",
            CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2)),
            AdditionalProperties = new()
            {
                ["n"] = 1,
                ["text"] = "x",
                ["nested"] = new Dictionary<string, object?> { ["a"] = null },
            },
        };

        ChatMessage read = RoundTrip(said);

        Assert.Equal(
            (said.Role, said.Text, said.MessageId, said.AuthorName, said.CreatedAt),
            (read.Role, read.Text, read.MessageId, read.AuthorName, read.CreatedAt)
        );
        Assert.Equal("""{"n":1,"text":"x","nested":{"a":null}}""", Format.ToNewMessage(read).Metadata);
    }

    [Fact]
    public void Nothing_is_stored_for_what_a_message_does_not_have()
    {
        NewMessage message = Format.ToNewMessage(new ChatMessage(ChatRole.User, []));

        Assert.Equal("[]", message.Contents);
        Assert.Null(message.Metadata);
        Assert.Null(message.Created);
        Assert.Null(message.Id);
    }

    // Bases that Microsoft.Extensions.AI itself cannot read have no public constructor.
    public static TheoryData<string> ContentTypes() =>
        [
            .. AIJsonUtilities
                .DefaultOptions.GetTypeInfo(typeof(AIContent))
                .PolymorphismOptions!.DerivedTypes.Where(type => type.DerivedType.GetConstructors().Length > 0)
                .Select(type => (string)type.TypeDiscriminator!),
        ];

    [Theory]
    [MemberData(nameof(ContentTypes))]
    public void Every_content_type_survives(string type)
    {
        JsonDerivedType derived = AIJsonUtilities
            .DefaultOptions.GetTypeInfo(typeof(AIContent))
            .PolymorphismOptions!.DerivedTypes.Single(candidate => type.Equals(candidate.TypeDiscriminator));
        AIContent content = Make(derived.DerivedType);
        content.AdditionalProperties = new() { ["k"] = "v" };
        var said = new ChatMessage(ChatRole.Assistant, [content]);

        NewMessage stored = Format.ToNewMessage(said);
        ChatMessage read = Format.ToChatMessage(Store(stored));

        Assert.IsType(derived.DerivedType, Assert.Single(read.Contents));
        Assert.Equal(stored.Contents, Format.ToNewMessage(read).Contents);
        Assert.Equal(stored.Contents, Format.Contents.Normalize(JsonDocument.Parse(stored.Contents).RootElement, "contents"));
    }

    [Fact]
    public void Tool_calls_keep_their_arguments_and_results()
    {
        var arguments = new Dictionary<string, object?>
        {
            ["city"] = "Z\u00fcrich",
            ["days"] = 3,
            ["raw"] = JsonDocument.Parse("""{"a":[1,null]}""").RootElement,
        };
        var said = new ChatMessage(
            ChatRole.Assistant,
            [new FunctionCallContent("c1", "weather", arguments), new FunctionResultContent("c0", new { ok = true })]
        );

        var call = (FunctionCallContent)RoundTrip(said).Contents[0];

        Assert.Equal(("c1", "weather"), (call.CallId, call.Name));
        Assert.Equal("Z\u00fcrich", call.Arguments!["city"]!.ToString());
        Assert.Equal("""{"a":[1,null]}""", ((JsonElement)call.Arguments["raw"]!).GetRawText());
    }

    [Fact]
    public void A_registered_type_of_the_callers_own_survives_and_an_unknown_one_is_refused()
    {
        var options = new JsonSerializerOptions(AIJsonUtilities.DefaultOptions);
        options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
        options.AddAIContentType<MoodContent>("mood");
        var format = new ChatMessageFormat(options);
        var said = new ChatMessage(ChatRole.User, [new MoodContent { Mood = "glad" }]);

        NewMessage stored = format.ToNewMessage(said);

        Assert.Equal("glad", Assert.IsType<MoodContent>(format.ToChatMessage(Store(stored)).Contents[0]).Mood);
        Assert.Equal("contents", Assert.Throws<InvalidRequestException>(() => Format.ToNewMessage(said)).Parameter);
        Assert.Equal(7, Assert.Throws<UnreadableMessageException>(() => Format.ToChatMessage(Store(stored))).Sequence);
    }

    internal static Message Store(NewMessage message) =>
        new()
        {
            Sequence = 7,
            Id = message.Id ?? "made",
            Role = message.Role,
            Author = message.Author,
            Contents = message.Contents,
            Metadata = message.Metadata,
            Created = message.Created ?? DateTimeOffset.UnixEpoch,
        };

    private static ChatMessage RoundTrip(ChatMessage message) => Format.ToChatMessage(Store(Format.ToNewMessage(message)));

    private static AIContent Make(Type type) =>
        type.Name switch
        {
            nameof(DataContent) => new DataContent("data:image/png;base64,AAEC", "image/png"),
            nameof(UriContent) => new UriContent("https://example.org/a.png", "image/png"),
            nameof(ErrorContent) => new ErrorContent("broken") { ErrorCode = "7" },
            nameof(FunctionCallContent) => new FunctionCallContent("c", "f", new Dictionary<string, object?> { ["a"] = 1 }),
            nameof(FunctionResultContent) => new FunctionResultContent("c", "r"),
            nameof(HostedFileContent) => new HostedFileContent("file-1"),
            nameof(HostedVectorStoreContent) => new HostedVectorStoreContent("store-1"),
            nameof(TextContent) => new TextContent("text"),
            nameof(TextReasoningContent) => new TextReasoningContent("because") { ProtectedData = "p" },
            nameof(UsageContent) => new UsageContent(new UsageDetails { InputTokenCount = 3 }),
            _ => (AIContent)JsonSerializer.Deserialize($$"""{{{Fields(type)}}}""", type, Format.Options)!,
        };

    // The constructors of the others are experimental; they are made from JSON, with a value for every parameter that is required.
    private static string Fields(Type type) =>
        string.Join(
            ',',
            type.GetConstructors()
                .OrderByDescending(constructor => constructor.GetParameters().Length)
                .First()
                .GetParameters()
                .Where(parameter => !parameter.HasDefaultValue)
                .Select(parameter => $"\"{parameter.Name}\":{Value(parameter.ParameterType)}")
        );

    private static string Value(Type type) =>
        type == typeof(string) ? "\"x\""
        : type == typeof(bool) ? "true"
        : type == typeof(ToolCallContent) || type == typeof(FunctionCallContent) ? """{"$type":"functionCall","callId":"c","name":"f"}"""
        : "null";

    private sealed class MoodContent : AIContent
    {
        public string? Mood { get; set; }
    }
}

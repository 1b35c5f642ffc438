using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;
using Xunit;

namespace OrleansMemory.Tests.Client.Windows;

/// <summary>
/// The rules of a window, one by one. A history is written as a line: s system, u user, a assistant, +c calls c, -c answers c.
/// </summary>
public sealed class ConversationWindowTests
{
    [Theory]
    [InlineData("u1 a1 u2 a2 u3", 3, "u2 a2 u3")]
    [InlineData("u1 a1 s1 u2 a2 u3", 3, "s1 a2 u3")]
    [InlineData("u1 a1", 10, "u1 a1")]
    [InlineData("s1 u1 s2", 2, "s1 u1 s2")]
    [InlineData("u1 +c -c a1 u2", 4, "+c -c a1 u2")]
    [InlineData("u1 +c -c a1 u2", 3, "a1 u2")]
    [InlineData("u1 +c+d -c -d a1", 4, "u1 a1")]
    [InlineData("u1 +c+d -d -c a1", 5, "u1 +c+d -d -c a1")]
    [InlineData("u1 a1 +c -c", 1, "u1 +c -c")]
    [InlineData("", 1, "")]
    // Messages between a call and its result, and results in several messages.
    [InlineData("u1 +c u2 a2 -c a1", 10, "u1 +c -c u2 a2 a1")]
    [InlineData("u1 +c u2 a2 -c a1 u3", 3, "a2 a1 u3")]
    [InlineData("u1 +c u2 a2 -c a1 u3", 5, "u2 a2 a1 u3")]
    [InlineData("u1 +c+d -c u2 a2 -d a1", 10, "u1 +c+d -c -d u2 a2 a1")]
    [InlineData("u1 +c u2 +d -c-d a1", 10, "u1 +c -c u2 +d -d a1")]
    [InlineData("u1 +c u2 a2 -ct1 a1", 10, "u1 +c -ct1 u2 a2 a1")]
    // What lacks its other half; what else its message says is kept.
    [InlineData("u1 -c a1", 10, "u1 a1")]
    [InlineData("u1 +c a1", 10, "u1 a1")]
    [InlineData("u1 +c", 10, "u1")]
    [InlineData("u1 t1+c", 10, "u1 t1")]
    [InlineData("u1 r1t1+c u2", 10, "u1 r1t1 u2")]
    [InlineData("u1 r1+c u2", 10, "u1 u2")]
    [InlineData("u1 +c+d -c u2", 10, "u1 +c -c u2")]
    [InlineData("u1 +c+d -d", 10, "u1 +d -d")]
    [InlineData("u1 +c -c -c a1", 10, "u1 +c -c a1")]
    [InlineData("u1 !c a1", 10, "u1 a1")]
    [InlineData("u1 !c -c a1", 10, "u1 !c -c a1")]
    // Call ids that are used again.
    [InlineData("u1 +c +c -c a1", 10, "u1 +c -c a1")]
    [InlineData("u1 +c -c +c -c a1", 4, "u1 +c -c a1")]
    [InlineData("u1 +c -c +c -c a1", 10, "u1 +c_2 -c_2 +c -c a1")]
    [InlineData("u1 +c+c -c-c a1", 10, "u1 +c+c_2 -c-c_2 a1")]
    // Messages that mix results with something else become several.
    [InlineData("u1 +c -c+d -d a1 u2", 10, "u1 +c -c +d -d a1 u2")]
    [InlineData("u1 +c -c+d -d a1 u2", 4, "+d -d a1 u2")]
    [InlineData("u1 t1+c-ct2 u2", 10, "u1 t1+c -c t2 u2")]
    // Approval requests that nothing answers, and those of before.
    [InlineData("u1 ?q u2", 10, "u1 u2")]
    [InlineData("u1 t1?q u2", 10, "u1 t1 u2")]
    [InlineData("u1 ?q y:q +q -q a1", 10, "u1 +q -q a1")]
    // Calls that a service has made itself.
    [InlineData("u1 h1g1t1 u2", 10, "u1 h1g1t1 u2")]
    [InlineData("u1 h1t1 u2", 10, "u1 t1 u2")]
    public void A_window_of_some_messages(string history, int messages, string expected) =>
        Assert.Equal(
            expected,
            Short(new ConversationWindow(new ConversationWindowOptions { MaxMessages = messages }).Reduce(Parse(history)))
        );

    [Theory]
    [InlineData("u1 +c", "-c", "u1 +c | -c")]
    [InlineData("u1 t1+c", "-c", "u1 t1+c | -c")]
    [InlineData("u1 +c u2 a2", "-c", "u1 u2 a2 +c | -c")]
    [InlineData("u1 +c+d -c u2 a2", "-d", "u1 u2 a2 +c+d -c | -d")]
    [InlineData("u1 +c u2 +d", "-c -d", "u1 u2 +c+d | -c -d")]
    [InlineData("u1 +c u2 +d", "-d", "u1 u2 +d | -d")]
    [InlineData("u1 +c", "u2", "u1 | u2")]
    [InlineData("u1 +c -c a1", "-c", "u1 a1 +c | -c")]
    [InlineData("u1 +c -c a1 +c", "-c", "u1 +c_2 -c_2 a1 +c | -c")]
    [InlineData("u1", "-c u2", "u1 | u2")]
    [InlineData("u1", "+c -c u2", "u1 | +c -c u2")]
    [InlineData("u1", "+c u2 -c", "u1 | +c -c u2")]
    [InlineData("u1 +c", "-c -c", "u1 +c | -c")]
    [InlineData("u1 ?q", "y:q", "u1 ?q | y:q")]
    [InlineData("u1 ?q u2 a2", "y:q", "u1 u2 a2 ?q | y:q")]
    [InlineData("u1 ?q?p", "y:q", "u1 ?q | y:q")]
    [InlineData("u1 ?q?p", "y:py:q", "u1 ?q?p | y:py:q")]
    [InlineData("u1 ?q", "y:q y:q", "u1 ?q | y:q")]
    [InlineData("u1 ?q y:q +q -q a1", "y:q", "u1 +q -q a1 | ")]
    [InlineData("u1 ?q y:q +q -q a1 ?q", "y:q", "u1 +q_2 -q_2 a1 ?q | y:q")]
    [InlineData("u1", "y:q u2", "u1 | u2")]
    public void New_input_decides_what_is_kept(string history, string input, string expected)
    {
        List<ChatMessage> before = Parse(history);
        var window = new ConversationWindow();
        AskedMessages asked = window.Ask(before, Parse(input));

        string[] parts = expected.Split('|', StringSplitOptions.TrimEntries);
        Assert.Equal(parts[0], Short([.. asked.History, .. asked.Awaiting]));
        Assert.Equal(parts[0], Short(window.Reduce(before, Parse(input))));
        Assert.Equal(parts[1], Short(asked.Asked.Skip(asked.Awaiting.Count)));
        Assert.Null(ProviderRules.Broken([.. asked.History, .. asked.Asked]));
    }

    [Fact]
    public void What_differs_from_the_stored_message_is_a_copy_and_the_rest_the_same_object()
    {
        var half = new ChatMessage(ChatRole.Assistant, [new TextContent("let me see"), new FunctionCallContent("c", "f")])
        {
            MessageId = "half",
            AuthorName = "bot",
            RawRepresentation = new object(),
            AdditionalProperties = new() { ["k"] = 1 },
        };
        ChatMessage[] history = [new(ChatRole.User, "hi"), half];

        IReadOnlyList<ChatMessage> window = new ConversationWindow().Reduce(history);

        Assert.Same(history[0], window[0]);
        Assert.Equal(
            ("half", "bot", "let me see", 1),
            (window[1].MessageId, window[1].AuthorName, window[1].Text, window[1].AdditionalProperties!["k"])
        );
        Assert.Null(window[1].RawRepresentation);
        Assert.Single(window[1].Contents);
        Assert.Equal(2, half.Contents.Count);
    }

    [Fact]
    public void What_an_input_answers_is_looked_for_among_two_thousand_messages()
    {
        foreach ((int between, int expected) in (ReadOnlySpan<(int, int)>)[(1_999, 1), (2_000, 0)])
        {
            ChatMessage[] history =
            [
                new(ChatRole.Assistant, [new FunctionCallContent("c", "f")]),
                .. Enumerable.Range(0, between).Select(i => new ChatMessage(ChatRole.Assistant, $"{i}")),
            ];
            var window = new ConversationWindow(new ConversationWindowOptions { MaxMessages = 3 });
            Assert.Equal(expected, window.Reduce(history, Parse("-c")).Count(message => message.Contents[0] is FunctionCallContent));
        }
    }

    [Fact]
    public void The_newest_user_message_is_kept_even_where_it_alone_is_too_large()
    {
        ChatMessage[] history = [new(ChatRole.User, "old"), new(ChatRole.Assistant, "old"), new(ChatRole.User, new string('x', 10_000))];

        Assert.Equal([history[2]], new ConversationWindow(new ConversationWindowOptions { MaxTokens = 50 }).Reduce(history));
    }

    [Fact]
    public void System_messages_that_do_not_fit_are_an_error_that_says_so()
    {
        ChatMessage[] history = [new(ChatRole.System, new string('x', 400)), new(ChatRole.User, "hi")];

        WindowTooSmallException refusal = Assert.Throws<WindowTooSmallException>(() =>
            new ConversationWindow(new ConversationWindowOptions { MaxTokens = 50 }).Reduce(history)
        );

        Assert.Equal((1, 104, 406), (refusal.SystemMessages, refusal.Tokens, refusal.Bytes));
        Assert.Contains("104 tokens", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_results_and_data_count()
    {
        Assert.Equal(new WindowSize(1, 4 + 1, 4 + 4), Size(new ChatMessage(ChatRole.User, "four")));
        Assert.InRange(Size(Call(new string('x', 400))).Tokens, 100, 180);
        Assert.Equal(4 + 4 + 1 + 100, Size(new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c", new string('x', 400))])).Tokens);
        Assert.InRange(
            Size(
                new ChatMessage(
                    ChatRole.Tool,
                    [new FunctionResultContent("c", new Dictionary<string, string> { ["k"] = new string('x', 400) })]
                )
            ).Tokens,
            100,
            180
        );
        Assert.Equal(new WindowSize(1, 4 + 1_000, 4 + 4_000), Size(Data("application/pdf")));
        Assert.Equal(new WindowSize(1, 4 + TokenEstimate.PerImage, 4 + 4_000), Size(Data("image/png")));
        Assert.Equal(
            4 + 4 + 1 + 1 + TokenEstimate.PerImage,
            Size(
                new ChatMessage(
                    ChatRole.Tool,
                    [new FunctionResultContent("c", Data("image/png").Contents.Prepend(new TextContent("four")))]
                )
            ).Tokens
        );

        static ChatMessage Call(string argument) =>
            new(ChatRole.Assistant, [new FunctionCallContent("c", "f", new Dictionary<string, object?> { ["a"] = argument })]);

        static ChatMessage Data(string type) => new(ChatRole.User, [new DataContent(new byte[3_000], type)]);
    }

    [Fact]
    public void A_message_measures_the_same_before_it_is_stored_and_after()
    {
        ChatMessage[] messages =
        [
            new(
                ChatRole.Assistant,
                [new FunctionCallContent("c", "f", new Dictionary<string, object?> { ["a"] = 1.5, ["b"] = new[] { "x" } })]
            ),
            new(
                ChatRole.Tool,
                [
                    new FunctionResultContent("c", "text"),
                    new FunctionResultContent("d", new { Name = "Ada" }),
                    new FunctionResultContent("e", null),
                ]
            ),
            new(
                ChatRole.Tool,
                [new FunctionResultContent("f", new AIContent[] { new TextContent("a cat"), new DataContent(new byte[10], "image/png") })]
            ),
            new(ChatRole.Tool, [new FunctionResultContent("g", new UriContent("https://a.b/c", "image/png"))]),
            new(
                ChatRole.User,
                [new TextContent("hi"), new DataContent(new byte[10], "image/png"), new UriContent("https://a.b/c", "audio/wav")]
            ),
        ];
        foreach (ChatMessage message in messages)
        {
            NewMessage stored = ChatMessageFormat.Default.ToNewMessage(message);
            ChatMessage read = ChatMessageFormat.Default.ToChatMessage(
                new Message
                {
                    Sequence = 1,
                    Id = "m",
                    Role = stored.Role,
                    Contents = stored.Contents,
                    Created = DateTimeOffset.UnixEpoch,
                }
            );
            Assert.Equal(Size(message), Size(read));
        }
    }

    [Fact]
    public void A_tokenizer_may_be_injected()
    {
        ChatMessage[] history = [new(ChatRole.User, "aaaa"), new(ChatRole.Assistant, "bbbb"), new(ChatRole.User, "cccc")];
        var window = new ConversationWindow(new ConversationWindowOptions { MaxTokens = 220, CountTokens = text => 25 * text.Length });

        Assert.Equal(history[1..], window.Reduce(history));
    }

    [Fact]
    public async Task As_a_reducer_it_gives_the_same()
    {
        ChatMessage[] history = [new(ChatRole.User, "1"), new(ChatRole.Assistant, "2"), new(ChatRole.User, "3")];
        var window = new ConversationWindow(new ConversationWindowOptions { MaxMessages = 2 });
#pragma warning disable MEAI001 // The contract is experimental.
        Assert.IsAssignableFrom<IChatReducer>(window);
#pragma warning restore MEAI001

        Assert.Equal(history[1..], await window.ReduceAsync(history, CancellationToken.None));
    }

    [Theory]
    [InlineData(0, 1, 1L, "MaxMessages")]
    [InlineData(1_000_001, 1, 1L, "MaxMessages")]
    [InlineData(1, 0, 1L, "MaxTokens")]
    [InlineData(1, 1, 0L, "MaxBytes")]
    public void A_bound_out_of_range_is_refused_by_name(int messages, int tokens, long bytes, string name)
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() =>
            new ConversationWindow(
                new ConversationWindowOptions
                {
                    MaxMessages = messages,
                    MaxTokens = tokens,
                    MaxBytes = bytes,
                }
            )
        );

        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
    }

    private static WindowSize Size(ChatMessage message) => MessageMeasure.Of(message, TokenEstimate.Of);

    private static string Short(IEnumerable<ChatMessage> messages) =>
        string.Join(' ', messages.Select(message => string.Concat(message.Contents.Select(Short))));

    private static string Short(AIContent content) =>
        content switch
        {
            FunctionCallContent call => (call.InformationalOnly ? "!" : "+") + call.CallId,
            FunctionResultContent result => "-" + result.CallId,
            ToolApprovalRequestContent request => "?" + request.RequestId,
            ToolApprovalResponseContent answer => "y:" + answer.RequestId,
            ToolCallContent call => "h" + call.CallId,
            ToolResultContent result => "g" + result.CallId,
            TextReasoningContent reasoning => reasoning.Text,
            TextContent text => text.Text,
            _ => "*",
        };

    private static List<ChatMessage> Parse(string history) =>
        [.. history.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ParseMessage)];

    private static ChatMessage ParseMessage(string word)
    {
        var contents = new List<AIContent>();
        for (int i = 0; i < word.Length;)
        {
            int length = word[i] == 'y' ? 3 : 2;
            string id = word[i + length - 1].ToString();
            contents.Add(
                word[i] switch
                {
                    '+' => new FunctionCallContent(id, "f"),
                    '!' => new FunctionCallContent(id, "f") { InformationalOnly = true },
                    '-' => new FunctionResultContent(id, "r"),
                    '?' => new ToolApprovalRequestContent(id, new FunctionCallContent(id, "f")),
                    'y' => new ToolApprovalResponseContent(id, approved: true, new FunctionCallContent(id, "f")),
                    'h' => new CodeInterpreterToolCallContent(id),
                    'g' => new CodeInterpreterToolResultContent(id),
                    'r' => new TextReasoningContent(word.Substring(i, length)),
                    _ => new TextContent(word.Substring(i, length)),
                }
            );
            i += length;
        }

        ChatRole role = word[0] switch
        {
            's' => ChatRole.System,
            'u' or 'y' => ChatRole.User,
            '-' => ChatRole.Tool,
            _ => ChatRole.Assistant,
        };
        return new ChatMessage(role, contents) { MessageId = word };
    }
}

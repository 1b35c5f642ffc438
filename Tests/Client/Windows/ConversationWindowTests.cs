using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;
using Xunit;

namespace OrleansMemory.Tests.Client.Windows;

/// <summary>The rules of a window, one by one. A history is written as a line: s system, u user, a assistant, +c calls c, -c answers c.</summary>
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
    [InlineData("u1 +c u2 a2 -c a1 u3", 3, "a2 a1 u3")]
    [InlineData("u1 -c a1", 10, "u1 a1")]
    [InlineData("u1 +c a1", 10, "u1 a1")]
    [InlineData("u1 +c+d -c u2", 10, "u1 u2")]
    [InlineData("u1 +c", 10, "u1 +c")]
    [InlineData("u1 +c+d -d", 10, "u1 +c+d -d")]
    [InlineData("u1 a1 +c -c", 1, "u1 +c -c")]
    [InlineData("u1 +c -c+d -d a1 u2", 4, "a1 u2")]
    [InlineData("u1 +c -c+d -d a1 u2", 5, "+c -c+d -d a1 u2")]
    [InlineData("u1 +c -c +c -c a1", 4, "u1 +c -c a1")]
    [InlineData("u1 +c +c -c a1", 10, "u1 +c -c a1")]
    [InlineData("u1 !c a1", 10, "u1 !c a1")]
    [InlineData("u1 ?q u2", 10, "u1 ?q u2")]
    [InlineData("", 1, "")]
    public void A_window_of_some_messages(string history, int messages, string expected) =>
        Assert.Equal(expected, Reduce(history, new ConversationWindowOptions { MaxMessages = messages }));

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

        WindowTooSmallException refusal = Assert.Throws<WindowTooSmallException>(
            () => new ConversationWindow(new ConversationWindowOptions { MaxTokens = 50 }).Reduce(history));

        Assert.Equal((1, 104, 406), (refusal.SystemMessages, refusal.Tokens, refusal.Bytes));
        Assert.Contains("104 tokens", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_results_and_data_count()
    {
        Assert.Equal(new WindowSize(1, 4 + 1, 4 + 4), Size(new ChatMessage(ChatRole.User, "four")));
        Assert.InRange(Size(Call(new string('x', 400))).Tokens, 100, 180);
        Assert.Equal(4 + 4 + 1 + 100, Size(new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c", new string('x', 400))])).Tokens);
        Assert.InRange(Size(new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c", new Dictionary<string, string> { ["k"] = new string('x', 400) })])).Tokens, 100, 180);
        Assert.Equal(new WindowSize(1, 4 + 1_000, 4 + 4_000), Size(Data("application/pdf")));
        Assert.Equal(new WindowSize(1, 4 + TokenEstimate.PerImage, 4 + 4_000), Size(Data("image/png")));

        static ChatMessage Call(string argument) =>
            new(ChatRole.Assistant, [new FunctionCallContent("c", "f", new Dictionary<string, object?> { ["a"] = argument })]);

        static ChatMessage Data(string type) => new(ChatRole.User, [new DataContent(new byte[3_000], type)]);
    }

    [Fact]
    public void A_message_measures_the_same_before_it_is_stored_and_after()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.Assistant, [new FunctionCallContent("c", "f", new Dictionary<string, object?> { ["a"] = 1.5, ["b"] = new[] { "x" } })]),
            new(ChatRole.Tool, [new FunctionResultContent("c", "text"), new FunctionResultContent("d", new { Name = "Ada" }), new FunctionResultContent("e", null)]),
            new(ChatRole.User, [new TextContent("hi"), new DataContent(new byte[10], "image/png"), new UriContent("https://a.b/c", "audio/wav")]),
        ];
        foreach (ChatMessage message in messages)
        {
            NewMessage stored = ChatMessageFormat.Default.ToNewMessage(message);
            ChatMessage read = ChatMessageFormat.Default.ToChatMessage(
                new Message { Sequence = 1, Id = "m", Role = stored.Role, Contents = stored.Contents, Created = DateTimeOffset.UnixEpoch });
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
        ArgumentException refusal = Assert.Throws<ArgumentException>(
            () => new ConversationWindow(new ConversationWindowOptions { MaxMessages = messages, MaxTokens = tokens, MaxBytes = bytes }));

        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
    }

    private static WindowSize Size(ChatMessage message) => MessageMeasure.Of(message, TokenEstimate.Of);

    private static string Reduce(string history, ConversationWindowOptions options)
    {
        ChatMessage[] messages = [.. history.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
        return string.Join(' ', new ConversationWindow(options).Reduce(messages).Select(message => message.MessageId));
    }

    private static ChatMessage Parse(string word)
    {
        var contents = new List<AIContent>();
        for (int i = 0; i + 1 < word.Length; i += 2)
        {
            string id = word[i + 1].ToString();
            contents.Add(word[i] switch
            {
                '+' => new FunctionCallContent(id, "f"),
                '!' => new FunctionCallContent(id, "f") { InformationalOnly = true },
                '-' => new FunctionResultContent(id, "r"),
                '?' => new ToolApprovalRequestContent(id, new FunctionCallContent(id, "f")),
                _ => new TextContent(word),
            });
        }

        ChatRole role = word[0] switch { 's' => ChatRole.System, 'u' => ChatRole.User, '-' => ChatRole.Tool, _ => ChatRole.Assistant };
        return new ChatMessage(role, contents) { MessageId = word };
    }
}

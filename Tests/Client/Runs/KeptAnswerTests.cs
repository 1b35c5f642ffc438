using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.AgentFramework;
using OrleansMemory.Client.Runs;
using OrleansMemory.Client.Transfer;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.AgentFramework;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

/// <summary>An answer that was paid for is kept, whatever is in it, and what cannot be stored is refused before it is paid for.</summary>
public sealed partial class KeptAnswerTests(KeptAnswerTests.NarrowHost narrow) : IClassFixture<KeptAnswerTests.NarrowHost>
{
    private const int MaxMessageBytes = 8 * 1024;
    private const int MaxTurnBytes = 16 * 1024;

    private readonly List<AnswerChange> _changes = [];
    private readonly ConversationClient _client = Clients.OfNewTenant(narrow.Host);

    private Conversation Conversation => _client.Get("c");

    /// <summary>A host in which little is too much.</summary>
    public sealed class NarrowHost : IAsyncLifetime
    {
        public GrainHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Host = await GrainHost.InMemoryAsync(configure: options =>
            {
                (options.MaxMessageBytes, options.MaxTurnBytes, options.MaxTurnMessages) = (MaxMessageBytes, MaxTurnBytes, 8);
                options.MaxEntryBytes = MaxMessageBytes;
                options.MaxEntriesBytes = MaxMessageBytes;
            });

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }

    public static TheoryData<string, bool> Answers()
    {
        var data = new TheoryData<string, bool>();
        foreach (string name in Scripts.Keys)
        {
            data.Add(name, false);
            data.Add(name, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Nothing_that_a_model_says_loses_its_turn(string name, bool streaming)
    {
        (ChatMessage[] answer, AnswerChangeKind[] expected) = Scripts[name];
        ChatResponse response = await RunAsync(Model(answer), streaming, new ChatMessage(ChatRole.User, "1"));

        ChatMessage[] log = [.. (await Conversation.GetMessagesAsync()).Messages.Select(message => message.Message)];
        Assert.Equal(1, (await Conversation.GetHeadAsync())!.Version);
        Assert.Equal(expected, _changes.Select(change => change.Kind).Distinct().Order());
        if (!expected.Contains(AnswerChangeKind.Messages))
        {
            Assert.Equal(log[1..].Select(message => message.MessageId), response.Messages.Select(message => message.MessageId));
        }

        Assert.Distinct(log.Select(message => message.MessageId));
        Assert.All(log[1..], message => Assert.True(message.Role == ChatRole.Assistant || message.Role == ChatRole.Tool));
        Assert.All(_changes, change => Assert.Contains(change.MessageId, log.Select(message => message.MessageId)));

        // The next run works, a repeated one finds it, and all that was written is read: exports and thread states.
        var strict = new StrictChatClient();
        await RunAsync(strict, streaming, new ChatMessage(ChatRole.User, "2"));
        Assert.Equal("2", strict.Calls[0].Messages[^1].Text);
        await ExportAndImportAsync();
        strict.DemandUnchanged();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_content_held_is_kept_where_it_can_be_written(bool streaming)
    {
        var call = new FunctionCallContent(
            "a",
            "look",
            new Dictionary<string, object?>
            {
                ["x"] = double.NaN,
                ["y"] = 1,
                ["z"] = new Unwritable(),
            }
        );
        var result = new FunctionResultContent("a", new Unwritable());
        await RunAsync(
            Model(
                new ChatMessage(
                    ChatRole.Assistant,
                    [new TextContent("mine") { AdditionalProperties = new() { ["p"] = new Unwritable() } }, call]
                )
                {
                    MessageId = "1",
                },
                new ChatMessage(ChatRole.Tool, [result]) { MessageId = "2" },
                new ChatMessage(new ChatRole("Narrator"), [new TextContent("end"), new AIContent { RawRepresentation = 1 }])
                {
                    MessageId = "3",
                    AuthorName = new string('n', 300),
                }
            ),
            streaming,
            new ChatMessage(ChatRole.User, "1")
        );

        ChatMessage[] log = [.. (await Conversation.GetMessagesAsync()).Messages.Select(message => message.Message)];
        Assert.Equal(["user[1]", "assistant[mine +a]", "tool[-a]"], log[..3].Select(ProviderRules.Short));
        var stored = (FunctionCallContent)log[1].Contents[1];
        Assert.Equal(("NaN", "1"), (stored.Arguments!["x"]!.ToString(), stored.Arguments["y"]!.ToString()));
        Assert.Contains(nameof(Unwritable), stored.Arguments["z"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains(nameof(Unwritable), ((FunctionResultContent)log[2].Contents[0]).Result!.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            typeof(TextContent).FullName,
            log[1].Contents[0].AdditionalProperties![ChatMessageFormat.PlaceholderProperty]!.ToString()
        );
        Assert.Equal("[Microsoft.Extensions.AI.AIContent: not stored: it cannot be written]", ((TextContent)log[3].Contents[1]).Text);
        Assert.Equal(
            ("Narrator", 300),
            (
                log[3].AdditionalProperties![ChatMessageFormat.OriginalRoleProperty]!.ToString(),
                log[3].AdditionalProperties![ChatMessageFormat.OriginalAuthorProperty]!.ToString()!.Length
            )
        );
        Assert.Equal(
            [
                typeof(TextContent).FullName,
                typeof(FunctionCallContent).FullName,
                typeof(FunctionResultContent).FullName,
                typeof(AIContent).FullName,
            ],
            _changes.Where(change => change.Kind == AnswerChangeKind.Content).Select(change => change.TypeName)
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_id_that_cannot_be_stored_or_is_taken_stands_beside_one_of_ours(bool streaming)
    {
        await Conversation.AppendAsync(new ChatMessage(ChatRole.User, "0") { MessageId = "taken" });
        string[] ids = ["taken", "said", "twice", "twice", new string('i', 300), "nul\0", "lone\ud800"];
        await RunAsync(
            Model(new ChatMessage(ChatRole.Assistant, "a") { MessageId = ids[0] }),
            streaming,
            new ChatMessage(ChatRole.User, "1") { MessageId = "said" }
        );
        await RunAsync(
            Model([
                .. ids[1..]
                    .Select(
                        (id, i) =>
                            new ChatMessage(
                                i % 2 == 0 ? ChatRole.Assistant : ChatRole.Tool,
                                [i % 2 == 0 ? new FunctionCallContent($"c{i}", "f") : new FunctionResultContent($"c{i - 1}", 1)]
                            )
                            {
                                MessageId = id,
                            }
                    ),
            ]),
            streaming,
            new ChatMessage(ChatRole.User, "2")
        );

        ConversationMessage[] log = [.. (await Conversation.GetMessagesAsync()).Messages];
        string?[] originals =
        [
            .. log.Select(message => message.Message.AdditionalProperties?.GetValueOrDefault(ChatMessageFormat.OriginalIdProperty))
                .Select(original => original is JsonElement json ? OrleansMemory.Client.Json.JsonText.Read(json) : null),
        ];
        Assert.Equal([null, null, "taken", null, "said", null, "twice", ids[4], ids[5], ids[6]], originals);
        Assert.Distinct(log.Select(message => message.Message.MessageId));
    }

    [Fact]
    public async Task Input_that_a_turn_cannot_hold_is_refused_before_the_model_is_asked()
    {
        var model = new StrictChatClient();
        object deep = 1;
        for (int i = 0; i < 70; i++)
        {
            deep = new[] { deep };
        }

        JsonElement nested = JsonElement.Parse(new string('[', 70) + new string(']', 70), new JsonDocumentOptions { MaxDepth = 100 });
        ChatMessage[][] refused =
        [
            [new ChatMessage(ChatRole.User, "1") { MessageId = new string('i', 257) }],
            [new ChatMessage(ChatRole.User, "1") { MessageId = "a\0" }],
            [new ChatMessage(ChatRole.User, "1") { AuthorName = "a\ud800" }],
            [new ChatMessage(new ChatRole("narrator"), "1")],
            [new ChatMessage(ChatRole.User, [new AIContent()])],
            [new ChatMessage(ChatRole.User, [new Foreign()])],
        ];
        ChatMessage[][] tooDeep =
        [
            [new ChatMessage(ChatRole.User, "1") { AdditionalProperties = new() { ["x"] = nested } }],
            [new ChatMessage(ChatRole.User, "1") { AdditionalProperties = new() { ["x"] = deep } }],
        ];
        ChatMessage[][] large =
        [
            [new ChatMessage(ChatRole.User, new string('x', MaxMessageBytes))],
            [.. Enumerable.Range(0, 2).Select(_ => new ChatMessage(ChatRole.User, new string('x', MaxMessageBytes - 100)))],
            [.. Enumerable.Range(0, 8).Select(_ => new ChatMessage(ChatRole.User, "x"))],
        ];
        foreach (bool streaming in new[] { false, true })
        {
            foreach (ChatMessage[] input in refused)
            {
                await Assert.ThrowsAsync<InvalidRequestException>(() => RunAsync(model, streaming, input));
            }

            foreach (ChatMessage[] input in tooDeep)
            {
                await Assert.ThrowsAsync<JsonTooDeepException>(() => RunAsync(model, streaming, input));
            }

            foreach (ChatMessage[] input in large)
            {
                await Assert.ThrowsAsync<PayloadTooLargeException>(() => RunAsync(model, streaming, input));
            }
        }

        var agent = TestAgents.Of(model, new ConversationHistoryProvider(_client));
        AgentSession session = (await agent.CreateSessionAsync()).UseConversation(Conversation.Key);
        await Assert.ThrowsAsync<PayloadTooLargeException>(() => agent.RunAsync(large[0], session));
        Assert.Empty(model.Calls);
        Assert.Null(await Conversation.GetHeadAsync());
    }

    [Fact]
    public async Task A_developer_speaks_as_the_system_and_an_empty_id_is_none()
    {
        var model = new StrictChatClient();
        ChatMessage[] input = [new(new ChatRole("Developer"), "rules"), new(new ChatRole("USER"), "1") { MessageId = "" }];
        await RunAsync(model, streaming: false, input);
        await RunAsync(model, streaming: false, new ChatMessage(ChatRole.User, "2"));

        Assert.Equal(["Developer[rules]", "USER[1]"], model.Calls[0].Shorts);
        Assert.Equal(["system[rules]", "user[1]"], model.Calls[1].Shorts.Take(2));
    }

    [Fact]
    public async Task An_agents_answer_is_kept_as_well()
    {
        ChatMessage[] answer =
        [
            new(new ChatRole("narrator"), [new TextContent("said"), new Foreign()]) { MessageId = new string('i', 300) },
        ];
        var agent = TestAgents.Of(Model(answer), new ConversationHistoryProvider(_client), options => options.Name = new string('n', 300));
        await agent.RunAsync(
            "1",
            (await agent.CreateSessionAsync()).UseConversation(Conversation.Key),
            new AgentRunOptions().WithTurnId("t")
        );

        ChatMessage[] log = [.. (await Conversation.GetMessagesAsync()).Messages.Select(message => message.Message)];
        Assert.Equal(("1", "said"), (log[0].Text, ((TextContent)log[1].Contents[0]).Text));
        Assert.Equal(typeof(Foreign).FullName, log[1].Contents[1].AdditionalProperties![ChatMessageFormat.PlaceholderProperty]!.ToString());
    }

    private static ChatMessage Said(AIContent content, string? id) => new(ChatRole.Assistant, [content]) { MessageId = id };

    private static JsonElement Deep(int levels) =>
        JsonElement.Parse(new string('[', levels) + new string(']', levels), new JsonDocumentOptions { MaxDepth = 100 });

    private static PaidModel Model(params ChatMessage[] answer) => new(answer);

    private Task<ChatResponse> RunAsync(IChatClient model, bool streaming, params ChatMessage[] input)
    {
        ConversationChatClient client = model.WithConversation(
            _client,
            options =>
            {
                options.ConversationId = "c";
                options.AnswerChanged = _changes.Add;
            }
        );
        return streaming ? client.GetStreamingResponseAsync(input).ToChatResponseAsync() : client.GetResponseAsync(input);
    }

    private async Task ExportAndImportAsync()
    {
        using var document = new MemoryStream();
        await Conversation.ExportAsync(document);
        document.Position = 0;
        Head head = await _client.Get("imported").ImportAsync(document);
        Assert.Equal((await Conversation.GetHeadAsync())!.LastSequence, head.LastSequence);
        Assert.Equal(
            (await Conversation.GetStoredMessagesAsync()).Messages.Select(message => message.Contents),
            (await _client.Get("imported").GetStoredMessagesAsync()).Messages.Select(message => message.Contents)
        );
    }

    /// <summary>A model that gives messages as they are; a stream gives each as one update.</summary>
    private sealed class PaidModel(ChatMessage[] answer) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            CancellationToken cancellationToken = default
        ) => Task.FromResult(new ChatResponse([.. answer]));

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            [EnumeratorCancellation] CancellationToken cancellationToken = default
        )
        {
            foreach (ChatResponseUpdate update in new ChatResponse([.. answer]).ToChatResponseUpdates())
            {
                await Task.Yield();
                yield return update;
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() { }
    }

    private sealed class Foreign : AIContent;

    private sealed class Unwritable
    {
        public string Secret => throw new NotSupportedException("nobody can read this");
    }
}

using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Runs;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Runs;

/// <summary>Whatever a run stages, and whatever others write meanwhile, its answer is stored and the next run works.</summary>
public sealed partial class HostileStagingTests(HostileStagingTests.SmallHost small) : IClassFixture<HostileStagingTests.SmallHost>
{
    private const int Seeds = 60;
    private const int MaxBytes = 16 * 1024;
    private const int MaxEntries = 12;

    private readonly List<RefusedStaging> _refused = [];
    private readonly ConversationClient _client = Clients.OfNewTenant(small.Host);

    [Theory]
    [InlineData("model", false)]
    [InlineData("model", true)]
    [InlineData("tool", false)]
    [InlineData("tool", true)]
    [InlineData("inner", false)]
    [InlineData("inner", true)]
    public async Task Whatever_is_staged_the_answer_is_stored_and_the_next_run_works(string where, bool streaming)
    {
        int told = 0;
        foreach (int seed in Generated.Seeds(Seeds))
        {
            var random = new Random(seed);
            string id = FormattableString.Invariant($"{where}-{streaming}-{seed}");
            Conversation conversation = _client.Get(id);
            _refused.Clear();
            string log = "";
            for (int run = 1; run <= 2; run++)
            {
                List<string> notes = [];
                await OthersWriteAsync(conversation, random);
                string answer = FormattableString.Invariant($"answer {run} {new string('x', random.Next(4) == 0 ? MaxBytes / 8 : 3)}");
                try
                {
                    ChatResponse response = await RunAsync(
                        Client(
                            where,
                            id,
                            answer,
                            async () =>
                            {
                                await StageAsync(random, notes);
                                await OthersWriteAsync(conversation, random);
                            }
                        ),
                        streaming,
                        "t" + run
                    );
                    Assert.Equal(answer, response.Messages[^1].Text);
                    log += $" {run} {answer}";
                    string[] said =
                    [
                        .. (await conversation.GetMessagesAsync())
                            .Messages.Select(message => message.Message)
                            .Where(message => message.Role != ChatRole.Tool)
                            .Select(message => message.Text)
                            .Where(text => text.Length > 0),
                    ];
                    Assert.Equal(log.Trim(), string.Join(' ', said));
                }
                catch (Exception failure)
                {
                    Assert.Fail($"seed {seed}, run {run}, staged {string.Join("; ", notes)}: {failure}");
                }
            }

            told += _refused.Count;
        }

        Assert.True(told > Seeds / 20, $"Only {told} refusals were told of.");
    }

    [Fact]
    public async Task What_a_tool_stages_over_a_limit_is_refused_at_once_with_a_typed_error()
    {
        List<string> parameters = [];
        var deep = new string('[', 65) + new string(']', 65);
        await RunAsync(
            Client(
                "model",
                "typed",
                "a",
                () =>
                {
                    ConversationRun run = ConversationRun.Current!;
                    Invalid(() => run.SetEntry("..", "k", "1"));
                    Invalid(() => run.SetEntry("s", ".", "1"));
                    Invalid(() => run.SetEntry("session:.", "k", "1"));
                    Invalid(() => run.SetEntry(EntrySpaces.ToolJournalPrefix + "x", "k", "1"));
                    Invalid(() => run.RemoveEntry(EntrySpaces.ToolJournalPrefix + "x", null));
                    Invalid(() => run.SetEntry("s", "k", "\"\ud800\""));
                    Invalid(() => run.SetEntry("s", "k", "1", TimeSpan.FromTicks(1)));
                    Invalid(() => run.SetEntry("s", "k", "1", TimeSpan.MaxValue));
                    parameters.Add(Assert.Throws<JsonTooDeepException>(() => run.SetEntry("s", "k", deep)).Parameter);
                    Large(() => run.SetEntry("s", "k", Text(4 * 1024)));
                    Large(() => Repeat(i => run.SetEntry("s", $"{i}", Text(2 * 1024))));
                    Large(() => Repeat(i => run.SetGlobal($"{i}", i)));
                    Large(() => Repeat(i => run.RemoveEntry($"{i}", null)));
                    foreach ((SettingsFields field, ConversationSettings values) in BadSettings())
                    {
                        Invalid(() => run.ChangeSettings(new SettingsChange { Fields = field, Values = values }));
                    }

                    Invalid(() => run.ChangeSettings(new SettingsChange { Fields = SettingsFields.All, Values = null! }));
                    Large(() => run.ChangeSettings(Metadata($$"""{"a":{{Text(64 * 1024)}}}""")));
                    parameters.Add(
                        Assert.Throws<JsonTooDeepException>(() => run.ChangeSettings(Metadata($$"""{"a":{{deep}}}"""))).Parameter
                    );
                    return Task.CompletedTask;
                }
            ),
            streaming: false,
            "t"
        );

        Assert.Equal(
            [
                "space",
                "key",
                "space",
                "space",
                "space",
                "json",
                "timeToLive",
                "timeToLive",
                "json",
                "json",
                "entries",
                "entries",
                "entries",
                "userId",
                "agentId",
                "title",
                "title",
                "metadata",
                "metadata",
                "metadata",
                "ttl",
                "ttl",
                "settings",
                "metadata",
                "metadata",
            ],
            parameters
        );
        Assert.Empty(_refused);

        void Invalid(Action stage) => parameters.Add(Assert.Throws<InvalidRequestException>(stage).Parameter);

        void Large(Action stage) => parameters.Add(Assert.Throws<PayloadTooLargeException>(stage).Parameter);

        static void Repeat(Action<int> act)
        {
            for (int i = 0; i < 10 * MaxEntries; i++)
            {
                act(i);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Entries_that_others_left_no_room_for_are_refused_and_told_of_and_the_rest_is_stored(bool streaming)
    {
        Conversation conversation = _client.Get("full");
        await conversation.SetEntryAsync("s", "old", "1");
        await RunAsync(
            Client(
                "tool",
                "full",
                "a",
                async () =>
                {
                    ConversationRun.Current!.SetGlobal("mood", "good");
                    ConversationRun.Current.RemoveEntry("s", "old");
                    ConversationRun.Current.ChangeSettings(
                        new SettingsChange
                        {
                            Fields = SettingsFields.Title,
                            Values = new ConversationSettings { Title = "kept" },
                        }
                    );
                    await conversation.CommitAsync(
                        new Turn
                        {
                            TurnId = Guid.NewGuid().ToString(),
                            EntryWrites =
                            [
                                .. Enumerable
                                    .Range(1, MaxEntries - 2)
                                    .Select(i => new EntryWrite
                                    {
                                        Space = "others",
                                        Key = $"{i}",
                                        Value = "1",
                                    }),
                            ],
                        }
                    );
                    await conversation.SetEntryAsync("others", "last", Text(3 * 1024));
                    ConversationRun.Current.SetEntry("s", "large", Text(3 * 1024));
                }
            ),
            streaming,
            "t"
        );

        Assert.Equal([("globals", "mood"), ("s", "large")], _refused.Select(refused => (refused.Space!, refused.Key!)));
        Assert.All(_refused, refused => Assert.Equal((RefusedStagingKind.EntryWrite, "t"), (refused.Kind, refused.TurnId)));
        Assert.All(_refused, refused => Assert.IsType<PayloadTooLargeException>(refused.Reason));
        Assert.Null(await conversation.GetEntryAsync("s", "old"));
        Assert.Equal("kept", (await conversation.GetHeadAsync())!.Settings.Title);
        Assert.Equal("a", (await conversation.GetMessagesAsync()).Messages[^1].Message.Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_a_user_is_required_a_run_that_would_begin_without_one_pays_no_model(bool streaming)
    {
        string id = Guid.NewGuid().ToString("N");
        ConversationClient owned = Clients.OfTenant(small.Host, SmallHost.Owned);
        var model = new StrictChatClient();
        IChatClient nobody = model.WithConversation(owned, options => options.ConversationId = id);
        Assert.Equal("userId", (await Assert.ThrowsAsync<InvalidRequestException>(() => RunAsync(nobody, streaming, "t"))).Parameter);
        Assert.Empty(model.Calls);

        IChatClient somebodys = model.WithConversation(
            owned,
            options => (options.ConversationId, options.NewConversation) = (id, new ConversationSettings { UserId = "u" })
        );
        await RunAsync(somebodys, streaming, "t");
        await RunAsync(nobody, streaming, "u");
        Assert.Equal(("u", 4), ((await owned.Get(id).GetHeadAsync())!.Settings.UserId, (await owned.Get(id).GetHeadAsync())!.LastSequence));

        var taker = new RunScriptClient(_ =>
            Assert
                .Throws<InvalidRequestException>(() =>
                    ConversationRun.Current!.ChangeSettings(
                        new SettingsChange { Fields = SettingsFields.UserId, Values = new ConversationSettings() }
                    )
                )
                .Parameter
        );
        Assert.Equal(
            "userId",
            (await RunAsync(taker.WithConversation(owned, options => options.ConversationId = id), streaming, "v")).Text
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Limits_that_were_lowered_while_the_model_answered_lose_no_answer(bool streaming)
    {
        string tenant = SharedHosts.NewTenant();
        ConversationClient client = Clients.OfTenant(small.Host, tenant);
        client.Limits.Set(
            tenant,
            new TurnLimits
            {
                MaxMessageBytes = 1_000_000,
                MaxTurnBytes = 1_000_000,
                MaxTurnMessages = 100,
                MaxEntryBytes = 100_000,
            }
        );
        List<AnswerChange> changes = [];
        ConversationChatClient chat = new RunScriptClient(_ =>
        {
            ConversationRun.Current!.SetGlobal("large", new string('g', 50_000));
            return new string('a', 1_000);
        }).WithConversation(
            client,
            options => (options.ConversationId, options.StagingRefused, options.AnswerChanged) = ("c", _refused.Add, changes.Add)
        );
        ChatMessage[] input =
        [
            .. Enumerable.Range(0, 10).Select(i => new ChatMessage(ChatRole.User, $"{i} {new string('q', 3 * MaxBytes)}")),
        ];
        ChatResponse response = streaming
            ? await chat.GetStreamingResponseAsync(input).ToChatResponseAsync()
            : await chat.GetResponseAsync(input);

        Assert.Equal(1_000, response.Text.Length);
        ChatMessage[] log = [.. (await client.Get("c").GetMessagesAsync()).Messages.Select(message => message.Message)];
        Assert.Equal(response.Text, log[^1].Text);
        Assert.StartsWith("9 q", log[^2].Text, StringComparison.Ordinal);
        Assert.Equal("large", Assert.Single(_refused).Key);
        Assert.Contains(changes, change => change.Kind == AnswerChangeKind.Size);
        Assert.Contains(changes, change => change.Kind == AnswerChangeKind.Messages);
    }

    private static string Text(int length) => $"\"{new string('x', length)}\"";

    private static SettingsChange Metadata(string json) =>
        new()
        {
            Fields = SettingsFields.Metadata,
            Values = new ConversationSettings { Metadata = json },
        };

    private static IEnumerable<(SettingsFields Field, ConversationSettings Values)> BadSettings() =>
        [
            (SettingsFields.UserId, new ConversationSettings { UserId = new string('u', 257) }),
            (SettingsFields.AgentId, new ConversationSettings { AgentId = ".." }),
            (SettingsFields.Title, new ConversationSettings { Title = new string('t', 1_025) }),
            (SettingsFields.Title, new ConversationSettings { Title = "\ud800" }),
            (SettingsFields.Metadata, new ConversationSettings { Metadata = "[]" }),
            (SettingsFields.Metadata, new ConversationSettings { Metadata = """{"a":"\u0000"}""" }),
            (SettingsFields.Metadata, new ConversationSettings { Metadata = """{"a\ud800":1}""" }),
            (SettingsFields.TimeToLive, new ConversationSettings { TimeToLive = new TimeToLive { Duration = TimeSpan.Zero } }),
            (SettingsFields.TimeToLive, new ConversationSettings { TimeToLive = new TimeToLive { Duration = TimeSpan.MaxValue } }),
        ];

    /// <summary>One host with small limits for all of them.</summary>
    public sealed class SmallHost : IAsyncLifetime
    {
        /// <summary>A tenant whose conversations must name their users.</summary>
        public static string Owned { get; } = SharedHosts.NewTenant();

        public GrainHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Host = await GrainHost.InMemoryAsync(configure: options =>
            {
                (options.MaxMessageBytes, options.MaxTurnBytes, options.MaxTurnMessages) = (MaxBytes, MaxBytes, 8);
                (options.MaxEntries, options.MaxEntryBytes, options.MaxEntriesBytes) = (MaxEntries, 4 * 1024, 8 * 1024);
                options.Tenants[Owned] = new() { RequiresUser = true };
            });

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}

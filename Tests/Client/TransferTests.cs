using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OrleansMemory.Client;
using OrleansMemory.Client.Errors;
using OrleansMemory.Client.Transfer;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client;

public sealed class TransferTests(SharedHosts hosts) : IAsyncLifetime
{
    private const string Start =
        """{"format":"orleans-memory.conversation","formatVersion":1,"settings":{},"firstSequence":1,"lastSequence":1,"entries":[],"messages":""";
    private const string One = """{"sequence":1,"messageId":"m","role":"user","createdAt":"2026-01-02T03:04:05Z","contents":[]}""";

    private GrainHost _host = null!;
    private ConversationClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await hosts.InMemoryAsync();
        _client = Clients.OfNewTenant(_host);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_imported_conversation_equals_the_exported_one()
    {
        Conversation from = _client.Get("from");
        await from.SetSettingsAsync(
            SettingsChange.Replace(
                new ConversationSettings
                {
                    UserId = "u\u00e9",
                    AgentId = "a",
                    Title = "\ud83d\ude00",
                    Metadata = """{"k": [1, null]}""",
                    TimeToLive = new TimeToLive { Duration = TimeSpan.FromMilliseconds(1_234_567_891), Sliding = true },
                }
            )
        );
        await from.SetEntryAsync(EntrySpaces.Session("s"), "k", "{\"text\":\"\\ud800\\u0000\"}", TimeSpan.FromDays(1));
        await from.SetEntryAsync(EntrySpaces.Globals, "g", "null");
        for (int i = 0; i < 30; i++)
        {
            await from.AppendAsync(
                Enumerable
                    .Range(0, 50)
                    .Select(n => new ChatMessage(
                        ChatRole.User,
                        string.Create(CultureInfo.InvariantCulture, $"{i}.{n} \ud83d\ude00 \ud800 \0")
                    )
                    {
                        AuthorName = "Ada",
                        CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddMicroseconds(n),
                        AdditionalProperties = new() { ["n"] = n },
                    })
            );
        }

        await from.TruncateAsync(1300);

        Head head = await _client.Get("to").ImportAsync(await ExportAsync(from));

        Head old = (await from.GetHeadAsync())!;
        Assert.Equal(
            (1, old.FirstSequence, old.LastSequence, old.Settings),
            (head.Version, head.FirstSequence, head.LastSequence, head.Settings)
        );
        Assert.Equal(201, head.FirstSequence);
        Assert.Equal((await from.GetEntriesAsync()).AsEnumerable(), await _client.Get("to").GetEntriesAsync());
        Assert.Equal(await MessagesAsync(from), await MessagesAsync(_client.Get("to")));
        Assert.Equal(1501, (await _client.Get("to").AppendAsync(new ChatMessage(ChatRole.User, "next"))).FirstSequence);
    }

    [Fact]
    public async Task An_empty_conversation_survives()
    {
        Conversation from = _client.Get("from");
        await from.AppendAsync(new ChatMessage(ChatRole.User, "gone"));
        await from.ClearAsync();

        Head head = await _client.Get("to").ImportAsync(await ExportAsync(from));

        Assert.Equal((2, 1, 0), (head.FirstSequence, head.LastSequence, head.MessageCount));
    }

    [Fact]
    public async Task An_unknown_conversation_is_not_exported()
    {
        using var nothing = new MemoryStream();

        await Assert.ThrowsAsync<ConversationNotFoundException>(() => _client.Get("unknown").ExportAsync(nothing));

        Assert.Equal(0, nothing.Length);
    }

    [Fact]
    public async Task An_existing_conversation_is_not_overwritten()
    {
        Conversation from = _client.Get("from");
        await from.AppendAsync(new ChatMessage(ChatRole.User, "hi"));

        await Assert.ThrowsAsync<ConversationExistsException>(async () => await from.ImportAsync(await ExportAsync(from)));
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, 1)]
    [InlineData(new long[] { 1, 3 }, 2)]
    [InlineData(new long[] { 1, 2 }, 3)]
    [InlineData(new long[] { }, 1)]
    public async Task An_export_whose_messages_are_truncated_meanwhile_fails(long[] sequences, long missing)
    {
        GrainScript grain = GrainScript
            .Make()
            .Returns(nameof(IConversationGrain.GetHeadAsync), SomeHeads.Head(4, 3))
            .Returns(nameof(IConversationGrain.GetSnapshotAsync), new ConversationSnapshot { Head = SomeHeads.Head(3, 3), Entries = [] })
            .On(
                nameof(IConversationGrain.StreamMessagesAsync),
                _ => sequences.Select(sequence => SomeHeads.Message(sequence)).ToAsyncEnumerable()
            );
        using var nothing = new MemoryStream();

        var failure = await Assert.ThrowsAsync<ConversationChangedException>(() => grain.Client().Get("c").ExportAsync(nothing));

        Assert.Equal(missing, failure.MissingSequence);
        Assert.Equal(0, nothing.Length);
    }

    public static TheoryData<string, string> BadDocuments() =>
        new()
        {
            { "[]", "body" },
            { "{}", "messages" },
            { """{"messages":[]}""", "format" },
            { Start.Replace("orleans-memory.conversation", "other", StringComparison.Ordinal) + "[]}", "format" },
            { Start.Replace("\"formatVersion\":1", "\"formatVersion\":2", StringComparison.Ordinal) + "[]}", "formatVersion" },
            { Start.Replace("\"settings\":{}", "\"settings\":{\"colour\":1}", StringComparison.Ordinal) + "[]}", "settings.colour" },
            {
                Start.Replace("\"entries\":[]", "\"entries\":[{\"space\":\"s\",\"key\":\"k\"}]", StringComparison.Ordinal) + "[]}",
                "entries[0].value"
            },
            { Start.Replace("\"entries\":[]", "\"extra\":[]", StringComparison.Ordinal) + "[]}", "extra" },
            { Start.Replace("\"entries\":[]", "\"settings\":{}", StringComparison.Ordinal) + "[]}", "settings" },
            { Start + "{}}", "messages" },
            { Start + "[]}", "messages" },
            { Start + "[" + One + "," + One + "]}", "messages[1].sequence" },
            { Start + "[" + One.Replace("\"sequence\":1", "\"sequence\":2", StringComparison.Ordinal) + "]}", "messages[0].sequence" },
            { Start + "[" + One.Replace("\"role\":\"user\",", "", StringComparison.Ordinal) + "]}", "messages[0].role" },
            { Start + "[" + One.Replace("user", "boss", StringComparison.Ordinal) + "]}", "messages[0].role" },
            { Start + "[" + One.Replace("2026-01-02T03:04:05Z", "yesterday", StringComparison.Ordinal) + "]}", "messages[0].createdAt" },
            { Start + "[" + One.Replace("messageId", "id", StringComparison.Ordinal) + "]}", "messages[0].id" },
            { Start + "[" + One + "],\"entries\":[]}", "entries" },
        };

    [Theory]
    [MemberData(nameof(BadDocuments))]
    public async Task A_document_that_is_no_export_is_refused_by_name(string json, string parameter)
    {
        var failure = await Assert.ThrowsAsync<InvalidRequestException>(() => _client.Get("to").ImportAsync(Utf8(json)));

        Assert.Equal(parameter, failure.Parameter);
        Assert.Null(await _client.Get("to").GetHeadAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData(Start + "[" + One)]
    [InlineData(Start + "[" + One + "]} {}")]
    [InlineData(Start + "[" + One + ",x]}")]
    public async Task A_document_that_is_no_json_is_refused(string json)
    {
        await Assert.ThrowsAsync<MalformedJsonException>(() => _client.Get("to").ImportAsync(Utf8(json)));

        Assert.Null(await _client.Get("to").GetHeadAsync());
    }

    [Fact]
    public async Task Broken_utf8_is_refused()
    {
        byte[] json = Encoding.Latin1.GetBytes(Start + "[" + One.Replace("\"m\"", "\"\u00ff\"", StringComparison.Ordinal) + "]}");

        await Assert.ThrowsAsync<MalformedJsonException>(() => _client.Get("to").ImportAsync(new MemoryStream(json)));
    }

    [Fact]
    public async Task A_document_that_comes_byte_by_byte_is_read_the_same()
    {
        Conversation from = _client.Get("from");
        await from.AppendAsync([new ChatMessage(ChatRole.User, "a\ud83d\ude00\ud800"), new ChatMessage(ChatRole.Assistant, "b")]);

        await _client.Get("to").ImportAsync(new DrippingStream(await ExportAsync(from)));

        Assert.Equal(await MessagesAsync(from), await MessagesAsync(_client.Get("to")));
    }

    [Fact]
    public async Task Chunks_are_sent_again_after_a_transient_failure()
    {
        GrainScript grain = GrainScript
            .Make()
            .Returns(nameof(IConversationGrain.BeginImportAsync), "import")
            .Fails<bool>(nameof(IConversationGrain.AppendImportAsync), new TimeoutException())
            .On(nameof(IConversationGrain.AppendImportAsync), _ => Task.CompletedTask)
            .Fails<Head>(nameof(IConversationGrain.CompleteImportAsync), new MemoryUnavailableException(TimeSpan.FromSeconds(1)))
            .Returns(nameof(IConversationGrain.CompleteImportAsync), SomeHeads.Head(1, 1));

        await grain.Client(new ImpatientClock()).Get("c").ImportAsync(Utf8(Start + "[" + One + "]}"));

        Assert.Equal(5, grain.Calls.Count);
        Assert.Equal(grain.Calls[1].Arguments[1], grain.Calls[2].Arguments[1]);
    }

    private static MemoryStream Utf8(string json) => new(Encoding.UTF8.GetBytes(json));

    private static async Task<MemoryStream> ExportAsync(Conversation conversation)
    {
        var stream = new MemoryStream();
        await conversation.ExportAsync(stream);
        stream.Position = 0;
        using JsonDocument document = await JsonDocument.ParseAsync(stream);
        Assert.Equal("orleans-memory.conversation", document.RootElement.GetProperty("format").GetString());
        stream.Position = 0;
        return stream;
    }

    private static async Task<List<Message>> MessagesAsync(Conversation conversation) =>
        await conversation.StreamStoredMessagesAsync().ToListAsync();

    private sealed class DrippingStream(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer[..1], cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, 1);

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Auditing;
using OrleansMemory.Client;
using OrleansMemory.Client.Transfer;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tests.Support;
using OrleansMemory.Users;
using Xunit;

namespace OrleansMemory.Tests.Client;

/// <summary>All that a user has, exported and imported, whatever store the host stands on.</summary>
public abstract partial class UserTransferBehaviour : IAsyncLifetime
{
    private GrainHost _host = null!;
    private ConversationClient _from = null!;
    private ConversationClient _to = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await HostAsync();
        _from = Clients.OfNewTenant(_host);
        _to = Clients.OfNewTenant(_host);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task What_was_generated_is_the_same_after_a_round_trip(int seed)
    {
        await GenerateAsync(seed);
        byte[] exported = await ExportAsync(_from, "ada");

        UserTransferCounts counts = await ImportAsync(_to, "ada", exported);

        Assert.Equal(await DescribeAsync(_from, "ada"), await DescribeAsync(_to, "ada"));
        Assert.True(counts.Conversations > 3 && counts.Messages > 10 && counts.Memories > 3 && counts.Entries > 3, counts.ToString());
        Assert.Equal(0, counts.Skipped);
        Assert.All(Lines(exported), line => Assert.DoesNotContain("bob's", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_was_cut_anywhere_is_told_apart_and_may_be_sent_again_whole()
    {
        await GenerateAsync(7);
        byte[] exported = await ExportAsync(_from, "ada");
        var random = new Random(7);
        for (int i = 0; i < 12; i++)
        {
            byte[] cut = exported[..random.Next(exported.Length - 1)];
            await Assert.ThrowsAnyAsync<MemoryException>(() => ImportAsync(_to, "ada", cut));
        }

        UserTransferCounts counts = await ImportAsync(_to, "ada", exported);

        Assert.Equal(await DescribeAsync(_from, "ada"), await DescribeAsync(_to, "ada"));
        UserTransferCounts again = await ImportAsync(_to, "ada", exported);
        Assert.Equal(counts.Conversations + counts.Memories, again.Skipped);
        Assert.Equal(await DescribeAsync(_from, "ada"), await DescribeAsync(_to, "ada"));
    }

    [Fact]
    public async Task What_was_exported_comes_back_after_an_erasure()
    {
        await GenerateAsync(9);
        string before = await DescribeAsync(_from, "ada");
        byte[] exported = await ExportAsync(_from, "ada");
        for (int i = 0; i < 2; i++)
        {
            await _from.EraseUserAsync("ada");
            Assert.DoesNotContain("conversation", await DescribeAsync(_from, "ada"), StringComparison.Ordinal);

            await ImportAsync(_from, "ada", exported);

            Assert.Equal(before, await DescribeAsync(_from, "ada"));
        }
    }

    [Fact]
    public async Task A_user_may_get_what_was_another_ones()
    {
        await _from.Get("c").CommitAsync(Begin("ada", "hello"));
        await ImportAsync(_to, "eve", await ExportAsync(_from, "ada"));
        Assert.Equal("eve", (await _to.Get("c").GetHeadAsync())!.Settings.UserId);
    }

    [Fact]
    public async Task Another_conversation_of_the_same_id_is_left_alone()
    {
        await _from.Get("c").CommitAsync(Begin("ada", "hello"));
        await _to.Get("c").CommitAsync(Begin("bob", "mine"));
        await Assert.ThrowsAsync<ConversationExistsException>(async () => await ImportAsync(_to, "ada", await ExportAsync(_from, "ada")));
        Assert.Equal("bob", (await _to.Get("c").GetHeadAsync())!.Settings.UserId);
    }

    [Fact]
    public async Task A_conversation_keeps_the_instant_at_which_it_expires_and_one_that_has_expired_is_left_out()
    {
        await _from.Get("long").CommitAsync(Begin("ada", "hello", new TimeToLive { Duration = TimeSpan.FromDays(3) }));
        await _from.Get("past").CommitAsync(Begin("ada", "hello", new TimeToLive { Duration = TimeSpan.FromDays(3) }));
        string text = Encoding.UTF8.GetString(await ExportAsync(_from, "ada"));
        JsonElement past = Lines(Encoding.UTF8.GetBytes(text))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Single(line => line.TryGetProperty("conversation", out JsonElement head) && head.GetProperty("id").GetString() == "past");
        text = text.Replace(
            past.GetRawText(),
            past.GetRawText()
                .Replace(
                    past.GetProperty("conversation").GetProperty("expiresAt").GetString()!,
                    "2020-01-01T00:00:00Z",
                    StringComparison.Ordinal
                ),
            StringComparison.Ordinal
        );

        UserTransferCounts counts = await ImportAsync(_to, "ada", Encoding.UTF8.GetBytes(text));

        Assert.Equal(1, counts.Skipped);
        Assert.Equal((await _from.Get("long").GetHeadAsync())!.ExpiresAt, (await _to.Get("long").GetHeadAsync())!.ExpiresAt);
        Assert.Null(await _to.Get("past").GetHeadAsync());
    }

    [Fact]
    public async Task A_conversation_that_goes_while_it_is_written_leaves_a_file_that_can_be_read()
    {
        // Large enough that the first bytes have left before the last message is read.
        await _from.Get("second").CommitAsync(Begin("ada", "stays"));
        await _from.Get("first").CommitAsync(Begin("ada", new string('x', 1_000)));
        for (int i = 0; i < 40; i++)
        {
            await _from
                .Get("first")
                .AppendAsync(Enumerable.Range(0, 50).Select(_ => new ChatMessage(ChatRole.User, new string('x', 2_000))));
        }

        using var stream = new WatchedStream(async () => await _from.Get("first").DeleteAsync());
        await _from.ExportUserAsync("ada", stream);

        byte[] exported = stream.ToArray();
        Assert.Contains(Lines(exported), line => line.StartsWith("""{"dropped":""", StringComparison.Ordinal));
        UserTransferCounts counts = await ImportAsync(_to, "ada", exported);
        Assert.Equal(1, counts.Conversations);
        Assert.Null(await _to.Get("first").GetHeadAsync());
        Assert.NotNull(await _to.Get("second").GetHeadAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"export":{"format":"orleans-memory.conversation","formatVersion":1}}""")]
    [InlineData("""{"export":{"format":"orleans-memory.user","formatVersion":2}}""")]
    public async Task What_is_no_exported_user_is_refused(string text) =>
        await Assert.ThrowsAnyAsync<MemoryException>(() => ImportAsync(_to, "ada", Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("""{"message":{"sequence":1,"messageId":"m","role":"user","createdAt":"2026-01-02T03:04:05Z","contents":[]}}""")]
    [InlineData("""{"unknown":{}}""")]
    [InlineData("""{"end":{"conversations":1,"messages":0,"entries":0,"memories":0,"skipped":0}}""")]
    [InlineData("""{"conversation":{"id":"c"}}""")]
    [InlineData("""{"memory":{"id":"x"}}""")]
    [InlineData("""{"memory":""")]
    public async Task Lines_that_do_not_belong_are_refused(string line) =>
        await Assert.ThrowsAnyAsync<MemoryException>(() =>
            ImportAsync(
                _to,
                "ada",
                Encoding.UTF8.GetBytes(
                    """{"export":{"format":"orleans-memory.user","formatVersion":1,"userId":"ada"}}""" + "\n" + line + "\n"
                )
            )
        );

    [Fact]
    public async Task Both_ways_are_in_the_audit_trail_with_counts()
    {
        string tenant = SharedHosts.NewTenant();
        ConversationClient client = Clients.OfTenant(_host, tenant);
        await client.Get("c").CommitAsync(Begin("ada", "hello"));
        byte[] exported = await ExportAsync(client, "ada");
        await client.EraseUserAsync("ada");
        await ImportAsync(client, "ada", exported);
        IAuditLog audit = _host.Services.GetRequiredService<IAuditLog>();

        IReadOnlyList<AuditRecord> rows = await audit.ListAsync(new AuditQuery { Tenant = tenant, UserId = "ada" });

        Assert.Equal([AuditActions.UserImported, AuditActions.UserErased, AuditActions.UserExported], rows.Select(row => row.Action));
        Assert.All(rows, row => Assert.NotNull(row.CompletedAt));
        Assert.All(rows, row => Assert.Contains("\"conversations\":1", row.Counts, StringComparison.Ordinal));
        Assert.Empty(await audit.ListAsync(new AuditQuery { Tenant = tenant, UserId = "eve" }));
    }

    protected abstract Task<GrainHost> HostAsync();

    private static async Task<byte[]> ExportAsync(ConversationClient client, string user)
    {
        using var stream = new MemoryStream();
        await client.ExportUserAsync(user, stream);
        return stream.ToArray();
    }

    private static Task<UserTransferCounts> ImportAsync(ConversationClient client, string user, byte[] exported) =>
        client.ImportUserAsync(user, new MemoryStream(exported));

    private static string[] Lines(byte[] exported) => Encoding.UTF8.GetString(exported).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static Turn Begin(string user, string text, TimeToLive? timeToLive = null) =>
        new()
        {
            TurnId = Conversation.NewTurnId(),
            InitialSettings = new ConversationSettings { UserId = user, TimeToLive = timeToLive },
            Messages =
            [
                new NewMessage
                {
                    Role = MessageRoles.User,
                    Contents = JsonSerializer.Serialize(
                        new[]
                        {
                            new Dictionary<string, string> { ["$type"] = "text", ["text"] = text },
                        }
                    ),
                },
            ],
        };

    /// <summary>Does something when the first bytes are written.</summary>
    private sealed class WatchedStream(Func<Task> first) : MemoryStream
    {
        private bool _begun;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_begun)
            {
                _begun = true;
                await first();
            }

            await base.WriteAsync(buffer, cancellationToken);
        }
    }
}

/// <summary>Over the store in memory.</summary>
public sealed class InMemoryUserTransferTests(SharedHosts hosts) : UserTransferBehaviour
{
    protected override Task<GrainHost> HostAsync() => hosts.InMemoryAsync();
}

/// <summary>Over PostgreSQL.</summary>
public sealed class PostgresUserTransferTests(SharedHosts hosts) : UserTransferBehaviour
{
    protected override Task<GrainHost> HostAsync() => hosts.OnPostgresAsync();
}

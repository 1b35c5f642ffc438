using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Client;
using OrleansMemory.Client.Transfer;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;
using OrleansMemory.Tenants;
using OrleansMemory.Tests.Support;
using OrleansMemory.Usage;
using Xunit;

namespace OrleansMemory.Tests.Usage;

/// <summary>Quotas where turns are decided, whatever store the host stands on.</summary>
public abstract class QuotaBehaviour : IAsyncLifetime
{
    private GrainHost _host = null!;
    private ConversationClient _client = null!;
    private string _tenant = "";

    private IUsageStore Store => _host.Services.GetRequiredService<IUsageStore>();

    private IUsageDirectory Usage => _host.Services.GetRequiredService<IUsageDirectory>();

    public async ValueTask InitializeAsync()
    {
        _host = await HostAsync();
        _tenant = SharedHosts.NewTenant();
        _client = Clients.OfTenant(_host, _tenant);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Conversations_beyond_the_quota_are_refused_and_those_that_are_there_go_on()
    {
        await SetAsync(new TenantQuotas { MaxConversations = 2 });
        await _client.Get("a").AppendAsync(Says("a"));
        await _client.Get("b").AppendAsync(Says("b"));

        QuotaExceededException refused = await Assert.ThrowsAsync<QuotaExceededException>(() => _client.Get("c").AppendAsync(Says("c")));
        await Assert.ThrowsAsync<QuotaExceededException>(() => _client.Get("a").ForkAsync("fork"));
        using MemoryStream exported = await ExportAsync("a");
        await Assert.ThrowsAsync<QuotaExceededException>(() => _client.Get("c").ImportAsync(exported));
        await _client.Get("a").AppendAsync(Says("more"));
        Assert.Equal(2, (await _client.Get("a").GetMessagesAsync()).Messages.Count);

        Assert.Equal(("maxConversations", 2, 2, 1), (refused.Quota, refused.Limit, refused.Used, refused.Wanted));
        await _client.Get("b").DeleteAsync();
        await _client.Get("c").AppendAsync(Says("c"));
        Assert.Equal(2, (await Usage.GetAsync(_tenant)).Conversations);
    }

    [Fact]
    public async Task A_fork_that_is_there_is_answered_however_full_the_tenant_is()
    {
        await _client.Get("a").AppendAsync(Says("a"));
        Conversation fork = await _client.Get("a").ForkAsync("fork");
        await SetAsync(new TenantQuotas { MaxConversations = 0 });

        Assert.Equal(fork.Key, (await _client.Get("a").ForkAsync("fork")).Key);
    }

    [Fact]
    public async Task Bytes_beyond_the_quota_are_refused_and_what_is_freed_is_usable_again()
    {
        await SetAsync(new TenantQuotas { MaxBytes = 2_000 });
        await _client.Get("a").AppendAsync([Says(new string('x', 900))], turnId: "first");
        await _client.Get("b").SetEntryAsync(EntrySpaces.Globals, "k", $"\"{new string('x', 800)}\"");
        await Assert.ThrowsAsync<QuotaExceededException>(() => _client.Get("a").AppendAsync(Says(new string('x', 900))));
        await Assert.ThrowsAsync<QuotaExceededException>(() =>
            _client.Get("b").SetEntryAsync(EntrySpaces.Globals, "l", $"\"{new string('x', 800)}\"")
        );

        // The same turn once more, a smaller value, and turns that only remove.
        Assert.True((await _client.Get("a").AppendAsync([Says(new string('x', 900))], turnId: "first")).Replayed);
        await SetAsync(new TenantQuotas { MaxBytes = 1_000 });
        await _client.Get("b").SetEntryAsync(EntrySpaces.Globals, "k", "1");
        await _client.Get("a").TruncateAsync(0);
        await _client.Get("a").DeleteAsync();
        await _client.Get("a").AppendAsync([Says(new string('x', 700))], turnId: "third");
        await Assert.ThrowsAsync<QuotaExceededException>(() => _client.Get("b").AppendAsync(Says(new string('x', 700))));
    }

    [Fact]
    public async Task Memories_beyond_the_quota_are_refused_and_a_known_key_is_answered()
    {
        await SetAsync(new TenantQuotas { MaxMemories = 3 });
        IMemoryGrain grain = _host.Grains.GetGrain<IMemoryGrain>(MemoryScope.Create(_tenant, user: "ada").ToString());
        await grain.RecordAsync(Request("first", 2));
        await Assert.ThrowsAsync<QuotaExceededException>(() => grain.RecordAsync(Request("second", 2)));
        await SetAsync(new TenantQuotas { MaxMemories = 1 });

        Assert.True((await grain.RecordAsync(Request("first", 2))).Replayed);
        await Assert.ThrowsAsync<QuotaExceededException>(() => grain.RecordAsync(Request("third", 1)));
        await grain.ClearAsync();
        await grain.RecordAsync(Request("fourth", 1));
        Assert.Equal(1, (await Usage.GetAsync(_tenant)).Memories);

        static RecordRequest Request(string key, int count) =>
            new()
            {
                Key = key,
                Memories = [.. Enumerable.Range(0, count).Select(i => new NewMemory { Kind = MemoryKind.Fact, Text = $"{key} {i}" })],
            };
    }

    [Fact]
    public async Task A_tenant_does_not_set_its_own_quotas()
    {
        await SetAsync(new TenantQuotas { MaxMemories = 3 });
        ITenantGrain grain = _host.Grains.GetGrain<ITenantGrain>(TenantKey.Create(_tenant).ToString());

        TenantSettings set = await grain.SetAsync(
            new TenantSettings
            {
                RequiresUser = true,
                Quotas = new TenantQuotas { MaxMemories = 300 },
            }
        );

        Assert.Equal((3, true), (set.Quotas.MaxMemories, set.RequiresUser));
        Assert.Equal(
            "maxBytes",
            (await Assert.ThrowsAsync<InvalidRequestException>(() => grain.SetQuotasAsync(new TenantQuotas { MaxBytes = -1 }))).Parameter
        );
    }

    /// <summary>One silo: the quotas hold exactly, and nothing is refused for which there is room by the notes.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Generated_turns_keep_within_the_quotas_and_what_is_noted_is_what_is_stored(int seed)
    {
        var random = new Random(seed);
        var quotas = new TenantQuotas { MaxConversations = 6, MaxBytes = 6_000 };
        await SetAsync(quotas);
        (int written, int refused) = (0, 0);
        for (int i = 0; i < 120; i++)
        {
            Task[] steps = [.. Enumerable.Range(0, 1 + random.Next(4)).Select(n => StepAsync(new Random((seed * 100_000) + (i * 10) + n)))];
            foreach (Task step in steps)
            {
                try
                {
                    await step;
                    written++;
                }
                catch (QuotaExceededException)
                {
                    refused++;
                }
                catch (ConversationNotFoundException)
                {
                    // It was deleted by the step beside it.
                }
                catch (ConversationExistsException)
                {
                    // The fork's id is taken.
                }
            }

            TenantUsage noted = await Usage.GetAsync(_tenant);
            Assert.True(noted.Conversations <= quotas.MaxConversations && noted.Bytes <= quotas.MaxBytes, noted.ToString());
        }

        TenantUsage before = await Usage.GetAsync(_tenant);
        Assert.Equal(await Store.RecountAsync(_tenant, CancellationToken.None), before);
        Assert.True(written > 40 && refused > 10, $"{written} written, {refused} refused");
    }

    protected abstract Task<GrainHost> HostAsync();

    private async Task StepAsync(Random random)
    {
        Conversation conversation = _client.Get($"c{random.Next(9)}");
        switch (random.Next(10))
        {
            case < 4:
                await conversation.AppendAsync(Says(new string('é', random.Next(300))));
                break;
            case 4 or 5:
                await conversation.SetEntryAsync(EntrySpaces.Globals, $"k{random.Next(3)}", $"\"{new string('x', random.Next(400))}\"");
                break;
            case 6:
                await conversation.ForkAsync($"c{9 + random.Next(3)}");
                break;
            case 7:
                await conversation.DeleteEntryAsync(EntrySpaces.Globals, $"k{random.Next(3)}");
                break;
            case 8:
                await conversation.DeleteAsync();
                break;
            default:
                await _client.Get($"c{9 + random.Next(3)}").DeleteAsync();
                break;
        }
    }

    private Task SetAsync(TenantQuotas quotas) => _host.Services.GetRequiredService<ITenantDirectory>().SetQuotasAsync(_tenant, quotas);

    private async Task<MemoryStream> ExportAsync(string id)
    {
        var stream = new MemoryStream();
        await _client.Get(id).ExportAsync(stream);
        stream.Position = 0;
        return stream;
    }

    private static ChatMessage Says(string text) => new(ChatRole.User, text);
}

/// <summary>Quotas over the store in memory.</summary>
public sealed class InMemoryQuotaTests(SharedHosts hosts) : QuotaBehaviour
{
    protected override Task<GrainHost> HostAsync() => hosts.InMemoryAsync();
}

/// <summary>Quotas over PostgreSQL.</summary>
public sealed class PostgresQuotaTests(SharedHosts hosts) : QuotaBehaviour
{
    protected override Task<GrainHost> HostAsync() => hosts.OnPostgresAsync();
}

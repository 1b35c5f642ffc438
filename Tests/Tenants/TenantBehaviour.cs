using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Tenants;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Tenants;

/// <summary>What tenants set for themselves, whatever store it stands on.</summary>
public abstract class TenantBehaviour(ClockedHost fixture)
{
    private static readonly TenantSettings Some = new()
    {
        DefaultTimeToLive = new TimeToLive { Duration = TimeSpan.FromMinutes(5), Sliding = true },
        Limits = new TenantLimits
        {
            MaxMessageBytes = 2_048,
            MaxTurnMessages = 2,
            MaxEntryBytes = 1_024,
            MaxEntries = 1,
        },
        ApiKeyHashes = [new string('a', 64)],
    };

    private ManualUtcClock Clock { get; } = fixture.NextDay();

    private GrainHost Host => fixture.Host;

    private ITenantDirectory Tenants => Host.Services.GetRequiredService<ITenantDirectory>();

    [Fact]
    public async Task Settings_outlive_the_activation_that_has_set_them()
    {
        ITenantGrain tenant = Tenant("keeps");
        Assert.Equal(TenantSettings.Empty, await tenant.GetAsync() with { ApiKeyHashes = TenantSettings.Empty.ApiKeyHashes });

        await tenant.SetAsync(Some);
        await Host.DeactivateAsync(tenant);
        TenantSettings read = await tenant.GetAsync();
        await tenant.SetAsync(TenantSettings.Empty);
        await Host.DeactivateAsync(tenant);

        Assert.Equal(Some.ApiKeyHashes.AsEnumerable(), read.ApiKeyHashes);
        Assert.Equal(Some, read with { ApiKeyHashes = Some.ApiKeyHashes });
        Assert.Null((await tenant.GetAsync()).DefaultTimeToLive);
    }

    [Theory]
    [InlineData("12", "0012")]
    [InlineData("A", "a")]
    [InlineData("a", "0a")]
    [InlineData("00000000000000000000000000000001", "1")]
    public async Task Tenants_whose_names_look_alike_have_nothing_in_common(string one, string other)
    {
        // Names of other cases are among them, on the same host.
        await Tenant(other).SetAsync(TenantSettings.Empty);
        await Tenant(one).SetAsync(Some);

        Assert.Null((await Tenant(other).GetAsync()).DefaultTimeToLive);
        await Tenant(other).SetAsync(new TenantSettings { LivesForever = true });
        await Host.DeactivateAsync(Tenant(one));
        Assert.Equal(Some.DefaultTimeToLive, (await Tenant(one).GetAsync()).DefaultTimeToLive);
    }

    [Fact]
    public async Task Limits_hold_for_the_tenants_turns_and_for_nobody_elses()
    {
        await Tenants.SetAsync("limited", Some);
        IConversationGrain limited = Host.Conversation(NewId(), "limited");
        Turn lengthy = Messages.Turn("long", Messages.User(new string('x', 2_100)));
        Turn many = Messages.Turn("many", Messages.User("1"), Messages.User("2"), Messages.User("3"));

        PayloadTooLargeException tooLong = await Assert.ThrowsAsync<PayloadTooLargeException>(() => limited.CommitAsync(lengthy));
        PayloadTooLargeException tooMany = await Assert.ThrowsAsync<PayloadTooLargeException>(() => limited.CommitAsync(many));
        await limited.CommitAsync(new Turn { TurnId = "one", EntryWrites = [Write("k")] });
        await Assert.ThrowsAsync<PayloadTooLargeException>(() =>
            limited.CommitAsync(new Turn { TurnId = "two", EntryWrites = [Write("l")] })
        );

        Assert.Equal((2_048L, 2L), (tooLong.Limit, tooMany.Limit));
        IConversationGrain other = Host.Conversation(NewId(), "other");
        await other.CommitAsync(lengthy);
        Assert.Equal(2, (await other.CommitAsync(many)).Version);
    }

    [Fact]
    public async Task Time_to_live_is_for_new_conversations_whose_turn_names_none()
    {
        IConversationGrain before = Host.Conversation(NewId(), "timed");
        await before.CommitAsync(Messages.Turn("t", Messages.User("x")));
        await Tenants.SetAsync("timed", Some);
        IConversationGrain after = Host.Conversation(NewId(), "timed");
        await after.CommitAsync(Messages.Turn("t", Messages.User("x")));
        await before.CommitAsync(Messages.Turn("u", Messages.User("y")));

        Assert.Equal(Clock.GetUtcNow().AddMinutes(5), (await after.GetHeadAsync())!.ExpiresAt);
        Assert.Null((await before.GetHeadAsync())!.ExpiresAt);
    }

    [Fact]
    public async Task Many_turns_that_come_before_the_settings_are_known_are_all_committed()
    {
        IConversationGrain conversation = Host.Conversation(NewId(), "ordered");

        TurnReceipt[] receipts = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(i => conversation.CommitAsync(Messages.Turn(FormattableString.Invariant($"t{i}"), Messages.User("x"))))
        );

        Assert.Equal(Enumerable.Range(1, 50).Select(version => (long)version), receipts.Select(receipt => receipt.Version).Order());
    }

    [Fact]
    public async Task Key_that_names_no_tenant_is_refused()
    {
        InvalidRequestException bare = await Assert.ThrowsAsync<InvalidRequestException>(() =>
            Host.Grains.GetGrain<ITenantGrain>("bare").GetAsync()
        );
        await Assert.ThrowsAsync<InvalidRequestException>(() => Host.Grains.GetGrain<ITenantGrain>("tenant/no tenant").GetAsync());

        Assert.Contains("tenant/{tenant}", bare.Message, StringComparison.Ordinal);
    }

    protected static string NewId() => Guid.NewGuid().ToString("N");

    private static EntryWrite Write(string key) =>
        new()
        {
            Space = "s",
            Key = key,
            Value = "1",
        };

    private ITenantGrain Tenant(string tenant) => Host.Grains.GetGrain<ITenantGrain>(TenantKey.Create(tenant).ToString());
}

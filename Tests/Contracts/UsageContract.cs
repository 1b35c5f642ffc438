using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using OrleansMemory.Usage;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

/// <summary>What every store must know of usage, as <see cref="IUsageStore"/> says it.</summary>
public abstract class UsageContract(StoreFixture fixture) : ConversationStoreContract(fixture)
{
    private const int Runs = 16;
    private const int MostSteps = 40;
    private const ulong Seed = 20260115;

    private static readonly DateOnly Day = new(2026, 1, 1);

    private IUsageStore Usage => Fixture.Usage;

    [Fact]
    public async Task What_generated_runs_leave_is_what_is_noted_after_every_step()
    {
        Config config = Config
            .QuickThrowOnFailure.WithMaxTest(Generated.Count(Runs))
            .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(Seed), FSharpOption<int>.None)))
            .WithQuietOnSuccess(true);

        // The checker blocks the thread that it runs on.
        await Task.Run(
            () =>
                Check.One(
                    config,
                    Prop.ForAll(ModelStep.Runs(MostSteps), run => ModelRun.RunAsync(Store, run, Fixture).GetAwaiter().GetResult())
                ),
            None
        );
    }

    [Fact]
    public async Task Truncated_messages_count_until_they_are_removed()
    {
        WrittenConversation conversation = await WriteNewAsync("one", 10);
        await WriteAsync(conversation, conversation.Truncation("cut", 2));
        TenantUsage before = await NotedAsync();

        await SweepAllAsync();

        TenantUsage after = await AssertNotedAsync();
        Assert.True(after.Bytes < before.Bytes);
    }

    [Fact]
    public async Task Entries_and_conversations_that_have_expired_count_until_they_are_removed()
    {
        DateTimeOffset due = WrittenConversation.Start.AddMinutes(30);
        WrittenConversation lasting = await OpenAsync("lasting");
        await WriteAsync(
            lasting,
            Everything(lasting) with
            {
                EntryWrites = [Expiring("a", due), Expiring("b", due), Expiring("c", due.AddDays(1))],
            }
        );
        WrittenConversation passing = await OpenAsync("passing");
        await WriteAsync(passing, passing.Turn("t", "gone soon") with { ExpiresAt = due, EntryWrites = [Expiring("a", due)] });
        TenantUsage before = await NotedAsync();

        while ((await Store.SweepExpiredAsync(new ExpirySweep(due, new WheelShare(0, 1), 2), None)).More) { }

        TenantUsage after = await AssertNotedAsync();
        Assert.Equal(before.Conversations - 1, after.Conversations);
        Assert.True(after.Bytes < before.Bytes);
    }

    [Fact]
    public async Task An_erasure_takes_all_of_the_user_with_it()
    {
        WrittenConversation own = await OpenAsync("own");
        await WriteAsync(own, Everything(own) with { Settings = new ConversationSettings { UserId = "ada" } });
        await WriteAsync(own, own.Turn("t", "more"));
        await Store.ForkAsync(own.Fork(Key("fork"), own.LastSequence), None);
        WrittenConversation fork = await OpenAsync("fork");
        await WriteAsync(fork, fork.Turn("f", "in the fork") with { Settings = new ConversationSettings { UserId = "bob" } });
        await NotedAsync();

        await Store.EraseUserAsync(new UserErasure(User("ada"), WrittenConversation.Start.AddYears(1), 100), None);

        TenantUsage after = await AssertNotedAsync();
        Assert.Equal((1, 1), (after.Conversations, after.Messages));
    }

    [Fact]
    public async Task Memories_count_from_their_recording_to_their_deletion()
    {
        MemoryScope scope = MemoryScope.Create(Tenant, user: "ada");
        MemoryFact[] facts = [.. Enumerable.Range(0, 5).Select(i => Fact(scope, $"fact {i}"))];
        await Fixture.Facts.RecordAsync(Recording(scope, "key", facts), None);
        await Fixture.Facts.RecordAsync(Recording(scope, "key", facts), None);
        TenantUsage recorded = await AssertNotedAsync();
        Assert.Equal((5, 30), (recorded.Memories, recorded.MemoryBytes));

        await Fixture.Facts.ChangeAsync(
            new FactChange
            {
                Tenant = Tenant,
                Id = facts[0].Id,
                Text = "a longer one",
                At = WrittenConversation.Start,
            },
            None
        );
        Assert.Equal((5, 36), Figures(await AssertNotedAsync()));

        await Fixture.Facts.DeleteAsync(Tenant, facts[1].Id, WrittenConversation.Start, None);
        Assert.Equal((4, 30), Figures(await AssertNotedAsync()));

        await Fixture.Facts.ClearAsync(scope, WrittenConversation.Start, 100, None);
        Assert.Equal((0, 0), Figures(await AssertNotedAsync()));

        static (long, long) Figures(TenantUsage usage) => (usage.Memories, usage.MemoryBytes);
    }

    [Fact]
    public async Task A_walk_finds_what_was_not_counted_or_wrongly()
    {
        for (int i = 0; i < 7; i++)
        {
            await WriteNewAsync($"c{i}", 3);
        }

        await WriteAsync(await OpenAsync("entries"), Everything(await OpenAsync("entries")));
        TenantUsage expected = await Fixture.CountAsync(Tenant);
        await Fixture.SpoilUsageAsync(Tenant);
        DateTimeOffset now = WrittenConversation.Start;
        int steps = 0;
        UsageStep step;
        do
        {
            // Others walk too: the next walk begins when the one that is under way has ended.
            step = await Usage.ReconcileAsync(new UsageStepLimits(3, 8), now, DateTimeOffset.MaxValue, None);
            Assert.True(step.Lives <= 3);
        } while (steps++ < 2_000 && await Usage.ReadAsync(Tenant, None) != expected);

        Assert.Equal(expected, await Usage.ReadAsync(Tenant, None));
        Assert.Equal(expected, await Usage.RecountAsync(Tenant, None));
    }

    [Fact]
    public async Task Largest_hottest_users_days_and_tenants_are_listed()
    {
        DateTimeOffset now = WrittenConversation.Start.AddHours(2);
        foreach (
            (string id, string user, int turns) in ((string, string, int)[])[("small", "ada", 1), ("large", "bob", 9), ("middle", "ada", 5)]
        )
        {
            WrittenConversation conversation = await OpenAsync(id);
            await WriteAsync(conversation, conversation.Turn($"{id}-0") with { Settings = new ConversationSettings { UserId = user } });
            for (int i = 1; i <= turns; i++)
            {
                await WriteAsync(conversation, conversation.Turn($"{id}-{i}", "the same text"));
            }
        }

        await Fixture.Facts.RecordAsync(
            Recording(MemoryScope.Create(Tenant, user: "eve"), null, Fact(MemoryScope.Create(Tenant, user: "eve"), "x")),
            None
        );
        UsageAmount amount = new(Turns: 3, Appended: 4, AppendedBytes: 50);
        await Usage.NoteAsync([new UsageGrowth(Tenant, amount)], Day, [], None);
        await Usage.NoteAsync([new UsageGrowth(Tenant, amount)], Day, [], None);
        await Usage.NoteAsync([new UsageGrowth(Tenant, amount)], Day.AddDays(-1), [], None);

        Assert.Equal(["large", "middle"], (await Usage.ListLargestAsync(Tenant, 2, None)).Select(row => row.Id));
        IReadOnlyList<ConversationUsage> hot = await Usage.ListHottestAsync(Tenant, WrittenConversation.Start.AddMinutes(3), now, 10, None);
        Assert.Equal(["large", "middle"], hot.Select(row => row.Id));
        Assert.Equal((10, 9, "bob"), (hot[0].Turns, hot[0].Messages, hot[0].UserId));
        IReadOnlyList<UserUsage> users = await Usage.ListUsersAsync(Tenant, 10, None);
        Assert.Equal(["bob", "ada", "eve"], users.Select(row => row.UserId));
        Assert.Equal((2, 6, 1), (users[1].Conversations, users[1].Messages, users[2].Memories));
        Assert.Equal(
            [
                new DayUsage
                {
                    Day = Day,
                    Turns = 6,
                    Messages = 8,
                    Bytes = 100,
                },
            ],
            await Usage.ListDaysAsync(Tenant, Day, None)
        );
        Assert.Equal(2, (await Usage.ListDaysAsync(Tenant, Day.AddDays(-1), None)).Count);
        await NotedAsync();
        Assert.Equal(Tenant, Assert.Single(await Usage.ListTenantsAsync(Tenant[..^1], 1, None)).Tenant);
        Assert.Equal(1, await Usage.SweepDaysAsync(Day, 10, None));
        Assert.Single(await Usage.ListDaysAsync(Tenant, Day.AddDays(-1), None));
    }

    private static Entry Expiring(string key, DateTimeOffset at) =>
        new()
        {
            Space = "s",
            Key = key,
            Value = $"\"{key} é\"",
            ExpiresAt = at,
        };

    private static MemoryFact Fact(MemoryScope scope, string text) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString("N"),
            Kind = MemoryKind.Fact,
            Agent = scope.Agent,
            User = scope.User,
            Session = scope.Session,
            Text = text,
            OccurredAt = WrittenConversation.Start,
            CreatedAt = WrittenConversation.Start,
            UpdatedAt = WrittenConversation.Start,
            Version = 1,
        };

    private static FactRecording Recording(MemoryScope scope, string? key, params MemoryFact[] facts) =>
        new()
        {
            Scope = scope,
            Facts = [.. facts],
            Key = key,
            PayloadHash = [1],
            At = WrittenConversation.Start,
        };

    /// <summary>Notes what turns have added, as the silo that committed them would.</summary>
    private async Task<TenantUsage> NotedAsync()
    {
        TenantUsage stored = await Fixture.CountAsync(Tenant);
        TenantUsage noted = await Usage.ReadAsync(Tenant, None);
        var growth = new UsageAmount(
            stored.Conversations - noted.Conversations,
            stored.Messages - noted.Messages,
            stored.Bytes - noted.Bytes
        );
        await Usage.NoteAsync([new UsageGrowth(Tenant, growth)], Day, [], None);
        return await AssertNotedAsync();
    }

    private async Task<TenantUsage> AssertNotedAsync()
    {
        TenantUsage noted = await Usage.ReadAsync(Tenant, None);
        Assert.Equal(await Fixture.CountAsync(Tenant), noted);
        return noted;
    }
}

using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Silo.Limits;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.Limits;

public sealed class FeedLimitTests(FeedLimitTests.FewFeeds app) : IClassFixture<FeedLimitTests.FewFeeds>
{
    private const string KeyOfA = "key-of-tenant-a-0001";
    private const string KeyOfB = "key-of-tenant-b-0001";
    private const string KeyOfC = "key-of-tenant-c-0001";

    [Fact]
    public async Task Feeds_are_counted_by_tenant_and_in_all_and_a_closed_one_makes_room()
    {
        await SayAsync("seats", KeyOfA, "x");
        await SayAsync("seats", KeyOfB, "x");
        EventReader first = await EventReader.ConnectAsync(app, "seats/events", key: KeyOfA);
        await using EventReader second = await EventReader.ConnectAsync(app, "seats/events", key: KeyOfA);

        await RefuseAsync(KeyOfA, 2, "this tenant");
        await using EventReader other = await EventReader.ConnectAsync(app, "seats/events", key: KeyOfB);
        await RefuseAsync(KeyOfB, 3, "all tenants");

        // What is no feed has room all the same.
        await SayAsync("seats", KeyOfA, "y");
        await first.DisposeAsync();
        await UntilAsync(2);
        await using EventReader third = await EventReader.ConnectAsync(app, "seats/events", key: KeyOfA);
        await SayAsync("seats", KeyOfA, "z");
        Assert.Equal("3", await third.MessagesAsync(1));
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_is_cut_and_can_go_on_where_it_was()
    {
        await SayAsync("stalled", KeyOfC, [.. Enumerable.Range(0, 20).Select(_ => new string('x', 100_000))]);
        await using EventReader stalled = await EventReader.ConnectAsync(app, "stalled/events?after=0", key: KeyOfC);

        // More than is held for a connection: the silo waits for this reader, until it does so no longer.
        await UntilAsync(0);

        await Assert.ThrowsAnyAsync<IOException>(() => stalled.MessagesAsync(20));
        await using EventReader again = await EventReader.ConnectAsync(app, "stalled/events?after=19", key: KeyOfC);
        Assert.Equal("20", await again.MessagesAsync(1));
    }

    private Task SayAsync(string id, string key, params string[] texts) =>
        app.AskAsync(
            HttpStatusCode.Created,
            "POST",
            id + "/messages",
            JsonSerializer.Serialize(texts.Select(text => new { role = "user", content = text })),
            ("Authorization", "Bearer " + key)
        );

    private async Task RefuseAsync(string key, int limit, string whose)
    {
        JsonElement problem = await app.RefuseAsync(
            HttpStatusCode.TooManyRequests,
            "too-many-feeds",
            "GET",
            "seats/events",
            null,
            ("Authorization", "Bearer " + key)
        );
        Assert.Equal(limit, problem.GetProperty("limit").GetInt32());
        Assert.Contains(whose, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task UntilAsync(int feeds)
    {
        FeedSeats seats = app.Services.GetRequiredService<FeedSeats>();
        await Task.Run(WaitAsync).WithTimeout();

        async Task WaitAsync()
        {
            while (seats.Count != feeds)
            {
                await Task.Delay(1);
            }
        }
    }

    public sealed class FewFeeds : SiloApp
    {
        public FewFeeds()
        {
            With("OrleansMemory:ApiKeys:0:Key", KeyOfA).With("OrleansMemory:ApiKeys:0:Tenant", "a");
            With("OrleansMemory:ApiKeys:1:Key", KeyOfB).With("OrleansMemory:ApiKeys:1:Tenant", "b");
            With("OrleansMemory:ApiKeys:2:Key", KeyOfC).With("OrleansMemory:ApiKeys:2:Tenant", "c");
            With("OrleansMemory:Http:MaxTenantFeeds", "2").With("OrleansMemory:Http:MaxFeeds", "3");
            With("OrleansMemory:Http:FeedStallTimeout", "00:00:01");
        }
    }
}

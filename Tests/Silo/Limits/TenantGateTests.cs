using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansMemory.Silo.Access;
using OrleansMemory.Silo.Hosting;
using OrleansMemory.Silo.Limits;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Silo.Limits;

public sealed class TenantGateTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_tenant_that_is_alone_waits_for_nobody()
    {
        TenantGate gate = GateOf(new HttpOptions { SharedRequestsAtATime = 2 });

        Visit[] visits = Enter(gate, "a", 100);

        Assert.All(visits, visit => Assert.True(visit.Inside));
    }

    [Fact]
    public async Task While_tenants_share_a_flood_waits_in_its_own_queue_and_in_its_order()
    {
        TenantGate gate = GateOf(new HttpOptions { SharedRequestsAtATime = 2 });
        Visit other = Enter(gate, "b", 1)[0];
        Visit[] flood = Enter(gate, "a", 10);
        Visit another = Enter(gate, "b", 1)[0];

        Assert.Equal(2, flood.Count(visit => visit.Inside));
        Assert.True(other.Inside && another.Inside);
        for (int i = 0; i < flood.Length; i++)
        {
            await flood[i].Entered.Task.WithTimeout();
            Assert.All(flood.Skip(i + 2), visit => Assert.False(visit.Inside));
            await flood[i].LeaveAsync();
        }
    }

    [Fact]
    public async Task A_request_that_lasts_longer_than_a_second_holds_up_nobody_and_still_counts_as_one_that_is_there()
    {
        TenantGate gate = GateOf(new HttpOptions { SharedRequestsAtATime = 2, MaxTenantRequestsInFlight = 5 });
        Enter(gate, "b", 1);
        Visit[] slow = Enter(gate, "a", 2);
        Visit[] turns = Enter(gate, "a", 3);

        await RefusedAsync(Enter(gate, "a", 1)[0], "too-many-requests", 5);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.All(turns, turn => Assert.False(turn.Inside));
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await Task.WhenAll(turns.Take(2).Select(turn => turn.Entered.Task)).WithTimeout();
        Assert.False(turns[2].Inside);
        await RefusedAsync(Enter(gate, "a", 1)[0], "too-many-requests", 5);

        // The slow ones were counted out once, and are not again when they end.
        await slow[0].LeaveAsync();
        await slow[1].LeaveAsync();
        Assert.False(turns[2].Inside);
        await turns[0].LeaveAsync();
        await turns[2].Entered.Task.WithTimeout();
    }

    [Fact]
    public async Task When_the_others_have_gone_all_that_wait_come_in()
    {
        TenantGate gate = GateOf(new HttpOptions { SharedRequestsAtATime = 1 });
        await Enter(gate, "b", 1)[0].LeaveAsync();
        Visit[] flood = Enter(gate, "a", 10);
        _time.Advance(TimeSpan.FromSeconds(10));

        await flood[0].LeaveAsync();

        await Task.WhenAll(flood.Select(visit => visit.Entered.Task)).WithTimeout();
    }

    [Fact]
    public async Task More_than_a_tenant_may_have_at_a_time_is_refused_and_others_are_served()
    {
        TenantGate gate = GateOf(new HttpOptions { MaxTenantRequestsInFlight = 3 });
        Visit[] flood = Enter(gate, "a", 4);

        await RefusedAsync(flood[3], "too-many-requests", 3);
        Assert.True(Enter(gate, "b", 1)[0].Inside);
        await flood[0].LeaveAsync();
        Assert.True(Enter(gate, "a", 1)[0].Inside);
    }

    [Fact]
    public async Task More_than_all_may_have_at_a_time_is_refused()
    {
        TenantGate gate = GateOf(new HttpOptions { MaxRequestsInFlight = 3 });
        Visit[] some = [.. Enter(gate, "a", 1), .. Enter(gate, "b", 1), .. Enter(gate, "c", 1)];

        await RefusedAsync(Enter(gate, "d", 1)[0], "too-many-requests", 3);
        await some[1].LeaveAsync();
        Assert.True(Enter(gate, "d", 1)[0].Inside);
    }

    [Fact]
    public async Task More_a_second_than_a_tenant_may_send_is_refused_until_the_pause_is_over()
    {
        var options = new HttpOptions { MaxTenantRequestsPerSecond = 5, SharedRequestsAtATime = 100 };
        options.TenantRequestsPerSecond["large"] = 50;
        TenantGate gate = GateOf(options);
        Visit[] visits = Enter(gate, "a", 6);

        await RefusedAsync(visits[5], "too-many-requests-per-second", 5);
        Assert.All(visits.Take(5), visit => Assert.True(visit.Inside));
        Assert.All(Enter(gate, "large", 50), visit => Assert.True(visit.Inside));
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.True(Enter(gate, "a", 1)[0].Inside);
        await RefusedAsync(Enter(gate, "a", 1)[0], "too-many-requests-per-second", 5);
    }

    [Fact]
    public async Task What_no_tenant_asks_for_passes()
    {
        TenantGate gate = GateOf(new HttpOptions { MaxRequestsInFlight = 1 });
        Enter(gate, "a", 1);

        Visit health = Enter(gate, null, 1)[0];

        Assert.True(health.Inside);
        await health.LeaveAsync();
    }

    [Fact]
    public async Task In_any_order_of_coming_going_and_giving_up_no_place_is_lost()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            TenantGate gate = GateOf(
                new HttpOptions
                {
                    SharedRequestsAtATime = 3,
                    MaxTenantRequestsInFlight = 12,
                    MaxRequestsInFlight = 30,
                }
            );
            var visits = new List<Visit>();
            for (int step = 0; step < 120; step++)
            {
                Visit? one = visits.Count == 0 ? null : visits[random.Next(visits.Count)];
                switch (random.Next(8))
                {
                    case < 4:
                        visits.AddRange(Enter(gate, "abcd"[random.Next(4)].ToString(), 1));
                        break;
                    case < 6 when one is { Inside: true }:
                        await one.LeaveAsync();
                        visits.Remove(one);
                        break;
                    case 6:
                        one?.Abort();
                        break;
                    case 7:
                        _time.Advance(
                            random.Next(2) == 0 ? TimeSpan.FromSeconds(random.Next(6)) : TimeSpan.FromMilliseconds(random.Next(1_200))
                        );
                        break;
                }
            }

            for (int i = 0; i < visits.Count; i++)
            {
                await Task.WhenAny(visits[i].Entered.Task, visits[i].Done).WithTimeout();
                await visits[i].LeaveAsync();
            }

            Visit first = Enter(gate, "a", 1)[0];
            _time.Advance(TimeSpan.FromSeconds(10));
            Visit[] full = [first, .. Enter(gate, "a", 11)];
            Assert.True(full.All(visit => visit.Inside), $"seed {seed}: a place was lost");
        }
    }

    private TenantGate GateOf(HttpOptions options) => new(Options.Create(options), _time);

    private static Visit[] Enter(TenantGate gate, string? tenant, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new Visit(gate, tenant))];

    private static async Task RefusedAsync(Visit visit, string code, long limit)
    {
        await visit.Done.WithTimeout();
        await visit.Context.Response.BodyWriter.FlushAsync();
        visit.Context.Response.Body.Position = 0;
        JsonElement problem = (await JsonDocument.ParseAsync(visit.Context.Response.Body)).RootElement;
        Assert.False(visit.Inside);
        Assert.Equal(StatusCodes.Status429TooManyRequests, visit.Context.Response.StatusCode);
        Assert.Equal((code, limit), (problem.GetProperty("code").GetString(), problem.GetProperty("limit").GetInt64()));
        Assert.NotEmpty(visit.Context.Response.Headers.RetryAfter.ToString());
    }

    private sealed class Visit
    {
        private readonly TaskCompletionSource _leave = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource _aborted = new();

        public Visit(TenantGate gate, string? tenant)
        {
            Context.Response.Body = new MemoryStream();
            Context.RequestAborted = _aborted.Token;
            if (tenant is not null)
            {
                Context.Features.Set(new Caller(tenant, AccessRole.Writer));
            }

            Done = gate.InvokeAsync(
                Context,
                _ =>
                {
                    Entered.SetResult();
                    return _leave.Task;
                }
            );
        }

        public DefaultHttpContext Context { get; } = new();

        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done { get; }

        public bool Inside => Entered.Task.IsCompleted && !_leave.Task.IsCompleted;

        public void Abort() => _aborted.Cancel();

        public async Task LeaveAsync()
        {
            _leave.TrySetResult();
            await Done.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

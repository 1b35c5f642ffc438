using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Support;
using Xunit;
using static OrleansMemory.Tests.Memories.Extraction.SomeTurns;

namespace OrleansMemory.Tests.Memories.Extraction;

/// <summary>
/// When the background works: after the delay, at once with enough turns, after a failure, and by the sweep at the start and from time to
/// time. A host of each test's own, because its clocks are the point: one of the grain's timer alone, and one of memories, by which the
/// sweep and the time-out go.
/// </summary>
public sealed class ExtractionTimingTests : IAsyncLifetime
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private readonly FactStoreProxy _store = FactStoreProxy.Over(new InMemoryFactStore());
    private readonly GrainTimerClock _timers = GrainTimerClock.Of("memory-extraction");
    private readonly TestClock _clock = new();
    private readonly Gate _asked = new();
    private readonly Gate _swept = new();
    private readonly ModelScript _model;
    private Func<string, CancellationToken, Task<string>> _answer = (_, _) => Task.FromResult(Reply(Add("Alice has a boat.")));
    private GrainHost _host = null!;

    public ExtractionTimingTests()
    {
        _store.AfterFind = _swept.Signal;
        _model = new ModelScript(
            (asked, cancellationToken) =>
            {
                _asked.Signal();
                return _answer(asked, cancellationToken);
            }
        );
    }

    private IMemoryGrain Memory => _host.Grains.GetGrain<IMemoryGrain>(Scope.ToString());

    private IMemoryExtractionGrain Extraction => _host.Grains.GetGrain<IMemoryExtractionGrain>(Scope.ToString());

    public async ValueTask InitializeAsync()
    {
        _host = await StartAsync();

        // What the start looks for is looked for: from here on nothing sweeps before the clock says so.
        await _swept.ArrivalAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _asked.Dispose();
        _swept.Dispose();
        _model.Dispose();
    }

    [Fact]
    public async Task Turns_wait_for_others_and_then_go_together()
    {
        await RecordAsync(1);
        await ArmedAsync();
        _timers.Clock.Advance(Delay - Tick);
        await RecordAsync(1);
        Assert.Empty(_model.Asked);
        Assert.Equal(1, _timers.Clock.PendingTimers);

        _timers.Clock.Advance(Tick);
        await _asked.ArrivalAsync();
        Assert.True((await Extraction.ExtractAsync().WithTimeout()).IsComplete);
        Assert.Equal(2, ModelScript.Lines(Assert.Single(_model.Asked), "turns").Count);
        Assert.Single(await FactsAsync());
        Assert.Equal(0, _timers.Clock.PendingTimers);
    }

    [Fact]
    public async Task Enough_turns_do_not_wait()
    {
        await RecordAsync(2);
        await RecordAsync(2);
        await _asked.ArrivalAsync();
        await Extraction.ExtractAsync().WithTimeout();
        Assert.Equal(4, ModelScript.Lines(Assert.Single(_model.Asked), "turns").Count);
    }

    [Fact]
    public async Task Turns_that_come_while_the_model_thinks_are_asked_about_next_and_no_recording_waits_for_it()
    {
        using var gate = new Gate();
        _answer = async (_, _) =>
        {
            await gate.PassAsync();
            return Reply();
        };
        await RecordAsync(4);
        await _asked.ArrivalAsync();

        await RecordAsync(1);
        Assert.Single(_model.Asked);

        // The clock stands still.
        gate.Open();
        await _asked.ArrivalAsync();
        await Extraction.ExtractAsync().WithTimeout();
        Assert.Single(ModelScript.Lines(_model.Asked[1], "turns"));
    }

    [Fact]
    public async Task A_model_that_is_down_is_asked_again_ever_more_seldom_until_it_is_back()
    {
        _answer = (_, _) => throw new HttpRequestException("503");
        await RecordAsync(1);
        await ArmedAsync();
        foreach (int seconds in (int[])[10, 10, 20, 40, 40])
        {
            int asked = _model.Asked.Count;
            _timers.Clock.Advance(TimeSpan.FromSeconds(seconds) - Tick);
            Assert.Equal((asked, 1), (_model.Asked.Count, _timers.Clock.PendingTimers));
            _timers.Clock.Advance(Tick);
            await _asked.ArrivalAsync();
            await ArmedAsync();
        }

        _answer = (_, _) => Task.FromResult(Reply(Add("Alice has a boat.")));
        _timers.Clock.Advance(TimeSpan.FromSeconds(40));
        await _asked.ArrivalAsync();
        Assert.True((await Extraction.ExtractAsync().WithTimeout()).IsComplete);
        Assert.Single(await FactsAsync());
        Assert.Equal(6, _model.Asked.Count);

        // The next failure starts with the short pause again.
        _answer = (_, _) => throw new HttpRequestException("503");
        await RecordAsync(4);
        await _asked.ArrivalAsync();
        await ArmedAsync();
        _timers.Clock.Advance(Delay);
        await _asked.ArrivalAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_model_that_never_answers_is_left_after_the_time_out(bool heedsItsToken)
    {
        using var gate = new Gate();
        _answer = async (_, cancellationToken) =>
        {
            await (heedsItsToken ? gate.PassUnlessAsync(cancellationToken) : gate.PassAsync());
            return Reply(Add("Too late."));
        };
        await RecordAsync(4);
        await _asked.ArrivalAsync();
        await gate.ArrivalAsync();
        Assert.Equal(0, _timers.Clock.PendingTimers);
        _clock.Advance(TimeSpan.FromMinutes(2));
        await ArmedAsync();
        _answer = (_, _) => Task.FromResult(Reply());
        _timers.Clock.Advance(Delay);
        await _asked.ArrivalAsync();
        Assert.True((await Extraction.ExtractAsync().WithTimeout()).IsComplete);
        gate.Open();
        Assert.Empty(await FactsAsync());
    }

    [Fact]
    public async Task Turns_that_nobody_told_of_are_found_by_the_sweep_from_time_to_time()
    {
        await LeaveAsync();
        _clock.Advance(Interval - Tick);
        Assert.Equal(0, _timers.Clock.PendingTimers);
        _clock.Advance(Tick);
        await AssertFoundAsync();

        await LeaveAsync();
        _clock.Advance(Interval);
        await AssertFoundAsync();
    }

    [Fact]
    public async Task Turns_that_a_silo_left_are_found_by_the_next_one_when_it_starts()
    {
        await _host.DisposeAsync();
        await LeaveAsync();
        _host = await StartAsync();
        await AssertFoundAsync();
    }

    [Fact]
    public async Task An_activation_that_ends_leaves_its_turns_to_the_next_sweep()
    {
        await RecordAsync(1);
        await ArmedAsync();
        await _host.DeactivateAsync(Extraction).WithTimeout();
        Assert.Equal(0, _timers.Clock.PendingTimers);
        _clock.Advance(Interval);
        await AssertFoundAsync();
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    public async Task A_crash_around_the_commit_repeats_the_call_of_the_model_and_no_fact(bool isAfter, int calls)
    {
        int crashes = 1;
        Action crash = () =>
        {
            if (crashes-- > 0)
            {
                throw new MemoryUnavailableException(TimeSpan.FromSeconds(1));
            }
        };
        (_store.BeforeApply, _store.AfterApply) = isAfter ? (_store.BeforeApply, crash) : (crash, _store.AfterApply);
        await RecordAsync(1);
        Assert.False((await Extraction.ExtractAsync().WithTimeout()).IsComplete);

        // What the activation knew is gone too.
        await _host.DeactivateAsync(Extraction).WithTimeout();
        Assert.True((await Extraction.ExtractAsync().WithTimeout()).IsComplete);
        Assert.Equal(calls, _model.Asked.Count);
        Assert.Single(await FactsAsync());
    }

    [Fact]
    public async Task A_store_that_fails_for_an_unknown_reason_does_not_end_the_work()
    {
        int failures = 2;
        _store.BeforeApply = () =>
        {
            if (failures-- > 0)
            {
                throw new InvalidOperationException("planned");
            }
        };
        await RecordAsync(2);
        Assert.False((await Extraction.ExtractAsync().WithTimeout()).IsComplete);
        Assert.False((await Extraction.ExtractAsync().WithTimeout()).IsComplete);
        Assert.True((await Extraction.ExtractAsync().WithTimeout()).IsComplete);

        Assert.Single(await FactsAsync());
        Assert.Empty(await _store.Store.ReadToExtractAsync(Scope, 10, CancellationToken.None));
    }

    private Task<GrainHost> StartAsync() =>
        GrainHost.StartAsync(silo =>
        {
            silo.Services.AddSingleton<IChatClient>(_model)
                .AddSingleton(_store.Store)
                .AddKeyedSingleton<TimeProvider>(MemoryClock.ServiceKey, _clock);
            silo.AddOrleansMemory()
                .UseInMemoryStorage()
                .ConfigureExtraction(options =>
                {
                    (options.BatchTurns, options.Delay, options.RetryDelay, options.MaxRetryDelay) = (4, Delay, Delay, Delay * 4);
                    options.SweepInterval = Interval;
                });
            silo.UseInMemoryReminderService();
            _timers.Use(silo);
        });

    /// <summary>Waits until the grain has set its timer.</summary>
    private Task ArmedAsync() => _timers.Clock.WhenPendingAsync(1).WithTimeout();

    /// <summary>Leaves a turn in the store of which no grain is told.</summary>
    private Task<RecordResult> LeaveAsync() =>
        _store.Store.RecordAsync(
            new FactRecording
            {
                Scope = Scope,
                Facts = [Turn(Guid.NewGuid().ToString("N"))],
                PayloadHash = [],
                Extract = true,
                At = Start,
            },
            CancellationToken.None
        );

    /// <summary>One turn has been found: it waits its time, and then the model is asked about it.</summary>
    private async Task AssertFoundAsync()
    {
        int asked = _model.Asked.Count;
        await ArmedAsync();
        _timers.Clock.Advance(Delay);
        await _asked.ArrivalAsync();
        Assert.True((await Extraction.ExtractAsync().WithTimeout()).IsComplete);
        Assert.Single(ModelScript.Lines(Assert.Single(_model.Asked.Skip(asked)), "turns"));
    }

    private Task<RecordReceipt> RecordAsync(int turns) =>
        Memory
            .RecordAsync(
                new RecordRequest
                {
                    Memories =
                    [
                        .. Enumerable
                            .Range(0, turns)
                            .Select(i => new NewMemory { Kind = MemoryKind.Turn, Text = FormattableString.Invariant($"Turn {i}.") }),
                    ],
                }
            )
            .WithTimeout();

    private async Task<IReadOnlyList<MemoryFact>> FactsAsync() =>
        (
            await _host
                .Grains.GetGrain<IMemoryDirectoryGrain>(Scope.Tenant)
                .ListAsync(new MemoryListQuery { Kind = MemoryKind.Fact })
                .WithTimeout()
        ).Memories;
}

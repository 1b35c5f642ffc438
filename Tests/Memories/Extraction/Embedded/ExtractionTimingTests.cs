using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Memories;
using OrleansMemory.Tests.Embedded;
using OrleansMemory.Tests.Support;
using Xunit;
using static OrleansMemory.Tests.Memories.Extraction.SomeTurns;

namespace OrleansMemory.Tests.Memories.Extraction.Embedded;

/// <summary>When the background works, by a clock that stands still. The host's clock is that of its timers; memories have one of their own.</summary>
public sealed class ExtractionTimingTests : IAsyncLifetime
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private readonly FactStoreProxy _store = FactStoreProxy.Over(new InMemoryFactStore());
    private readonly TestClock _clock = new();
    private readonly Gate _asked = new();
    private readonly ModelScript _model;
    private Func<string, CancellationToken, Task<string>> _answer = (_, _) => Task.FromResult(Reply(Add("Alice has a boat.")));
    private EmbeddedHost _host = null!;
    private int _timers;

    public ExtractionTimingTests() => _model = new ModelScript((asked, cancellationToken) =>
    {
        _asked.Signal();
        return _answer(asked, cancellationToken);
    });

    private IMemoryGrain Memory => _host.Grain<IMemoryGrain>(Scope.ToString());

    private IMemoryExtractionGrain Extraction => _host.Grain<IMemoryExtractionGrain>(Scope.ToString());

    public async Task InitializeAsync()
    {
        _host = await EmbeddedHost.StartAsync(silo =>
        {
            silo.Services.AddSingleton<IChatClient>(_model).AddSingleton(_store.Store).AddKeyedSingleton<TimeProvider>(MemoryClock.ServiceKey, _clock);
            silo.AddOrleansMemory().UseInMemoryStorage().ConfigureExtraction(options =>
            {
                (options.BatchTurns, options.Delay, options.RetryDelay, options.MaxRetryDelay) = (4, Delay, Delay, Delay * 4);
                options.SweepInterval = TimeSpan.FromMinutes(5);
            });
            silo.UseInMemoryReminderService();
        });
        await ExpiryWheel.StartedAsync(_host.Cluster.GetSiloServiceProvider());

        // A call sets the clock of response time-outs, which stays set.
        await Extraction.ExtractAsync().Soon();
        _timers = _host.Clock.PendingTimers;

        // What the start leaves behind ends by itself, at once but not before this.
        for (int i = 0; i < 2_000; i++)
        {
            await Task.Yield();
            _timers = Math.Min(_timers, _host.Clock.PendingTimers);
        }
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _asked.Dispose();
        _model.Dispose();
    }

    [Fact]
    public async Task Turns_wait_for_others_and_then_go_together()
    {
        await RecordAsync(1);
        await ArmedAsync();
        _host.Clock.Advance(Delay - Tick);
        await RecordAsync(1);
        Assert.Empty(_model.Asked);

        _host.Clock.Advance(Tick);
        await _asked.ArrivalAsync();
        Assert.True((await Extraction.ExtractAsync().Soon()).IsComplete);
        Assert.Equal(2, ModelScript.Lines(Assert.Single(_model.Asked), "turns").Count);
        Assert.Single(await FactsAsync());
        AssertNothingIsArmed();
    }

    [Fact]
    public async Task Enough_turns_do_not_wait()
    {
        await RecordAsync(2);
        await RecordAsync(2);
        await _asked.ArrivalAsync();
        await Extraction.ExtractAsync().Soon();
        Assert.Equal(4, ModelScript.Lines(Assert.Single(_model.Asked), "turns").Count);
    }

    [Fact]
    public async Task Turns_that_come_while_the_model_thinks_wait_their_own_time()
    {
        using var gate = new Gate();
        _answer = async (_, _) =>
        {
            await gate.PassAsync();
            return Reply();
        };
        await RecordAsync(4);
        await _asked.ArrivalAsync();

        // The recording does not wait for the model.
        await RecordAsync(1);
        gate.Open();
        await ArmedAsync();
        Assert.Single(_model.Asked);
        _host.Clock.Advance(Delay);
        await _asked.ArrivalAsync();
        await Extraction.ExtractAsync().Soon();
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
            _host.Clock.Advance(TimeSpan.FromSeconds(seconds) - Tick);
            Assert.Equal(asked, _model.Asked.Count);
            _host.Clock.Advance(Tick);
            await _asked.ArrivalAsync();
            await ArmedAsync();
        }

        _answer = (_, _) => Task.FromResult(Reply(Add("Alice has a boat.")));
        _host.Clock.Advance(TimeSpan.FromSeconds(40));
        await _asked.ArrivalAsync();
        Assert.True((await Extraction.ExtractAsync().Soon()).IsComplete);
        Assert.Single(await FactsAsync());
        Assert.Equal(6, _model.Asked.Count);

        // The next failure starts with the short pause again.
        _answer = (_, _) => throw new HttpRequestException("503");
        await RecordAsync(4);
        await _asked.ArrivalAsync();
        await ArmedAsync();
        _host.Clock.Advance(Delay);
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
        _clock.Advance(TimeSpan.FromMinutes(2));
        await ArmedAsync();
        _answer = (_, _) => Task.FromResult(Reply());
        _host.Clock.Advance(Delay);
        await _asked.ArrivalAsync();
        Assert.True((await Extraction.ExtractAsync().Soon()).IsComplete);
        gate.Open();
        Assert.Empty(await FactsAsync());
    }

    [Fact]
    public async Task Turns_that_nobody_told_of_are_found_by_the_sweep()
    {
        var recording = new FactRecording { Scope = Scope, Facts = SomeTurns.Turns(1), PayloadHash = [], Extract = true, At = Start };
        await _store.Store.RecordAsync(recording, CancellationToken.None);
        _clock.Advance(TimeSpan.FromMinutes(5));
        await ArmedAsync();
        _host.Clock.Advance(Delay);
        await _asked.ArrivalAsync();
        Assert.True((await Extraction.ExtractAsync().Soon()).IsComplete);
        Assert.Single(_model.Asked);
    }

    [Fact]
    public async Task An_activation_that_ends_leaves_its_turns_to_the_next_word()
    {
        await RecordAsync(1);
        await ArmedAsync();
        await _host.Cluster.DeactivateAsync(Extraction).Soon();
        AssertNothingIsArmed();
        _clock.Advance(TimeSpan.FromMinutes(5));
        await ArmedAsync();
        _host.Clock.Advance(Delay);
        await _asked.ArrivalAsync();
        Assert.True((await Extraction.ExtractAsync().Soon()).IsComplete);
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
        Assert.False((await Extraction.ExtractAsync().Soon()).IsComplete);

        // What the activation knew is gone too.
        await _host.Cluster.DeactivateAsync(Extraction).Soon();
        Assert.True((await Extraction.ExtractAsync().Soon()).IsComplete);
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
        bool isComplete = false;
        for (int i = 0; i < 5 && !isComplete; i++)
        {
            isComplete = (await Extraction.ExtractAsync().Soon()).IsComplete;
        }

        Assert.True(isComplete);
        Assert.Single(await FactsAsync());
        Assert.Empty(await _store.Store.ReadToExtractAsync(Scope, 10, CancellationToken.None));
    }

    // The host's clock of response time-outs may have stopped meanwhile, because no call waits: one timer less is nothing of the grain's.
    private void AssertNothingIsArmed() => Assert.InRange(_host.Clock.PendingTimers, 0, _timers);

    private async Task ArmedAsync() => await _host.Clock.WhenPendingAsync(_timers + 1).Soon();

    private Task<RecordReceipt> RecordAsync(int turns) => Memory.RecordAsync(new RecordRequest
    {
        Memories = [.. Enumerable.Range(0, turns).Select(i => new NewMemory { Kind = MemoryKind.Turn, Text = FormattableString.Invariant($"Turn {i}.") })],
    }).Soon();

    private async Task<IReadOnlyList<MemoryFact>> FactsAsync() =>
        (await _host.Grain<IMemoryDirectoryGrain>(Scope.Tenant).ListAsync(new MemoryListQuery { Kind = MemoryKind.Fact }).Soon()).Memories;
}

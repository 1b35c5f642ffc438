using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Memories;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Memories;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Hosting;

/// <summary>The sweep of the store begins at once, survives whatever it meets, and ends without a word when the silo does.</summary>
public sealed class PeriodicSweeperTests : IDisposable
{
    private static readonly TimeSpan Interval = new ConversationOptions().SweepInterval;

    private readonly LogLines _lines = new();
    private readonly TestClock _clock = new();
    private readonly SweepProbe _facts = SweepProbe.Create();

    public static TheoryData<Exception> Failures =>
        [
            new InvalidOperationException("secret"),
            new ObjectDisposedException("pool"),
            new TimeoutException(),
            new MemoryUnavailableException(TimeSpan.FromSeconds(1)),
            new OperationCanceledException(),
        ];

    public void Dispose() => _lines.Dispose();

    [Fact]
    public async Task The_first_sweep_does_not_wait_for_the_interval()
    {
        using StoreSweeper sweeper = Make();
        await sweeper.StartedAsync(CancellationToken.None);
        await _facts.Swept.Task.WithTimeout();
        await sweeper.StoppingAsync(CancellationToken.None);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_sweep_that_fails_is_told_of_and_the_next_one_goes_on(Exception failure)
    {
        using var arrivals = new Gate();
        int sweeps = 0;
        _facts.BeforeSweep = _ =>
        {
            bool fails = sweeps++ == 0;
            arrivals.Signal();
            return fails ? Task.FromException(failure) : Task.CompletedTask;
        };
        using StoreSweeper sweeper = Make();
        await sweeper.StartedAsync(CancellationToken.None);
        await arrivals.ArrivalAsync();
        await _clock.WhenPendingAsync(1).WithTimeout();
        _clock.Advance(Interval);
        await _facts.Swept.Task.WithTimeout();
        await sweeper.StoppingAsync(CancellationToken.None);

        string line = Assert.Single(_lines.Lines, line => line.Contains("sweep failed", StringComparison.Ordinal));
        Assert.Contains(failure.GetType().Name, line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task What_a_sweep_meets_while_the_silo_stops_is_no_failure(Exception failure)
    {
        using var arrivals = new Gate();
        _facts.BeforeSweep = async token =>
        {
            await arrivals.PassUnlessAsync(token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw failure;
        };
        using StoreSweeper sweeper = Make();
        await sweeper.StartedAsync(CancellationToken.None);
        await arrivals.ArrivalAsync();

        await sweeper.StoppingAsync(CancellationToken.None).WithTimeout();
        await sweeper.StoppingAsync(CancellationToken.None);

        Assert.DoesNotContain(_lines.Lines, line => line.Contains("failed", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_stop_that_has_no_more_time_leaves_a_sweep_that_does_not_end()
    {
        using var arrivals = new Gate();
        _facts.BeforeSweep = _ => arrivals.PassAsync();
        using StoreSweeper sweeper = Make();
        await sweeper.StartedAsync(CancellationToken.None);
        await arrivals.ArrivalAsync();

        await sweeper.StoppingAsync(new CancellationToken(canceled: true)).WithTimeout();
        arrivals.Open();
    }

    [Fact]
    public async Task A_silo_whose_clock_is_off_sweeps_nothing_and_does_as_soon_as_it_is_right()
    {
        using var clocks = new ComparedClocks();
        using var asked = new Gate();
        clocks.Database.BeforeAnswer = () =>
        {
            asked.Signal();
            return Task.CompletedTask;
        };
        int sweeps = 0;
        _facts.BeforeSweep = _ =>
        {
            sweeps++;
            return Task.CompletedTask;
        };
        clocks.Silo.Advance(TimeSpan.FromHours(2));
        using StoreSweeper sweeper = Make(clocks.Check);
        await sweeper.StartedAsync(CancellationToken.None);

        // The first question; then one before conversations and one before memories, because the clock is off. The fourth is the next
        // sweep's: the first one has ended.
        for (int asks = 0; asks < 3; asks++)
        {
            await asked.ArrivalAsync();
        }

        _clock.Advance(Interval);
        await asked.ArrivalAsync();
        Assert.Equal(0, sweeps);

        clocks.Wall.Advance(TimeSpan.FromHours(2));
        _clock.Advance(Interval);
        await _facts.Swept.Task.WithTimeout();
        await sweeper.StoppingAsync(CancellationToken.None);
    }

    [Fact]
    public void Every_service_that_sweeps_has_the_one_base() =>
        Assert.All(
            typeof(StoreSweeper)
                .Assembly.GetTypes()
                .Where(type =>
                    type is { IsAbstract: false, IsInterface: false }
                    && type.Name.EndsWith("Sweeper", StringComparison.Ordinal)
                    && typeof(IHostedService).IsAssignableFrom(type)
                ),
            type => Assert.True(type.IsSubclassOf(typeof(PeriodicSweeper)), type.Name)
        );

    private StoreSweeper Make(ClockCheck? clocks = null)
    {
        ServiceProvider services = new ServiceCollection()
            .AddSingleton<IConversationStore>(new InMemoryConversationStore(new LoggerFactory().CreateLogger<InMemoryConversationStore>()))
            .AddSingleton(_facts.Store)
            .BuildServiceProvider();
        return new StoreSweeper(
            services,
            Options.Create(new ConversationOptions()),
            Options.Create(new MemoryOptions()),
            clocks ?? ComparedClocks.None(_clock),
            _clock,
            new LoggerFactory([_lines]).CreateLogger<StoreSweeper>()
        );
    }
}

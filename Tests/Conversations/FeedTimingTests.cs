using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

/// <summary>What happens to waiting readers by the clock, and what they cost.</summary>
public sealed class FeedTimingTests : IAsyncLifetime
{
    private readonly TestClock _clock = new();
    private readonly WatchedStore _store = new(new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance));
    private GrainHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await GrainHost.OverStoreAsync(_store, _clock);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Expiry_ends_a_feed_at_the_instant(bool sliding)
    {
        IConversationGrain conversation = _host.Conversation("c");
        await conversation.CommitAsync(Lasting(TimeSpan.FromHours(1), sliding));
        await using FeedReader reader = await FeedReader.OpenAsync(conversation, null);
        Task<ConversationEvent> next = reader.NextAsync();
        _clock.Advance(TimeSpan.FromMinutes(59));
        await conversation.CommitAsync(Messages.Turn("2", Messages.User("x")));
        Assert.Equal("2", FeedReader.Short(await next));

        Task<ConversationEvent> end = reader.EndAsync();
        if (sliding)
        {
            _clock.Advance(TimeSpan.FromMinutes(59));
            Assert.NotNull(await conversation.GetHeadAsync());
            Assert.False(end.IsCompleted);
        }

        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, (await end).Position.Sequence);
        Assert.Null(await conversation.GetHeadAsync());
    }

    [Fact]
    public async Task What_another_activation_did_is_noticed_within_the_refresh_interval()
    {
        await using GrainHost other = await GrainHost.OverStoreAsync(_store, _clock);
        IConversationGrain here = _host.Conversation("c");
        IConversationGrain there = other.Conversation("c");
        await here.CommitAsync(Messages.Turn("1", Messages.User("1")));
        await using FeedReader reader = await FeedReader.OpenAsync(here, null);
        Task<ConversationEvent> next = reader.NextAsync();
        int loads = _store.Reads;

        _clock.Advance(TimeSpan.FromSeconds(30));
        await there.CommitAsync(Messages.Turn("2", Messages.User("2"), Messages.User("3")));
        await there.TruncateAsync("3", 1);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("T3", FeedReader.Short(await next));
        Assert.Equal("3", await reader.NextAsync(1));
        Assert.InRange(_store.Reads, loads + 2, loads + 8);

        next = reader.NextAsync();
        await there.DeleteAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await there.CommitAsync(Messages.Turn("4", Messages.User("anew")));
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("R", FeedReader.Short(await next));
        Assert.Equal("1", await reader.NextAsync(1));

        Task<ConversationEvent> end = reader.EndAsync();
        await there.DeleteAsync();
        _clock.Advance(TimeSpan.FromSeconds(30));
        await end;
    }

    [Fact]
    public async Task A_position_that_another_activation_gave_is_understood_at_once()
    {
        await using GrainHost other = await GrainHost.OverStoreAsync(_store, _clock);
        await _host.Conversation("c").CommitAsync(Messages.Turn("1", Messages.User("1")));
        await other.Conversation("c").CommitAsync(Messages.Turn("2", Messages.User("2"), Messages.User("3")));
        await using FeedReader reader = await FeedReader.OpenAsync(_host.Conversation("c"), new FeedPosition(2));
        Assert.Equal("3", await reader.NextAsync(1));
    }

    [Fact]
    public async Task A_store_that_is_away_for_a_while_ends_no_feed()
    {
        IConversationGrain conversation = _host.Conversation("c");
        await conversation.CommitAsync(Messages.Turn("1", Messages.User("1")));
        await using FeedReader reader = await FeedReader.OpenAsync(conversation, null);
        Task<ConversationEvent> next = reader.NextAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.BeforeLoad = () =>
        {
            asked.TrySetResult();
            return Task.FromException(new MemoryUnavailableException(TimeSpan.FromSeconds(1)));
        };
        _clock.Advance(TimeSpan.FromSeconds(30));
        await asked.Task.WithTimeout();
        _store.BeforeLoad = () => Task.CompletedTask;
        await conversation.CommitAsync(Messages.Turn("2", Messages.User("2")));
        Assert.Equal("2", FeedReader.Short(await next));
    }

    [Fact]
    public async Task Readers_that_went_away_leave_nothing_behind()
    {
        long open = 0;
        var changed = new SemaphoreSlim(0);
        Meter meter = _host.Services.GetRequiredService<MemoryInstruments>().Meter;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, it) =>
        {
            if (instrument.Meter == meter && instrument.Name == TelemetryNames.FeedReaders)
            {
                it.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>(
            (_, value, _, _) =>
            {
                Interlocked.Add(ref open, value);
                changed.Release();
            }
        );
        listener.Start();
        IConversationGrain conversation = _host.Conversation("c");
        await conversation.CommitAsync(Messages.Turn("1", Messages.User("1")));
        int timers = _clock.PendingTimers;

        FeedReader left = await FeedReader.OpenAsync(conversation, null);
        FeedReader read = await FeedReader.OpenAsync(conversation, FeedPosition.Start);
        Assert.Equal("1", await read.NextAsync(1));
        using var cancellation = new CancellationTokenSource();
        var cancelled = new FeedReader(conversation.WatchAsync(new WatchRequest(), cancellation.Token));
        await cancelled.NextAsync();
        Task<ConversationEvent> waiting = cancelled.NextAsync();
        Assert.Equal(3, Interlocked.Read(ref open));

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await left.DisposeAsync();
        await read.DisposeAsync();
        for (int i = 0; i < 6; i++)
        {
            Assert.True(await changed.WaitAsync(Timings.Patience));
        }

        Assert.Equal(0, Interlocked.Read(ref open));
        Assert.Equal(timers, _clock.PendingTimers);
    }

    [Fact]
    public async Task A_host_stops_although_readers_wait()
    {
        IConversationGrain conversation = _host.Conversation("c");
        await conversation.CommitAsync(Messages.Turn("1", Messages.User("1")));
        List<FeedReader> readers = [];
        for (int i = 0; i < 10; i++)
        {
            readers.Add(await FeedReader.OpenAsync(conversation, null));
        }

        Task<ConversationEvent>[] waiting = [.. readers.Select(reader => reader.NextAsync())];
        await _host.StopAsync().WithTimeout();
        await waiting.SettleAsync();
        Assert.All(waiting, wait => Assert.True(wait.IsFaulted || wait.IsCanceled));
    }

    [Fact]
    public async Task A_reader_that_does_not_read_has_two_pages_read_for_it_and_not_more()
    {
        IConversationGrain conversation = _host.Conversation("c");
        string large = new('x', 100_000);
        await conversation.CommitAsync(Messages.Turn("0", Messages.User(large)));
        await using FeedReader reader = await FeedReader.OpenAsync(conversation, FeedPosition.Start);
        Assert.Equal("1", await reader.NextAsync(1));
        int reads = _store.Calls(nameof(Grains.Storage.IConversationStore.ReadMessagesAsync));
        for (int i = 1; i <= 100; i++)
        {
            await conversation.CommitAsync(Messages.Turn($"{i}", Messages.User(large)));
        }

        Assert.Equal("2", await reader.NextAsync(1));
        Assert.InRange(_store.Calls(nameof(Grains.Storage.IConversationStore.ReadMessagesAsync)), reads, reads + 2);
        Assert.Equal(string.Join(' ', Enumerable.Range(3, 99)), await reader.NextAsync(99));
    }

    private static Turn Lasting(TimeSpan time, bool sliding) =>
        Messages.Turn("1", Messages.User("x")) with
        {
            Settings = SettingsChange.Replace(
                new ConversationSettings
                {
                    TimeToLive = new TimeToLive { Duration = time, Sliding = sliding },
                }
            ),
        };
}

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Tests.Support;
using OrleansMemory.Users;
using Xunit;

namespace OrleansMemory.Tests.Diagnostics;

public sealed class MemoryInstrumentsTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task Turns_are_counted_and_no_id_is_ever_a_tag()
    {
        var sums = new ConcurrentDictionary<string, double>();
        var units = new ConcurrentDictionary<string, string?>();
        int tags = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, it) =>
        {
            if (instrument.Meter.Name == TelemetryNames.Meter)
            {
                units[instrument.Name] = instrument.Unit;
                it.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, with, _) => Add(instrument, value, with.Length));
        listener.SetMeasurementEventCallback<int>((instrument, value, with, _) => Add(instrument, value, with.Length));
        listener.SetMeasurementEventCallback<double>((instrument, value, with, _) => Add(instrument, value, with.Length));
        listener.Start();
        await using (GrainHost host = await GrainHost.OnPostgresAsync(database.ConnectionString))
        {
            IConversationGrain conversation = host.Conversation("c");
            for (int i = 0; i < 5; i++)
            {
                await conversation.CommitAsync(Messages.Turn($"{i}", Messages.User("x")));
            }

            await conversation.RefreshAsync();
            await conversation.CommitAsync(Messages.Turn("0", Messages.User("x")));
            await conversation.CommitAsync(
                new Turn
                {
                    TurnId = "short",
                    EntryWrites =
                    [
                        new EntryWrite
                        {
                            Space = "s",
                            Key = "k",
                            Value = "1",
                            TimeToLive = TimeSpan.FromMicroseconds(1),
                        },
                    ],
                    Settings = SettingsChange.Replace(new ConversationSettings { UserId = "u" }),
                }
            );
            await Task.WhenAll(Enumerable.Range(0, 32).Select(position => host.Position(position).SweepAsync()));
            await host.Grains.GetGrain<IUserErasureGrain>(UserKey.Create("tests", "u").ToString()).EraseAsync();
        }

        // Other tests of this process may count on the same meter at the same time.
        Assert.True(sums[TelemetryNames.TurnsCommitted] >= 5);
        Assert.True(sums[TelemetryNames.TurnsReplayed] >= 1);
        Assert.True(sums[TelemetryNames.BatchTurns] >= 5);
        Assert.True(sums[TelemetryNames.CommitDuration] > 0);
        Assert.True(sums[TelemetryNames.ExpiredEntries] >= 1);
        Assert.True(sums[TelemetryNames.ErasedConversations] >= 1);
        Assert.Equal(("{turn}", "s"), (units[TelemetryNames.TurnsCommitted], units[TelemetryNames.CommitDuration]));
        Assert.Equal(0, tags);

        void Add(Instrument instrument, double value, int tagCount)
        {
            sums.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
            Interlocked.Add(ref tags, tagCount);
        }
    }
}

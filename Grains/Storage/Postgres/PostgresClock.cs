using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Npgsql;
using OrleansMemory.Grains.Clocks;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>The clock of the PostgreSQL server.</summary>
/// <param name="lifetime">The open store, whose connections are used.</param>
/// <param name="timeProvider">Times the samples.</param>
internal sealed class PostgresClock(PostgresStoreLifetime lifetime, TimeProvider timeProvider) : IDatabaseClock
{
    private const int Attempts = 4;

    public Task<ImmutableArray<ClockSample>> SampleAsync(int samples, CancellationToken cancellationToken) =>
        lifetime.Store.RunAsync(
            async (connection, token) =>
            {
                var command = new NpgsqlCommand(SqlScripts.ReadClock, connection);
                await using ConfiguredAsyncDisposable _ = command.ConfigureAwait(false);
                var taken = ImmutableArray.CreateBuilder<ClockSample>(samples);
                while (taken.Count < samples)
                {
                    long asked = timeProvider.GetTimestamp();
                    var time = (DateTime)(await command.ExecuteScalarAsync(token).ConfigureAwait(false))!;
                    long answered = timeProvider.GetTimestamp();
                    taken.Add(new ClockSample(new DateTimeOffset(time), answered, timeProvider.GetElapsedTime(asked, answered)));
                }

                return taken.MoveToImmutable();
            },
            Attempts,
            cancellationToken
        );
}

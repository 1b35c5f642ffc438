using Npgsql;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Storage.Postgres.Conversations;

/// <summary>A row of <c>load_head.sql</c>.</summary>
/// <param name="StoreId">The life's id.</param>
/// <param name="ParentStoreId">The life it was forked from.</param>
internal sealed record StoredHead(long StoreId, Head Head, long? ParentStoreId)
{
    public static StoredHead Read(NpgsqlDataReader reader, ConversationKey key)
    {
        long? ttl = reader.IsDBNull(8) ? null : reader.GetInt64(8);
        long? parent = reader.IsDBNull(13) ? null : reader.GetInt64(13);
        var head = new Head
        {
            Key = key,
            Version = reader.GetInt64(1),
            FirstSequence = reader.GetInt64(2),
            LastSequence = reader.GetInt64(3),
            Settings = new ConversationSettings
            {
                UserId = TextOrNull(reader, 4),
                AgentId = TextOrNull(reader, 5),
                Title = TextOrNull(reader, 6),
                Metadata = TextOrNull(reader, 7),
                TimeToLive = Microseconds.FromMicroseconds(ttl, reader.GetBoolean(9)),
            },
            CreatedAt = reader.GetFieldValue<DateTimeOffset>(10),
            UpdatedAt = reader.GetFieldValue<DateTimeOffset>(11),
            ExpiresAt = reader.IsDBNull(12) ? null : reader.GetFieldValue<DateTimeOffset>(12),
            Origin =
                parent is null || reader.IsDBNull(15) ? null : new ForkOrigin { Id = reader.GetString(15), Sequence = reader.GetInt64(14) },
        };
        return new StoredHead(reader.GetInt64(0), head, parent);
    }

    private static string? TextOrNull(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}

/// <summary>Times to live as they are stored.</summary>
internal static class Microseconds
{
    public static long? ToMicroseconds(this TimeToLive? timeToLive) => timeToLive?.Duration.Ticks / TimeSpan.TicksPerMicrosecond;

    public static TimeToLive? FromMicroseconds(long? microseconds, bool sliding) =>
        microseconds is { } value
            ? new TimeToLive { Duration = TimeSpan.FromTicks(value * TimeSpan.TicksPerMicrosecond), Sliding = sliding }
            : null;
}

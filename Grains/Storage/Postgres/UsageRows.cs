using Npgsql;
using OrleansMemory.Usage;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>Reads the rows of usage.</summary>
internal static class UsageRows
{
    /// <summary>Reads a row as <c>read_usage.sql</c> has it.</summary>
    public static TenantUsage Tenant(NpgsqlDataReader reader) =>
        new()
        {
            Tenant = reader.GetString(0),
            Conversations = reader.GetInt64(1),
            Messages = reader.GetInt64(2),
            Bytes = reader.GetInt64(3),
            Memories = reader.GetInt64(4),
            MemoryBytes = reader.GetInt64(5),
        };

    /// <summary>Reads a row as <c>list_largest.sql</c> has it.</summary>
    public static ConversationUsage Conversation(NpgsqlDataReader reader) =>
        new()
        {
            Id = reader.GetString(0),
            UserId = TextOrNull(reader, 1),
            AgentId = TextOrNull(reader, 2),
            Messages = reader.GetInt64(3),
            Turns = reader.GetInt64(4),
            Bytes = reader.GetInt64(5),
            CreatedAt = reader.GetFieldValue<DateTimeOffset>(6),
            UpdatedAt = reader.GetFieldValue<DateTimeOffset>(7),
            ExpiresAt = reader.IsDBNull(8) ? null : reader.GetFieldValue<DateTimeOffset>(8),
        };

    /// <summary>Reads a row as <c>list_users.sql</c> has it.</summary>
    public static UserUsage User(NpgsqlDataReader reader) =>
        new()
        {
            UserId = reader.GetString(0),
            Conversations = reader.GetInt64(1),
            Messages = reader.GetInt64(2),
            Bytes = reader.GetInt64(3),
            Memories = reader.GetInt64(4),
            MemoryBytes = reader.GetInt64(5),
            UpdatedAt = reader.GetFieldValue<DateTimeOffset>(6),
        };

    /// <summary>Reads a row as <c>list_days.sql</c> has it.</summary>
    public static DayUsage Day(NpgsqlDataReader reader) =>
        new()
        {
            Day = reader.GetFieldValue<DateOnly>(0),
            Turns = reader.GetInt64(1),
            Messages = reader.GetInt64(2),
            Bytes = reader.GetInt64(3),
        };

    private static string? TextOrNull(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}

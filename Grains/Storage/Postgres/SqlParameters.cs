using Npgsql;
using NpgsqlTypes;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>Typed positional parameters, so that no type is ever inferred from a value.</summary>
internal static class SqlParameters
{
    public static NpgsqlParameterCollection Bigint(this NpgsqlParameterCollection parameters, long value) =>
        Add(parameters, value, NpgsqlDbType.Bigint);

    public static NpgsqlParameterCollection Bigint(this NpgsqlParameterCollection parameters, long? value) =>
        AddNullable(parameters, value, NpgsqlDbType.Bigint);

    public static NpgsqlParameterCollection Integer(this NpgsqlParameterCollection parameters, int value) =>
        Add(parameters, value, NpgsqlDbType.Integer);

    public static NpgsqlParameterCollection Integer(this NpgsqlParameterCollection parameters, int? value) =>
        AddNullable(parameters, value, NpgsqlDbType.Integer);

    public static NpgsqlParameterCollection Uuid(this NpgsqlParameterCollection parameters, Guid value) =>
        Add(parameters, value, NpgsqlDbType.Uuid);

    public static NpgsqlParameterCollection Bytes(this NpgsqlParameterCollection parameters, byte[]? value) =>
        AddNullable(parameters, value, NpgsqlDbType.Bytea);

    /// <summary>Agent, user and session of a scope.</summary>
    public static NpgsqlParameterCollection Names(this NpgsqlParameterCollection parameters, MemoryScope scope) =>
        parameters.Text(scope.Agent).Text(scope.User).Text(scope.Session);

    public static NpgsqlParameterCollection Smallint(this NpgsqlParameterCollection parameters, short value) =>
        Add(parameters, value, NpgsqlDbType.Smallint);

    public static NpgsqlParameterCollection Boolean(this NpgsqlParameterCollection parameters, bool value) =>
        Add(parameters, value, NpgsqlDbType.Boolean);

    public static NpgsqlParameterCollection Text(this NpgsqlParameterCollection parameters, string? value) =>
        AddNullable(parameters, value, NpgsqlDbType.Text);

    public static NpgsqlParameterCollection Json(this NpgsqlParameterCollection parameters, string? value) =>
        AddNullable(parameters, value, NpgsqlDbType.Json);

    public static NpgsqlParameterCollection Instant(this NpgsqlParameterCollection parameters, DateTimeOffset value) =>
        Add(parameters, value, NpgsqlDbType.TimestampTz);

    public static NpgsqlParameterCollection Instant(this NpgsqlParameterCollection parameters, DateTimeOffset? value) =>
        AddNullable(parameters, value, NpgsqlDbType.TimestampTz);

    public static NpgsqlParameterCollection Array<T>(this NpgsqlParameterCollection parameters, T[] values, NpgsqlDbType type) =>
        Add(parameters, values, NpgsqlDbType.Array | type);

    /// <summary>Adds a day.</summary>
    /// <returns>The same parameters.</returns>
    public static NpgsqlParameterCollection Day(this NpgsqlParameterCollection parameters, DateOnly value) =>
        Add(parameters, value, NpgsqlDbType.Date);

    private static NpgsqlParameterCollection Add<T>(NpgsqlParameterCollection parameters, T value, NpgsqlDbType type)
    {
        parameters.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });
        return parameters;
    }

    private static NpgsqlParameterCollection AddNullable(NpgsqlParameterCollection parameters, object? value, NpgsqlDbType type)
    {
        parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        return parameters;
    }
}

using Npgsql;
using NpgsqlTypes;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>Turns rows into the arrays that <c>unnest</c> takes, one column at a time.</summary>
/// <remarks>
/// A column without any value is sent as an empty array, which <c>unnest</c> fills up with nulls. So a column of flags that are all false
/// arrives as nulls: a statement must not tell the two apart.
/// </remarks>
/// <param name="parameters">Where the arrays go.</param>
internal readonly struct ColumnArrays<T>(NpgsqlParameterCollection parameters, IReadOnlyList<T> rows)
{
    public ColumnArrays<T> Bigint(Func<T, long> column) => Add(column, NpgsqlDbType.Bigint);

    public ColumnArrays<T> Bigint(Func<T, long?> column) => Add(column, NpgsqlDbType.Bigint);

    public ColumnArrays<T> Integer(Func<T, int> column) => Add(column, NpgsqlDbType.Integer);

    public ColumnArrays<T> Boolean(Func<T, bool> column) => Add(column, NpgsqlDbType.Boolean);

    public ColumnArrays<T> Text(Func<T, string?> column) => Add(column, NpgsqlDbType.Text);

    public ColumnArrays<T> Uuid(Func<T, Guid> column) => Add(column, NpgsqlDbType.Uuid);

    public ColumnArrays<T> Json(Func<T, string?> column) => Add(column, NpgsqlDbType.Json);

    public ColumnArrays<T> Bytes(Func<T, byte[]> column) => Add(column, NpgsqlDbType.Bytea);

    public ColumnArrays<T> Instant(Func<T, DateTimeOffset> column) => Add(column, NpgsqlDbType.TimestampTz);

    public ColumnArrays<T> Instant(Func<T, DateTimeOffset?> column) => Add(column, NpgsqlDbType.TimestampTz);

    private ColumnArrays<T> Add<TColumn>(Func<T, TColumn> column, NpgsqlDbType type)
    {
        var values = new TColumn[rows.Count];
        bool any = false;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = column(rows[i]);
            any |= values[i] is not (null or false);
        }

        parameters.Array(any ? values : [], type);
        return this;
    }
}

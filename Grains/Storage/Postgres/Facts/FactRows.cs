using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Npgsql;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Storage.Postgres.Facts;

/// <summary>Reads memories as <c>find_memory.sql</c> and those like it write them.</summary>
internal static class FactRows
{
    /// <summary>How many columns a memory has, its position first.</summary>
    public const int Columns = 18;

    private const string IdFormat = "N";

    /// <summary>Reads an id as a caller gave it.</summary>
    /// <returns>The id; <see langword="null"/> for what no memory can have.</returns>
    public static Guid? ParseId(string id) =>
        Guid.TryParseExact(id, IdFormat, out Guid parsed) && string.Equals(FormatId(parsed), id, StringComparison.Ordinal) ? parsed : null;

    /// <summary>Writes an id as callers have it.</summary>
    public static string FormatId(Guid id) => id.ToString(IdFormat);

    /// <summary>Reads a memory.</summary>
    /// <param name="reader">The row.</param>
    /// <param name="first">The column of its position.</param>
    /// <param name="vector">The column of its vector; <see langword="null"/> when there is none.</param>
    public static StoredFact Read(NpgsqlDataReader reader, int first = 0, int? vector = null) =>
        new(
            reader.GetInt64(first),
            new MemoryFact
            {
                Id = FormatId(reader.GetGuid(first + 1)),
                Kind = (MemoryKind)reader.GetInt16(first + 2),
                Agent = TextOrNull(reader, first + 3),
                User = TextOrNull(reader, first + 4),
                Session = TextOrNull(reader, first + 5),
                Text = reader.GetString(first + 6),
                Caption = TextOrNull(reader, first + 7),
                Role = TextOrNull(reader, first + 8),
                Speaker = TextOrNull(reader, first + 9),
                MessageId = TextOrNull(reader, first + 10),
                ConversationId = TextOrNull(reader, first + 11),
                Metadata = TextOrNull(reader, first + 12),
                OccurredAt = reader.GetFieldValue<DateTimeOffset>(first + 13),
                CreatedAt = reader.GetFieldValue<DateTimeOffset>(first + 14),
                UpdatedAt = reader.GetFieldValue<DateTimeOffset>(first + 15),
                ExpiresAt = reader.IsDBNull(first + 16) ? null : reader.GetFieldValue<DateTimeOffset>(first + 16),
                Version = reader.GetInt64(first + 17),
            },
            vector is { } column && !reader.IsDBNull(column)
                ? MemoryMarshal.Cast<byte, float>(reader.GetFieldValue<byte[]>(column)).ToArray()
                : default
        );

    /// <summary>Reads all memories of a command that has nothing else.</summary>
    /// <param name="vector">The column of their vectors; <see langword="null"/> when there is none.</param>
    public static async Task<IReadOnlyList<StoredFact>> ReadAllAsync(
        NpgsqlCommand command,
        int? vector,
        CancellationToken cancellationToken
    )
    {
        NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable _ = reader.ConfigureAwait(false);
        return await ReadAllAsync(reader, vector, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the memories of a result.</summary>
    /// <param name="vector">The column of their vectors; <see langword="null"/> when there is none.</param>
    public static async Task<IReadOnlyList<StoredFact>> ReadAllAsync(
        NpgsqlDataReader reader,
        int? vector,
        CancellationToken cancellationToken
    )
    {
        var facts = new List<StoredFact>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            facts.Add(Read(reader, vector: vector));
        }

        return facts;
    }

    /// <summary>A vector as it is stored: the platforms of .NET 10 are little-endian, as are the stored numbers.</summary>
    public static byte[] Bytes(ReadOnlyMemory<float> vector) => MemoryMarshal.AsBytes(vector.Span).ToArray();

    public static string? TextOrNull(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}

using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Conversations;

/// <summary>Where a walk through a list stands: opaque text for callers, the same for every silo.</summary>
/// <param name="Began">When its first page was read.</param>
/// <param name="Placed">The place of the last conversation that was shown.</param>
/// <param name="StoreId">Its life.</param>
/// <param name="Mark">What the store wrote down at the first page.</param>
/// <remarks>
/// The layout: version, three numbers of 64 bits, the filter's hash, the mark, a checksum. The checksum finds what was cut or mistyped; it
/// keeps no secret, and a forged cursor shows nothing that a list without cursor would not.
/// </remarks>
internal sealed record ListCursor(DateTimeOffset Began, DateTimeOffset Placed, long StoreId, string Mark)
{
    private const byte Version = 1;
    private const int HashBytes = 8;
    private const int HeadBytes = 1 + (3 * sizeof(long));
    private const int MaxLength = 16 * 1024;

    /// <summary>Reads a cursor.</summary>
    /// <param name="filter">The filter that it must belong to.</param>
    /// <exception cref="InvalidRequestException">It is no cursor, or belongs to another filter.</exception>
    public static ListCursor Read(string text, ListFilter filter)
    {
        byte[] bytes = Decode(text);
        ReadOnlySpan<byte> content = bytes.AsSpan(0, bytes.Length - HashBytes);
        if (!content[HeadBytes..(HeadBytes + HashBytes)].SequenceEqual(filter.Hash().AsSpan(0, HashBytes)))
        {
            throw new InvalidRequestException(
                "cursor",
                "This cursor belongs to a list with other conditions. Keep userId, agentId, forkOf and metadata as they were, or start again without a cursor."
            );
        }

        return new ListCursor(
            InstantAt(content[1..]),
            InstantAt(content[(1 + sizeof(long))..]),
            BinaryPrimitives.ReadInt64LittleEndian(content[(1 + (2 * sizeof(long)))..]),
            Encoding.UTF8.GetString(content[(HeadBytes + HashBytes)..])
        );
    }

    /// <summary>Writes the cursor.</summary>
    /// <param name="filter">The filter that it belongs to.</param>
    /// <returns>Its text, safe in a query string.</returns>
    public string Write(ListFilter filter)
    {
        byte[] mark = Encoding.UTF8.GetBytes(Mark);
        byte[] bytes = new byte[HeadBytes + HashBytes + mark.Length + HashBytes];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(1), Began.UtcTicks);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(1 + sizeof(long)), Placed.UtcTicks);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(1 + (2 * sizeof(long))), StoreId);
        filter.Hash().AsSpan(0, HashBytes).CopyTo(bytes.AsSpan(HeadBytes));
        mark.CopyTo(bytes, HeadBytes + HashBytes);
        SHA256.HashData(bytes.AsSpan(0, bytes.Length - HashBytes)).AsSpan(0, HashBytes).CopyTo(bytes.AsSpan(bytes.Length - HashBytes));
        return Base64Url.EncodeToString(bytes);
    }

    private static byte[] Decode(string text)
    {
        byte[] bytes = text.Length <= MaxLength && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : [];
        return
            bytes.Length >= HeadBytes + (2 * HashBytes)
            && bytes[0] == Version
            && SHA256
                .HashData(bytes.AsSpan(0, bytes.Length - HashBytes))
                .AsSpan(0, HashBytes)
                .SequenceEqual(bytes.AsSpan(bytes.Length - HashBytes))
            ? bytes
            : throw Refusal();
    }

    private static DateTimeOffset InstantAt(ReadOnlySpan<byte> bytes)
    {
        long ticks = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        return ticks >= DateTimeOffset.MinValue.Ticks && ticks <= DateTimeOffset.MaxValue.Ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : throw Refusal();
    }

    private static InvalidRequestException Refusal() =>
        new("cursor", "This is no cursor of a list. Give the one of the page before as it came, or none to start again.");
}

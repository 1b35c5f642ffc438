using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// Where the next page of a search starts, as callers carry it: base64url of a version, a hash of what was searched for and where, and the
/// position of the last message of the page. A cursor of another search is refused.
/// </summary>
/// <param name="place">Where is searched: a conversation or a user.</param>
internal sealed class SearchCursor(string place, string text)
{
    private const byte Version = 1;
    private const int HashLength = 8;
    private const int Length = 1 + HashLength + (3 * sizeof(long));

    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{place.Length}:{place}{text}")))[
        ..HashLength
    ];

    /// <summary>Writes a cursor.</summary>
    /// <param name="position">The position of the last message of a page.</param>
    public string Write(SearchPosition position)
    {
        byte[] bytes = new byte[Length];
        bytes[0] = Version;
        _hash.CopyTo(bytes, 1);
        Span<byte> numbers = bytes.AsSpan(1 + HashLength);
        BinaryPrimitives.WriteInt64BigEndian(numbers, position.Created.UtcTicks);
        BinaryPrimitives.WriteInt64BigEndian(numbers[8..], position.StoreId);
        BinaryPrimitives.WriteInt64BigEndian(numbers[16..], position.Sequence);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a cursor.</summary>
    /// <param name="cursor">The cursor; <see langword="null"/> for none.</param>
    /// <returns>The position; <see langword="null"/> without a cursor.</returns>
    /// <exception cref="InvalidRequestException">It is no cursor of this search.</exception>
    public SearchPosition? Read(string? cursor)
    {
        if (cursor is null)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[Length];
        if (
            cursor.Length != Base64Url.GetEncodedLength(Length)
            || !Base64Url.IsValid(cursor, out int decoded)
            || decoded != Length
            || !Base64Url.TryDecodeFromChars(cursor, bytes, out _)
            || bytes[0] != Version
            || !bytes.Slice(1, HashLength).SequenceEqual(_hash)
        )
        {
            throw Refusal();
        }

        Span<byte> numbers = bytes[(1 + HashLength)..];
        long ticks = BinaryPrimitives.ReadInt64BigEndian(numbers);
        return ticks >= DateTimeOffset.MinValue.Ticks && ticks <= DateTimeOffset.MaxValue.Ticks
            ? new SearchPosition(
                new DateTimeOffset(ticks, TimeSpan.Zero),
                BinaryPrimitives.ReadInt64BigEndian(numbers[8..]),
                BinaryPrimitives.ReadInt64BigEndian(numbers[16..])
            )
            : throw Refusal();
    }

    private static InvalidRequestException Refusal() =>
        new(
            "cursor",
            "cursor is not the cursor of a page of this search. Pass next of the page before, with the same text in the same place."
        );
}

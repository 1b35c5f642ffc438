using System.Buffers.Binary;
using System.Buffers.Text;
using OrleansMemory.Errors;

namespace OrleansMemory.Grains.Memories;

/// <summary>
/// Where the next page of a list of memories starts, as callers carry it: base64url of a version, a hash of the conditions and the position
/// of the last memory that was shown. Positions are given once, so a walk shows what was there at its first page exactly once.
/// </summary>
/// <param name="filter">The conditions that it belongs to.</param>
internal sealed class MemoryCursor(MemoryFilter filter)
{
    private const byte Version = 1;
    private const int HashLength = 8;
    private const int Length = 1 + HashLength + sizeof(long);

    private readonly byte[] _hash = filter.Hash()[..HashLength];

    /// <summary>Writes a cursor.</summary>
    /// <param name="position">The position of the last memory of a page.</param>
    /// <returns>The cursor.</returns>
    public string Write(long position)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        _hash.CopyTo(bytes[1..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(1 + HashLength)..], position);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a cursor.</summary>
    /// <param name="cursor">The cursor; <see langword="null"/> for none.</param>
    /// <returns>The position; <see langword="null"/> without a cursor.</returns>
    /// <exception cref="InvalidRequestException">It is no cursor, or belongs to other conditions.</exception>
    public long? Read(string? cursor)
    {
        if (cursor is null)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[Length];
        return
            cursor.Length == Base64Url.GetEncodedLength(Length)
            && Base64Url.IsValid(cursor, out int decoded)
            && decoded == Length
            && Base64Url.TryDecodeFromChars(cursor, bytes, out _)
            && bytes[0] == Version
            && bytes.Slice(1, HashLength).SequenceEqual(_hash)
            ? BinaryPrimitives.ReadInt64BigEndian(bytes[(1 + HashLength)..])
            : throw new InvalidRequestException(
                "cursor",
                "This is no cursor of this list. Give the one of the page before as it came, with the same conditions, or none to start again."
            );
    }
}

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OrleansMemory.Memories;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Storage;

/// <summary>Which memories of a user to read with their histories.</summary>
/// <param name="After">The position after which to go on.</param>
/// <param name="Limit">The most memories.</param>
/// <param name="MaxBytes">The most bytes, which one memory may exceed.</param>
/// <param name="MaxEvents">The most events of each.</param>
/// <param name="Now">Memories that have expired by this instant are left out.</param>
internal sealed record FactExport(UserKey User, long After, int Limit, long MaxBytes, int MaxEvents, DateTimeOffset Now);

/// <summary>Ids of imported memories.</summary>
internal static class ImportedIds
{
    /// <summary>
    /// How often another id is tried: each is taken only where the same memory was imported and deleted again, or is somebody else's.
    /// </summary>
    public const int Tries = 1_000;

    /// <summary>The id that a memory gets.</summary>
    /// <param name="user">For whom it is imported.</param>
    /// <param name="attempt">Which attempt: 0 keeps the id.</param>
    /// <returns>The id, always the same for the same arguments.</returns>
    public static string Of(UserKey user, string id, int attempt)
    {
        if (attempt == 0)
        {
            return id;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{user}\0{id}\0{attempt}")), hash);

        // A random UUID by its form (RFC 9562, version 8: as its maker likes).
        BinaryPrimitives.WriteUInt16BigEndian(hash[6..], (ushort)((BinaryPrimitives.ReadUInt16BigEndian(hash[6..]) & 0x0FFF) | 0x8000));
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true).ToString("N");
    }

    /// <summary>The events that are written down: all but the recording.</summary>
    public static ImmutableArray<MemoryEvent> Changes(MemoryRecord record) =>
        [.. record.History.Where(change => change.Kind != MemoryEventKind.Added)];

    /// <summary>Whether the extractor recorded it.</summary>
    public static bool IsDistilled(MemoryRecord record) =>
        record.History.Any(change => change is { Kind: MemoryEventKind.Added, ByExtractor: true });
}

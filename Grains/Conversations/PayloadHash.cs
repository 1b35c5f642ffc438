using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using OrleansMemory.Conversations;

namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// The SHA-256 of a turn's payload: everything it changes, as the caller gave it, without the turn id and the expected version. Every part is preceded
/// by its length, so that no two payloads have the same bytes.
/// </summary>
/// <remarks>Hashes are stored. A new field may only be added after the others, and only where it is set.</remarks>
internal static class PayloadHash
{
    public static byte[] Of(Turn turn)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, turn.KeepLast);
        Add(hash, turn.Messages.Length);
        foreach (NewMessage message in turn.Messages)
        {
            Add(hash, message.Id);
            Add(hash, message.Role);
            Add(hash, message.Author);
            Add(hash, message.Contents);
            Add(hash, message.Metadata);
            Add(hash, message.Created?.UtcTicks);
        }

        Add(hash, turn.EntryWrites.Length);
        foreach (EntryWrite write in turn.EntryWrites)
        {
            Add(hash, write.Space);
            Add(hash, write.Key);
            Add(hash, write.Value);
            Add(hash, write.TimeToLive?.Ticks);
        }

        Add(hash, turn.EntryDeletes.Length);
        foreach (EntryDelete delete in turn.EntryDeletes)
        {
            Add(hash, delete.Space);
            Add(hash, delete.Key);
        }

        if (turn.Settings is { } settings)
        {
            Add(hash, (long)settings.Fields);
            Add(hash, settings.Values.UserId);
            Add(hash, settings.Values.AgentId);
            Add(hash, settings.Values.Title);
            Add(hash, settings.Values.Metadata);
            Add(hash, settings.Values.TimeToLive?.Duration.Ticks);
            Add(hash, settings.Values.TimeToLive?.Sliding == true ? 1 : 0);
        }

        if (!turn.DeleteSequences.IsEmpty)
        {
            // Every part before starts with a 0 or a 1, and this with a length and then letters: it cannot be taken for settings.
            Add(hash, "deleteSequences");
            Add(hash, turn.DeleteSequences.Length);
            foreach (long sequence in turn.DeleteSequences)
            {
                Add(hash, sequence);
            }
        }

        return hash.GetHashAndReset();
    }

    private static void Add(IncrementalHash hash, string? text)
    {
        Add(hash, text is null ? -1L : text.Length);
        // UTF-16 in memory order: the platforms of .NET 10 are little-endian, as are the stored hashes.
        hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    private static void Add(IncrementalHash hash, long? number)
    {
        Span<byte> bytes = stackalloc byte[9];
        bytes[0] = number is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], number ?? 0);
        hash.AppendData(bytes);
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// Gathers the parts of a payload and hashes them in one go: a call into the cryptographic library costs more than the bytes of a small
/// part. A payload that is larger than the buffer is hashed piece by piece, to the same result.
/// </summary>
internal struct PayloadWriter : IDisposable
{
    // Most turns fit; what it is rented from keeps buffers of this size.
    private const int BufferBytes = 16 * 1024;

    private readonly byte[] _buffer;
    private int _used;
    private IncrementalHash? _hash;

    public PayloadWriter() => _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);

    /// <summary>Adds a text, preceded by its length; <see langword="null"/> differs from the empty text.</summary>
    public void Add(string? text)
    {
        Add(text is null ? -1L : text.Length);

        // UTF-16 in memory order: the platforms of .NET 10 are little-endian, as are the stored hashes.
        Add(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    /// <summary>Adds a number; <see langword="null"/> differs from every number.</summary>
    public void Add(long? number)
    {
        Span<byte> bytes = stackalloc byte[9];
        bytes[0] = number is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], number ?? 0);
        Add(bytes);
    }

    /// <summary>The SHA-256 of what was added.</summary>
    public readonly byte[] Hash()
    {
        ReadOnlySpan<byte> rest = _buffer.AsSpan(0, _used);
        if (_hash is null)
        {
            return SHA256.HashData(rest);
        }

        _hash.AppendData(rest);
        return _hash.GetHashAndReset();
    }

    public readonly void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _hash?.Dispose();
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _buffer.Length - _used)
        {
            _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            _hash.AppendData(_buffer.AsSpan(0, _used));
            _used = 0;
            if (bytes.Length > _buffer.Length)
            {
                _hash.AppendData(bytes);
                return;
            }
        }

        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
    }
}

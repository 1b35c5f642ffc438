using System.Buffers;
using OrleansMemory.Errors;
using OrleansMemory.Silo.Errors;

namespace OrleansMemory.Silo.Api.Bodies;

/// <summary>
/// The bytes of one body, gathered in one piece of pooled memory while they arrive; counted in the budget and looked through on the way.
/// </summary>
/// <param name="lease">What it takes of the budget.</param>
/// <param name="maxBytes">How long it may be.</param>
/// <param name="maxTokens">How many JSON tokens it may have.</param>
internal sealed class GatheredBody(BodyLease lease, long maxBytes, int maxTokens) : IDisposable
{
    /// <summary>What a token counts for in the budget: a row of the document, and what a handler makes of a value.</summary>
    public const int TokenBytes = 128;

    /// <summary>
    /// What a byte of a whole body counts for while it is worked on. A text of one byte a character becomes a string of two, its stored
    /// form another, and each is written through a buffer: measured as 8 to 9 bytes for a body of one long text.
    /// </summary>
    public const int WorkFactor = 8;

    private const int FirstBytes = 64 * 1024;

    // What the pool keeps for later is memory that no budget counts; such buffers are few enough to be made anew.
    private const int MostPooledBytes = 1024 * 1024;

    private readonly JsonScan _scan = new(maxTokens);
    private byte[]? _bytes;
    private int _length;
    private int _scanned;

    /// <summary>What has arrived.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    /// <summary>Takes what has arrived.</summary>
    /// <param name="arrived">The bytes that follow those before.</param>
    /// <exception cref="PayloadTooLargeException">The body is too long, or has too many tokens.</exception>
    /// <exception cref="ProblemException">The budget is used up.</exception>
    public void Append(ReadOnlySequence<byte> arrived)
    {
        long length = _length + arrived.Length;
        if (length > maxBytes)
        {
            throw new PayloadTooLargeException("body", length, maxBytes, "bytes");
        }

        Grow((int)length);
        arrived.CopyTo(_bytes.AsSpan(_length));
        _length = (int)length;

        // Each time it has doubled: what is left of a long string is looked at again, and must not be at every packet.
        if (_length >= 2 * _scanned)
        {
            Scan();
        }
    }

    /// <summary>Looks through what is left, once all has arrived, and takes of the budget what the work on it will need.</summary>
    public void Complete()
    {
        Scan();
        lease.Raise((WorkFactor - 1L) * _length);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_bytes is { } bytes)
        {
            _bytes = null;
            Return(bytes);
        }

        lease.Dispose();
    }

    private void Grow(int length)
    {
        if (_bytes?.Length >= length)
        {
            return;
        }

        long wanted = Math.Max(length, Math.Min(maxBytes, Math.Max(FirstBytes, 2L * _length)));
        lease.Raise(wanted - (_bytes?.Length ?? 0));
        byte[] larger =
            wanted > MostPooledBytes ? GC.AllocateUninitializedArray<byte>((int)wanted) : ArrayPool<byte>.Shared.Rent((int)wanted);
        if (_bytes is { } bytes)
        {
            bytes.AsSpan(0, _length).CopyTo(larger);
            Return(bytes);
        }

        _bytes = larger;
    }

    private static void Return(byte[] bytes)
    {
        if (bytes.Length <= MostPooledBytes)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void Scan()
    {
        int before = _scan.Tokens;
        _scan.Advance(_bytes.AsSpan(0, _length));
        _scanned = _length;
        lease.Raise((long)TokenBytes * (_scan.Tokens - before));
    }
}

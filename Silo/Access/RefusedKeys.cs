using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace OrleansMemory.Silo.Access;

/// <summary>
/// Counts unknown keys by the address that they come from. Each address has a bucket of tokens, which fills again with time; a full one is
/// forgotten.
/// </summary>
/// <param name="options">How many are answered.</param>
/// <param name="time">The clock.</param>
internal sealed class RefusedKeys(IOptions<AccessOptions> options, TimeProvider time)
{
    /// <summary>
    /// How many addresses are known at most. When there are more, those beyond share one bucket until others have filled again.
    /// </summary>
    public const int MaxAddresses = 10_000;

    private const int SecondsPerMinute = 60;

    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, Bucket> _buckets = [];
    private long _lastCleaned = time.GetTimestamp();

    /// <summary>Counts an unknown key.</summary>
    /// <param name="address">Where it comes from; <see langword="null"/> where the server does not know.</param>
    /// <returns>
    /// <see langword="null"/> while the address has not had too many; else how long until the next one is answered as unknown.
    /// </returns>
    public TimeSpan? Count(IPAddress? address)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            Clean(now);
            UInt128 network = NetworkOf(address);
            if (_buckets.Count >= MaxAddresses && !_buckets.ContainsKey(network))
            {
                network = UInt128.MaxValue;
            }

            double tokens = _buckets.TryGetValue(network, out Bucket known) ? TokensOf(known, now) : options.Value.RefusedKeysPerMinute;
            _buckets[network] = new Bucket(tokens >= 1 ? tokens - 1 : tokens, now);
            return tokens >= 1 ? null : TimeSpan.FromSeconds((1 - tokens) * SecondsPerMinute / options.Value.RefusedKeysPerMinute);
        }
    }

    // A bucket that is full again says nothing.
    private void Clean(long now)
    {
        if (time.GetElapsedTime(_lastCleaned, now) < TimeSpan.FromSeconds(SecondsPerMinute))
        {
            return;
        }

        _lastCleaned = now;
        foreach ((UInt128 network, Bucket bucket) in _buckets)
        {
            if (TokensOf(bucket, now) >= options.Value.RefusedKeysPerMinute)
            {
                _buckets.Remove(network);
            }
        }
    }

    private double TokensOf(Bucket bucket, long now) =>
        Math.Min(
            options.Value.RefusedKeysPerMinute,
            bucket.Tokens + (time.GetElapsedTime(bucket.At, now).TotalSeconds * options.Value.RefusedKeysPerMinute / SecondsPerMinute)
        );

    // Whoever has an IPv6 address has 2^64 of them.
    private static UInt128 NetworkOf(IPAddress? address)
    {
        if (address is null)
        {
            return UInt128.Zero;
        }

        Span<byte> bytes = stackalloc byte[16];
        (address.AddressFamily == AddressFamily.InterNetwork ? address.MapToIPv6() : address).TryWriteBytes(bytes, out _);
        if (!address.IsIPv4MappedToIPv6 && address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            bytes[8..].Clear();
        }

        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private readonly record struct Bucket(double Tokens, long At);
}

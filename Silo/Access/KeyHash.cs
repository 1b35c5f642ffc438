using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OrleansMemory.Silo.Access;

/// <summary>
/// The SHA-256 hash of a key, by which it is looked up. How long a look-up takes tells nothing: who does not know the key cannot choose
/// what its hash begins with.
/// </summary>
internal readonly record struct KeyHash
{
    private readonly UInt128 _upper;
    private readonly UInt128 _lower;

    private KeyHash(ReadOnlySpan<byte> hash) =>
        (_upper, _lower) = (BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));

    /// <summary>The hash of a key.</summary>
    public static KeyHash Of(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        return new KeyHash(hash);
    }

    /// <summary>Reads a hash.</summary>
    /// <param name="text">64 lower-case hexadecimal digits.</param>
    /// <param name="hash">Receives it.</param>
    public static bool TryParse(string text, out KeyHash hash)
    {
        bool isHash = text.Length == 2 * SHA256.HashSizeInBytes && text.All(char.IsAsciiHexDigitLower);
        hash = isHash ? new KeyHash(Convert.FromHexString(text)) : default;
        return isHash;
    }
}

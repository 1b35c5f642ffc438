using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using OrleansMemory.Errors;

namespace OrleansMemory.Conversations;

/// <summary>
/// The address of one conversation: a tenant and an id that is unique within it. Its text form <c>tenant/id</c> is the grain's key.
/// </summary>
/// <remarks>
/// A tenant is 1 to <see cref="MaxTenantLength"/> ASCII letters, digits, <c>-</c>, <c>_</c> or <c>.</c>, the first one a letter or digit.
/// An id is 1 to <see cref="MaxIdLength"/> ASCII letters, digits or <c>- . _ ~ : @ + = | , ; ! $ * ( )</c>, and is neither <c>.</c> nor
/// <c>..</c>. Both are compared ordinally. <c>default</c> is not a valid key.
/// </remarks>
[GenerateSerializer, Immutable, Alias("OrleansMemory.ConversationKey")]
public readonly struct ConversationKey : IEquatable<ConversationKey>
{
    /// <summary>The longest tenant, in characters.</summary>
    public const int MaxTenantLength = 64;

    /// <summary>The longest conversation id, in characters.</summary>
    public const int MaxIdLength = 256;

    private const string LettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> TenantCharacters = SearchValues.Create(LettersAndDigits + "-_.");
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create(LettersAndDigits + "-._~:@+=|,;!$*()");

    private ConversationKey(string tenant, string id)
    {
        Tenant = tenant;
        Id = id;
    }

    /// <summary>The tenant. Tenants never see each other's conversations.</summary>
    [Id(0)]
    public string Tenant { get; }

    /// <summary>The conversation's id within its tenant.</summary>
    [Id(1)]
    public string Id { get; }

    /// <summary>Makes a key from its two parts.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="id">The conversation's id.</param>
    /// <returns>The validated key.</returns>
    /// <exception cref="InvalidRequestException">A part is empty, too long or has a character that is not allowed.</exception>
    public static ConversationKey Create(string tenant, string id)
    {
        CheckTenant(tenant);
        if (id is null || !IsId(id))
        {
            throw new InvalidRequestException(
                "id",
                $"A conversation id is 1 to {MaxIdLength} ASCII letters, digits or any of - . _ ~ : @ + = | , ; ! $ * ( ), and not '.' or '..'."
            );
        }

        return new ConversationKey(tenant, id);
    }

    /// <summary>
    /// Makes a conversation's id of any text, such as a session's key that a host was given: the same text always makes the same id, and no
    /// two texts make one. What an id may have stays readable, except <c>~</c>; every other character becomes <c>~</c> and two hexadecimal
    /// digits for each byte of its UTF-8. A text whose id would be too long becomes <c>~~</c> and its SHA-256. It is no protection: whoever
    /// may choose the text chooses the conversation.
    /// </summary>
    /// <param name="text">The text, not empty.</param>
    /// <returns>The id.</returns>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public static string Encode(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var id = new StringBuilder(text.Length);
        Span<byte> bytes = stackalloc byte[4];
        for (int at = 0; at < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, at, out Rune rune))
            {
                // Half of a surrogate pair has no UTF-8.
                id.Append(CultureInfo.InvariantCulture, $"~u{(int)text[at]:X4}");
                at++;
                continue;
            }

            at += rune.Utf16SequenceLength;
            if (rune.IsAscii && rune.Value != '~' && IdCharacters.Contains((char)rune.Value))
            {
                id.Append((char)rune.Value);
                continue;
            }

            foreach (byte part in bytes[..rune.EncodeToUtf8(bytes)])
            {
                id.Append(CultureInfo.InvariantCulture, $"~{part:X2}");
            }
        }

        return id.Length > MaxIdLength ? $"~~{Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan())))}"
            : id.ToString() is var made && made is "." or ".." ? made.Replace(".", "~2E", StringComparison.Ordinal)
            : made;
    }

    /// <summary>Checks a tenant.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <exception cref="InvalidRequestException">It is empty, too long or has a character that is not allowed.</exception>
    public static void CheckTenant(string tenant)
    {
        if (tenant is null || !IsTenant(tenant))
        {
            throw new InvalidRequestException(
                "tenant",
                $"A tenant is 1 to {MaxTenantLength} ASCII letters, digits, '-', '_' or '.', the first one a letter or digit."
            );
        }
    }

    /// <summary>Reads the text form <c>tenant/id</c>.</summary>
    /// <param name="text">The text form.</param>
    /// <returns>The validated key.</returns>
    /// <exception cref="InvalidRequestException">The text is not a valid key.</exception>
    public static ConversationKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash < 0
            ? throw new InvalidRequestException("key", "A conversation key has the form 'tenant/id'.")
            : Create(text[..slash], text[(slash + 1)..]);
    }

    /// <summary>The text form <c>tenant/id</c>, which is the grain's key.</summary>
    /// <returns>The text form.</returns>
    public override string ToString() => $"{Tenant}/{Id}";

    /// <inheritdoc />
    public bool Equals(ConversationKey other) =>
        string.Equals(Tenant, other.Tenant, StringComparison.Ordinal) && string.Equals(Id, other.Id, StringComparison.Ordinal);

    /// <inheritdoc />
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is ConversationKey other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Tenant, Id);

    /// <summary>Compares two keys ordinally.</summary>
    /// <param name="left">One key.</param>
    /// <param name="right">The other key.</param>
    /// <returns>Whether both parts are equal.</returns>
    public static bool operator ==(ConversationKey left, ConversationKey right) => left.Equals(right);

    /// <summary>Compares two keys ordinally.</summary>
    /// <param name="left">One key.</param>
    /// <param name="right">The other key.</param>
    /// <returns>Whether a part differs.</returns>
    public static bool operator !=(ConversationKey left, ConversationKey right) => !left.Equals(right);

    private static bool IsTenant(string text) =>
        text.Length is > 0 and <= MaxTenantLength
        && char.IsAsciiLetterOrDigit(text[0])
        && text.AsSpan().IndexOfAnyExcept(TenantCharacters) < 0;

    private static bool IsId(string text) =>
        text.Length is > 0 and <= MaxIdLength && text is not ("." or "..") && text.AsSpan().IndexOfAnyExcept(IdCharacters) < 0;
}

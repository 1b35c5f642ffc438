using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using OrleansMemory.Errors;

namespace OrleansMemory.Conversations;

/// <summary>
/// The address of one conversation: a tenant and an id that is unique within it. Its text form <c>tenant/id</c> is the grain's key.
/// </summary>
/// <remarks>
/// A tenant is 1 to <see cref="MaxTenantLength"/> ASCII letters, digits, <c>-</c>, <c>_</c> or <c>.</c>, the first one a letter or digit.
/// An id is 1 to <see cref="MaxIdLength"/> ASCII letters, digits or <c>- . _ ~ : @ + = | , ; ! $ * ( )</c>, and is neither <c>.</c> nor <c>..</c>.
/// Both are compared ordinally. <c>default</c> is not a valid key.
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
                $"A conversation id is 1 to {MaxIdLength} ASCII letters, digits or any of - . _ ~ : @ + = | , ; ! $ * ( ), and not '.' or '..'.");
        }

        return new ConversationKey(tenant, id);
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
                $"A tenant is 1 to {MaxTenantLength} ASCII letters, digits, '-', '_' or '.', the first one a letter or digit.");
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
        text.Length is > 0 and <= MaxTenantLength && char.IsAsciiLetterOrDigit(text[0]) && text.AsSpan().IndexOfAnyExcept(TenantCharacters) < 0;

    private static bool IsId(string text) =>
        text.Length is > 0 and <= MaxIdLength && text is not ("." or "..") && text.AsSpan().IndexOfAnyExcept(IdCharacters) < 0;
}

using System.Diagnostics.CodeAnalysis;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Users;

/// <summary>
/// A user of a tenant, as <see cref="ConversationSettings.UserId"/> names it. Its text form <c>tenant/user</c>, the user percent-encoded,
/// is the key of grains that belong to a user.
/// </summary>
/// <remarks>
/// A user id is 1 to <see cref="MaxUserIdBytes"/> bytes of UTF-8 without U+0000, and neither <c>.</c> nor <c>..</c>. Both parts are
/// compared ordinally. <c>default</c> is not a valid key.
/// </remarks>
[GenerateSerializer, Immutable, Alias("OrleansMemory.UserKey")]
public readonly struct UserKey : IEquatable<UserKey>
{
    /// <summary>The longest user id, in bytes of UTF-8.</summary>
    public const int MaxUserIdBytes = 256;

    private UserKey(string tenant, string userId)
    {
        Tenant = tenant;
        UserId = userId;
    }

    /// <summary>The tenant.</summary>
    [Id(0)]
    public string Tenant { get; }

    /// <summary>The user's id within its tenant.</summary>
    [Id(1)]
    public string UserId { get; }

    /// <summary>Makes a key from its two parts.</summary>
    /// <param name="tenant">The tenant; the rules are those of <see cref="ConversationKey"/>.</param>
    /// <param name="userId">The user's id.</param>
    /// <returns>The validated key.</returns>
    /// <exception cref="InvalidRequestException">A part is empty, too long or has a character that is not allowed.</exception>
    public static UserKey Create(string tenant, string userId)
    {
        string checkedTenant = ConversationKey.Create(tenant, "any").Tenant;
        return NameText.IsName(userId, MaxUserIdBytes)
            ? new UserKey(checkedTenant, userId)
            : throw new InvalidRequestException(
                "userId",
                $"A user id is 1 to {MaxUserIdBytes} bytes of UTF-8, without U+0000, and neither '.' nor '..'."
            );
    }

    /// <summary>Reads the text form <c>tenant/user</c>.</summary>
    /// <param name="text">The text form.</param>
    /// <returns>The validated key.</returns>
    /// <exception cref="InvalidRequestException">The text is not a valid key.</exception>
    public static UserKey Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        UserKey key = slash < 0 ? default : Create(text[..slash], Uri.UnescapeDataString(text[(slash + 1)..]));

        // One user, one key: another spelling of the same user would be another grain.
        return slash >= 0 && string.Equals(key.ToString(), text, StringComparison.Ordinal)
            ? key
            : throw new InvalidRequestException(
                "key",
                "A user's key has the form 'tenant/user', with the user percent-encoded as UserKey.ToString does."
            );
    }

    /// <summary>The text form <c>tenant/user</c>, the user percent-encoded.</summary>
    /// <returns>The text form.</returns>
    public override string ToString() => $"{Tenant}/{Uri.EscapeDataString(UserId ?? string.Empty)}";

    /// <inheritdoc />
    public bool Equals(UserKey other) =>
        string.Equals(Tenant, other.Tenant, StringComparison.Ordinal) && string.Equals(UserId, other.UserId, StringComparison.Ordinal);

    /// <inheritdoc />
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is UserKey other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Tenant, UserId);

    /// <summary>Compares two keys ordinally.</summary>
    /// <param name="left">One key.</param>
    /// <param name="right">The other key.</param>
    /// <returns>Whether both parts are equal.</returns>
    public static bool operator ==(UserKey left, UserKey right) => left.Equals(right);

    /// <summary>Compares two keys ordinally.</summary>
    /// <param name="left">One key.</param>
    /// <param name="right">The other key.</param>
    /// <returns>Whether a part differs.</returns>
    public static bool operator !=(UserKey left, UserKey right) => !left.Equals(right);
}

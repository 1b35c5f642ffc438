using System.Diagnostics.CodeAnalysis;
using System.Text;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Users;

namespace OrleansMemory.Memories;

/// <summary>
/// Whose memories: a tenant, and at least one of agent, user and session; all that are named must match. Its text form
/// <c>tenant/agent=…/user=…/session=…</c>, without those that are not named and percent-encoded, is the key of <see cref="IMemoryGrain"/>.
/// </summary>
/// <remarks>
/// Each name is 1 to <see cref="MaxNameBytes"/> bytes of UTF-8 without U+0000, and neither <c>.</c> nor <c>..</c>. All parts are compared
/// ordinally.
/// </remarks>
[GenerateSerializer, Immutable, Alias("OrleansMemory.MemoryScope")]
public sealed class MemoryScope : IEquatable<MemoryScope>
{
    /// <summary>The longest name, in bytes of UTF-8.</summary>
    public const int MaxNameBytes = 256;

    private MemoryScope(string tenant, string? agent, string? user, string? session)
    {
        Tenant = tenant;
        Agent = agent;
        User = user;
        Session = session;
    }

    /// <summary>The tenant. Tenants never see each other's memories.</summary>
    [Id(0)]
    public string Tenant { get; }

    /// <summary>The agent; <see langword="null"/> for every one.</summary>
    [Id(1)]
    public string? Agent { get; }

    /// <summary>The user; <see langword="null"/> for every one.</summary>
    [Id(2)]
    public string? User { get; }

    /// <summary>The session; <see langword="null"/> for every one.</summary>
    [Id(3)]
    public string? Session { get; }

    /// <summary>Makes a scope.</summary>
    /// <param name="tenant">The tenant; the rules are those of <see cref="ConversationKey"/>.</param>
    /// <param name="agent">The agent; <see langword="null"/> for every one.</param>
    /// <param name="user">The user; <see langword="null"/> for every one.</param>
    /// <param name="session">The session; <see langword="null"/> for every one.</param>
    /// <returns>The validated scope.</returns>
    /// <exception cref="InvalidRequestException">No name is given, or a part is empty, too long or no valid text.</exception>
    public static MemoryScope Create(string tenant, string? agent = null, string? user = null, string? session = null)
    {
        ConversationKey.CheckTenant(tenant);
        if (agent is null && user is null && session is null)
        {
            throw new InvalidRequestException("scope", "At least one of agent, user and session must be named.");
        }

        return new MemoryScope(tenant, CheckName("agent", agent), CheckName("user", user), CheckName("session", session));
    }

    /// <summary>Checks an agent's, a user's or a session's name.</summary>
    /// <param name="field">What it names, for the error.</param>
    /// <param name="name">The name; <see langword="null"/> is one that is not given.</param>
    /// <returns>The name.</returns>
    /// <exception cref="InvalidRequestException">It is empty, too long or no valid text.</exception>
    public static string? CheckName(string field, string? name) =>
        name is null || NameText.IsName(name, MaxNameBytes)
            ? name
            : throw new InvalidRequestException(
                field,
                $"The name of {Article(field)} is 1 to {MaxNameBytes} bytes of UTF-8, without U+0000, and neither '.' nor '..'."
            );

    /// <summary>Reads the text form.</summary>
    /// <param name="text">The text form.</param>
    /// <returns>The validated scope.</returns>
    /// <exception cref="InvalidRequestException">The text is not a valid scope.</exception>
    public static MemoryScope Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('/');
        string? Part(string name) =>
            parts.Skip(1).FirstOrDefault(part => part.StartsWith(name, StringComparison.Ordinal)) is { } part
                ? Uri.UnescapeDataString(part[name.Length..])
                : null;
        MemoryScope scope = Create(parts[0], Part("agent="), Part("user="), Part("session="));

        // One scope, one key: another spelling of the same scope would be another grain.
        return string.Equals(scope.ToString(), text, StringComparison.Ordinal)
            ? scope
            : throw new InvalidRequestException(
                "key",
                "A scope has the form 'tenant/agent=…/user=…/session=…', percent-encoded as MemoryScope.ToString does."
            );
    }

    /// <summary>Whether it shows what another scope records: whether that has all of its names.</summary>
    /// <param name="other">The other scope.</param>
    /// <returns>Whether it does.</returns>
    public bool Shows(MemoryScope other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return string.Equals(Tenant, other.Tenant, StringComparison.Ordinal)
            && Matches(Agent, other.Agent)
            && Matches(User, other.User)
            && Matches(Session, other.Session);
    }

    /// <summary>The text form.</summary>
    /// <returns>The text form.</returns>
    public override string ToString()
    {
        var text = new StringBuilder(Tenant);
        Append(text, "/agent=", Agent);
        Append(text, "/user=", User);
        Append(text, "/session=", Session);
        return text.ToString();
    }

    /// <inheritdoc />
    public bool Equals([NotNullWhen(true)] MemoryScope? other) =>
        other is not null
        && string.Equals(Tenant, other.Tenant, StringComparison.Ordinal)
        && string.Equals(Agent, other.Agent, StringComparison.Ordinal)
        && string.Equals(User, other.User, StringComparison.Ordinal)
        && string.Equals(Session, other.Session, StringComparison.Ordinal);

    /// <inheritdoc />
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as MemoryScope);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Tenant, Agent, User, Session);

    private static bool Matches(string? wanted, string? name) => wanted is null || string.Equals(wanted, name, StringComparison.Ordinal);

    private static void Append(StringBuilder text, string part, string? name)
    {
        if (name is not null)
        {
            text.Append(part).Append(Uri.EscapeDataString(name));
        }
    }

    private static string Article(string field) => field.StartsWith('a') ? $"an {field}" : $"a {field}";
}

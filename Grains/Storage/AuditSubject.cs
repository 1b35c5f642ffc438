using System.Security.Cryptography;
using System.Text;

namespace OrleansMemory.Grains.Storage;

/// <summary>Who or what a row of the audit trail is about.</summary>
/// <param name="Kind">The kind: <see cref="UserKind"/> or <see cref="ConversationKind"/>.</param>
internal sealed record AuditSubject(string Kind, string Id)
{
    public const string UserKind = "user";

    public const string ConversationKind = "conversation";

    public static AuditSubject User(string id) => new(UserKind, id);

    public static AuditSubject Conversation(string id) => new(ConversationKind, id);

    /// <summary>The hash that is kept: HMAC-SHA256 of tenant, kind and id.</summary>
    /// <param name="key">The database's key.</param>
    /// <returns>32 bytes.</returns>
    public byte[] Hash(string tenant, byte[] key) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{tenant}\0{Kind}\0{Id}"));
}

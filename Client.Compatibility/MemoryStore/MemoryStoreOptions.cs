using System.Text.Json;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Compatibility.MemoryStore;

/// <summary>Where an <see cref="IMemoryStore"/> keeps sessions, and how it writes values.</summary>
public sealed class MemoryStoreOptions
{
    /// <summary>Where sessions are kept.</summary>
    /// <value>Default: <see cref="MemoryBackend.Grains"/>.</value>
    public MemoryBackend Backend { get; set; }

    /// <summary>The tenant of the sessions. Memory in this process has no tenants and leaves it alone.</summary>
    /// <value>
    /// Default: <see langword="null"/>, the client's <see cref="ConversationClientOptions.DefaultTenant"/>. The rules are those of
    /// <see cref="ConversationKey"/>.
    /// </value>
    public string? Tenant { get; set; }

    /// <summary>The serializer options that know the types of values.</summary>
    /// <value>Default: <see langword="null"/>, which takes <see cref="JsonSerializerOptions.Default"/>.</value>
    public JsonSerializerOptions? SerializerOptions { get; set; }
}

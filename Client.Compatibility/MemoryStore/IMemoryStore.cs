using OrleansMemory.Client.Errors;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Compatibility.MemoryStore;

/// <summary>Short-lived state of sessions: values by session, namespace and key, each with a time to live or none.</summary>
/// <remarks>
/// <para>Ports the <c>MemoryStore</c> of chains; <c>docs/memory-store.md</c> has the mapping. A session is a conversation: its id follows
/// the rules of a conversation's id. A namespace is 1 to 248 bytes of UTF-8, a key 1 to 1,024, both without U+0000. Every method throws
/// <see cref="InvalidRequestException"/> where one of them is not valid. Unknown sessions, namespaces and keys are empty, never an
/// error.</para>
/// <para>All methods may be called from any thread. An expired value is gone for every read from that instant on. Values are kept as
/// JSON, in the clear: they are as private as the conversation, and what users or models wrote into them is untrusted.</para>
/// </remarks>
public interface IMemoryStore
{
    /// <summary>Sets a value. Value and expiry are both replaced.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="sessionId">The session.</param>
    /// <param name="sessionNamespace">The namespace.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; <see langword="null"/> is one too.</param>
    /// <param name="ttl">
    /// How long it lives, up to 36,500 days, in whole microseconds and at least one. <see langword="null"/>, zero or
    /// <see cref="Timeout.InfiniteTimeSpan"/>: it never expires, also when it had an expiry before. Less than zero: it has expired already,
    /// so that nothing can be read under the key.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the value can be read.</returns>
    /// <exception cref="InvalidRequestException">The value cannot be written as JSON, or <paramref name="ttl"/> is too long.</exception>
    Task SaveAsync<T>(
        string sessionId,
        string sessionNamespace,
        string key,
        T value,
        TimeSpan? ttl = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>Reads a value.</summary>
    /// <typeparam name="T">The type of the value; a nullable one, where <see langword="default"/> is a value of its own.</typeparam>
    /// <param name="sessionId">The session.</param>
    /// <param name="sessionNamespace">The namespace.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The value; <see langword="default"/> when there is none or it has expired.</returns>
    /// <exception cref="UnreadableValueException">The value is not of this type.</exception>
    Task<T?> LoadAsync<T>(string sessionId, string sessionNamespace, string key, CancellationToken cancellationToken = default);

    /// <summary>Reads a value, and tells one that is <see langword="null"/> from none.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="sessionId">The session.</param>
    /// <param name="sessionNamespace">The namespace.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The value, and whether there is one.</returns>
    /// <exception cref="UnreadableValueException">The value is not of this type.</exception>
    Task<LoadedValue<T>> TryLoadAsync<T>(
        string sessionId,
        string sessionNamespace,
        string key,
        CancellationToken cancellationToken = default
    );

    /// <summary>Reads all values of a namespace that have not expired.</summary>
    /// <typeparam name="T">The type of the values; <see cref="System.Text.Json.JsonElement"/> where they are of several types.</typeparam>
    /// <param name="sessionId">The session.</param>
    /// <param name="sessionNamespace">The namespace.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A new dictionary, the caller's own.</returns>
    /// <exception cref="UnreadableValueException">One of the values is not of this type.</exception>
    Task<Dictionary<string, T?>> GetAllAsync<T>(string sessionId, string sessionNamespace, CancellationToken cancellationToken = default);

    /// <summary>Removes a value. Removing what is not there is no error.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="sessionNamespace">The namespace.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the value can no longer be read.</returns>
    Task DeleteAsync(string sessionId, string sessionNamespace, string key, CancellationToken cancellationToken = default);
}

using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Agents;

/// <summary>Where an <see cref="AgentThread"/> keeps its messages. One store serves one thread.</summary>
/// <remarks>
/// Ports Agent Framework's <c>ChatMessageStoreProtocol</c>. What comes back was written by users and models: treat it as untrusted. How long messages are kept,
/// and whether other processes see them, is up to the store.
/// </remarks>
public interface IChatMessageStore
{
    /// <summary>Reads the messages that are meant for the next run, in the order in which a model is given them. It destroys nothing that is stored.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The messages. The list is the caller's own; later additions do not change it.</returns>
    ValueTask<IReadOnlyList<ChatMessage>> ListMessagesAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads the messages that are meant for the next run, whose input may answer calls or approval requests among them: those are kept, and listed
    /// last.</summary>
    /// <param name="newInput">The input of the run.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The messages, without the input. A store that does not look at the input gives what it gives without one.</returns>
    ValueTask<IReadOnlyList<ChatMessage>> ListMessagesAsync(IReadOnlyList<ChatMessage> newInput, CancellationToken cancellationToken = default) =>
        ListMessagesAsync(cancellationToken);

    /// <summary>Adds messages: all of them or, when it fails, none; a store may take a great many in several steps, and goes on when they are added again under their turn id.</summary>
    /// <param name="messages">The messages, in order. None at all adds nothing.</param>
    /// <param name="turnId">Names the addition, so that adding it again adds nothing twice; <see langword="null"/> names a new one.</param>
    /// <param name="cancellationToken">Ends the wait, not an addition that is already on its way.</param>
    /// <returns>A task that ends when they are stored.</returns>
    ValueTask AddMessagesAsync(IEnumerable<ChatMessage> messages, string? turnId = null, CancellationToken cancellationToken = default);

    /// <summary>Writes the store's state, from which <see cref="UpdateFromStateAsync"/> resumes, in another process too.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The state, a JSON object.</returns>
    ValueTask<JsonElement> SerializeAsync(CancellationToken cancellationToken = default);

    /// <summary>Resumes from a state. JSON null and an empty object change nothing.</summary>
    /// <param name="state">The state, of a store of this kind.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when it is done.</returns>
    /// <exception cref="Errors.AgentThreadException">It is no state of this kind of store.</exception>
    ValueTask UpdateFromStateAsync(JsonElement state, CancellationToken cancellationToken = default);
}

using OrleansMemory.Grains.Storage.Postgres.Conversations;
using OrleansMemory.Grains.Storage.Postgres.Facts;

namespace OrleansMemory.Grains.Storage.Postgres;

/// <summary>Holds the store between its opening before the silo starts and its closing after the silo has stopped.</summary>
internal sealed class PostgresStoreLifetime
{
    private PostgresConversationStore? _store;
    private PostgresFactStore? _facts;

    /// <summary>The open store.</summary>
    /// <exception cref="InvalidOperationException">The host has not started yet.</exception>
    public PostgresConversationStore Store
    {
        get => _store ?? throw new InvalidOperationException("The store is opened when the host starts. Start the host first.");
        set => _store = value;
    }

    /// <summary>The open store of long-term memories.</summary>
    /// <exception cref="InvalidOperationException">The host has not started yet.</exception>
    public PostgresFactStore Facts
    {
        get => _facts ?? throw new InvalidOperationException("The store is opened when the host starts. Start the host first.");
        set => _facts = value;
    }
}

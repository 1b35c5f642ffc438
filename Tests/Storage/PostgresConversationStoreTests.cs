using OrleansMemory.Tests.Contracts;
using Xunit;

namespace OrleansMemory.Tests.Storage;

/// <summary>The PostgreSQL store keeps the contract.</summary>
public sealed class PostgresConversationStoreTests(PostgresStoreFixture fixture)
    : ConversationStoreContract(fixture), IClassFixture<PostgresStoreFixture>;

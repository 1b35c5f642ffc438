using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Memories;

public sealed class InMemoryMemoryTests(InMemoryClockedHost fixture) : MemoryBehaviour(fixture), IClassFixture<InMemoryClockedHost>;

public sealed class PostgresMemoryTests(PostgresClockedHost fixture) : MemoryBehaviour(fixture), IClassFixture<PostgresClockedHost>;

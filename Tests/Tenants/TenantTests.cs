using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Tenants;

public sealed class InMemoryTenantTests(InMemoryClockedHost fixture) : TenantBehaviour(fixture), IClassFixture<InMemoryClockedHost>;

public sealed class PostgresTenantTests(PostgresClockedHost fixture) : TenantBehaviour(fixture), IClassFixture<PostgresClockedHost>;

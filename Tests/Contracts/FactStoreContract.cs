using System.Collections.Immutable;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

/// <summary>
/// What every store of long-term memories must do, as <see cref="IFactStore"/> says it. A provider derives from this class and supplies a
/// fixture. The facts share a store; each has a tenant of its own.
/// </summary>
public abstract partial class FactStoreContract(FactStoreFixture fixture)
{
    private const string Model = "model@2";

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _tenant = $"t{Guid.NewGuid():N}";

    private static CancellationToken None => CancellationToken.None;

    private IFactStore Store => fixture.Store;

    private MemoryScope Scope(string? agent = null, string? user = null, string? session = null) =>
        MemoryScope.Create(_tenant, agent, user, session);

    /// <summary>One of the seven combinations of names.</summary>
    private MemoryScope ScopeOf(int mask) => Scope((mask & 1) > 0 ? "a" : null, (mask & 2) > 0 ? "u" : null, (mask & 4) > 0 ? "s" : null);

    private static MemoryFact New(MemoryScope scope, string text, MemoryKind kind = MemoryKind.Fact) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString("N"),
            Kind = kind,
            Agent = scope.Agent,
            User = scope.User,
            Session = scope.Session,
            Text = text,
            OccurredAt = Start,
            CreatedAt = Start,
            UpdatedAt = Start,
            Version = 1,
        };

    private static FactRecording Recording(MemoryScope scope, params MemoryFact[] facts) =>
        new()
        {
            Scope = scope,
            Facts = [.. facts],
            PayloadHash = [1, 2, 3],
            At = Start,
        };

    private async Task<MemoryFact> RecordAsync(MemoryScope scope, string text, MemoryKind kind = MemoryKind.Fact, bool extract = false)
    {
        MemoryFact fact = New(scope, text, kind);
        RecordResult result = await Store.RecordAsync(Recording(scope, fact) with { Extract = extract }, None);
        Assert.Equal((RecordStatus.Recorded, fact.Id), (result.Status, Assert.Single(result.Ids)));
        return fact;
    }

    private async Task<IReadOnlyList<StoredFact>> ReadAsync(MemoryScope scope, string? model = null) =>
        await Store.ReadScopeAsync(new ScopeRead(scope, model, null, int.MaxValue, long.MaxValue), None);

    private async Task<FactChanges> ChangesAsync(MemoryScope scope, FactMark since, string? model = null) =>
        await Store.ReadChangesAsync(scope, since, model, 1_000, long.MaxValue, None)
        ?? throw new InvalidOperationException("The mark is not known.");

    private FactChange Change(MemoryFact fact, string? text = null, long? expected = null) =>
        new()
        {
            Tenant = _tenant,
            Id = fact.Id,
            Text = text,
            ExpectedVersion = expected,
            At = Start.AddMinutes(1),
        };

    private Task<ImmutableArray<MemoryEvent>> HistoryAsync(string id, int limit = 100) =>
        Store.ReadHistoryAsync(_tenant, id, Start, limit, None);

    private FactList List(string? user = null, int limit = 100) =>
        new()
        {
            Tenant = _tenant,
            User = user,
            Limit = limit,
            Now = Start,
        };

    private static string[] Texts(IEnumerable<StoredFact> facts) => [.. facts.Select(stored => stored.Fact.Text)];
}

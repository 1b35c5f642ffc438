using OrleansMemory.Auditing;
using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

/// <summary>What every store must do for the audit trail, as <see cref="IAuditStore"/> says it.</summary>
public abstract class AuditContract(StoreFixture fixture) : ConversationStoreContract(fixture)
{
    private static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private IAuditStore Audit => Fixture.Audit;

    [Fact]
    public async Task A_row_is_there_before_its_end_and_gets_its_counts_then()
    {
        long id = await Audit.BeginAsync(Note(AuditSubject.User("zoe")), None);
        AuditRecord begun = Assert.Single(await ListAsync());
        await Audit.CompleteAsync(id, At.AddSeconds(3), """{"messages":3}""", None);
        AuditRecord ended = Assert.Single(await ListAsync());

        Assert.Equal((id, At, null, null), (begun.Id, begun.At, begun.CompletedAt, begun.Counts));
        Assert.Equal(
            (Tenant, "user.erase", "somebody", At.AddSeconds(3), """{"messages":3}"""),
            (ended.Tenant, ended.Action, ended.Actor, ended.CompletedAt, ended.Counts)
        );
    }

    [Fact]
    public async Task A_subject_is_found_by_its_id_in_its_tenant_and_cannot_be_read()
    {
        await Audit.BeginAsync(Note(AuditSubject.User("zoe")), None);
        await Audit.BeginAsync(Note(AuditSubject.User("bob")), None);
        await Audit.BeginAsync(Note(AuditSubject.Conversation("zoe")), None);
        await Audit.BeginAsync(Note(null) with { Tenant = Tenant + "x" }, None);
        await Audit.BeginAsync(Note(AuditSubject.User("zoe")) with { Tenant = Tenant + "x" }, None);

        AuditRecord found = Assert.Single(await ListAsync(AuditSubject.User("zoe")));
        IReadOnlyList<AuditRecord> other = await Audit.ListAsync(
            new AuditList(Tenant + "x", AuditSubject.User("zoe"), long.MaxValue, 10),
            None
        );

        Assert.Matches("^[0-9a-f]{64}$", found.Subject);
        Assert.Equal(4, (await ListAsync()).Concat(other).Select(row => row.Subject).Distinct(StringComparer.Ordinal).Count());
        Assert.DoesNotContain("zoe", string.Concat((await ListAsync()).Select(row => row.ToString())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_go_from_the_newest_row_to_the_oldest()
    {
        var ids = new List<long>();
        for (int i = 0; i < 5; i++)
        {
            ids.Add(await Audit.BeginAsync(Note(null) with { IsOver = true }, None));
        }

        IReadOnlyList<AuditRecord> first = await Audit.ListAsync(new AuditList(Tenant, null, long.MaxValue, 3), None);
        IReadOnlyList<AuditRecord> rest = await Audit.ListAsync(new AuditList(Tenant, null, first[^1].Id, 3), None);

        ids.Reverse();
        Assert.Equal(ids, first.Concat(rest).Select(row => row.Id));
        Assert.All(first, row => Assert.Equal(At, row.CompletedAt));
        Assert.Contains(await Audit.ListAsync(new AuditList(null, null, long.MaxValue, 1_000), None), row => row.Id == ids[0]);
    }

    [Fact]
    public async Task Rows_that_are_old_enough_are_removed_in_steps()
    {
        DateTimeOffset old = At.AddYears(-20);
        for (int i = 0; i < 3; i++)
        {
            await Audit.BeginAsync(Note(null) with { At = old }, None);
        }

        await Audit.BeginAsync(Note(null) with { At = old.AddDays(1) }, None);

        Assert.Equal(2, await Audit.SweepAsync(old.AddDays(1), 2, None));
        Assert.Equal(1, await Audit.SweepAsync(old.AddDays(1), 2, None));
        Assert.Equal(0, await Audit.SweepAsync(old.AddDays(1), 2, None));
        Assert.Equal(old.AddDays(1), Assert.Single(await ListAsync()).At);
    }

    private AuditNote Note(AuditSubject? subject) => new(Tenant, "user.erase", "somebody", subject, At);

    private Task<IReadOnlyList<AuditRecord>> ListAsync(AuditSubject? subject = null) =>
        Audit.ListAsync(new AuditList(Tenant, subject, long.MaxValue, 100), None);
}

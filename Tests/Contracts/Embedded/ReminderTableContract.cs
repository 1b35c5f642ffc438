using Xunit;

namespace OrleansMemory.Tests.Contracts.Embedded;

/// <summary>What every reminder table of the embedded host must do.</summary>
public abstract class ReminderTableContract : IAsyncLifetime
{
    private static readonly DateTime Start = new(2026, 1, 2, 3, 4, 5, 678, 901, DateTimeKind.Utc);
    private static readonly GrainId Grain = GrainId.Create("reminded", "a/b %/?");

    private IReminderTable _table = null!;

    public async Task InitializeAsync()
    {
        _table = await OpenAsync();
        await _table.TestOnlyClearTable();
    }

    public virtual Task DisposeAsync() => Task.CompletedTask;

    protected abstract Task<IReminderTable> OpenAsync();

    [Fact]
    public async Task A_reminder_comes_back_as_it_was_written()
    {
        string? etag = await _table.UpsertRow(Entry(Grain, "r"));
        ReminderEntry read = (await _table.ReadRow(Grain, "r"))!;

        Assert.Equal((Grain, "r", Start, TimeSpan.FromMinutes(7), etag), (read.GrainId, read.ReminderName, read.StartAt, read.Period, read.ETag));
        Assert.Equal(DateTimeKind.Utc, read.StartAt.Kind);
        Assert.Null(await _table.ReadRow(Grain, "R"));
        Assert.Null(await _table.ReadRow(GrainId.Create("reminded", "a"), "r"));
    }

    [Fact]
    public async Task A_reminder_is_replaced_whatever_its_ETag_and_gets_a_new_one()
    {
        string? first = await _table.UpsertRow(Entry(Grain, "r"));
        ReminderEntry changed = Entry(Grain, "r");
        changed.Period = TimeSpan.FromHours(1);
        changed.StartAt = Start.AddDays(1);
        string? second = await _table.UpsertRow(changed);

        Assert.NotEqual(first, second);
        ReminderEntry read = Assert.Single((await _table.ReadRows(Grain)).Reminders);
        Assert.Equal((Start.AddDays(1), TimeSpan.FromHours(1), second), (read.StartAt, read.Period, read.ETag));
    }

    [Fact]
    public async Task A_reminder_is_removed_only_as_it_was_seen()
    {
        string seen = (await _table.UpsertRow(Entry(Grain, "r")))!;
        string current = (await _table.UpsertRow(Entry(Grain, "r")))!;

        Assert.False(await _table.RemoveRow(Grain, "r", seen));
        Assert.False(await _table.RemoveRow(Grain, "r", "no ETag of ours"));
        Assert.False(await _table.RemoveRow(Grain, "other", current));
        Assert.True(await _table.RemoveRow(Grain, "r", current));
        Assert.False(await _table.RemoveRow(Grain, "r", current));

        // The next one of that name is another one.
        Assert.NotEqual(current, await _table.UpsertRow(Entry(Grain, "r")));
        Assert.False(await _table.RemoveRow(Grain, "r", current));
    }

    [Fact]
    public async Task Reminders_of_one_grain_are_read_together()
    {
        await _table.UpsertRow(Entry(Grain, "r"));
        await _table.UpsertRow(Entry(Grain, "s"));
        await _table.UpsertRow(Entry(GrainId.Create("reminded", "other"), "r"));

        Assert.Equal(["r", "s"], (await _table.ReadRows(Grain)).Reminders.Select(entry => entry.ReminderName).Order(StringComparer.Ordinal));
        Assert.Empty((await _table.ReadRows(GrainId.Create("reminded", "third"))).Reminders);
    }

    [Fact]
    public async Task Ranges_of_the_ring_are_read_without_their_start_and_with_their_end()
    {
        GrainId[] ids = [.. Enumerable.Range(0, 50).Select(i => GrainId.Create("reminded", $"{i}"))];
        foreach (GrainId id in ids)
        {
            await _table.UpsertRow(Entry(id, "r"));
        }

        uint[] hashes = [.. ids.Select(id => id.GetUniformHashCode()).Order()];
        Assert.Equal(50, (await _table.ReadRows(0, 0)).Reminders.Count);
        Assert.Equal(50, (await _table.ReadRows(7, 7)).Reminders.Count);
        Assert.Equal(50, (await _table.ReadRows(0, uint.MaxValue)).Reminders.Count);
        Assert.Equal(10, (await _table.ReadRows(hashes[9], hashes[19])).Reminders.Count);
        Assert.Equal(40, (await _table.ReadRows(hashes[19], hashes[9])).Reminders.Count);
        await _table.TestOnlyClearTable();
        Assert.Empty((await _table.ReadRows(0, 0)).Reminders);
    }

    [Fact]
    public async Task Many_changes_of_one_reminder_at_once_leave_one_of_them()
    {
        string?[] etags = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => _table.UpsertRow(Entry(Grain, "r")))));

        Assert.Equal(30, etags.Distinct().Count());
        Assert.Contains(Assert.Single((await _table.ReadRows(Grain)).Reminders).ETag, etags);
    }

    private static ReminderEntry Entry(GrainId grain, string name) => new()
    {
        GrainId = grain,
        ReminderName = name,
        StartAt = Start,
        Period = TimeSpan.FromMinutes(7),
        ETag = "not used",
    };
}

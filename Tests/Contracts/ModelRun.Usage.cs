using OrleansMemory.Grains.Storage;
using OrleansMemory.Usage;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// What is noted of usage.
internal sealed partial class ModelRun
{
    private static readonly DateOnly Day = new(2026, 1, 1);

    /// <summary>
    /// Turns are noted by who commits them, which here is this run; all else is noted by what does it, and must agree with what is stored
    /// after every step.
    /// </summary>
    private async Task CompareUsageAsync(ModelStep step)
    {
        if (usage is null)
        {
            return;
        }

        TenantUsage stored = await usage.CountAsync(_tenant);
        TenantUsage noted = await usage.Usage.ReadAsync(_tenant, None);
        if (
            step.Kind is ModelStepKind.Turn or ModelStepKind.StaleTurn or ModelStepKind.RepeatedTurn or ModelStepKind.Pipeline
            && noted != stored
        )
        {
            var growth = new UsageAmount(
                stored.Conversations - noted.Conversations,
                stored.Messages - noted.Messages,
                stored.Bytes - noted.Bytes,
                Turns: 1
            );
            noted = Assert.Single(await usage.Usage.NoteAsync([new UsageGrowth(_tenant, growth)], Day, [_tenant], None));
        }

        Assert.Equal(stored, noted);
    }

    /// <summary>The counters of the conversations agree with what is stored too: a count by them changes nothing.</summary>
    private async Task RecountAsync()
    {
        if (usage is not null)
        {
            TenantUsage stored = await usage.CountAsync(_tenant);
            Assert.Equal(stored, await usage.Usage.RecountAsync(_tenant, None));
            await usage.Usage.FoldAsync(10_000, None);
            Assert.Equal(stored, await usage.Usage.ReadAsync(_tenant, None));
        }
    }
}

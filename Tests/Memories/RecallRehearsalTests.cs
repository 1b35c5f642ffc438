using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Memories;
using OrleansMemory.Grains.Memories.Recall;
using Xunit;

namespace OrleansMemory.Tests.Memories;

public sealed class RecallRehearsalTests
{
    [Fact]
    public void It_goes_through_recall_until_it_is_cancelled()
    {
        Assert.InRange(RecallRehearsal.Run(new MemoryOptions(), new RecallWeights(), CancellationToken.None), 200, 500);
        Assert.Equal(0, RecallRehearsal.Run(new MemoryOptions(), new RecallWeights(), new CancellationToken(canceled: true)));
    }
}

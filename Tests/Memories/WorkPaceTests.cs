using OrleansMemory.Grains.Memories;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;
using Xunit;

namespace OrleansMemory.Tests.Memories;

public sealed class WorkPaceTests
{
    [Fact]
    public void The_thread_is_let_go_after_many_short_memories_and_after_each_long_one()
    {
        var pace = new WorkPace();
        StoredFact nothing = Stored("", null);
        int memories = 1;
        while (!pace.IsDone(nothing))
        {
            memories++;
        }

        Assert.Equal(WorkPace.StepCharacters / WorkPace.MemoryCharacters, memories);
        Assert.False(pace.IsDone(nothing));
        Assert.True(pace.IsDone(Stored(new string('x', WorkPace.StepCharacters), null)));
        Assert.True(pace.IsDone(Stored("", new string('x', WorkPace.StepCharacters))));
        Assert.False(pace.IsDone(nothing));
    }

    private static StoredFact Stored(string text, string? caption) =>
        new(
            1,
            new MemoryFact
            {
                Id = "m",
                Kind = MemoryKind.Fact,
                Text = text,
                Caption = caption,
                OccurredAt = DateTimeOffset.UnixEpoch,
                CreatedAt = DateTimeOffset.UnixEpoch,
                UpdatedAt = DateTimeOffset.UnixEpoch,
                Version = 1,
            },
            default
        );
}

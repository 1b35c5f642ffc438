using OrleansMemory.Silo.Hosting;
using Xunit;

namespace OrleansMemory.Tests.Silo;

public sealed class IdleMemoryTests
{
    private const long MiB = 1024 * 1024;

    private readonly FakeHeap _heap = new();

    [Fact]
    public void After_a_load_that_has_ended_memory_is_given_back_and_then_there_is_peace()
    {
        IdleMemory idle = new(TimeProvider.System, _heap);
        Load(idle, 500 * MiB);
        Assert.Equal(0, _heap.Collections);

        Quiet(idle, 100);

        Assert.Equal(3, _heap.Collections);
    }

    [Fact]
    public void Under_load_it_does_nothing()
    {
        IdleMemory idle = new(TimeProvider.System, _heap);
        for (int i = 0; i < 100; i++)
        {
            Load(idle, 100 * MiB);
            Quiet(idle, 1);
        }

        Assert.Equal(0, _heap.Collections);
    }

    [Fact]
    public void A_silo_that_never_had_a_load_is_left_alone()
    {
        IdleMemory idle = new(TimeProvider.System, _heap);

        Quiet(idle, 8);

        Assert.Equal(0, _heap.Collections);
    }

    [Fact]
    public void Each_load_is_cleared_up_after_once()
    {
        IdleMemory idle = new(TimeProvider.System, _heap);
        for (int i = 1; i <= 5; i++)
        {
            Load(idle, 100 * MiB);
            Quiet(idle, 40);
            Assert.Equal(3 * i, _heap.Collections);
        }
    }

    private void Load(IdleMemory idle, long bytes)
    {
        _heap.AllocatedBytes += bytes;
        idle.Look();
    }

    private void Quiet(IdleMemory idle, int looks)
    {
        for (int i = 0; i < looks; i++)
        {
            // What a silo's own beats allocate.
            _heap.AllocatedBytes += MiB / 2;
            idle.Look();
        }
    }

    private sealed class FakeHeap : IManagedHeap
    {
        public long AllocatedBytes { get; set; }

        public int Collections { get; private set; }

        public void Collect() => Collections++;
    }
}

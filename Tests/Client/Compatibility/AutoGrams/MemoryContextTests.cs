using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.AutoGrams;

public sealed class MemoryContextTests
{
    [Fact]
    public void Uses_nest_and_restore_also_on_exceptions()
    {
        var outer = new MemoryObject();
        var inner = new SimpleMemory();
        Assert.Null(MemoryContext.Current);
        using (MemoryContext.Use(outer))
        {
            Assert.Throws<TimeoutException>(
                (Action)(
                    () =>
                    {
                        using (MemoryContext.Use(inner))
                        {
                            Assert.Same(inner, MemoryContext.Current);
                            throw new TimeoutException();
                        }
                    }
                )
            );
            Assert.Same(outer, MemoryContext.Current);
        }

        Assert.Null(MemoryContext.Current);
    }

    [Fact]
    public void Ending_a_use_twice_does_nothing()
    {
        IDisposable use = MemoryContext.Use(new MemoryObject());
        use.Dispose();
        var other = new MemoryObject();
        using (MemoryContext.Use(other))
        {
            use.Dispose();
            Assert.Same(other, MemoryContext.Current);
        }
    }

    [Fact]
    public void No_memory_is_refused() => Assert.Throws<ArgumentNullException>(() => MemoryContext.Use(null!));

    [Fact]
    public async Task A_use_survives_await_flows_into_tasks_and_does_not_leave_them()
    {
        var memory = new MemoryObject();
        var other = new MemoryObject();
        using var gate = new Gate();
        Task<ProgramMemory?> started = Task.Run(async () =>
        {
            await gate.PassAsync();
            return MemoryContext.Current;
        });
        await gate.ArrivalAsync();
        using (MemoryContext.Use(memory))
        {
            await Task.Yield();
            Assert.Same(memory, MemoryContext.Current);
            Assert.Same(memory, await Task.Run(() => MemoryContext.Current));
            await Task.Run(() => MemoryContext.Use(other));
            Assert.Same(memory, MemoryContext.Current);
            gate.Open();
            Assert.Null(await started.WithTimeout());
        }

        Assert.Null(MemoryContext.Current);
    }
}

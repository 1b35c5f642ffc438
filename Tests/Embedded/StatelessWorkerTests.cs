using Orleans.Concurrency;
using Xunit;

namespace OrleansMemory.Tests.Embedded;

public interface IWorkerGrain : IGrainWithStringKey
{
    Task<int> CountAsync();
}

[StatelessWorker(1)]
internal sealed class WorkerGrain : Grain, IWorkerGrain
{
    private int _calls;

    public Task<int> CountAsync() => Task.FromResult(++_calls);
}

public sealed class StatelessWorkerTests
{
    [Fact]
    public async Task One_worker_serves_all_calls_of_a_key()
    {
        await using EmbeddedHost host = await EmbeddedHost.StartAsync();
        IWorkerGrain worker = host.Grain<IWorkerGrain>("a");
        await worker.CountAsync();
        Assert.Equal(2, await worker.CountAsync());
        Assert.Equal(1, await host.Grain<IWorkerGrain>("b").CountAsync());
    }

    [Fact]
    public void More_workers_are_refused_by_name()
    {
        NotSupportedException refused = Assert.Throws<NotSupportedException>(() => new StatelessWorkerAttribute(2));
        Assert.Contains("Cluster=true", refused.Message, StringComparison.Ordinal);
    }
}

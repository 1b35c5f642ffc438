using OrleansMemory.Grains.Memories;
using Xunit;

namespace OrleansMemory.Tests.Memories;

public sealed class CatchUpTests
{
    private readonly List<TaskCompletionSource> _runs = [];
    private readonly CatchUp _catchUp;

    public CatchUpTests() =>
        _catchUp = new CatchUp(() =>
        {
            _runs.Add(new TaskCompletionSource());
            return _runs[^1].Task;
        });

    [Fact]
    public async Task Whoever_asks_while_one_runs_waits_for_the_next_one_together()
    {
        Task first = _catchUp.RunAsync(CancellationToken.None);
        Task second = _catchUp.RunAsync(CancellationToken.None);
        Task third = _catchUp.RunAsync(CancellationToken.None);
        Assert.Single(_runs);
        _runs[0].SetResult();
        await first;
        Assert.False(second.IsCompleted);
        Assert.Equal(2, _runs.Count);
        Task fourth = _catchUp.RunAsync(CancellationToken.None);
        _runs[1].SetResult();
        await Task.WhenAll(second, third);
        Assert.Equal(3, _runs.Count);
        _runs[2].SetResult();
        await fourth;
    }

    [Fact]
    public async Task A_failure_is_told_to_those_who_waited_for_it_only()
    {
        Task first = _catchUp.RunAsync(CancellationToken.None);
        Task second = _catchUp.RunAsync(CancellationToken.None);
        _runs[0].SetException(new InvalidOperationException());
        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        _runs[1].SetResult();
        await second;
    }

    [Fact]
    public async Task Who_does_not_want_to_wait_any_more_leaves_the_run_to_the_others()
    {
        using var cancellation = new CancellationTokenSource();
        Task first = _catchUp.RunAsync(cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Task second = _catchUp.RunAsync(CancellationToken.None);
        Assert.Single(_runs);
        _runs[0].SetResult();
        _runs[1].SetResult();
        await second;
    }
}

namespace OrleansMemory.Tests.Support;

/// <summary>Does something over and over, beside the test, until it is disposed.</summary>
internal sealed class Repeated : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    private readonly CancellationTokenSource _ending = new();
    private readonly Task _repeating;

    public Repeated(Func<Task> action) => _repeating = RepeatAsync(action);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _repeating;
        _ending.Dispose();
    }

    private async Task RepeatAsync(Func<Task> action)
    {
        while (!_ending.IsCancellationRequested)
        {
            await action();
            await Task.Delay(Pause, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

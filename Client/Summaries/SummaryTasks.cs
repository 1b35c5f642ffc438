using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Summaries;

/// <summary>Summaries that are being made while runs go on: one at a time for a conversation.</summary>
/// <param name="writer">Makes them.</param>
/// <param name="logger">Where failures are logged.</param>
internal sealed class SummaryTasks(SummaryWriter writer, ILogger logger) : IDisposable
{
    private readonly ConcurrentDictionary<ConversationKey, Task> _running = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Starts a summary unless one of the same conversation is being made; a later run sees to the rest.</summary>
    /// <param name="startOfWindow">The first sequence of the window that the run had.</param>
    public void Start(Conversation conversation, long startOfWindow)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_stopping.IsCancellationRequested || !_running.TryAdd(conversation.Key, done.Task))
        {
            return;
        }

        // Unsafe, because the run's own context is not to flow into what outlives the run.
        ThreadPool.UnsafeQueueUserWorkItem(_ => _ = RunAsync(conversation, startOfWindow, done), null);
    }

    /// <summary>Waits for the summaries that are being made.</summary>
    /// <returns>A task that ends when none of them runs any more.</returns>
    public Task CompleteAsync(CancellationToken cancellationToken) => Task.WhenAll(_running.Values).WaitAsync(cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _stopping.Cancel();

    private async Task RunAsync(Conversation conversation, long startOfWindow, TaskCompletionSource done)
    {
        try
        {
            await writer.WriteAsync(conversation, startOfWindow, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The client was disposed of; a later run makes this summary.
        }
        catch (Exception failure)
        {
            SummaryLog.SummaryFailed(logger, failure.GetType().Name);
        }
        finally
        {
            _running.TryRemove(conversation.Key, out _);
            done.SetResult();
        }
    }
}

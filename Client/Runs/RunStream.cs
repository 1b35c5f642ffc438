using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// The stream of one run. Each step runs inside the run, and its consumer outside of it, because what an iterator sets does not outlive its
/// yield. The run is committed before the
/// end is told; disposed of earlier, it is given up.
/// </summary>
/// <param name="session">The run.</param>
/// <param name="open">Calls the inner client.</param>
/// <param name="cancellationToken">Ends the run.</param>
internal sealed class RunStream(
    RunSession session, Func<RunRequest, CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> open, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly List<ChatResponseUpdate> _updates = [];
    private readonly UpdateStamp _stamp = new(session.ConversationId);
    private IAsyncEnumerator<ChatResponseUpdate>? _inner;
    private Exception? _failure;
    private bool _answered;
    private bool _committed;

    /// <summary>The update that the last step gave.</summary>
    public ChatResponseUpdate Current { get; private set; } = null!;

    /// <summary>Goes to the next update, or commits.</summary>
    /// <returns>Whether there is one.</returns>
    public async Task<bool> MoveNextAsync()
    {
        session.Run.Enter();
        try
        {
            _inner ??= open(await session.PrepareAsync(cancellationToken), cancellationToken).GetAsyncEnumerator(cancellationToken);
            if (await _inner.MoveNextAsync())
            {
                ChatResponseUpdate stamped = _stamp.Apply(_inner.Current);
                _updates.Add(stamped);
                Current = Copies.Of(stamped);
                return true;
            }

            _answered = true;
            await session.CommitAsync(_updates.ToChatResponse(), cancellationToken);
            _committed = true;
            return false;
        }
        catch (Exception failure)
        {
            _failure = failure;
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        session.Run.Enter();
        try
        {
            if (_inner is not null)
            {
                await _inner.DisposeAsync();
            }
        }
        finally
        {
            if (!_committed)
            {
                await GiveUpAsync();
            }
        }
    }

    private async Task GiveUpAsync()
    {
        if (_inner is not null && !_answered)
        {
            await session.StorePartialAsync(_updates);
        }

        await session.FailAsync(_failure ?? new OperationCanceledException("The stream was not read to its end."));
    }
}

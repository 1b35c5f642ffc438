using Microsoft.Extensions.AI;

namespace OrleansMemory.Client.Runs;

/// <summary>
/// The stream of one run. Each step runs inside the run, and its consumer outside of it, because what an iterator sets does not outlive its
/// yield. The run is committed before the
/// end is told; disposed of earlier, it is given up.
/// </summary>
/// <param name="open">Calls the inner client.</param>
/// <param name="poll">What a poll asks the inner client; <see langword="null"/> when this is no poll.</param>
/// <param name="before">The updates that had come when the stream of a poll was broken off.</param>
internal sealed class RunStream(
    RunSession session,
    Func<RunRequest, CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> open,
    RunRequest? poll,
    IReadOnlyList<ChatResponseUpdate> before,
    CancellationToken cancellationToken
) : IAsyncDisposable
{
    private readonly List<ChatResponseUpdate> _updates = [.. before];
    private UpdateStamp? _stamp;
    private IAsyncEnumerator<ChatResponseUpdate>? _inner;
    private Exception? _failure;

    /// <summary>The update that the last step gave.</summary>
    public ChatResponseUpdate Current { get; private set; } = null!;

    /// <summary>Goes to the next update, or commits.</summary>
    public async Task<bool> MoveNextAsync()
    {
        session.Run.Enter();
        try
        {
            _inner ??= await OpenAsync();
            if (await _inner.MoveNextAsync())
            {
                ChatResponseUpdate stamped = _stamp!.Apply(_inner.Current);
                _updates.Add(stamped);
                if (stamped.ContinuationToken is { } token)
                {
                    session.Wait(token, _updates);
                }

                Current = Copies.Of(stamped);
                return true;
            }

            if (_updates.Count == 0 ? poll is null : _updates[^1].ContinuationToken is null)
            {
                ChatResponse response = _updates.ToChatResponse();
                await (
                    poll is null ? session.CommitAsync(response, cancellationToken) : session.CommitOnceAsync(response, cancellationToken)
                );
            }

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
            if (_updates.Count > 0 && _updates[^1].ContinuationToken is null)
            {
                session.StopWaiting();
            }

            await session.GiveUpAsync(_failure ?? new OperationCanceledException("The stream was not read to its end."), _updates);
        }
    }

    private async Task<IAsyncEnumerator<ChatResponseUpdate>> OpenAsync()
    {
        if (poll is not null)
        {
            session.GoOnBehind(before);
        }

        RunRequest request = poll ?? await session.PrepareAsync(cancellationToken);
        _stamp = new UpdateStamp(session.ConversationId, session.Ids);
        _stamp.GoOnBehind(before);
        session.BeginAnswer();
        return open(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
    }
}

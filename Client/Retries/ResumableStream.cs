using OrleansMemory.Conversations;

namespace OrleansMemory.Client.Retries;

/// <summary>A stream of messages that is opened again behind the last message it gave when the grain could not be reached.</summary>
internal sealed class ResumableStream : IAsyncDisposable
{
    private readonly IConversationGrain _grain;
    private readonly TransientRetry _retry;
    private MessageQuery _rest;
    private IAsyncEnumerator<Message>? _open;
    private bool _ended;

    /// <summary>Makes a stream; nothing is read yet.</summary>
    /// <param name="retry">The bounds of the retries of each step.</param>
    /// <param name="query">Which messages.</param>
    /// <param name="lastSequence">The newest message at the start; later ones are not read, also when the stream is opened again.</param>
    public ResumableStream(IConversationGrain grain, TransientRetry retry, MessageQuery query, long lastSequence)
    {
        _grain = grain;
        _retry = retry;
        _rest = query.Before <= lastSequence ? query : query with { Before = lastSequence + 1 };
    }

    /// <summary>The message that the last step gave.</summary>
    public Message Current { get; private set; } = null!;

    /// <summary>Goes to the next message.</summary>
    /// <param name="cancellationToken">Ends the stream.</param>
    public async Task<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        if (_ended)
        {
            return false;
        }

        bool moved = await _retry.ExecuteAsync(static (stream, token) => stream.StepAsync(token), this, cancellationToken);
        if (moved)
        {
            _rest = _rest with
            {
                Limit = _rest.Limit - 1,
                After = _rest.Order == MessageOrder.Ascending ? Current.Sequence : _rest.After,
                Before = _rest.Order == MessageOrder.Descending ? Current.Sequence : _rest.Before,
            };
        }

        _ended = !moved || _rest.Limit == 0;
        return moved;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _open is null ? ValueTask.CompletedTask : BrokenEnumerator.LetGoAsync(_open);

    private async Task<bool> StepAsync(CancellationToken cancellationToken)
    {
        _open ??= _grain.StreamMessagesAsync(_rest, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            bool moved = await _open.MoveNextAsync();
            Current = moved ? _open.Current : Current;
            return moved;
        }
        catch (Exception failure) when (TransientErrors.IsTransient(failure, cancellationToken))
        {
            IAsyncEnumerator<Message> broken = _open;
            _open = null;
            await BrokenEnumerator.LetGoAsync(broken);
            throw;
        }
    }
}

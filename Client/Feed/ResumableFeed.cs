using OrleansMemory.Client.Retries;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client.Feed;

/// <summary>A feed that is opened again behind the last event it gave when it breaks.</summary>
public sealed class ResumableFeed : IAsyncDisposable
{
    private readonly IConversationGrain _grain;
    private readonly TransientRetry _retry;
    private readonly TimeProvider _time;
    private FeedPosition? _position;
    private IAsyncEnumerator<ConversationEvent>? _open;
    private ConversationEvent? _current;
    private ConversationEvent? _page;
    private int _taken;
    private long _first;
    private long _openedAt;
    private bool _ended;

    private ResumableFeed(IConversationGrain grain, TransientRetry retry, TimeProvider time, FeedPosition? from)
    {
        _grain = grain;
        _retry = retry;
        _time = time;
        _position = from;
    }

    /// <summary>Where the reader stands: behind the last event, or where the feed began.</summary>
    public FeedPosition Position => _position!.Value;

    /// <summary>The event that the last step gave; never <see cref="ConversationEventKind.Opened"/>.</summary>
    public ConversationEvent Current =>
        _current ?? throw new InvalidOperationException("There is no current event: MoveNextAsync has not returned true.");

    /// <summary>Opens a feed and waits until it stands.</summary>
    /// <param name="retry">The bounds of the retries.</param>
    /// <param name="time">The clock of the pauses.</param>
    /// <param name="from">What is known already; <see langword="null"/> for only what comes from now on.</param>
    internal static async Task<ResumableFeed> OpenAsync(
        IConversationGrain grain,
        TransientRetry retry,
        TimeProvider time,
        FeedPosition? from,
        CancellationToken cancellationToken
    )
    {
        var feed = new ResumableFeed(grain, retry, time, from);
        await retry.ExecuteAsync(static (feed, token) => feed.BeginAsync(token), feed, cancellationToken);
        return feed;
    }

    /// <summary>Goes to the next event, however long it takes to come.</summary>
    /// <param name="cancellationToken">Ends the feed.</param>
    /// <returns>Whether there is one; <see langword="false"/> after <see cref="ConversationEventKind.Ended"/>.</returns>
    public Task<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        if (_ended)
        {
            return Task.FromResult(false);
        }

        if (_page is { } page)
        {
            return cancellationToken.IsCancellationRequested
                ? Task.FromCanceled<bool>(cancellationToken)
                : Task.FromResult(Take(page, _taken));
        }

        return FetchNextAsync(cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => CloseAsync();

    private async Task<bool> FetchNextAsync(CancellationToken cancellationToken)
    {
        int failures = 0;
        long brokenAt = 0;
        while (true)
        {
            try
            {
                IAsyncEnumerator<ConversationEvent> open = _open ?? await BeginAsync(cancellationToken);
                while (await open.MoveNextAsync())
                {
                    if (Take(open.Current))
                    {
                        return true;
                    }
                }

                throw new EnumerationAbortedException("The feed stopped without saying how it ends.");
            }
            catch (ConversationNotFoundException) when (failures > 0)
            {
                // It was there when the feed broke, so this is how it ended.
                return Take(new ConversationEvent { Kind = ConversationEventKind.Ended, Position = Position });
            }
            catch (Exception failure) when (IsResumable(failure, cancellationToken))
            {
                // What stood for long is a new story: a feed may break every day for years.
                bool stood = _open is not null && _time.GetElapsedTime(_openedAt) >= _retry.LongestPause;
                await CloseAsync();
                if (failures == 0 || stood)
                {
                    (failures, brokenAt) = (0, _time.GetTimestamp());
                }

                if (PauseAfter(failure, failures++, brokenAt) is not { } pause)
                {
                    if (failure is MemoryException)
                    {
                        throw;
                    }

                    throw TransientErrors.ToUnavailable(failure);
                }

                await Task.Delay(pause, _time, cancellationToken);
            }
        }
    }

    private static bool IsResumable(Exception failure, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && TransientErrors.IsTransient(failure, cancellationToken);

    // A grain that was deactivated is back with the next call: the first time there is nothing to wait for, and it is no failure that must
    // be allowed.
    private TimeSpan? PauseAfter(Exception failure, int repetition, long brokenAt) =>
        repetition == 0 && failure is EnumerationAbortedException or OperationCanceledException
            ? TimeSpan.Zero
            : _retry.PauseBefore(repetition, _time.GetElapsedTime(brokenAt), failure);

    private async Task<IAsyncEnumerator<ConversationEvent>> BeginAsync(CancellationToken cancellationToken)
    {
        IAsyncEnumerator<ConversationEvent> opening = _grain
            .WatchAsync(new WatchRequest { After = _position, Pages = true }, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        try
        {
            if (!await opening.MoveNextAsync())
            {
                throw new EnumerationAbortedException("The feed stopped before it stood.");
            }
        }
        catch (OperationCanceledException cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            await BrokenEnumerator.LetGoAsync(opening);
            throw new EnumerationAbortedException("The feed was aborted before it stood.", cancelled);
        }
        catch
        {
            await BrokenEnumerator.LetGoAsync(opening);
            throw;
        }

        _position = opening.Current.Position;
        _openedAt = _time.GetTimestamp();
        return _open = opening;
    }

    /// <summary>Takes an event in.</summary>
    /// <returns>Whether it says something new: a feed that is opened again repeats where the log starts.</returns>
    private bool Take(ConversationEvent next)
    {
        _position = next.Position;
        switch (next.Kind)
        {
            case ConversationEventKind.Opened:
                return false;
            case ConversationEventKind.Truncated when next.FirstSequence <= _first:
                return false;
            case ConversationEventKind.Truncated:
                _first = next.FirstSequence!.Value;
                break;
            case ConversationEventKind.Restarted:
                _first = 1;
                break;
            case ConversationEventKind.Ended:
                _ended = true;
                break;
            case ConversationEventKind.Messages:
                return Take(next, 0);
            default:
                break;
        }

        _current = next;
        return true;
    }

    /// <summary>Takes one message of an event that has several.</summary>
    private bool Take(ConversationEvent page, int index)
    {
        Message message = page.Messages[index];
        FeedPosition position = page.Position with { Sequence = message.Sequence };
        _position = position;
        (_page, _taken) = index + 1 < page.Messages.Length ? (page, index + 1) : (null, 0);
        _current = new ConversationEvent
        {
            Kind = ConversationEventKind.Message,
            Position = position,
            Message = message,
        };
        return true;
    }

    private async ValueTask CloseAsync()
    {
        if (_open is { } open)
        {
            _open = null;
            await BrokenEnumerator.LetGoAsync(open);
        }
    }
}

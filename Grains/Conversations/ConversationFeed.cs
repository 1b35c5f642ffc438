using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// The live feed of a conversation: every reader follows the log by a cursor of its own; pages are read once for all who need them.
/// </summary>
internal sealed class ConversationFeed(ConversationActivation activation, MemoryInstruments instruments)
{
    // As many as a caller fetches at a time: a fetch is a page, and nothing is read ahead of it.
    private const int FeedFetchMessages = 100;

    // What comes as one event is bounded by its bytes.
    private const int FeedEventMessages = 1_000;

    // A thousand readers that catch up at once hold a thousand pages.
    private const int FeedPageBytes = 256 * 1024;

    private readonly SharedFeedPages _feedPages = new();
    private DateTimeOffset _checkAt;
    private Task? _check;

    /// <inheritdoc cref="IConversationGrain.WatchAsync" />
    public async IAsyncEnumerable<ConversationEvent> WatchAsync(
        WatchRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        EnterFeed();
        try
        {
            FeedCursor cursor = await OpenFeedAsync(request, cancellationToken);
            yield return cursor.Open();
            while (true)
            {
                FeedStep step = await NextStepAsync(cursor, request.Pages ? FeedEventMessages : FeedFetchMessages, cancellationToken);
                if (step.Notice is { } notice)
                {
                    yield return notice;
                    if (notice.Kind == ConversationEventKind.Ended)
                    {
                        yield break;
                    }

                    continue;
                }

                // A page may have been read for some time, and a reader may take its time over it: what has been deleted meanwhile must not
                // be given out.
                int given = 0;
                while (given < step.Page!.Messages.Length && IsCurrent(step.Loaded!))
                {
                    ConversationEvent next = request.Pages ? cursor.Move(step.Page.Messages) : cursor.Move(step.Page.Messages[given]);
                    given += request.Pages ? step.Page.Messages.Length : 1;
                    yield return next;
                }

                cursor.EndedIn = given == step.Page.Messages.Length ? step.Page.EndsIn : 0;

                if (cursor.Position.Sequence < step.Loaded!.Durable.LastSequence)
                {
                    // What follows belongs to the next fetch: one fetch must not gather page after page.
                    await Task.Yield();
                }
            }
        }
        finally
        {
            LeaveFeed();
        }
    }

    private MessageReading FeedReading => field ??= new MessageReading(activation.Store, activation.Options, FeedPageBytes);

    private void EnterFeed()
    {
        instruments.OnFeed(1);
        if (activation.Feed.Readers == 0)
        {
            _checkAt = activation.Now + activation.Options.FeedRefreshInterval;
        }

        activation.Feed.Enter();
    }

    private void LeaveFeed()
    {
        instruments.OnFeed(-1);
        activation.Feed.Leave();
        if (activation.Feed.Readers == 0)
        {
            _feedPages.Clear();
        }

        activation.DeactivateIfUnwatched();
    }

    private async Task<FeedCursor> OpenFeedAsync(WatchRequest request, CancellationToken cancellationToken)
    {
        if (request is null)
        {
            throw new InvalidRequestException("request", "request is missing.");
        }

        ThrowIfStopping();
        LoadedConversation loaded = await activation.GetLiveAsync(cancellationToken);
        if (request.After is not { } after)
        {
            return FeedCursor.AtEnd(loaded.Durable);
        }

        if (!FeedCursor.Fits(after, loaded.Durable))
        {
            await CheckAsync().WaitAsync(cancellationToken);
            loaded = await activation.GetLiveAsync(cancellationToken);
        }

        return FeedCursor.At(after, loaded.Durable);
    }

    /// <summary>Waits until there is something to give.</summary>
    private async Task<FeedStep> NextStepAsync(FeedCursor cursor, int most, CancellationToken cancellationToken)
    {
        RetryBackoff? backoff = null;
        while (true)
        {
            // Taken before the look: what changes after it ends the wait below, what changed before it is seen by the look.
            Task changed = activation.Feed.Changed;
            if (await FindWatchedAsync(cancellationToken) is not { Durable: var state } loaded)
            {
                return FeedStep.Of(cursor.End());
            }

            if (cursor.Follow(state) is { } notice)
            {
                return FeedStep.Of(notice);
            }

            if (cursor.Position.Sequence >= state.LastSequence || activation.Feed.IsNotYet(cursor.EndedIn))
            {
                await activation.Feed.WaitAsync(
                    changed,
                    state.Head!.ExpiresAt < _checkAt ? state.Head.ExpiresAt.Value : _checkAt,
                    cancellationToken
                );
                continue;
            }

            if (
                await _feedPages.GetAsync(loaded, cursor.Position.Sequence, most, ReadFeedPageAsync).WaitAsync(cancellationToken) is
                { } page
            )
            {
                return new FeedStep(loaded, null, page);
            }

            // The message was truncated and swept. This activation hears of that at once; when another one did it, the store knows.
            await CheckAsync().WaitAsync(cancellationToken);
            backoff ??= new RetryBackoff(activation.Time);
            await backoff.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Reads the page behind a sequence, whoever of its readers goes on waiting for it.</summary>
    /// <returns>The page; <see langword="null"/> where the message that is needed next is not there.</returns>
    private async Task<FeedPage?> ReadFeedPageAsync(LoadedConversation loaded, long after, int most)
    {
        (long round, long last) = (activation.Feed.Round, loaded.Durable.LastSequence);
        ImmutableArray<Message> messages = (
            await FeedReading.ReadAsync(loaded, new MessageQuery { After = after }, most, CancellationToken.None)
        ).Messages;
        int whole = 0;
        while (whole < messages.Length && messages[whole].Sequence == after + whole + 1)
        {
            whole++;
        }

        return whole == 0 ? null : new FeedPage(whole == messages.Length ? messages : messages[..whole], after + whole >= last ? round : 0);
    }

    private async Task<LoadedConversation?> FindWatchedAsync(CancellationToken cancellationToken)
    {
        ThrowIfStopping();
        if (_checkAt <= activation.Now)
        {
            await CheckAsync().WaitAsync(cancellationToken);
        }

        return await activation.FindAsync(cancellationToken);
    }

    private bool IsCurrent(LoadedConversation loaded) =>
        ReferenceEquals(activation.Loading.Current, loaded) && loaded.Durable.IsLive(activation.Now);

    // A feed may wait as long as it likes, a host that stops does not.
    private void ThrowIfStopping()
    {
        if (activation.Feed.IsStopping)
        {
            throw new EnumerationAbortedException("The host is stopping. Open the feed again behind its last event.");
        }
    }

    /// <summary>Asks the store, once for all who want to know, whether another activation has changed the conversation.</summary>
    private Task CheckAsync()
    {
        Task check = _check ?? AskStoreAsync();
        if (!check.IsCompleted)
        {
            _check = check;
        }

        return check;
    }

    private async Task AskStoreAsync()
    {
        try
        {
            StoredConversation stored = await activation.Loading.AskAsync(activation.Key);
            await activation.Gate.RunSharedAsync(
                () =>
                {
                    activation.Loading.ForgetUnless(stored);
                    return Task.FromResult(stored);
                },
                CancellationToken.None
            );
        }
        catch (MemoryException exception)
        {
            // No caller waits for this answer: whoever needs the store will hear from it.
            ConversationLog.FeedCheckFailed(activation.Logger, exception.GetType().Name);
        }
        finally
        {
            _check = null;
            _checkAt = activation.Now + activation.Options.FeedRefreshInterval;
        }
    }
}

using Orleans.Runtime.Activations;

namespace Orleans.Runtime.Streams;

/// <summary>The grain's side of one enumeration, as the activation keeps it.</summary>
internal abstract class StreamSource
{
    private volatile Activation? _owner;

    /// <summary>The activation the enumeration began in; null before that.</summary>
    internal Activation? Owner
    {
        get => _owner;
        set => _owner = value;
    }

    /// <summary>Whether it was read since the last look, or is being read.</summary>
    internal abstract bool TakeSeen();

    /// <summary>Ends it by force: the reader gets an <see cref="EnumerationAbortedException"/>.</summary>
    internal abstract void Abort();

    /// <summary>Ends it and waits until the grain's enumerator is disposed. Does nothing when it never began or has ended.</summary>
    /// <param name="activation">The activation that is asked: the stream may belong to an earlier one.</param>
    internal abstract Task EndAsync(Activation activation);
}

/// <summary>Runs the grain's enumerator. Used on the activation's scheduler only.</summary>
/// <typeparam name="T">The elements.</typeparam>
internal sealed class StreamSource<T>(GrainStream<T> stream, CancellationToken readerToken) : StreamSource
{
    private CancellationTokenSource? _cancellation;
    private CancellationToken _token;
    private IAsyncEnumerator<T>? _enumerator;
    private Task<bool>? _pending;
    private int _fetching;
    private bool _seen;
    private bool _aborted;
    private bool _ended;

    /// <summary>Collects the elements that are there, or waits for one, but not longer than half the response time-out.</summary>
    internal async Task<StreamBatch<T>> FetchAsync(Activation activation)
    {
        _seen = true;
        _fetching++;
        try
        {
            Open(activation);
            var items = new List<T>();
            if (_pending is null && await AdvanceAsync(items)) return new(items, IsLast: true);
            return items.Count > 0 ? new(items, IsLast: false) : await WaitAsync(activation);
        }
        catch (Exception exception)
        {
            // What was aborted is ended with its activation; the reader need not wait for that.
            if (_aborted) throw exception as EnumerationAbortedException ?? Aborted(exception);
            await EndAsync(activation);
            throw;
        }
        finally
        {
            _fetching--;
        }
    }

    internal override bool TakeSeen()
    {
        var seen = _seen || _fetching > 0;
        _seen = false;
        return seen;
    }

    internal override void Abort()
    {
        if (_ended || _aborted) return;
        _aborted = true;
        Cancel();
    }

    internal override async Task EndAsync(Activation activation)
    {
        if (_ended || !ReferenceEquals(Owner, activation)) return;
        _ended = true;
        activation.Disown(this);
        Cancel();

        // The enumerator may be disposed only once it stands still. A grain that does not take notice of the token is waited for
        // as long as a caller would wait, then its enumerator is left to it.
        if (_pending is { IsCompleted: false })
        {
            await ((Task)_pending).WaitAsync(activation.Silo.ResponseTimeout, activation.Silo.Time, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        }

        if (_enumerator is not null && _pending is null or { IsCompleted: true }) await DisposeEnumeratorAsync(activation);
        _cancellation?.Dispose();
    }

    private static EnumerationAbortedException Aborted(Exception? cause) => cause is null
        ? new()
        : new("The grain ended the enumeration before its last element: it was deactivated or its host stops.", cause);

    private void Open(Activation activation)
    {
        if (_ended || _aborted || (Owner is not null && !ReferenceEquals(Owner, activation))) throw Aborted(null);
        if (Owner is not null) return;
        Owner = activation;
        activation.Own(this);
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(readerToken);
        _token = _cancellation.Token;
        _enumerator = stream.Call(activation.Target, _token).GetAsyncEnumerator(_token);
    }

    private void Cancel()
    {
        try
        {
            _cancellation?.Cancel();
        }
        catch (AggregateException exception)
        {
            // What the grain hung on its token is not to stop the others from ending.
            Owner!.OnStreamDisposalFailure(exception);
        }
    }

    // Takes what is there without waiting; true when that was the end of the stream.
    private async Task<bool> AdvanceAsync(List<T> items)
    {
        while (items.Count < stream.MaxBatchSize)
        {
            var next = _enumerator!.MoveNextAsync();
            if (!next.IsCompletedSuccessfully)
            {
                _pending = next.AsTask();
                return false;
            }

            if (!await next)
            {
                await EndAsync(Owner!);
                return true;
            }

            items.Add(_enumerator.Current);
        }

        return false;
    }

    private async Task<StreamBatch<T>> WaitAsync(Activation activation)
    {
        var pending = _pending!;
        await ((Task)pending).WaitAsync(activation.Silo.ResponseTimeout / 2, activation.Silo.Time, _token)
            .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        if (!pending.IsCompleted)
        {
            _token.ThrowIfCancellationRequested();
            return StreamBatch<T>.Nothing;
        }

        if (_ended) throw Aborted(null);
        _pending = null;
        if (await pending) return new([_enumerator!.Current], IsLast: false);
        await EndAsync(activation);
        return new([], IsLast: true);
    }

    private async Task DisposeEnumeratorAsync(Activation activation)
    {
        try
        {
            await _enumerator!.DisposeAsync();
        }
        catch (Exception exception)
        {
            activation.OnStreamDisposalFailure(exception);
        }
    }
}

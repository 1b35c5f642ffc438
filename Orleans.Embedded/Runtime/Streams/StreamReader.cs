namespace Orleans.Runtime.Streams;

/// <summary>The caller's side of one enumeration: fetches batches and hands out their elements.</summary>
/// <typeparam name="T">The elements.</typeparam>
internal sealed class StreamReader<T> : IAsyncEnumerator<T>
{
    private readonly GrainStream<T> _stream;
    private readonly StreamSource<T> _source;
    private readonly CancellationTokenSource? _linked;
    private readonly CancellationToken _token;
    private StreamBatch<T> _batch = StreamBatch<T>.Nothing;
    private int _index;
    private bool _ended;

    internal StreamReader(GrainStream<T> stream, CancellationToken token)
    {
        _stream = stream;
        _token = token.CanBeCanceled ? token : stream.Token;
        if (token.CanBeCanceled && stream.Token.CanBeCanceled && token != stream.Token)
        {
            _linked = CancellationTokenSource.CreateLinkedTokenSource(token, stream.Token);
            _token = _linked.Token;
        }

        _source = new StreamSource<T>(stream, _token);
    }

    public T Current => _index < _batch.Items.Count
        ? _batch.Items[_index]
        : throw new InvalidOperationException("There is no current element: MoveNextAsync has not been called or returned false.");

    public async ValueTask<bool> MoveNextAsync()
    {
        if (_index + 1 < _batch.Items.Count)
        {
            _index++;
            return true;
        }

        _ended |= _batch.IsLast;
        _batch = StreamBatch<T>.Nothing;
        return !_ended && await FetchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        var isOpen = !_ended && !_batch.IsLast;
        _ended = true;
        _batch = StreamBatch<T>.Nothing;
        if (isOpen) await EndAsync();
        _linked?.Dispose();
    }

    private async ValueTask<bool> FetchAsync()
    {
        try
        {
            do
            {
                _token.ThrowIfCancellationRequested();
                _batch = await SendAsync(new StreamFetch<T>(_source) { Token = _token });
            }
            while (_batch.Items.Count == 0 && !_batch.IsLast);
        }
        catch
        {
            _ended = true;
            await EndAsync();
            throw;
        }

        _index = 0;
        if (_batch.Items.Count > 0) return true;
        _ended = true;
        return false;
    }

    // The first fetch goes to whichever activation there is, the later ones to the one that began: the next one knows nothing of it.
    private Task<StreamBatch<T>> SendAsync(StreamFetch<T> fetch)
    {
        fetch.Method = _stream.Fetch;
        if (_source.Owner is { } owner) owner.Silo.Submit(fetch, owner);
        else _stream.Reference.Submit(fetch);
        return fetch.Task;
    }

    // Whether it succeeds is no business of the reader: a grain that cannot be told any more has ended the stream itself.
    private async Task EndAsync()
    {
        if (_source.Owner is not { } owner) return;
        var end = new StreamEnd(_source) { Method = _stream.Fetch };
        owner.Silo.Submit(end, owner);
        await end.Task.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
    }
}

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
    private bool _started;
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

        var last = _batch.IsLast;
        _batch = StreamBatch<T>.Nothing;
        if (last) _ended = true;
        if (_ended) return false;
        return await FetchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        var wasReading = _started && !_ended && !_batch.IsLast;
        _ended = true;
        _batch = StreamBatch<T>.Nothing;
        if (wasReading) await EndAsync();
        _linked?.Dispose();
    }

    private async ValueTask<bool> FetchAsync()
    {
        try
        {
            do
            {
                _token.ThrowIfCancellationRequested();
                _started = true;
                _batch = await _stream.Reference.Send(new StreamFetch<T>(_source) { Token = _token }, _stream.Fetch);
            }
            while (_batch.Items.Count == 0 && !_batch.IsLast);
        }
        catch
        {
            var tellGrain = _started && !_ended;
            _ended = true;
            if (tellGrain) await EndAsync();
            throw;
        }

        _index = 0;
        if (_batch.Items.Count > 0) return true;
        _ended = true;
        return false;
    }

    // Whether it succeeds is no business of the reader: a grain that cannot be told any more has ended the stream itself.
    private async Task EndAsync() => await _stream.Reference.Send(new StreamEnd(_source), _stream.Fetch)
        .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
}

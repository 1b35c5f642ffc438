using Microsoft.Extensions.Logging;
using Orleans.Runtime.Streams;
using Orleans.Runtime.Timers;

namespace Orleans.Runtime.Activations;

/// <content>The streams that callers read from an activation. Used on the activation's scheduler only.</content>
internal sealed partial class Activation
{
    private List<StreamSource>? _streams;
    private GrainTimer? _streamWatch;

    internal void Own(StreamSource stream)
    {
        (_streams ??= []).Add(stream);
        if (_streamWatch is not null) return;
        var period = Silo.ResponseTimeout;
        _streamWatch = new GrainTimer(this, _ => EndForsakenStreamsAsync(), new(period, period) { Interleave = true }, Silo.Logger);
        _streamWatch.Change(period, period);
    }

    internal void Disown(StreamSource stream)
    {
        _streams?.Remove(stream);
        if (_streams is not { Count: 0 }) return;
        _streamWatch?.Dispose();
        _streamWatch = null;
    }

    /// <summary>Ends all streams by force; their readers get an exception.</summary>
    internal void AbortStreams()
    {
        if (_streams is null) return;
        foreach (var stream in _streams.ToList()) stream.Abort();
    }

    internal void OnStreamDisposalFailure(Exception exception) => LogStreamDisposalFailed(Silo.Logger, Class.Name, exception);

    private async Task EndStreamsAsync()
    {
        if (_streams is not null) await Task.WhenAll(_streams.ToList().Select(stream => stream.EndAsync(this)));
    }

    // A reader that neither reads nor says goodbye is taken for gone after one to two response time-outs.
    private async Task EndForsakenStreamsAsync()
    {
        if (_streams is null) return;
        await Task.WhenAll(_streams.ToList().Where(static stream => !stream.TakeSeen()).Select(stream => stream.EndAsync(this)));
    }

    [LoggerMessage(EventId = 9005, Level = LogLevel.Warning, Message = "Disposing an enumerator of {GrainClass} failed")]
    private static partial void LogStreamDisposalFailed(ILogger logger, string grainClass, Exception exception);
}

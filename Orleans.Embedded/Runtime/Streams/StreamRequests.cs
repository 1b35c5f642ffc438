using Orleans.Runtime.Activations;
using Orleans.Runtime.Calls;

namespace Orleans.Runtime.Streams;

/// <summary>Asks the grain for the next elements.</summary>
/// <typeparam name="T">The elements.</typeparam>
internal sealed class StreamFetch<T>(StreamSource<T> source) : ResultCall<StreamBatch<T>>
{
    internal override bool IsBoundToActivation => source.Owner is not null;

    internal override void Start(Activation activation) => Follow(activation, source.FetchAsync(activation));
}

/// <summary>Tells the grain that the reader has gone.</summary>
internal sealed class StreamEnd(StreamSource source) : PlainCall
{
    internal override bool IsBoundToActivation => true;

    internal override void Start(Activation activation) => Follow(activation, source.EndAsync(activation));
}

/// <summary>Ends all streams of an activation, because the host is about to stop.</summary>
internal sealed class StreamsAbort : ActivationCommand
{
    internal override void Run(Activation activation) => activation.AbortStreams();
}

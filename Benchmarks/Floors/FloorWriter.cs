using System.Threading.Tasks.Sources;

namespace OrleansMemory.Benchmarks.Floors;

/// <summary>
/// One logical writer of the group-commit floor: it owns a conversation and waits for one row at a time, without allocating.
/// </summary>
/// <param name="storeId">Its conversation.</param>
internal sealed class FloorWriter(long storeId) : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _durable = new() { RunContinuationsAsynchronously = true };

    public long StoreId => storeId;

    /// <summary>The version and the sequence that it writes now: with one message a turn they are the same.</summary>
    public long Sequence { get; private set; }

    public DateTimeOffset At { get; private set; }

    public string TurnId { get; private set; } = "";

    public string MessageId { get; private set; } = "";

    /// <summary>Makes the next row.</summary>
    /// <param name="turnId">Its turn id.</param>
    /// <param name="messageId">Its message id.</param>
    /// <param name="at">Its instant.</param>
    /// <returns>A task that ends when it is durable.</returns>
    public ValueTask Next(string turnId, string messageId, DateTimeOffset at)
    {
        _durable.Reset();
        Sequence++;
        (TurnId, MessageId, At) = (turnId, messageId, at);
        return new ValueTask(this, _durable.Version);
    }

    public void Complete() => _durable.SetResult(true);

    public void Fail(Exception exception) => _durable.SetException(exception);

    void IValueTaskSource.GetResult(short token) => _durable.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _durable.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _durable.OnCompleted(continuation, state, token, flags);
}

using Orleans.Runtime.Activations;
using Orleans.Runtime.Calls;
using Orleans.Runtime.Streams;

namespace Orleans.Runtime;

/// <summary>A reference to a grain: what <see cref="IGrainFactory"/> gives out. Two references to one grain are equal.</summary>
public abstract class GrainReference : IAddressable, IEquatable<GrainReference>
{
    private readonly GrainClass _class;

    private protected GrainReference(GrainClass grainClass, string key)
    {
        _class = grainClass;
        Key = key;
    }

    /// <summary>The identity of the grain.</summary>
    public GrainId GrainId => new(_class.GrainType, IdSpan.Create(Key));

    internal string Key { get; }

    /// <inheritdoc />
    public bool Equals(GrainReference? other) =>
        other is not null && ReferenceEquals(_class, other._class) && string.Equals(Key, other.Key, StringComparison.Ordinal);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(_class, Key);

    /// <inheritdoc />
    public override string ToString() => $"GrainReference:{GrainId}";

    internal GrainReference As(Type interfaceType) =>
        interfaceType.IsInstanceOfType(this) ? this : GrainFactory.GetReference(interfaceType, _class, Key);

    internal void Submit(GrainCall call) => _class.Silo.Submit(call, _class, Key);

    internal Task Send(PlainCall call, GrainMethod method)
    {
        call.Method = method;
        Submit(call);
        return method.OneWay ? call.Abandon() : call.Task;
    }

    internal Task<TResult> Send<TResult>(ResultCall<TResult> call, GrainMethod method)
    {
        call.Method = method;
        Submit(call);
        return call.Task;
    }

    internal IAsyncEnumerable<TItem> Open<TItem>(GrainStream<TItem> stream, GrainMethod method) => stream.BindTo(this, method);

    internal ValueTask SendValue(PlainCall call, GrainMethod method) => new(Send(call, method));

    internal ValueTask<TResult> SendValue<TResult>(ResultCall<TResult> call, GrainMethod method) => new(Send(call, method));
}

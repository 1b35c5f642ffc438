using Orleans.Runtime.Activations;

namespace Orleans.Runtime;

/// <summary>Knows whose turn runs on this thread.</summary>
internal static class RuntimeContext
{
    [ThreadStatic]
    private static Activation? _current;

    /// <summary>The activation whose code runs on this thread, or null.</summary>
    internal static Activation? Current
    {
        get => _current;
        set => _current = value;
    }
}

namespace OrleansMemory.Client.Compatibility.AutoGrams;

/// <summary>The memory that the running code works for. It follows the code through awaits and into tasks that it starts.</summary>
public static class MemoryContext
{
    private static readonly AsyncLocal<ActiveUse?> Active = new();

    /// <summary>The active memory; <see langword="null"/> when there is none.</summary>
    public static ProgramMemory? Current => Active.Value?.Memory;

    /// <summary>Makes a memory the active one until what is returned is disposed; then the one before is active again.</summary>
    /// <param name="memory">The memory.</param>
    /// <returns>The end of its use; disposing it again does nothing.</returns>
    /// <exception cref="ArgumentNullException">There is no memory. Make one: <c>new MemoryObject()</c>.</exception>
    /// <remarks>
    /// Write <c>using (MemoryContext.Use(memory)) { … }</c>; uses nest, also when an exception is thrown. A use that ends before one inside
    /// of it leaves that one active, and is not active again when that one ends. What concurrent code uses elsewhere is not touched.
    /// </remarks>
    public static IDisposable Use(ProgramMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var scope = new Scope();
        Active.Value = new ActiveUse(memory, scope, Active.Value);
        return scope;
    }

    /// <summary>A use that has not ended, and those around it.</summary>
    private sealed record ActiveUse(ProgramMemory Memory, Scope Scope, ActiveUse? Outer)
    {
        public ActiveUse? Without(Scope scope) =>
            Scope == scope ? Outer
            : Outer?.Without(scope) is var outer && ReferenceEquals(outer, Outer) ? this
            : this with { Outer = outer };
    }

    private sealed class Scope : IDisposable
    {
        public void Dispose() => Active.Value = Active.Value?.Without(this);
    }
}

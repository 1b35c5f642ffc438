namespace OrleansMemory.Client.Programs;

/// <summary>The memory that the running code works for. It follows the code through awaits and into tasks that it starts.</summary>
public static class MemoryContext
{
    private static readonly AsyncLocal<ProgramMemory?> Active = new();

    /// <summary>The active memory; <see langword="null"/> when there is none.</summary>
    public static ProgramMemory? Current => Active.Value;

    /// <summary>Makes a memory the active one until what is returned is disposed; then the one before is active again.</summary>
    /// <param name="memory">The memory.</param>
    /// <returns>The end of its use; disposing it again does nothing.</returns>
    /// <exception cref="ArgumentNullException">There is no memory. Make one: <c>new MemoryObject()</c>.</exception>
    /// <remarks>
    /// Write <c>using (MemoryContext.Use(memory)) { … }</c>; uses nest, and end in the reverse order, also when an exception is thrown. What concurrent code
    /// uses elsewhere is not touched.
    /// </remarks>
    public static IDisposable Use(ProgramMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var scope = new Scope(Active.Value);
        Active.Value = memory;
        return scope;
    }

    private sealed class Scope(ProgramMemory? outer) : IDisposable
    {
        private bool _ended;

        public void Dispose()
        {
            if (!_ended)
            {
                _ended = true;
                Active.Value = outer;
            }
        }
    }
}

namespace OrleansMemory.Silo.Api.OpenApi;

/// <summary>Marks routes that take a turn id in the header <c>Idempotency-Key</c>.</summary>
internal sealed class IdempotencyHeader
{
    /// <summary>The mark.</summary>
    public static readonly IdempotencyHeader Instance = new();

    private IdempotencyHeader() { }
}

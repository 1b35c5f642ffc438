namespace OrleansMemory.Errors;

/// <summary>
/// What was sent under this id has been deleted or erased, or was on its way when its conversation was. It does not come back: nothing was
/// written, and the same id is refused for as long as ids are kept (24 hours by default, from the deletion on).
/// </summary>
[GenerateSerializer, Alias("OrleansMemory.GoneException")]
public sealed class GoneException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="id">The id of the turn, or the key of the recording.</param>
    public GoneException(string id)
        : base("What was sent under this id has been deleted or erased, and does not come back. To begin anew, send it under a new id.") =>
        Id = id;

    /// <summary>The id of the turn, or the key of the recording.</summary>
    [Id(0)]
    public string Id { get; }
}

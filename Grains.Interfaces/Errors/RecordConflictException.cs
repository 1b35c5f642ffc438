namespace OrleansMemory.Errors;

/// <summary>The key of a recording was used before with other memories. Nothing was written.</summary>
[GenerateSerializer, Alias("OrleansMemory.RecordConflictException")]
public sealed class RecordConflictException : MemoryException
{
    /// <summary>Makes the error.</summary>
    /// <param name="key">The key.</param>
    public RecordConflictException(string key)
        : base("This key was used before to record other memories. Give a new recording a new key.") => Key = key;

    /// <summary>The key.</summary>
    [Id(0)]
    public string Key { get; }
}

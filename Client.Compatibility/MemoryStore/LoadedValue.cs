namespace OrleansMemory.Client.Compatibility.MemoryStore;

/// <summary>What was found under a key.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="Found">Whether there is a value, be it <see langword="null"/>.</param>
/// <param name="Value">The value; <see langword="default"/> when there is none.</param>
public readonly record struct LoadedValue<T>(bool Found, T? Value);

namespace OrleansMemory.Testing;

/// <summary>What a model had handed out was changed by somebody else.</summary>
/// <param name="then">How it looked.</param>
/// <param name="now">How it looks.</param>
public sealed class HandedOutChangedException(string then, string now)
    : Exception($"What a model handed out was changed from ({then}) to ({now}).");

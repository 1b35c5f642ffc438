namespace OrleansMemory.Cli;

/// <summary>The command line, a file it names or the environment is wrong.</summary>
/// <param name="message">What is wrong, and what would be right.</param>
internal sealed class UsageException(string message) : Exception(message);

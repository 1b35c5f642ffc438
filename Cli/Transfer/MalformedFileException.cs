namespace OrleansMemory.Cli.Transfer;

/// <summary>A file that is to be imported is not what it should be.</summary>
/// <param name="message">The file, where in it, and what was expected there; nothing of what it says.</param>
internal sealed class MalformedFileException(string message) : Exception(message);

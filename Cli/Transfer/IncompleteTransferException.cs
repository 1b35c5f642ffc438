namespace OrleansMemory.Cli.Transfer;

/// <summary>An import was done but for parts of it, which its report names.</summary>
internal sealed class IncompleteTransferException(string message) : Exception(message);

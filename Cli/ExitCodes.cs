namespace OrleansMemory.Cli;

/// <summary>How a run of the tool ends.</summary>
internal static class ExitCodes
{
    /// <summary>It was done.</summary>
    public const int Done = 0;

    /// <summary>The silo refused it, or it failed; also when it failed in part.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong, or a file that it names is not there; nothing was sent.</summary>
    public const int Usage = 2;

    /// <summary>There is no silo at the address.</summary>
    public const int Unreachable = 3;

    /// <summary>A file that is to be imported is not what it should be.</summary>
    public const int Malformed = 4;

    /// <summary>It was interrupted.</summary>
    public const int Interrupted = 130;
}

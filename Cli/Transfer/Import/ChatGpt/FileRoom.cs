namespace OrleansMemory.Cli.Transfer.Import.ChatGpt;

/// <summary>
/// How much of one message may be files: a message of a silo has up to 4 MiB where nothing else is set, and base64 makes three bytes four.
/// </summary>
internal sealed class FileRoom
{
    private long _left = 2 * 1024 * 1024;

    /// <summary>Takes room for a file, if there is so much.</summary>
    public bool TryTake(long bytes)
    {
        bool isThere = bytes <= _left;
        _left -= isThere ? bytes : 0;
        return isThere;
    }
}

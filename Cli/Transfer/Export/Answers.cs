namespace OrleansMemory.Cli.Transfer.Export;

/// <summary>Reads what a silo streams.</summary>
internal static class Answers
{
    /// <summary>Reads a piece.</summary>
    /// <param name="answer">The body of an answer.</param>
    /// <returns>How many bytes; 0 at the end.</returns>
    /// <exception cref="CutAnswerException">
    /// The connection broke: told apart from a disk that is full, which is an <see cref="IOException"/> as well.
    /// </exception>
    public static async ValueTask<int> ReadPieceAsync(this Stream answer, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await answer.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException)
        {
            throw new CutAnswerException();
        }
    }
}

using OrleansMemory.Cli.Transfer.Progress;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Transfer.Export;

/// <summary>Exports one conversation as the silo's document.</summary>
/// <param name="memory">Calls the silo.</param>
internal sealed class DocumentExport(MemoryHttpClient memory, string conversation)
{
    private const int CopyBytes = 128 * 1024;

    /// <summary>Copies the document.</summary>
    /// <param name="meter">Is told how many bytes.</param>
    /// <exception cref="CutAnswerException">It ended before it was whole.</exception>
    public async Task<bool> WriteAsync(Stream destination, TransferMeter meter, CancellationToken cancellationToken)
    {
        using FileResponse exported = await memory.ExportConversationAsync(conversation, cancellationToken);
        byte[] buffer = new byte[CopyBytes];
        int count;
        while ((count = await exported.Stream.ReadPieceAsync(buffer, cancellationToken)) > 0)
        {
            await destination.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            meter.Add(count);
        }

        return true;
    }
}

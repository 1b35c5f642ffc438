using System.Net;
using OrleansMemory.Http;

namespace OrleansMemory.Cli.Transfer.Import;

/// <summary>Looks what is there already.</summary>
internal static class Lookups
{
    /// <summary>Finds a conversation.</summary>
    /// <returns>It, or <see langword="null"/>.</returns>
    public static async Task<ConversationDocument?> FindConversationAsync(
        this MemoryHttpClient memory,
        string id,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await memory.GetConversationAsync(id, cancellationToken);
        }
        catch (MemoryHttpException refusal) when ((HttpStatusCode)refusal.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}

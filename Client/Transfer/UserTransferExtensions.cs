using OrleansMemory.Client.Errors;
using OrleansMemory.Errors;
using OrleansMemory.Users;

namespace OrleansMemory.Client.Transfer;

/// <summary>Exports and imports all that a user has, streamed: the whole is never in memory.</summary>
/// <remarks>
/// <para><b>Format.</b> JSON lines. The first line names the format; a conversation is a line, its messages are the lines after it, a
/// long-term memory with its history is a line; the last line says how much there is, so that a file that was cut is told apart.</para>
/// <para>
/// <b>Personal data.</b> The file holds everything in clear. It is written down in the audit trail that there was an export, with counts.
/// </para>
/// </remarks>
public static class UserTransferExtensions
{
    /// <summary>
    /// Writes all conversations of a user, forks with all that they share, and all long-term memories. Conversations come newest turn
    /// first, memories in the order in which they were recorded. What is committed while it runs may be in it or not; each conversation is
    /// as of one moment.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="userId">The user.</param>
    /// <param name="destination">Where to write; it stays open.</param>
    /// <param name="tenant">The tenant; <see langword="null"/> for the client's own.</param>
    /// <param name="cancellationToken">Ends the export; what was written so far has no last line.</param>
    /// <returns>How much it was.</returns>
    /// <exception cref="InvalidRequestException">It is not a user.</exception>
    /// <exception cref="MemoryUnavailableException">The store does not answer; what was written so far has no last line.</exception>
    public static Task<UserTransferCounts> ExportUserAsync(
        this ConversationClient client,
        string userId,
        Stream destination,
        string? tenant = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(destination);
        return ExportAsync(client, UserKey.Create(tenant ?? client.DefaultTenant, userId), destination, cancellationToken);
    }

    /// <summary>
    /// Reads what <see cref="ExportUserAsync"/> wrote: conversations get their ids and the given user, memories their ids where they are
    /// free. What the user has already is left as it is, so that the same file may be read again after it was cut. Forks become
    /// conversations of their own. Expiries stay the instants that they were; what has expired is left out.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="userId">The user who is to have it.</param>
    /// <param name="source">What to read; it stays open.</param>
    /// <param name="tenant">The tenant; <see langword="null"/> for the client's own.</param>
    /// <param name="cancellationToken">Ends the import; conversations that were complete stay.</param>
    /// <returns>How much was read.</returns>
    /// <exception cref="InvalidRequestException">
    /// It is not an exported user, or was cut; what came before may have been imported.
    /// </exception>
    /// <exception cref="MalformedJsonException">A line is not JSON.</exception>
    /// <exception cref="PayloadTooLargeException">A line, message or memory is too large.</exception>
    /// <exception cref="ConversationExistsException">Another conversation has the id of one in the file.</exception>
    /// <exception cref="QuotaExceededException">The tenant has no room for all of it.</exception>
    /// <exception cref="MemoryUnavailableException">The store does not answer; it may be read again.</exception>
    public static Task<UserTransferCounts> ImportUserAsync(
        this ConversationClient client,
        string userId,
        Stream source,
        string? tenant = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(source);
        return new UserImporter(client, UserKey.Create(tenant ?? client.DefaultTenant, userId), client.Time).ReadAsync(
            source,
            cancellationToken
        );
    }

    private static async Task<UserTransferCounts> ExportAsync(
        ConversationClient client,
        UserKey user,
        Stream destination,
        CancellationToken cancellationToken
    )
    {
        var exporter = new UserExporter(client, user, client.Time, destination);
        await using (exporter)
        {
            return await exporter.WriteAsync(cancellationToken);
        }
    }
}

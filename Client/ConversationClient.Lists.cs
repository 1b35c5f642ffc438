using System.Runtime.CompilerServices;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;

namespace OrleansMemory.Client;

public sealed partial class ConversationClient
{
    /// <summary>Lists conversations of a tenant, the one with the newest turn first. Transient failures are retried.</summary>
    /// <param name="query">Which conversations, and where to go on.</param>
    /// <param name="tenant">The tenant; <see langword="null"/> for the default one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// A page. The pages that follow show what matched at the first one exactly once and in the order of then, whatever turns come in
    /// between.
    /// </returns>
    /// <exception cref="InvalidRequestException">The tenant, a condition, the limit or the cursor is not valid.</exception>
    public Task<ConversationListPage> ListAsync(
        ConversationListQuery query,
        string? tenant = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(query);
        WellFormedText.Require(query);
        tenant ??= _defaultTenant;
        ConversationKey.CheckTenant(tenant);
        return _retry.ExecuteAsync(
            static (state, token) => state.Directory.ListAsync(state.Query, token),
            (Directory: _grains.GetGrain<IConversationDirectoryGrain>(tenant), Query: query),
            cancellationToken
        );
    }

    /// <summary>
    /// Walks through all pages of a list; see <see cref="ListAsync"/>. They are read while the conversations are consumed.
    /// </summary>
    /// <param name="query">
    /// Which conversations; <see cref="ConversationListQuery.Limit"/> is the size of a page, <see cref="ConversationListQuery.Cursor"/>
    /// where to start.
    /// </param>
    /// <param name="tenant">The tenant; <see langword="null"/> for the default one.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <returns>The heads, each as it is when its page is read.</returns>
    /// <exception cref="InvalidRequestException">The query is not valid, or the walk takes longer than a cursor is good for.</exception>
    /// <example>
    /// <code>
    /// await foreach (Head head in client.ListAllAsync(new ConversationListQuery { UserId = "ada" }))
    /// {
    ///     Console.WriteLine($"{head.Settings.Title}: {head.LastSequence}");
    /// }
    /// </code>
    /// </example>
    public async IAsyncEnumerable<Head> ListAllAsync(
        ConversationListQuery query,
        string? tenant = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ConversationListQuery? next = query;
        while (next is not null)
        {
            ConversationListPage page = await ListAsync(next, tenant, cancellationToken);
            foreach (Head head in page.Conversations)
            {
                yield return head;
            }

            next = page.Next is null ? null : next with { Cursor = page.Next };
        }
    }
}

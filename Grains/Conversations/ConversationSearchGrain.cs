using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Storage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>Searches across conversations of one tenant. It holds nothing, so every silo has its own and they run side by side.</summary>
[GrainType("conversation-search")]
[Reentrant]
[StatelessWorker(1)]
internal sealed class ConversationSearchGrain(
    IConversationStore store,
    IOptions<ConversationOptions> options,
    [FromKeyedServices(ConversationClock.ServiceKey)] TimeProvider timeProvider
) : Grain, IConversationSearchGrain
{
    private string _tenant = "";

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Any id will do: the key's rules for tenants are ours.
        _tenant = ConversationKey.Create(this.GetPrimaryKeyString(), "any").Tenant;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task<MessageSearchPage> SearchUserAsync(
        string userId,
        MessageSearchQuery query,
        CancellationToken cancellationToken = default
    )
    {
        TextRules.Require(userId, "userId", TextRules.MaxNameBytes);
        var searching = MessageSearching.Check(query, $"user {_tenant} {userId}", options.Value.MaxPageBytes, timeProvider.Now());
        return searching.ToPage(await store.SearchUserAsync(_tenant, userId, searching.Search, cancellationToken));
    }
}

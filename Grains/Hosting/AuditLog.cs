using Microsoft.Extensions.DependencyInjection;
using OrleansMemory.Auditing;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Tenants;

namespace OrleansMemory.Grains.Hosting;

/// <summary>The audit trail as the store has it.</summary>
/// <param name="services">Where the store is found, once it is open.</param>
/// <param name="timeProvider">The clock of conversations.</param>
internal sealed class AuditLog(IServiceProvider services, [FromKeyedServices(MemoryClock.ServiceKey)] TimeProvider timeProvider) : IAuditLog
{
    private const int MostRows = 1_000;

    private IAuditStore Store => services.GetRequiredService<IAuditStore>();

    /// <inheritdoc />
    public Task<IReadOnlyList<AuditRecord>> ListAsync(AuditQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Tenant is { } tenant)
        {
            TenantKey.Create(tenant);
        }

        if (query.Limit is < 1 or > MostRows)
        {
            throw new InvalidRequestException("limit", FormattableString.Invariant($"limit must be 1 to {MostRows}."));
        }

        if ((query.UserId ?? query.ConversationId) is not null && query.Tenant is null)
        {
            throw new InvalidRequestException("tenant", "A user or conversation is looked for in one tenant: name it.");
        }

        if (query.UserId is not null && query.ConversationId is not null)
        {
            throw new InvalidRequestException("conversationId", "Ask for a user or for a conversation, not for both.");
        }

        AuditSubject? subject =
            query.UserId is { } user ? AuditSubject.User(user)
            : query.ConversationId is { } id ? AuditSubject.Conversation(id)
            : null;
        return Store.ListAsync(new AuditList(query.Tenant, subject, query.Before ?? long.MaxValue, query.Limit), cancellationToken);
    }

    /// <inheritdoc />
    public Task NoteAsync(string tenant, string action, string? conversationId, CancellationToken cancellationToken = default) =>
        Store.BeginAsync(
            new AuditNote(
                tenant,
                action,
                AuditActor.Current,
                conversationId is null ? null : AuditSubject.Conversation(conversationId),
                timeProvider.Now(),
                IsOver: true
            ),
            cancellationToken
        );
}

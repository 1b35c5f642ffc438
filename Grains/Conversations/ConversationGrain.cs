using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Auditing;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Usage;

namespace OrleansMemory.Grains.Conversations;

/// <summary>One conversation: validate, decide, commit, apply, reply.</summary>
/// <remarks>
/// The grain is reentrant so that a turn can be decided while the ones before it are being written; deciding itself never awaits, so turns
/// still get their sequences one at a time and in the order in which they came. Reads see only what is durable.
/// </remarks>
[GrainType("conversation")]
[Reentrant]
internal sealed partial class ConversationGrain(
    IConversationStore store,
    IOptions<ConversationOptions> options,
    [FromKeyedServices(ConversationClock.ServiceKey)] TimeProvider timeProvider,
    ClockCheck clocks,
    SiloLease lease,
    IHostApplicationLifetime lifetime,
    TenantPolicies tenants,
    MemoryInstruments instruments,
    UsageMeters meters,
    AuditTrail audit,
    ILogger<ConversationGrain> logger
) : Grain, IConversationGrain, IIncomingGrainCallFilter
{
    private ConversationActivation _activation = null!;
    private ConversationQuota _quota = null!;
    private ConversationFeed _feed = null!;
    private ConversationImport _import = null!;
    private ConversationLifecycle _lifecycle = null!;

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        ConversationKey key = ConversationKey.Parse(this.GetPrimaryKeyString());
        var signal = new FeedSignal(timeProvider, lifetime.ApplicationStopping);
        _activation = new ConversationActivation(this, key, store, options.Value, timeProvider, clocks, tenants, signal, logger);
        _quota = new ConversationQuota(_activation, meters);
        _feed = new ConversationFeed(_activation, instruments);
        _import = new ConversationImport(_activation, _quota);
        _lifecycle = new ConversationLifecycle(_activation, _quota, audit, GrainFactory);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // One whose key was refused was never active.
        if (_activation is not null)
        {
            _activation.Expiry.Leave();
            await _activation.DrainAsync();
            await _activation.Expiry.RemoveIfExpiredAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Answers a call (receipts, reads, feeds and errors alike) only once the silo's lease is seen to hold after it: until then another
    /// silo may have made the conversation active. A turn that is stored but not acknowledged is found under its id wherever it is sent
    /// next.
    /// </summary>
    Task IIncomingGrainCallFilter.Invoke(IIncomingGrainCallContext context)
    {
        // Most reads are answered from memory and have ended here; they need no state machine.
        Task call = context.Invoke();
        return call.IsCompletedSuccessfully && lease.Holds ? Task.CompletedTask : ConfirmAsync(call);
    }

    private async Task ConfirmAsync(Task call)
    {
        try
        {
            await call;
        }
        finally
        {
            await lease.ConfirmAsync(CancellationToken.None);
        }
    }

    /// <inheritdoc />
    public async Task<TurnReceipt> CommitAsync(Turn turn, CancellationToken cancellationToken = default)
    {
        TenantPolicy policy = await _activation.GetPolicyAsync();
        PreparedTurn prepared = policy.Validation.Prepare(turn);
        var backoff = new RetryBackoff(_activation.Time);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TurnReceipt? receipt =
                prepared.Turn.KeepLast is null && prepared.Turn.DeleteSequences.IsEmpty
                    ? await _activation.Gate.RunSharedAsync(() => AttemptAsync(prepared, cancellationToken), cancellationToken)
                    : await _activation.Gate.RunExclusiveAsync(() => AttemptAloneAsync(prepared, cancellationToken), cancellationToken);
            if (receipt is not null)
            {
                return receipt;
            }

            ConversationLog.TurnRetried(_activation.Logger, backoff.Attempts);
            await backoff.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc />
    public IAsyncEnumerable<ConversationEvent> WatchAsync(WatchRequest request, CancellationToken cancellationToken = default) =>
        _feed.WatchAsync(request, cancellationToken);

    /// <inheritdoc />
    public Task<Head> ForkAsync(ForkRequest request, CancellationToken cancellationToken = default) =>
        _lifecycle.ForkAsync(request, cancellationToken);

    /// <inheritdoc />
    public Task<DeleteReceipt> DeleteAsync(CancellationToken cancellationToken = default) =>
        DeleteAsync(DeleteRequest.Whatever, cancellationToken);

    /// <inheritdoc />
    public Task<DeleteReceipt> DeleteAsync(DeleteRequest request, CancellationToken cancellationToken = default) =>
        _lifecycle.DeleteAsync(request, cancellationToken);

    /// <inheritdoc />
    public Task RefreshAsync() => _lifecycle.RefreshAsync();

    /// <inheritdoc />
    public Task<string> BeginImportAsync(ImportStart start, CancellationToken cancellationToken = default) =>
        _import.BeginAsync(start, cancellationToken);

    /// <inheritdoc />
    public Task AppendImportAsync(string importId, ImmutableArray<Message> messages, CancellationToken cancellationToken = default) =>
        _import.AppendAsync(importId, messages, cancellationToken);

    /// <inheritdoc />
    public Task<Head> CompleteImportAsync(string importId, CancellationToken cancellationToken = default) =>
        _import.CompleteAsync(importId, cancellationToken);
}

using Microsoft.Extensions.Logging;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Conversations;

/// <summary>
/// What the grain of a conversation and its collaborators share for as long as it is active: the clock, the tenant's policy, what is
/// loaded, and which work runs beside which.
/// </summary>
internal sealed class ConversationActivation
{
    private readonly ClockCheck _clocks;
    private readonly TenantPolicies _tenants;
    private TenantPolicy? _policy;
    private Task<TenantPolicy>? _policyLoading;
    private bool _endsUnwatched;

    public ConversationActivation(
        IGrainBase grain,
        ConversationKey key,
        IConversationStore store,
        ConversationOptions options,
        TimeProvider timeProvider,
        ClockCheck clocks,
        TenantPolicies tenants,
        FeedSignal feed,
        ILogger logger
    )
    {
        _clocks = clocks;
        _tenants = tenants;
        Grain = grain;
        Key = key;
        Store = store;
        Options = options;
        Time = timeProvider;
        Feed = feed;
        Logger = logger;
        Loading = new ConversationLoading(store, options, feed);
        Expiry = new ConversationExpiry(this, clocks);
    }

    public IGrainBase Grain { get; }

    public ConversationKey Key { get; }

    public IConversationStore Store { get; }

    public ConversationOptions Options { get; }

    public TimeProvider Time { get; }

    public DateTimeOffset Now => Time.Now();

    public ILogger Logger { get; }

    /// <summary>Tells feeds that something has changed.</summary>
    public FeedSignal Feed { get; }

    public ConversationLoading Loading { get; }

    /// <summary>Turns run beside each other; what finds something in the store first, and then decides upon it, runs alone.</summary>
    public AsyncReaderWriterGate Gate { get; } = new();

    public ConversationExpiry Expiry { get; }

    /// <summary>The tenant's policy that was asked for last.</summary>
    public TenantPolicy Policy => _policy ?? throw new InvalidOperationException("The tenant's policy is asked for before it is used.");

    /// <summary>
    /// Asks for the tenant's policy: usually the silo knows it. Where it must be read, all calls wait for the same read, so that turns go
    /// on in the order in which they came.
    /// </summary>
    public ValueTask<TenantPolicy> GetPolicyAsync()
    {
        if (_policyLoading is { } loading)
        {
            return new ValueTask<TenantPolicy>(loading);
        }

        if (_tenants.TryGet(Key.Tenant, out TenantPolicy? policy))
        {
            _policy = policy;
            return ValueTask.FromResult(policy);
        }

        loading = LoadPolicyAsync();
        _policyLoading = loading.IsCompleted ? null : loading;
        return new ValueTask<TenantPolicy>(loading);
    }

    public async Task<LoadedConversation> GetLiveAsync(CancellationToken cancellationToken) =>
        await FindAsync(cancellationToken) ?? throw new ConversationNotFoundException(Key);

    /// <summary>
    /// The conversation, if it exists, has not expired, and belongs to the user that the call is bound to, if it is bound to one. That it
    /// does not is never answered from memory: a fork, an import or another activation may have made it.
    /// </summary>
    public async Task<LoadedConversation?> FindAsync(CancellationToken cancellationToken) =>
        await FindAnyAsync(cancellationToken) is { } found && BoundUser.Owns(found.Durable.Head!.Settings.UserId) ? found : null;

    /// <summary>The conversation, if it exists and has not expired, whoever it belongs to.</summary>
    public async Task<LoadedConversation?> FindAnyAsync(CancellationToken cancellationToken)
    {
        LoadedConversation? known = Loading.Current;
        LoadedConversation loaded = await Loading.GetAsync(Key, cancellationToken);
        if (!loaded.Durable.IsLive(Now) && ReferenceEquals(known, loaded) && loaded.LastPending is null)
        {
            loaded = await Loading.ReloadAsync(Key, loaded, cancellationToken);
        }

        if (loaded.Durable.IsLive(Now))
        {
            Expiry.Watch();
            return loaded;
        }

        if (loaded.LastPending is null)
        {
            // Somebody asked for what is not there: that is no reason to stay in memory.
            DeactivateUnwatched();
        }

        return null;
    }

    /// <summary>Waits until no turn is on its way any more.</summary>
    public async Task DrainAsync()
    {
        while (Loading.Current?.LastPending is { } last)
        {
            await SettledAsync(last, CancellationToken.None);
        }
    }

    /// <summary>Waits until a turn is no longer on its way, whatever became of it.</summary>
    public static async Task SettledAsync(PendingTurn pending, CancellationToken cancellationToken)
    {
        await ((Task)pending.Stored)
            .WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        cancellationToken.ThrowIfCancellationRequested();
        await Task.Yield();
    }

    /// <summary>
    /// Refuses what goes by an instant on a silo whose clock is off. The activation ends, so that the next attempt may find another silo.
    /// </summary>
    /// <exception cref="MemoryUnavailableException">The silo's clock is off.</exception>
    public void RequireClock()
    {
        if (_clocks.IsOff)
        {
            Deactivate();
            _clocks.RequireRight();
        }
    }

    /// <summary>Ends the activation when what is under way is done.</summary>
    public void Deactivate() => Grain.DeactivateOnIdle();

    /// <summary>Deactivates when the last feed has ended: deactivation aborts feeds, and these still have to hear how they end.</summary>
    public void DeactivateUnwatched()
    {
        _endsUnwatched = true;
        if (Feed.Readers == 0)
        {
            Deactivate();
        }
    }

    /// <summary>Does so if that was asked for while there were readers, and there are none any more.</summary>
    public void DeactivateIfUnwatched()
    {
        if (_endsUnwatched && Feed.Readers == 0)
        {
            Deactivate();
        }
    }

    private async Task<TenantPolicy> LoadPolicyAsync()
    {
        try
        {
            _policy = await _tenants.GetPolicyAsync(Key.Tenant, CancellationToken.None);
            return _policy;
        }
        finally
        {
            _policyLoading = null;
        }
    }
}

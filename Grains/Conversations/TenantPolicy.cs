using OrleansMemory.Conversations;
using OrleansMemory.Tenants;

namespace OrleansMemory.Grains.Conversations;

/// <summary>What holds for the conversations of one tenant: the silo's options, made narrower by the tenant's settings.</summary>
internal sealed class TenantPolicy
{
    private TenantPolicy(TenantSettings settings, ConversationOptions limits, TimeToLive? timeToLive, bool requiresUser)
    {
        Settings = settings;
        Limits = limits;
        Validation = new TurnValidation(limits);
        Decision = new TurnDecision(limits, timeToLive, requiresUser);
        RequiresUser = requiresUser;
    }

    /// <summary>The settings.</summary>
    public TenantSettings Settings { get; }

    /// <summary>What the tenant may use at most.</summary>
    public TenantQuotas Quotas => Settings.Quotas;

    /// <summary>The options with the tenant's limits.</summary>
    public ConversationOptions Limits { get; }

    /// <summary>Whether every conversation must name its user.</summary>
    public bool RequiresUser { get; }

    /// <summary>Refuses turns beyond the limits.</summary>
    public TurnValidation Validation { get; }

    /// <summary>Decides turns within the limits.</summary>
    public TurnDecision Decision { get; }

    /// <summary>The policy of a tenant.</summary>
    /// <param name="options">The silo's options.</param>
    /// <param name="settings">The tenant's settings.</param>
    public static TenantPolicy Of(string tenant, ConversationOptions options, TenantSettings settings)
    {
        TimeToLive? timeToLive = settings.LivesForever ? null : settings.DefaultTimeToLive ?? options.TimeToLiveOf(tenant);
        return new TenantPolicy(
            settings,
            settings.Limits == TenantLimits.None ? options : options.Within(settings.Limits),
            timeToLive,
            settings.RequiresUser || options.RequiresUser(tenant)
        );
    }
}

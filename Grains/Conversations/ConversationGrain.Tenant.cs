using OrleansMemory.Grains.Tenants;

namespace OrleansMemory.Grains.Conversations;

internal sealed partial class ConversationGrain
{
    private TenantPolicy? _policy;
    private Task<TenantPolicy>? _policyLoading;

    /// <summary>The tenant's policy that was asked for last.</summary>
    private TenantPolicy Policy => _policy ?? throw new InvalidOperationException("The tenant's policy is asked for before it is used.");

    /// <summary>
    /// Asks for the tenant's policy: usually the silo knows it. Where it must be read, all calls wait for the same read, so that turns go on in the order in which
    /// they came.
    /// </summary>
    private ValueTask<TenantPolicy> GetPolicyAsync()
    {
        if (_policyLoading is { } loading)
        {
            return new ValueTask<TenantPolicy>(loading);
        }

        if (_tenants.TryGet(_key.Tenant, out TenantPolicy? policy))
        {
            _policy = policy;
            return ValueTask.FromResult(policy);
        }

        loading = LoadPolicyAsync();
        _policyLoading = loading.IsCompleted ? null : loading;
        return new ValueTask<TenantPolicy>(loading);
    }

    private async Task<TenantPolicy> LoadPolicyAsync()
    {
        try
        {
            _policy = await _tenants.GetPolicyAsync(_key.Tenant, CancellationToken.None);
            return _policy;
        }
        finally
        {
            _policyLoading = null;
        }
    }
}

using OrleansMemory.Conversations;

namespace OrleansMemory.Client;

public sealed partial class Conversation
{
    /// <summary>Asks what a turn may hold. What was asked lately is known for <see cref="KnownLimits.Age"/>.</summary>
    internal async Task<TurnLimits> GetLimitsAsync(CancellationToken cancellationToken)
    {
        if (_client.Limits.Find(Key.Tenant) is { } known)
        {
            return known;
        }

        TurnLimits limits = await _retry.ExecuteAsync(static (grain, token) => grain.GetLimitsAsync(token), _grain, cancellationToken);
        _client.Limits.Set(Key.Tenant, limits);
        return limits;
    }
}

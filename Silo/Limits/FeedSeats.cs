using Microsoft.Extensions.Options;
using OrleansMemory.Silo.Errors;
using OrleansMemory.Silo.Hosting;

namespace OrleansMemory.Silo.Limits;

/// <summary>How many live feeds there may be at a time: of each tenant, and in all.</summary>
/// <param name="options">The limits.</param>
internal sealed class FeedSeats(IOptions<HttpOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _tenants = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>How many feeds there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _all;
            }
        }
    }

    /// <summary>Takes a seat.</summary>
    /// <param name="tenant">Whose feed it is.</param>
    /// <returns>The seat, which is given back when it is disposed.</returns>
    /// <exception cref="ProblemException">There is none left.</exception>
    public IDisposable Take(string tenant)
    {
        HttpOptions limits = options.Value;
        lock (_gate)
        {
            int own = _tenants.GetValueOrDefault(tenant);
            if (own >= limits.MaxTenantFeeds)
            {
                throw new ProblemException(SiloProblem.TooManyFeeds("this tenant", limits.MaxTenantFeeds));
            }

            if (_all >= limits.MaxFeeds)
            {
                throw new ProblemException(SiloProblem.TooManyFeeds("all tenants", limits.MaxFeeds));
            }

            _all++;
            _tenants[tenant] = own + 1;
            return new Seat(this, tenant);
        }
    }

    private void Leave(string tenant)
    {
        lock (_gate)
        {
            _all--;
            if (--_tenants[tenant] == 0)
            {
                _tenants.Remove(tenant);
            }
        }
    }

    private sealed class Seat(FeedSeats seats, string tenant) : IDisposable
    {
        private bool _isFree;

        public void Dispose()
        {
            if (!_isFree)
            {
                _isFree = true;
                seats.Leave(tenant);
            }
        }
    }
}

using Microsoft.Extensions.Options;
using OrleansMemory.Silo.Errors;
using OrleansMemory.Silo.Hosting;

namespace OrleansMemory.Silo.Api.Bodies;

/// <summary>
/// How much memory request bodies take that are being read or worked on: of each tenant, and in all. Beyond it a body is refused at once,
/// so that neither bodies that never end nor many large ones at a time can take a silo's memory from the others. Bodies of up to
/// <see cref="SmallBytes"/> are not counted: a connection has one at a time.
/// </summary>
/// <param name="options">The limits.</param>
internal sealed class BodyBudget(IOptions<HttpOptions> options)
{
    /// <summary>Up to this length a body stays in the connection's own buffer.</summary>
    public const int SmallBytes = 16 * 1024;

    /// <summary>What <see cref="HasRoom"/> asks.</summary>
    public const string RoomRule =
        "OrleansMemory:Http:MaxTenantBodyBytesInFlight must be at least 8 times MaxRequestBytes and 128 bytes more for each of MaxRequestTokens, and MaxBodyBytesInFlight no less than it: "
        + "a body that is allowed must fit.";

    private const long UsualBytes = 256 * 1024 * 1024;

    private readonly (long OfTenant, long All) _bounds = BoundsOf(options.Value);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _tenants = new(StringComparer.Ordinal);
    private long _all;

    /// <summary>How many bytes are taken now.</summary>
    public long Taken
    {
        get
        {
            lock (_gate)
            {
                return _all;
            }
        }
    }

    /// <summary>Whether a body that is as large as one may be fits into the budget.</summary>
    public static bool HasRoom(HttpOptions limits)
    {
        (long ofTenant, long all) = BoundsOf(limits);
        return ofTenant >= LargestOf(limits) && all >= ofTenant;
    }

    /// <summary>Begins to count a body.</summary>
    /// <returns>What it takes: nothing so far.</returns>
    public BodyLease Lease(string tenant) => new(this, tenant);

    /// <summary>Takes bytes, or gives them back.</summary>
    /// <param name="tenant">Whose body they are of.</param>
    /// <param name="bytes">How many; less than 0 gives back.</param>
    /// <exception cref="ProblemException">There are not so many left.</exception>
    public void Take(string tenant, long bytes)
    {
        (long ofTenant, long all) = _bounds;
        lock (_gate)
        {
            long own = _tenants.GetValueOrDefault(tenant) + bytes;
            bool isTenants = own > ofTenant;
            if (bytes > 0 && (isTenants || _all + bytes > all))
            {
                throw new ProblemException(
                    isTenants ? SiloProblem.BodiesInFlight("this tenant", ofTenant) : SiloProblem.BodiesInFlight("all tenants", all)
                );
            }

            _all += bytes;
            if (own == 0)
            {
                _tenants.Remove(tenant);
            }
            else
            {
                _tenants[tenant] = own;
            }
        }
    }

    private static (long OfTenant, long All) BoundsOf(HttpOptions limits)
    {
        long ofTenant = limits.MaxTenantBodyBytesInFlight ?? Math.Max(UsualBytes, LargestOf(limits));
        return (ofTenant, limits.MaxBodyBytesInFlight ?? 2 * ofTenant);
    }

    private static long LargestOf(HttpOptions limits) =>
        ((long)GatheredBody.WorkFactor * limits.MaxRequestBytes) + ((long)GatheredBody.TokenBytes * limits.MaxRequestTokens);
}

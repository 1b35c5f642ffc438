using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using OrleansMemory.AspNetCore;
using OrleansMemory.Silo.Api;
using OrleansMemory.Silo.Errors;
using OrleansMemory.Silo.Hosting;

namespace OrleansMemory.Silo.Limits;

/// <summary>
/// Lets requests in by tenant: no more a second and no more at a time than a tenant may have, and, while several tenants send requests, a
/// few of each at a time, in their order. So a tenant that floods waits in its own queue, and another one's next request finds the
/// processors at most a few requests behind.
/// </summary>
/// <remarks>
/// A refusal is written here, without an exception: it must cost less than what it keeps out. Live feeds are counted by
/// <see cref="FeedSeats"/>. What no tenant asks for, health for one, passes.
/// </remarks>
/// <param name="options">The limits.</param>
/// <param name="timeProvider">Tells when other tenants have been here.</param>
internal sealed class TenantGate(IOptions<HttpOptions> options, TimeProvider timeProvider)
{
    // More tenants than a silo serves at a time. To forget one costs no more than that its next requests are counted from 0.
    private const int MostKnown = 10_000;

    // As long as the commit pipeline remembers that tenants share it.
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    private readonly HttpOptions _limits = options.Value;
    private readonly TimeProvider _timeProvider = timeProvider;
    private readonly ConcurrentDictionary<string, Guest> _guests = new(StringComparer.Ordinal);
    private Guest? _last;
    private int _all;
    private long _sharedAt;
    private volatile bool _wereShared;

    private int MostRunning() =>
        _wereShared && _timeProvider.GetElapsedTime(Interlocked.Read(ref _sharedAt)) < Remembered
            ? _limits.SharedRequestsAtATime
            : int.MaxValue;

    /// <summary>Passes a request on when it is its turn, or refuses it.</summary>
    /// <param name="context">The request, whose tenant is known if it has one.</param>
    /// <param name="next">Serves it.</param>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (RequestTarget.TenantOrNull(context) is not { } tenant)
        {
            await next(context);
            return;
        }

        Guest guest = Find(tenant);
        if (guest.Rate?.TryTake(_timeProvider.GetUtcNow().UtcTicks) is { } pause)
        {
            await ProblemWriter.WriteAsync(context, SiloProblem.TooManyRequestsPerSecond(guest.Rate.PerSecond, pause));
            return;
        }

        if (context.GetEndpoint()?.Metadata.GetMetadata<LiveFeed>() is not null)
        {
            await next(context);
            return;
        }

        await PassAsync(context, next, guest.Queue);
    }

    private async Task PassAsync(HttpContext context, RequestDelegate next, TenantQueue queue)
    {
        if (Interlocked.Increment(ref _all) > _limits.MaxRequestsInFlight)
        {
            Interlocked.Decrement(ref _all);
            await ProblemWriter.WriteAsync(context, SiloProblem.TooManyRequests("all tenants", _limits.MaxRequestsInFlight));
            return;
        }

        try
        {
            if (queue.Enter(_limits.MaxTenantRequestsInFlight) is not { } seat)
            {
                await ProblemWriter.WriteAsync(context, SiloProblem.TooManyRequests("this tenant", _limits.MaxTenantRequestsInFlight));
                return;
            }

            await seat.Turn;
            try
            {
                context.RequestAborted.ThrowIfCancellationRequested();
                await next(context);
            }
            finally
            {
                queue.Leave(seat);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _all);
        }
    }

    private Guest Find(string tenant)
    {
        if (!_guests.TryGetValue(tenant, out Guest? guest))
        {
            if (_guests.Count >= MostKnown)
            {
                // A request that is under way leaves the queue that it has entered.
                _guests.Clear();
            }

            guest = _guests.GetOrAdd(
                tenant,
                static (name, gate) => new Guest(RateOf(name, gate._limits), new TenantQueue(gate._timeProvider, gate.MostRunning)),
                this
            );
        }

        // Two that come at once may both miss the other; one of their next requests does not.
        Guest? last = _last;
        if (!ReferenceEquals(last, guest))
        {
            _last = guest;
            if (last is not null)
            {
                Interlocked.Exchange(ref _sharedAt, _timeProvider.GetTimestamp());
                _wereShared = true;
            }
        }

        return guest;
    }

    private static RequestRate? RateOf(string tenant, HttpOptions limits) =>
        (limits.TenantRequestsPerSecond.TryGetValue(tenant, out int own) ? own : limits.MaxTenantRequestsPerSecond) is { } perSecond
            ? new RequestRate(perSecond)
            : null;

    private sealed record Guest(RequestRate? Rate, TenantQueue Queue);
}

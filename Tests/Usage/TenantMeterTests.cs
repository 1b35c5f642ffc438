using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Usage;
using OrleansMemory.Tenants;
using OrleansMemory.Usage;
using Xunit;

namespace OrleansMemory.Tests.Usage;

/// <summary>What a silo's meter lets in.</summary>
public sealed class TenantMeterTests
{
    private static readonly TenantQuotas Quota = new() { MaxBytes = 1_000, MaxConversations = 50 };

    [Fact]
    public void Nothing_is_let_in_before_the_store_was_asked()
    {
        var meter = new TenantMeter("t");
        Assert.False(meter.TryReserve(new UsageAmount(Bytes: 1), Quota));
        Assert.True(meter.TryReserve(new UsageAmount(Bytes: 1), TenantQuotas.None));
        Assert.True(meter.BeginNote(out _));
        meter.EndNote(new TenantUsage { Tenant = "t" });
        Assert.True(meter.TryReserve(new UsageAmount(Bytes: 1), Quota));
    }

    [Fact]
    public void A_meter_that_nobody_has_asked_since_the_last_note_asks_the_store_first()
    {
        TenantMeter meter = Known(used: 0);
        Assert.True(meter.TryReserve(new UsageAmount(Bytes: 1), Quota));
        Assert.True(meter.BeginNote(out _));
        meter.EndNote(new TenantUsage { Tenant = "t" });
        Assert.False(meter.BeginNote(out _));
        meter.EndNote(null);
        Assert.False(meter.TryReserve(new UsageAmount(Bytes: 1), Quota));
    }

    [Fact]
    public void What_shrinks_is_let_in_however_full_it_is()
    {
        TenantMeter meter = Known(used: 5_000);
        Assert.True(meter.TryReserve(new UsageAmount(Bytes: -1), Quota));
        Assert.False(meter.TryReserve(new UsageAmount(Bytes: 1), Quota));
        Assert.Equal(("maxBytes", 1_000, 4_999, 1), Figures(meter, new UsageAmount(Bytes: 1)));
    }

    [Fact]
    public void A_note_that_failed_is_given_once_more()
    {
        TenantMeter meter = Known(used: 0);
        var amount = new UsageAmount(Bytes: 600, Turns: 1);
        Assert.True(meter.TryReserve(amount, Quota));
        meter.Settle(amount, MeterResult.Turn);
        meter.BeginNote(out _);
        meter.FailNote();
        Assert.False(meter.TryReserve(amount, Quota));
        meter.BeginNote(out UsageGrowth again);
        Assert.Equal(amount, again.Amount);
    }

    /// <summary>
    /// Silos that write for one tenant at once. What one of them lets in goes beyond the quota by no more than what the others had not
    /// noted when it asked the store last, and have taken since.
    /// </summary>
    [Fact]
    public void Generated_schedules_go_beyond_the_quota_by_no_more_than_others_have_not_noted_or_taken_since()
    {
        int full = 0;
        for (int seed = 1; seed <= 400; seed++)
        {
            full += new Schedule(seed, silos: 1 + (seed % 4)).Run();
        }

        Assert.True(full > 10_000, $"Only {full} reservations found no room.");
    }

    private static TenantMeter Known(long used)
    {
        var meter = new TenantMeter("t");
        meter.TryReserve(default, Quota);
        meter.BeginNote(out _);
        meter.EndNote(new TenantUsage { Tenant = "t", Bytes = used });
        return meter;
    }

    private static (string, long, long, long) Figures(TenantMeter meter, UsageAmount amount) =>
        meter.Check(amount, Quota) is { } exceeded ? (exceeded.Quota, exceeded.Limit, exceeded.Used, exceeded.Wanted) : default;

    private sealed class Schedule(int seed, int silos)
    {
        private readonly Random _random = new(seed);
        private readonly TenantMeter[] _meters = [.. Enumerable.Range(0, silos).Select(_ => new TenantMeter("t"))];
        private readonly List<(int Silo, UsageAmount Amount)> _open = [];
        private readonly long[] _unnoted = new long[silos];
        private readonly long[] _hidden = new long[silos];
        private long _noted;

        private long Total => _noted + _unnoted.Sum() + _open.Sum(static taken => taken.Amount.Bytes);

        /// <returns>How often there was no room.</returns>
        public int Run()
        {
            int full = 0;
            for (int step = 0; step < 400; step++)
            {
                int silo = _random.Next(silos);
                switch (_random.Next(6))
                {
                    case 0:
                        Note(silo);
                        break;
                    case < 4:
                        full += Take(silo, new UsageAmount(Bytes: _random.Next(1, 90), Turns: 1), step) ? 0 : 1;
                        break;
                    case 4 when _open.Count > 0:
                        Settle(_random.Next(_open.Count));
                        break;
                    default:
                        // Something is deleted now and then; the statement that does it notes it.
                        _noted -= _random.Next(10) == 0 && _noted > 0 ? _random.NextInt64(1, _noted + 1) : 0;
                        break;
                }
            }

            return full;
        }

        private void Note(int silo)
        {
            bool asks = _meters[silo].BeginNote(out UsageGrowth growth);
            Assert.Equal(_unnoted[silo], growth.Amount.Bytes);
            _noted += growth.Amount.Bytes;
            _unnoted[silo] = 0;
            _meters[silo].EndNote(asks ? new TenantUsage { Tenant = "t", Bytes = _noted } : null);
            _hidden[silo] = _unnoted.Sum() + _open.Where(taken => taken.Silo != silo).Sum(static taken => taken.Amount.Bytes);
        }

        private bool Take(int silo, UsageAmount amount, int step)
        {
            if (!_meters[silo].TryReserve(amount, Quota))
            {
                return false;
            }

            _open.Add((silo, amount));
            Assert.True(
                Total <= Quota.MaxBytes + _hidden[silo],
                $"seed {seed}, step {step}: {Total} bytes, of which {_hidden[silo]} may be beyond"
            );
            for (int other = 0; other < silos; other++)
            {
                _hidden[other] += other == silo ? 0 : amount.Bytes;
            }

            return true;
        }

        private void Settle(int index)
        {
            (int silo, UsageAmount amount) = _open[index];
            _open.RemoveAt(index);
            bool isWritten = _random.Next(4) > 0;
            _meters[silo].Settle(amount, isWritten ? MeterResult.Turn : MeterResult.Nothing);
            _unnoted[silo] += isWritten ? amount.Bytes : 0;
        }
    }
}

using System.Globalization;
using OrleansMemory.Client.Compatibility.MemoryStore;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.MemoryStore;

public abstract partial class MemoryStoreContract
{
    private static readonly string[] Sessions = ["s1", "s2"];
    private static readonly string[] Namespaces = ["n", "m"];
    private static readonly string[] Keys = ["a", "b", "c"];

    // In microseconds; what is under one checks the rounding.
    private static readonly double?[] Lives = [null, 0, -1, 0.1, 1, 2.5, 10, 1_000];

    /// <summary>Any sequence of calls does what the plain model does: a dictionary of values and expiries.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(20261121)]
    [InlineData(777)]
    public async Task Any_sequence_of_calls_does_what_the_model_does(int seed)
    {
        var random = new Random(seed);
        var model = new Dictionary<(string Session, string Namespace, string Key), (int Value, DateTimeOffset? ExpiresAt)>();
        for (int step = 0; step < 400; step++)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, step {step}");
            (string session, string sessionNamespace, string key) = (Pick(random, Sessions), Pick(random, Namespaces), Pick(random, Keys));
            switch (random.Next(6))
            {
                case 0:
                    Clock.Advance(TimeSpan.FromTicks(random.Next(60)));
                    break;
                case 1:
                    await Store.DeleteAsync(session, sessionNamespace, key);
                    model.Remove((session, sessionNamespace, key));
                    break;
                case 2:
                    LoadedValue<int> loaded = await Store.TryLoadAsync<int>(session, sessionNamespace, key);
                    bool lives = model.TryGetValue((session, sessionNamespace, key), out var known) && IsLive(known.ExpiresAt);
                    Assert.True(loaded == (lives ? new LoadedValue<int>(true, known.Value) : default), place);
                    break;
                case 3:
                    Dictionary<string, int> all = await Store.GetAllAsync<int>(session, sessionNamespace);
                    IEnumerable<(string, int)> expected = model
                        .Where(pair => (pair.Key.Session, pair.Key.Namespace) == (session, sessionNamespace))
                        .Where(pair => IsLive(pair.Value.ExpiresAt))
                        .Select(pair => (pair.Key.Key, pair.Value.Value));
                    Assert.True(expected.Order().SequenceEqual(all.Select(pair => (pair.Key, pair.Value)).Order()), place);
                    break;
                default:
                    double? life = Pick(random, Lives);
                    TimeSpan? kept = life is { } given ? TimeSpan.FromTicks((long)(given * TimeSpan.TicksPerMicrosecond)) : null;
                    await Store.SaveAsync(session, sessionNamespace, key, step, kept);
                    model[(session, sessionNamespace, key)] = (step, Expiry(life));
                    break;
            }
        }
    }

    private DateTimeOffset? Expiry(double? life)
    {
        long now = Clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMicrosecond;
        return life switch
        {
            null or 0 => null,
            < 0 => DateTimeOffset.MinValue,
            _ => new DateTimeOffset((now + Math.Max(1, (long)life.Value)) * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero),
        };
    }

    private bool IsLive(DateTimeOffset? expiresAt) => expiresAt is null || expiresAt > Clock.GetUtcNow();

    private static T Pick<T>(Random random, T[] items) => items[random.Next(items.Length)];
}

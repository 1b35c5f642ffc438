using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Memories;
using OrleansMemory.Grains.Memories.Recall;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Hosting;

/// <summary>
/// Recalls from memories that are made up, in the background, when the first silo of a process has started: so that the first user does not wait for the code of recall to be compiled. No store and
/// no generator is asked.
/// </summary>
/// <param name="lifetime">Says that the host has started, and that it stops.</param>
/// <param name="options">The limits.</param>
/// <param name="weights">How much each sign counts.</param>
/// <param name="timeProvider">The clock of the pauses.</param>
internal sealed class RecallRehearsal(IHostApplicationLifetime lifetime, IOptions<MemoryOptions> options, IOptions<RecallWeights> weights, TimeProvider timeProvider) : IHostedService
{
    // The runtime compiles a method well in two steps, each after thirty calls, and counts them only once nothing new was compiled for 0.1 s: so it takes rounds.
    private const int Memories = 300;
    private const int Rounds = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static readonly string[] Said =
    [
        "I moved to Lisbon on 3 May 2023 and work at a bakery now.", "Did you see the photos of the children at the lake last summer?", "Yes, on Friday!",
        "My sister's husband is allergic to peanuts, so we cooked rice with vegetables.", "Wir haben gestern über den Garten gesprochen.", "我的猫叫咪咪。",
    ];

    private static readonly string[] Asked =
    [
        "When did Ann move to Lisbon?", "What is my sister's husband allergic to?", "Where does Ann work?", "What do you know about me?", "Which photos did they take last summer?", "猫",
    ];

    private static int _begun;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() =>
        {
            if (Interlocked.Exchange(ref _begun, 1) == 0)
            {
                // Nobody waits for it: what is asked meanwhile is answered beside it.
                _ = Task.Run(() => RehearseAsync(lifetime.ApplicationStopping), CancellationToken.None);
            }
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes made-up memories on and asks for them.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="weights">How much each sign counts.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many memories the questions found.</returns>
    public static int Run(MemoryOptions options, RecallWeights weights, CancellationToken cancellationToken)
    {
        var memories = new ScopeMemories(options, weights);
        int found = 0;
        for (int i = 0; i < Memories && !cancellationToken.IsCancellationRequested; i++)
        {
            memories.Put(Made(i));
            if (i % Said.Length == Said.Length - 1)
            {
                found += memories.Terms.Search(new RecallQuery { Text = Asked[i / Said.Length % Asked.Length], Now = InstantOf(i), Limit = 10 }).Count;
            }
        }

        return found;
    }

    private async Task RehearseAsync(CancellationToken cancellationToken)
    {
        for (int i = 0; i < Rounds && !cancellationToken.IsCancellationRequested; i++)
        {
            Run(options.Value, weights.Value, cancellationToken);
            await Task.Delay(Pause, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static StoredFact Made(int number) => new(
        number + 1,
        new MemoryFact
        {
            Id = FormattableString.Invariant($"{number:x32}"),
            Kind = number % 10 == 0 ? MemoryKind.Fact : MemoryKind.Turn,
            User = "nobody",
            Session = FormattableString.Invariant($"{number / 20}"),
            Text = FormattableString.Invariant($"{Said[number % Said.Length]} {number}"),
            Speaker = number % 2 == 0 ? "Ann" : "Ben",
            Role = number % 2 == 0 ? MessageRoles.User : MessageRoles.Assistant,
            OccurredAt = InstantOf(number),
            CreatedAt = InstantOf(number),
            UpdatedAt = InstantOf(number),
            Version = 1,
        },
        default);

    private static DateTimeOffset InstantOf(int number) => DateTimeOffset.UnixEpoch.AddHours(number);
}

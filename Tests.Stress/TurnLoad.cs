using System.Diagnostics;
using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress;

/// <summary>
/// Writers that commit turns to shared conversations, each turn until it is acknowledged, and a ledger of what they were told.
/// </summary>
/// <param name="clients">Through whom they write: every turn through any of them.</param>
/// <param name="writers">How many write at once.</param>
/// <param name="turnsPerWriter">How many turns each of them commits.</param>
internal sealed class TurnLoad(IReadOnlyList<ConversationClient> clients, int writers, int turnsPerWriter)
{
    private const int Shared = 24;

    private readonly Lock _lock = new();
    private readonly List<(int Turns, TaskCompletionSource Reached)> _waits = [];
    private volatile bool _finished;

    /// <summary>What was acknowledged.</summary>
    public Ledger Ledger { get; } = new();

    /// <summary>How long it took.</summary>
    public LoadFigures Figures { get; } = new();

    /// <summary>How many turns it is in all, unless it is finished earlier.</summary>
    public int Turns => writers * turnsPerWriter;

    /// <summary>The ids of the conversations.</summary>
    public static IEnumerable<string> Conversations => Enumerable.Range(0, Shared).Select(Name);

    /// <summary>Has every writer end after the turn it is at.</summary>
    public void Finish() => _finished = true;

    /// <summary>Writes everything.</summary>
    public Task RunAsync() => Task.WhenAll(Enumerable.Range(0, writers).Select(WriteAsync));

    /// <summary>Completes as soon as so many turns were acknowledged.</summary>
    /// <param name="writing">The task of <see cref="RunAsync"/>: when it fails, this does.</param>
    public async Task ReachedAsync(int turns, Task writing)
    {
        var wait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waits.Add((turns, wait));
            Announce();
        }

        Task first = await Task.WhenAny(wait.Task, writing, Task.Delay(Timings.Patience));
        if (first == writing)
        {
            await writing;
        }

        Assert.True(Ledger.Count >= turns, $"Expected {turns} acknowledged turns within {Timings.Patience}; there are {Ledger.Count}.");
    }

    /// <summary>Reads a conversation by way of a client, which sees to it when a silo goes away under the reading.</summary>
    public static async Task<(Head Head, List<Message> Messages)> ReadAsync(Conversation conversation)
    {
        var messages = new List<Message>();
        await foreach (Message message in conversation.StreamStoredMessagesAsync())
        {
            messages.Add(message);
        }

        return ((await conversation.GetHeadAsync())!, messages);
    }

    private static string Name(int conversation) => FormattableString.Invariant($"c{conversation}");

    private async Task WriteAsync(int writer)
    {
        var random = new Random(writer);
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        for (int i = 0; i < turnsPerWriter && !_finished; i++)
        {
            string conversation = Name(random.Next(Shared));
            string turnId = FormattableString.Invariant($"{writer}-{i}");
            long started = Stopwatch.GetTimestamp();
            TurnReceipt receipt = await clients[random.Next(clients.Count)].Get("tests", conversation).CommitAsync(Ledger.Turn(turnId));

            Assert.True(
                receipt.Version > versions.GetValueOrDefault(conversation),
                $"{turnId} was committed as version {receipt.Version} of {conversation}, after version {versions.GetValueOrDefault(conversation)} by the same writer."
            );
            versions[conversation] = receipt.Version;

            // A turn whose first answer was lost is answered as a replay: it is the receipt that was not heard.
            Ledger.Acknowledge(conversation, turnId, receipt with { Replayed = false });
            Figures.Acknowledged(started);
            lock (_lock)
            {
                Announce();
            }
        }
    }

    private void Announce() => _waits.RemoveAll(wait => Ledger.Count >= wait.Turns && wait.Reached.TrySetResult());
}

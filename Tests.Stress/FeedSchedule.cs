using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansMemory.Client;
using OrleansMemory.Client.Feed;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Stress;

/// <summary>
/// Writers append, truncate, clear, delete and begin anew, while activations and hosts go away under them; readers follow. In the end every
/// reader has what the log has.
/// </summary>
/// <param name="seed">What happens, in which order.</param>
/// <param name="startHostAsync">Starts one more host over the same store.</param>
internal sealed class FeedSchedule(int seed, Func<Task<GrainHost>> startHostAsync) : IAsyncDisposable
{
    private const string TheEnd = "the end";
    private const int Steps = 60;
    private const int Readers = 6;

    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly Random _random = new(seed);
    private readonly List<GrainHost> _stopped = [];
    private readonly List<Task> _upheavals = [];
    private GrainHost _host = null!;
    private Conversation _conversation = null!;
    private TaskCompletionSource _exists = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task RunAsync()
    {
        _host = await startHostAsync();
        IGrainFactory grains = GrainSwitch.Factory(() => Volatile.Read(ref _host).Conversation(_id));
        var options = new ConversationClientOptions { MaxRetries = 100, MaxRetryDelay = TimeSpan.FromMilliseconds(50) };
        _conversation = new ConversationClient(
            grains,
            Options.Create(options),
            TimeProvider.System,
            NullLogger<ConversationClient>.Instance
        ).Get("tests", _id);
        await SayAsync();
        _exists.SetResult();
        List<Task<FeedReplica>> readers = [];
        for (int step = 0; step < Steps; step++)
        {
            if (step % (Steps / Readers) == 0)
            {
                int reader = readers.Count;
                readers.Add(Task.Run(() => FollowAsync(reader)));
            }

            await StepAsync();
        }

        await Task.WhenAll(_upheavals).WithTimeout();
        await _conversation.AppendAsync(new ChatMessage(ChatRole.User, TheEnd));
        List<Message> log = [];
        await foreach (Message message in _conversation.StreamStoredMessagesAsync())
        {
            log.Add(message);
        }

        foreach (FeedReplica replica in await Task.WhenAll(readers).WithTimeout())
        {
            Assert.Equal(log, replica.Log);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (GrainHost host in _stopped.Append(_host))
        {
            await host.DisposeAsync();
        }
    }

    private async Task StepAsync()
    {
        switch (_random.Next(20))
        {
            case 0:
                await _conversation.TruncateAsync(_random.Next(1, 20));
                break;
            case 1:
                await _conversation.ClearAsync();
                break;
            case 2:
                Volatile.Write(ref _exists, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                await _conversation.DeleteAsync();
                await SayAsync();
                _exists.SetResult();
                break;
            case 3:
                await HandOverAsync();
                break;
            case 4 or 5 or 6:
                // It goes on beside what comes next.
                GrainHost host = _host;
                _upheavals.Add(host.DeactivateAsync(host.Conversation(_id)));
                break;
            case 7:
                await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SayAsync()));
                break;
            default:
                await SayAsync();
                break;
        }
    }

    /// <summary>Another host takes over; the old one stops under its readers and writers.</summary>
    private async Task HandOverAsync()
    {
        await Task.WhenAll(_upheavals).WithTimeout();
        _upheavals.Clear();
        GrainHost old = _host;
        GrainHost next = await startHostAsync();
        Task writing = SayAsync();
        Volatile.Write(ref _host, next);
        _stopped.Add(old);
        await old.StopAsync().WithTimeout();
        await writing;
    }

    private async Task SayAsync()
    {
        ChatMessage[] said =
        [
            .. Enumerable.Range(0, _random.Next(1, 40)).Select(i => new ChatMessage(ChatRole.User, FormattableString.Invariant($"{i}"))),
        ];
        string turnId = Conversation.NewTurnId();
        GrainHost host = _host;
        try
        {
            await _conversation.AppendAsync(said, turnId);
        }
        catch (Exception failure) when (host != _host && IsOfStoppedClient(failure))
        {
            // The client of a cluster's old host was stopped together with it, which ends its calls. What it said is said again under the
            // same id.
            await _conversation.AppendAsync(said, turnId);
        }
    }

    private static bool IsOfStoppedClient(Exception failure) => failure is OperationCanceledException or ObjectDisposedException;

    private async Task<FeedReplica> FollowAsync(int reader)
    {
        var random = new Random((seed * 31) + reader);
        var replica = new FeedReplica(FormattableString.Invariant($"seed {seed}, reader {reader}"));
        while (true)
        {
            try
            {
                int left = random.Next(1, 100);
                await foreach (
                    ConversationEvent next in _conversation.SubscribeStoredAsync(FeedPosition.Parse(replica.Position.ToString()))
                )
                {
                    replica.Apply(next);
                    if (next.Message?.Contents.Contains(TheEnd, StringComparison.Ordinal) == true)
                    {
                        return replica;
                    }

                    if (next.Kind == ConversationEventKind.Ended || (reader % 2 == 1 && --left == 0))
                    {
                        break;
                    }
                }
            }
            catch (Exception failure) when (IsOfStoppedClient(failure))
            {
                // The reader comes back with another client, behind what it has.
            }
            catch (ConversationNotFoundException)
            {
                // Deleted, and not there again yet.
            }

            replica.Reconnect();
            await Volatile.Read(ref _exists).Task;
        }
    }
}

using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Grains.Hosting;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client.Compatibility.AutoGrams;

/// <summary>What the turns of a long program write.</summary>
public sealed class WriteCostTests : IAsyncLifetime
{
    private const int Turns = 4_000;

    // Sequences get longer, by up to four digits in each of the few runs that are rewritten.
    private const int MoreDigits = 16;

    private static readonly StackFrame Root = new() { FunctionName = "root", LineNumber = 5 };

    private readonly ConcurrentQueue<(int Rows, int Bytes)> _written = new();
    private readonly WatchedStore _store = new(new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance));
    private GrainHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _store.BeforeCommit = commit =>
        {
            _written.Enqueue(
                (
                    commit.Messages.Length + commit.EntryWrites.Length + commit.EntryDeletes.Length,
                    commit.Messages.Sum(row => row.Bytes)
                        + commit.EntryWrites.Sum(entry => Encoding.UTF8.GetByteCount(entry.Key + entry.Value))
                )
            );
            return Task.CompletedTask;
        };
        _host = await GrainHost.StartAsync(silo =>
        {
            silo.Services.AddSingleton<IConversationStore>(_store).AddSingleton<IFactStore, InMemoryFactStore>().AddUncounted();
            silo.AddOrleansMemory().UseInMemoryReminderService();
        });
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Turn_4_000_writes_the_rows_and_bytes_of_turn_10()
    {
        MemoryObject memory = await MemoryObject.OpenAsync(Clients.Of(_host).Get("straight"));
        memory.ProcessCall();
        for (int turn = 1; turn <= Turns; turn++)
        {
            memory.AddUserReply("a question");
            memory.LogChatTurn("an answer", 5, "root");
            await memory.CommitAsync();
        }

        (int rows, int bytes)[] written = [.. _written];
        Assert.Equal(Turns, written.Length);
        Assert.Equal(written[9].rows, written[^1].rows);
        Assert.InRange(written[^1].bytes, written[9].bytes, written[9].bytes + MoreDigits);
    }

    [Fact]
    public async Task A_program_whose_every_turn_leaves_a_gap_writes_no_more_after_4_000_turns()
    {
        MemoryObject memory = await MemoryObject.OpenAsync(Clients.Of(_host).Get("gaps"));
        memory.ProcessCall();
        for (int turn = 1; turn <= Turns; turn++)
        {
            memory.AddUserReply("a question");
            memory.ProcessCall(Root, ConversationScope.Normal);
            memory.LogThoughtTurn("an answer", "think");
            memory.ProcessReturn();
            memory.LogChatTurn("an answer", 5, "root");
            await memory.CommitAsync();
        }

        // A sealed chunk is written every 64 turns; between two of them the open end grows.
        (int rows, int bytes)[] written = [.. _written];
        (int rows, int bytes)[] early = written[1..130];
        (int rows, int bytes)[] late = written[^130..];
        Assert.Equal(early.Max(turn => turn.rows), late.Max(turn => turn.rows));
        Assert.Equal(early.Min(turn => turn.rows), late.Min(turn => turn.rows));
        Assert.InRange(late.Max(turn => turn.bytes), 0, early.Max(turn => turn.bytes) + (2 * 64 * MoreDigits / 2));
        Assert.Equal(Turns * 2, await memory.ExtractFullConversationHistoryAsync().CountAsync());
    }
}

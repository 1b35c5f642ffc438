using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

public sealed class OverloadTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task Past_the_bound_turns_are_refused_at_once_and_those_taken_are_all_there()
    {
        await using GrainHost host = await GrainHost.OnPostgresAsync(
            database.ConnectionString,
            postgres: options => options.MaxQueuedTurns = 8
        );
        IConversationGrain conversation = host.Conversation("hot");
        Task<TurnReceipt>[] turns =
        [
            .. Enumerable.Range(0, 500).Select(i => conversation.CommitAsync(Messages.Turn($"{i}", Messages.User($"{i}")))),
        ];
        await turns.SettleAsync();
        foreach (Task<TurnReceipt> refused in turns.Where(turn => !turn.IsCompletedSuccessfully))
        {
            Assert.True((await Assert.ThrowsAsync<MemoryOverloadedException>(() => refused)).RetryAfter > TimeSpan.Zero);
        }

        int taken = turns.Count(turn => turn.IsCompletedSuccessfully);
        Assert.InRange(taken, 1, 499);
        Assert.Equal(taken, (await conversation.GetHeadAsync())!.Version);
        for (int i = 0; i < turns.Length; i++)
        {
            // Every turn, refused or not, can be sent again.
            TurnReceipt receipt = await conversation.CommitAsync(Messages.Turn($"{i}", Messages.User($"{i}")));
            Assert.Equal(turns[i].IsCompletedSuccessfully, receipt.Replayed);
        }

        Assert.Equal(500, (await conversation.GetHeadAsync())!.LastSequence);
    }

    [Fact]
    public async Task A_host_that_stops_in_mid_load_keeps_what_it_acknowledged()
    {
        GrainHost host = await GrainHost.OnPostgresAsync(database.ConnectionString);
        IConversationGrain conversation = host.Conversation("stopping");
        await conversation.CommitAsync(Messages.Turn("first", Messages.User("first")));
        Task<TurnReceipt>[] turns =
        [
            .. Enumerable.Range(0, 300).Select(i => conversation.CommitAsync(Messages.Turn($"{i}", Messages.User($"{i}")))),
        ];
        await host.DisposeAsync();
        await turns.SettleAsync();

        await using GrainHost again = await GrainHost.OnPostgresAsync(database.ConnectionString);
        var stored = new HashSet<string>();
        await foreach (Message message in again.Conversation("stopping").StreamMessagesAsync(new MessageQuery()))
        {
            Assert.True(stored.Add(message.Contents));
        }

        for (int i = 0; i < turns.Length; i++)
        {
            Assert.True(
                !turns[i].IsCompletedSuccessfully || stored.Contains(Messages.Text($"{i}")),
                $"turn {i} was acknowledged and is gone"
            );
        }
    }
}

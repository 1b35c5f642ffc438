using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

/// <summary>
/// Readers that are so many that they are woken in rounds have what the log has, by generated turns, one by one and in pages.
/// </summary>
public sealed class ManyReadersTests(SharedHosts hosts)
{
    private const int Readers = 60;
    private const int Turns = 150;

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public async Task Every_reader_has_every_message_once_and_in_order(int seed, bool onPostgres)
    {
        GrainHost host = onPostgres ? await hosts.OnPostgresAsync() : await hosts.InMemoryAsync();
        IConversationGrain conversation = host.Conversation("c", SharedHosts.NewTenant());
        await conversation.CommitAsync(Messages.Turn("begin", Messages.User("begin")));
        var readers = new List<FeedReader>();
        for (int i = 0; i < Readers; i++)
        {
            readers.Add(await FeedReader.OpenAsync(conversation, FeedPosition.Start, pages: i % 2 == 0));
        }

        Task<string>[] reading = [.. readers.Select(ReadAsync)];
        var random = new Random(seed);
        for (int i = 0; i < Turns; i++)
        {
            NewMessage[] messages = [.. Enumerable.Range(0, random.Next(1, 6)).Select(part => Messages.User($"{i}.{part}"))];
            await conversation.CommitAsync(Messages.Turn($"t{i}", messages));
        }

        long last = (await conversation.CommitAsync(Messages.Turn("end", Messages.User("end")))).LastSequence!.Value;
        string[] read = await Task.WhenAll(reading).WithTimeout();
        Assert.All(read, sequences => Assert.Equal(string.Join(' ', Enumerable.Range(1, (int)last)), sequences));
        foreach (FeedReader reader in readers)
        {
            await reader.DisposeAsync();
        }
    }

    private static async Task<string> ReadAsync(FeedReader reader)
    {
        var sequences = new List<long>();
        ConversationEvent next;
        do
        {
            next = await reader.NextAsync();
            sequences.Add(next.Message!.Sequence);
        } while (next.Message.Contents != Messages.Text("end"));
        return string.Join(' ', sequences);
    }
}

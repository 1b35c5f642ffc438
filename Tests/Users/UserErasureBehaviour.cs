using System.Collections.Concurrent;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using OrleansMemory.Users;
using Xunit;

namespace OrleansMemory.Tests.Users;

/// <summary>What erasing a user promises, whatever store it stands on.</summary>
public abstract class UserErasureBehaviour : IAsyncLifetime
{
    private readonly string _tenant = SharedHosts.NewTenant();
    private GrainHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await HostAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected abstract Task<GrainHost> HostAsync();

    [Fact]
    public async Task Nothing_of_the_user_can_be_read_any_more_also_not_from_memory_and_forks()
    {
        IConversationGrain own = await WriteAsync("own", "u", 3);
        await own.CommitAsync(
            new Turn
            {
                TurnId = "e",
                EntryWrites =
                [
                    new EntryWrite
                    {
                        Space = "s",
                        Key = "k",
                        Value = "1",
                    },
                ],
            }
        );
        await own.ForkAsync(new ForkRequest { NewId = "own-fork" });
        await own.ForkAsync(new ForkRequest { NewId = "given", AtSequence = 2 });
        IConversationGrain given = Conversation("given");
        await given.CommitAsync(Owned("take", "v", "of v"));
        IConversationGrain other = await WriteAsync("other", "v", 2);
        Assert.Equal(3, (await Conversation("own-fork").GetHeadAsync())!.MessageCount);

        ErasureReceipt receipt = await EraseAsync("u");

        Assert.Equal(
            new ErasureReceipt
            {
                Conversations = 2,
                Messages = 3,
                Entries = 3,
                Turns = 4,
                ForksCut = 1,
            },
            receipt
        );
        Assert.Null(await own.GetHeadAsync());
        Assert.Null(await Conversation("own-fork").GetHeadAsync());
        await Assert.ThrowsAsync<ConversationNotFoundException>(() => own.GetMessagesAsync(MessageQuery.Newest));
        MessagePage left = await given.GetMessagesAsync(MessageQuery.Newest);
        Assert.Equal([(3L, Messages.Text("of v"))], left.Messages.Select(message => (message.Sequence, message.Contents)));
        Assert.Equal(2, (await other.GetHeadAsync())!.MessageCount);

        Assert.Equal(
            new ErasureReceipt
            {
                Conversations = 0,
                Messages = 0,
                Entries = 0,
                Turns = 0,
                ForksCut = 0,
            },
            await EraseAsync("u")
        );
        Assert.Equal(1, (await own.CommitAsync(Owned("own-4", "u", "a new life"))).Version);
    }

    [Fact]
    public async Task More_conversations_than_one_step_takes_are_all_erased()
    {
        await Task.WhenAll(Enumerable.Range(0, 450).Select(i => WriteAsync($"c{i}", "u", 1)));
        Assert.Equal(450, (await EraseAsync("u")).Conversations);
        Assert.Null(await Conversation("c7").GetHeadAsync());
    }

    [Theory]
    [InlineData("user")]
    [InlineData("user/")]
    [InlineData("t/a b")]
    [InlineData("no tenant/a")]
    public async Task A_key_that_names_no_user_is_refused(string key) =>
        await Assert.ThrowsAsync<InvalidRequestException>(() => _host.Grains.GetGrain<IUserErasureGrain>(key).EraseAsync());

    /// <summary>
    /// Writers turn, fork, delete and hand over conversations of two users while one of these is erased. A message that was answered before
    /// the erasure began is gone, and what is there afterwards is whole.
    /// </summary>
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    public async Task While_writers_write_nothing_that_was_answered_before_survives(int seed)
    {
        var answered = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        bool[] erasing = new bool[1];
        Task<ErasureReceipt>? erasure = null;
        var half = new CountdownEvent(4);
        Task[] writers =
        [
            .. Enumerable
                .Range(0, 4)
                .Select(writer => Task.Run(() => WriteAtRandomAsync(new Random((seed * 100) + writer), writer, answered, erasing, half))),
        ];
        await Task.WhenAny(Task.Run(half.Wait), Task.WhenAll(writers));
        Volatile.Write(ref erasing[0], true);
        erasure = EraseAsync("u");
        ErasureReceipt receipt = await erasure;
        await Task.WhenAll(writers);

        Assert.True(receipt.Conversations > 0, $"seed {seed}: nothing was erased");
        for (int i = 0; i < 60; i++)
        {
            await AssertCleanAsync(Conversation($"c{i}"), answered, seed);
        }
    }

    private async Task WriteAtRandomAsync(
        Random random,
        int writer,
        ConcurrentDictionary<string, bool> answered,
        bool[] erasing,
        CountdownEvent half
    )
    {
        for (int step = 0; step < 60; step++)
        {
            if (step == 30)
            {
                half.Signal();
            }

            IConversationGrain conversation = Conversation($"c{random.Next(12)}");
            string text = $"{writer}-{step}";
            try
            {
                switch (random.Next(8))
                {
                    case 0:
                        await conversation.ForkAsync(new ForkRequest { NewId = $"c{12 + (writer * 12) + random.Next(12)}" });
                        break;
                    case 1 when random.Next(3) == 0:
                        await conversation.DeleteAsync();
                        break;
                    case 2:
                        await conversation.GetSnapshotAsync();
                        break;
                    default:
                        // All of it is the user's whose conversation it is: a text names its user.
                        await conversation.CommitAsync(Owned(text, "u", text));
                        answered[text] = Volatile.Read(ref erasing[0]);
                        break;
                }
            }
            catch (MemoryException exception)
                when (exception is ConversationNotFoundException or ConversationExistsException or GoneException)
            {
                // Another writer was faster, or the erasure.
            }
            catch (OrleansMessageRejectionException)
            {
                // It came to activations that ended one after the other, and was not taken. The client would send it again.
            }
        }
    }

    private static async Task AssertCleanAsync(IConversationGrain conversation, ConcurrentDictionary<string, bool> answered, int seed)
    {
        await conversation.RefreshAsync();
        if (await conversation.GetHeadAsync() is not { } head)
        {
            return;
        }

        var messages = new List<Message>();
        await foreach (Message message in conversation.StreamMessagesAsync(new MessageQuery()))
        {
            messages.Add(message);
        }

        Assert.Equal(head.MessageCount, messages.Count);
        Assert.All(
            messages,
            message =>
            {
                string text = message.Contents.Split('"')[^2];
                Assert.True(answered[text], $"seed {seed}: {text} was answered before the erasure and is still there");
            }
        );
    }

    private IConversationGrain Conversation(string id) => _host.Conversation(id, _tenant);

    private Task<ErasureReceipt> EraseAsync(string user) =>
        _host.Grains.GetGrain<IUserErasureGrain>(UserKey.Create(_tenant, user).ToString()).EraseAsync();

    private async Task<IConversationGrain> WriteAsync(string id, string user, int turns)
    {
        IConversationGrain conversation = Conversation(id);
        for (int i = 1; i <= turns; i++)
        {
            await conversation.CommitAsync(Owned($"{id}-{i}", user, $"{id} {i}"));
        }

        return conversation;
    }

    private static Turn Owned(string turnId, string user, string text) =>
        Messages.Turn(turnId, Messages.User(text)) with
        {
            Settings = new SettingsChange
            {
                Values = new ConversationSettings { UserId = user },
                Fields = SettingsFields.UserId,
            },
        };
}

using Microsoft.Extensions.Logging.Abstractions;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Storage.InMemory;
using OrleansMemory.Tests.Support;
using OrleansMemory.Users;
using Xunit;

namespace OrleansMemory.Tests.Conversations;

/// <summary>Bound calls where a conversation is active twice: what one activation remembers of the owner may be out of date.</summary>
public sealed class BoundUserActivationTests : IAsyncLifetime
{
    private readonly WatchedStore _store = new(new InMemoryConversationStore(NullLogger<InMemoryConversationStore>.Instance));
    private GrainHost _one = null!;
    private GrainHost _other = null!;

    public async ValueTask InitializeAsync() =>
        (_one, _other) = (await GrainHost.OverStoreAsync(_store), await GrainHost.OverStoreAsync(_store));

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task A_turn_is_refused_whose_conversation_has_been_given_away_elsewhere()
    {
        await _one.Conversation("c").CommitAsync(Begin("ada"));
        await _other.Conversation("c").CommitAsync(Give("g", "bob"));

        using IDisposable binding = BoundUser.Bind("ada");
        await Assert.ThrowsAsync<ConversationNotFoundException>(() =>
            _one.Conversation("c").CommitAsync(Messages.Turn("2", Messages.Of("user", "x")))
        );
    }

    [Fact]
    public async Task A_turn_is_committed_whose_conversation_has_been_given_back_elsewhere()
    {
        await _one.Conversation("c").CommitAsync(Begin("bob"));
        await _other.Conversation("c").CommitAsync(Give("g", "ada"));

        using IDisposable binding = BoundUser.Bind("ada");
        Assert.Equal(3, (await _one.Conversation("c").CommitAsync(Messages.Turn("2", Messages.Of("user", "x")))).Version);
    }

    [Fact]
    public async Task A_deletion_does_not_take_what_has_been_given_away_elsewhere()
    {
        await _one.Conversation("c").CommitAsync(Begin("ada"));
        await _other.Conversation("c").CommitAsync(Give("g", "bob"));

        using (BoundUser.Bind("ada"))
        {
            Assert.False((await _one.Conversation("c").DeleteAsync()).Existed);
        }

        Assert.Equal("bob", (await _other.Conversation("c").GetHeadAsync())!.Settings.UserId);
    }

    [Fact]
    public async Task A_turn_that_gives_it_away_and_comes_to_nothing_refuses_nobody()
    {
        IConversationGrain conversation = _one.Conversation("c");
        await conversation.CommitAsync(Begin("ada"));
        var arrived = new TaskCompletionSource();
        var failing = new TaskCompletionSource();
        _store.BeforeCommit = commit =>
        {
            if (commit.TurnId != "g")
            {
                return Task.CompletedTask;
            }

            arrived.SetResult();
            return failing.Task;
        };
        Task<TurnReceipt> gives = conversation.CommitAsync(Give("g", "bob"));
        await arrived.Task;

        Task<TurnReceipt> turn;
        using (BoundUser.Bind("ada"))
        {
            turn = conversation.CommitAsync(Messages.Turn("2", Messages.Of("user", "x")));
        }

        failing.SetException(new MemoryUnavailableException(TimeSpan.FromSeconds(1)));
        await Assert.ThrowsAsync<MemoryUnavailableException>(() => gives);
        Assert.Equal(2, (await turn).Version);
    }

    private static Turn Begin(string user) =>
        Messages.Turn("1", Messages.Of("user", "x")) with
        {
            InitialSettings = new ConversationSettings { UserId = user },
        };

    private static Turn Give(string id, string user) =>
        new()
        {
            TurnId = id,
            Settings = new SettingsChange
            {
                Values = new ConversationSettings { UserId = user },
                Fields = SettingsFields.UserId,
            },
        };
}

using System.Globalization;
using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

/// <summary>
/// Walks through a list while conversations are touched, begun, forked and deleted at random, and compares what it showed with what stood
/// there at first.
/// </summary>
/// <param name="seed">Decides everything; it stands in every failure.</param>
internal sealed class ListWalk(IConversationStore store, int seed)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(10);
    private static readonly string[] Users = ["ada", "bob"];

    private readonly Random _random = new(seed);
    private readonly string _tenant = $"w{Guid.NewGuid():N}";
    private readonly List<WrittenConversation> _conversations = [];
    private readonly Dictionary<long, string> _users = [];
    private DateTimeOffset _now = WrittenConversation.Start;
    private int _names;

    public async Task RunAsync()
    {
        await ActAsync(40);
        await store.SweepAsync(new Sweep(_now.AddHours(-1), default, 10_000), None);
        string? user = _random.Next(3) == 0 ? Users[0] : null;
        (DateTimeOffset Placed, long StoreId)[] expected =
        [
            .. _conversations
                .Where(conversation => user is null || _users[conversation.StoreId] == user)
                .Select(conversation => (conversation.UpdatedAt!.Value, conversation.StoreId))
                .OrderDescending(),
        ];
        DateTimeOffset began = _now;
        var scan = new ListScan
        {
            Tenant = _tenant,
            UserId = user,
            Limit = 1 + _random.Next(5),
            Now = _now,
        };
        var walked = new List<ListedConversation>();
        HashSet<long> deleted = [];
        ConversationListing page = await store.ListAsync(scan, None);
        string mark = page.Mark;
        while (!page.Conversations.IsEmpty)
        {
            walked.AddRange(page.Conversations);
            HashSet<long> before = [.. _conversations.Select(conversation => conversation.StoreId)];
            await ActAsync(_random.Next(6), began - Slack);
            deleted.UnionWith(before.Except(_conversations.Select(conversation => conversation.StoreId)));
            ListedConversation last = walked[^1];
            page = await store.ListAsync(
                scan with
                {
                    After = new ListPosition(mark, began - Slack, last.Placed, last.StoreId),
                    Now = _now,
                },
                None
            );
        }

        Compare(expected, walked, deleted);
    }

    private void Compare((DateTimeOffset Placed, long StoreId)[] expected, List<ListedConversation> walked, HashSet<long> deleted)
    {
        string failure = string.Create(CultureInfo.InvariantCulture, $"The walk of seed {seed} ");
        (DateTimeOffset Placed, long StoreId)[] shown = [.. walked.Select(listed => (listed.Placed, listed.StoreId))];
        Assert.True(shown.SequenceEqual(shown.Distinct().OrderDescending()), failure + "is out of order or repeats itself.");
        Assert.True(shown.Length == shown.DistinctBy(listed => listed.StoreId).Count(), failure + "shows a conversation at two places.");
        (DateTimeOffset Placed, long StoreId)[] seen = [.. shown.Where(listed => expected.Any(there => there.StoreId == listed.StoreId))];
        HashSet<long> ids = [.. seen.Select(listed => listed.StoreId)];
        Assert.True(
            expected.Where(there => ids.Contains(there.StoreId) || !deleted.Contains(there.StoreId)).SequenceEqual(seen),
            failure + "misses conversations of its beginning, or shows them elsewhere."
        );
    }

    /// <summary>Does things at random.</summary>
    /// <param name="count">How many.</param>
    /// <param name="earliest">The earliest instant of a turn that was decided before it is written.</param>
    private async Task ActAsync(int count, DateTimeOffset? earliest = null)
    {
        for (int i = 0; i < count; i++)
        {
            _now += TimeSpan.FromSeconds(_random.Next(100));
            DateTimeOffset late = _now - TimeSpan.FromSeconds(_random.Next(500));
            DateTimeOffset at =
                _random.Next(3) > 0 ? _now
                : late > earliest ? late
                : _now;
            switch (_random.Next(10))
            {
                case < 5 when _conversations.Count > 0:
                    await TouchAsync(Any(), at);
                    break;
                case 5 when _conversations.Count > 0:
                    await ForkAsync(Any());
                    break;
                case 6 when _conversations.Count > 5:
                    await DeleteAsync(Any());
                    break;
                default:
                    await BeginAsync(at);
                    break;
            }
        }
    }

    private WrittenConversation Any() => _conversations[_random.Next(_conversations.Count)];

    private ConversationKey NewKey() => ConversationKey.Create(_tenant, $"c{++_names}");

    private async Task BeginAsync(DateTimeOffset at)
    {
        WrittenConversation begun = await WrittenConversation.LoadAsync(store, NewKey());
        string user = Users[_random.Next(Users.Length)];
        await CommitAsync(
            begun,
            begun.Turn("first", "text") with
            {
                At = at,
                Settings = new ConversationSettings { UserId = user },
            }
        );
        _conversations.Add(begun);
        _users.Add(begun.StoreId, user);
    }

    private Task TouchAsync(WrittenConversation conversation, DateTimeOffset at)
    {
        TurnCommit turn = conversation.Turn($"turn {conversation.Version}", "text") with { At = at };
        return CommitAsync(
            conversation,
            _random.Next(4) > 0
                ? turn
                : turn with
                {
                    Settings = new ConversationSettings { UserId = _users[conversation.StoreId], Title = turn.TurnId },
                }
        );
    }

    private async Task CommitAsync(WrittenConversation conversation, TurnCommit commit)
    {
        Assert.Equal(CommitStatus.Committed, (await store.CommitAsync(commit, None)).Status);
        conversation.Advance(commit);
    }

    private async Task ForkAsync(WrittenConversation source)
    {
        ForkCommit fork = source.Fork(NewKey(), source.LastSequence) with { At = _now };
        Assert.Equal(ForkStatus.Created, (await store.ForkAsync(fork, None)).Status);
        WrittenConversation made = await WrittenConversation.LoadAsync(store, fork.Target);
        _conversations.Add(made);
        _users.Add(made.StoreId, _users[source.StoreId]);
    }

    private async Task DeleteAsync(WrittenConversation conversation)
    {
        DeleteResult deleted = await store.CutAsync(conversation.Key, conversation.Now, None);
        _conversations.Remove(conversation);
        foreach (ConversationKey cut in deleted.CutForks)
        {
            _conversations[_conversations.FindIndex(one => one.Key == cut)] = await WrittenConversation.LoadAsync(store, cut);
        }
    }
}

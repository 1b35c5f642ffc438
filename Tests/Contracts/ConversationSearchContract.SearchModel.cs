using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

// Random logs are searched as a look at each visible message would.
public abstract partial class ConversationSearchContract
{
    private static readonly string[] SearchUsers = ["ada", "bob"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_logs_are_searched_as_reading_every_message_would(int seed)
    {
        var random = new Random(seed);
        var names = new List<ConversationKey>();
        int said = 0;
        for (int step = 0; step < 80; step++)
        {
            ConversationKey key = names.Count == 0 || random.Next(5) == 0 ? Key($"m{seed}-{names.Count}") : names[random.Next(names.Count)];
            WrittenConversation conversation = await WrittenConversation.LoadAsync(Store, key);
            if (!names.Contains(key))
            {
                names.Add(key);
            }

            switch (conversation.Version == 0 ? 0 : random.Next(10))
            {
                case 7:
                    await WriteAsync(conversation, conversation.Truncation($"t{step}", random.Next(6)));
                    break;
                case 8:
                    ConversationKey target = Key($"m{seed}-{names.Count}");
                    names.Add(target);
                    long at = random.NextInt64(conversation.FirstSequence - 1, conversation.LastSequence + 1);
                    await Store.ForkAsync(
                        conversation.Fork(target, at) with
                        {
                            At = WrittenConversation.Start.AddMinutes(random.Next(10)),
                        },
                        None
                    );
                    break;
                case 9 when random.Next(2) == 0:
                    await Store.DeleteAsync(new DeleteCommit(key, conversation.Now, CutsForks: random.Next(2) == 0), None);
                    break;
                case 9:
                    await Store.SweepAsync(new Sweep(DateTimeOffset.MinValue, DateTimeOffset.MinValue, 5), None);
                    break;
                default:
                    MessageRow[] rows =
                    [
                        .. Enumerable
                            .Range(1, random.Next(1, 5))
                            .Select(i => SearchVocabulary.Row(random, conversation.LastSequence + i, ++said)),
                    ];
                    var settings = new ConversationSettings { UserId = SearchUsers[random.Next(SearchUsers.Length)] };
                    await WriteAsync(
                        conversation,
                        conversation.Turn($"t{step}", [.. rows]) with
                        {
                            Settings = conversation.Version == 0 ? settings : null,
                        }
                    );
                    break;
            }

            if (step % 10 == 9)
            {
                await AssertSearchesAsync(names, random, FormattableString.Invariant($"seed {seed}, step {step}"));
            }
        }
    }

    private async Task AssertSearchesAsync(List<ConversationKey> names, Random random, string where)
    {
        (string query, Func<string, bool> matches) = SearchVocabulary.Query(random);
        MessageSearch search = Look(query) with { Limit = random.Next(1, 6) };
        List<StoredConversation> logs = [];
        foreach (ConversationKey key in names)
        {
            StoredConversation log = await LoadAsync(key);
            SearchResult? first = await Store.SearchConversationAsync(key, search, None);
            Assert.True((log.Head is null) == (first is null), where);
            if (log.Head is not null)
            {
                logs.Add(log);
                long[] expected =
                [
                    .. log.Tail.Where(message => matches(SearchVocabulary.TextOf(message))).Select(message => message.Sequence).Reverse(),
                ];
                List<FoundMessage> found = await ReadPagesAsync(page => Store.SearchConversationAsync(key, page, None)!, search);
                Assert.True(expected.SequenceEqual(found.Select(hit => hit.Message.Sequence)), $"{where}: {query}");
                Assert.All(found, hit => Assert.Equal(log.Tail.Single(message => message.Sequence == hit.Message.Sequence), hit.Message));
            }
        }

        foreach (string user in SearchUsers)
        {
            List<FoundMessage> found = await ReadPagesAsync(async page => await Store.SearchUserAsync(Tenant, user, page, None), search);
            IEnumerable<(string, string)> expected = ExpectedOf(logs.Where(log => log.Head!.Settings.UserId == user), matches);
            Assert.True(expected.SequenceEqual(found.Select(hit => (hit.Key.Id, hit.Message.Id))), $"{where}: {query} of {user}");
        }
    }

    private static async Task<List<FoundMessage>> ReadPagesAsync(Func<MessageSearch, Task<SearchResult?>> read, MessageSearch search)
    {
        var found = new List<FoundMessage>();
        SearchResult page;
        do
        {
            page = (await read(search))!;
            found.AddRange(page.Messages);
            search = search with { Behind = found.Count == 0 ? null : found[^1].Position };
        } while (page.More);
        return found;
    }

    /// <summary>Every message of a user once, in the conversation that holds it, else in the oldest one that shares it.</summary>
    private static IEnumerable<(string Conversation, string MessageId)> ExpectedOf(
        IEnumerable<StoredConversation> logs,
        Func<string, bool> matches
    ) =>
        logs.SelectMany(log =>
                log.Tail.Select(message =>
                    (
                        Log: log,
                        Message: message,
                        Holder: log.Lineage.Segments.Single(part => part.First <= message.Sequence && message.Sequence <= part.Last).StoreId
                    )
                )
            )
            .Where(seen => matches(SearchVocabulary.TextOf(seen.Message)))
            .GroupBy(seen => seen.Message.Id, StringComparer.Ordinal)
            .Select(shared =>
                shared
                    .OrderBy(seen => seen.Log.StoreId == seen.Holder ? 0 : 1)
                    .ThenBy(seen => seen.Log.Head!.CreatedAt)
                    .ThenBy(seen => seen.Log.StoreId)
                    .First()
            )
            .OrderByDescending(seen => (seen.Message.Created, seen.Holder, seen.Message.Sequence))
            .Select(seen => (seen.Log.Head!.Key.Id, seen.Message.Id));
}

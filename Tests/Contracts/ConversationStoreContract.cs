using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Users;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

/// <summary>
/// What every store must do, as <see cref="IConversationStore"/> says it. A provider derives from this class and supplies a fixture. The
/// facts share a store; each has a tenant of its own.
/// </summary>
public abstract class ConversationStoreContract(StoreFixture fixture)
{
    private protected const int Rounds = 40;

    private protected static readonly TailBounds WholeTail = new(int.MaxValue, long.MaxValue);

    // By name, as half a surrogate pair does not survive in the arguments of an attribute.
    private protected static readonly Dictionary<string, string> Poisons = new()
    {
        ["U+0000"] = "a\0b",
        ["half a surrogate pair"] = "a\ud83d",
        ["no JSON"] = "[{\"$type\":\"text\",",
    };

    private protected string Tenant { get; } = $"t{Guid.NewGuid():N}";

    private protected static CancellationToken None => CancellationToken.None;

    private protected StoreFixture Fixture => fixture;

    private protected IConversationStore Store => fixture.Store;

    private protected ConversationKey Key(string id) => ConversationKey.Create(Tenant, id);

    private protected UserKey User(string id) => UserKey.Create(Tenant, id);

    private protected Task<WrittenConversation> OpenAsync(string id) => WrittenConversation.LoadAsync(Store, Key(id));

    private protected Task<StoredConversation> LoadAsync(ConversationKey key) => Store.LoadAsync(key, WholeTail, None);

    /// <summary>Commits a turn that must be written by this call.</summary>
    private protected async Task<TurnReceipt> WriteAsync(WrittenConversation conversation, TurnCommit commit)
    {
        CommitResult result = await Store.CommitAsync(commit, None);
        Assert.Equal(CommitStatus.Committed, result.Status);
        Assert.Equal(commit.Receipt, result.Receipt);
        conversation.Advance(commit);
        return result.Receipt!;
    }

    /// <summary>A new conversation of single-message turns.</summary>
    private protected async Task<WrittenConversation> WriteNewAsync(string id, int turns)
    {
        WrittenConversation conversation = await OpenAsync(id);
        for (int i = 0; i < turns; i++)
        {
            await WriteAsync(conversation, conversation.Turn($"{id}-{i + 1}", $"{id} says {i + 1}"));
        }

        return conversation;
    }

    private protected async Task<long[]> ReadSequencesAsync(Lineage lineage, MessageScan scan) =>
        [.. (await Store.ReadMessagesAsync(lineage, scan, None)).Select(message => message.Sequence)];

    private protected static void AssertSequences(long[] expected, IEnumerable<long> actual) => Assert.Equal(expected, actual);

    private protected static MessageScan All(MessageOrder order = MessageOrder.Ascending, string? role = null) =>
        new(1, long.MaxValue, role, order, int.MaxValue, long.MaxValue);

    private protected static long[] Range(long first, long last) =>
        [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => first + i)];

    private protected static string[] Texts(IEnumerable<Message> messages) => [.. messages.Select(message => message.Contents)];

    /// <summary>A conversation that is stored exactly as it was before something that must not have changed it.</summary>
    private protected async Task AssertUnchangedAsync(StoredConversation before)
    {
        StoredConversation after = await LoadAsync(before.Head!.Key);
        Assert.Equal(before.StoreId, after.StoreId);
        Assert.Equal(before.Head, after.Head);
        Assert.Equal(before.Entries, after.Entries.AsEnumerable());
        Assert.Equal(before.Tail, after.Tail.AsEnumerable());
        Assert.Equal(before.Lineage.Segments, after.Lineage.Segments.AsEnumerable());
        Assert.Equal(before.Head!.LastSequence, after.Tail.IsEmpty ? after.Head!.LastSequence : after.Tail[^1].Sequence);
    }

    /// <summary>Removes all that earlier facts have left to be removed.</summary>
    private protected async Task SweepAllAsync()
    {
        SweepResult swept;
        do
        {
            swept = await Store.SweepAsync(new Sweep(DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, 10_000), None);
        } while (swept != default);
    }

    private protected static TurnCommit Everything(WrittenConversation conversation) =>
        conversation.Turn(
            "everything",
            [
                WrittenConversation.Sized(
                    new Message
                    {
                        Sequence = conversation.LastSequence + 1,
                        Id = "the caller's own id",
                        Role = MessageRoles.Assistant,
                        Author = "Ada",
                        Contents = """[ {"$type":"text",  "text":"spaces and order are kept", "b":1, "a":2, "b":3} ]""",
                        Metadata = """{"z":1.0,"a":null}""",
                        Created = WrittenConversation.Start.AddDays(-3),
                    }
                ),
                WrittenConversation.Row(conversation.LastSequence + 2, "two", MessageRoles.System),
            ]
        ) with
        {
            EntryWrites =
            [
                new Entry
                {
                    Space = EntrySpaces.Globals,
                    Key = "name",
                    Value = "\"Ada\"",
                    ExpiresAt = WrittenConversation.Start.AddDays(1),
                },
                new Entry
                {
                    Space = EntrySpaces.WorkingMemory,
                    Key = "plan",
                    Value = "{ \"steps\": [] }",
                },
            ],
            Settings = new ConversationSettings
            {
                UserId = "user",
                AgentId = "agent",
                Title = "A title",
                Metadata = """{"team":"blue"}""",
                TimeToLive = new TimeToLive { Duration = TimeSpan.FromDays(30) + TimeSpan.FromMicroseconds(7), Sliding = true },
            },
            ExpiresAt = WrittenConversation.Start.AddDays(30).AddMicroseconds(7),
        };

    /// <summary>Starts a life in place of an expired one.</summary>
    private protected async Task<WrittenConversation> NewLifeAsync(WrittenConversation old, DateTimeOffset at)
    {
        WrittenConversation young = await WrittenConversation.LoadAsync(Store, old.Key);
        young.Replaces = new ExpiredLife(young.StoreId, young.Version);
        young.StoreId = await Store.ReserveStoreIdAsync(None);
        (young.Version, young.FirstSequence, young.LastSequence, young.ExpiresAt) = (0, 1, 0, null);
        Message message = WrittenConversation.Row(1, "text").Message with { Author = "new life" };
        await WriteAsync(young, young.Turn("new-life", [WrittenConversation.Sized(message)]) with { At = at });
        return young;
    }

    private protected async Task<long> BeginImportAsync(
        string id,
        long first,
        long last,
        ConversationSettings? settings = null,
        Entry[]? entries = null,
        DateTimeOffset? at = null
    )
    {
        long storeId = await Store.ReserveStoreIdAsync(None);
        await Store.BeginImportAsync(
            new ImportCommit
            {
                Key = Key(id),
                StoreId = storeId,
                Settings = settings ?? ConversationSettings.Empty,
                Entries = [.. entries ?? []],
                FirstSequence = first,
                LastSequence = last,
                At = at ?? WrittenConversation.Start,
            },
            None
        );
        return storeId;
    }

    /// <summary>A conversation whose messages have exactly the given sizes.</summary>
    private protected async Task<WrittenConversation> WriteSizesAsync(string id, params int[] sizes)
    {
        WrittenConversation conversation = await OpenAsync(id);
        int empty = WrittenConversation.Row(1, "").Bytes;
        await WriteAsync(
            conversation,
            conversation.Turn($"{id}-turn", [.. sizes.Select((size, i) => new string('x', size - empty)).ToArray()])
        );
        return conversation;
    }

    private protected Task<TurnReceipt> TouchAsync(WrittenConversation conversation, DateTimeOffset at) =>
        WriteAsync(conversation, conversation.Turn($"touch-{conversation.Version}", "more") with { At = at });

    private protected static ListScan Behind(ListScan scan, ConversationListing page)
    {
        ListedConversation last = page.Conversations[^1];
        return scan with { After = new ListPosition(scan.After?.Mark ?? page.Mark, scan.Now.AddMinutes(-10), last.Placed, last.StoreId) };
    }

    private protected static string[] Ids(ConversationListing listing) => [.. listing.Conversations.Select(listed => listed.Head.Key.Id)];
}

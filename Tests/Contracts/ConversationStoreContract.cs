using OrleansMemory.Conversations;
using OrleansMemory.Grains.Storage;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

/// <summary>
/// What every store must do, as <see cref="IConversationStore"/> says it. A provider derives from this class and supplies a fixture. The facts share a
/// store; each has a tenant of its own.
/// </summary>
public abstract partial class ConversationStoreContract(StoreFixture fixture)
{
    private static readonly TailBounds WholeTail = new(int.MaxValue, long.MaxValue);
    private readonly string _tenant = $"t{Guid.NewGuid():N}";

    private static CancellationToken None => CancellationToken.None;

    private IConversationStore Store => fixture.Store;

    private ConversationKey Key(string id) => ConversationKey.Create(_tenant, id);

    private Task<WrittenConversation> OpenAsync(string id) => WrittenConversation.LoadAsync(Store, Key(id));

    private Task<StoredConversation> LoadAsync(ConversationKey key) => Store.LoadAsync(key, WholeTail, None);

    /// <summary>Commits a turn that must be written by this call.</summary>
    private async Task<TurnReceipt> WriteAsync(WrittenConversation conversation, TurnCommit commit)
    {
        CommitResult result = await Store.CommitAsync(commit, None);
        Assert.Equal(CommitStatus.Committed, result.Status);
        Assert.Equal(commit.Receipt, result.Receipt);
        conversation.Advance(commit);
        return result.Receipt!;
    }

    /// <summary>A new conversation of single-message turns.</summary>
    private async Task<WrittenConversation> WriteNewAsync(string id, int turns)
    {
        WrittenConversation conversation = await OpenAsync(id);
        for (int i = 0; i < turns; i++)
        {
            await WriteAsync(conversation, conversation.Turn($"{id}-{i + 1}", $"{id} says {i + 1}"));
        }

        return conversation;
    }

    private async Task<long[]> ReadSequencesAsync(Lineage lineage, MessageScan scan) =>
        [.. (await Store.ReadMessagesAsync(lineage, scan, None)).Select(message => message.Sequence)];

    private static void AssertSequences(long[] expected, IEnumerable<long> actual) => Assert.Equal(expected, actual);

    private static MessageScan All(MessageOrder order = MessageOrder.Ascending, string? role = null) =>
        new(1, long.MaxValue, role, order, int.MaxValue, long.MaxValue);

    private static long[] Range(long first, long last) => [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => first + i)];

    private static string[] Texts(IEnumerable<Message> messages) => [.. messages.Select(message => message.Contents)];

    /// <summary>A conversation that is stored exactly as it was before something that must not have changed it.</summary>
    private async Task AssertUnchangedAsync(StoredConversation before)
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
    private async Task SweepAllAsync()
    {
        SweepResult swept;
        do
        {
            swept = await Store.SweepAsync(new Sweep(DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, 10_000), None);
        }
        while (swept != default);
    }
}

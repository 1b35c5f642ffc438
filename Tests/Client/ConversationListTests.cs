using OrleansMemory.Client;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Client;

/// <summary>What the client adds to a list; the list itself is <see cref="Conversations.ConversationBehaviour"/>'s.</summary>
public sealed class ConversationListTests
{
    private const string List = nameof(IConversationDirectoryGrain.ListAsync);

    private readonly GrainScript _grain = GrainScript.Make<IConversationDirectoryGrain>();

    [Fact]
    public async Task A_transient_failure_of_a_page_is_retried_and_the_walk_goes_on()
    {
        _grain
            .Returns(List, Page("a", "cursor"))
            .Fails<ConversationListPage>(List, new MemoryUnavailableException(TimeSpan.FromMilliseconds(10)))
            .Returns(List, Page("b", next: null));
        var ids = new List<string>();

        await foreach (
            Head head in _grain.Client(new ImpatientClock()).ListAllAsync(new ConversationListQuery { UserId = "ada", Limit = 1 })
        )
        {
            ids.Add(head.Key.Id);
        }

        Assert.Equal(["a", "b"], ids);
        Assert.Equal([null, "cursor", "cursor"], _grain.Calls.Select(call => ((ConversationListQuery)call.Arguments[0]!).Cursor));
        Assert.All(_grain.Calls, call => Assert.Equal("ada", ((ConversationListQuery)call.Arguments[0]!).UserId));
    }

    [Fact]
    public async Task What_is_not_valid_is_refused_before_the_call()
    {
        ConversationClient client = _grain.Client();
        var query = new ConversationListQuery();

        await Assert.ThrowsAsync<InvalidRequestException>(() => client.ListAsync(query, "no tenant"));
        await Assert.ThrowsAsync<InvalidRequestException>(() => client.ListAsync(query with { UserId = "\ud800" }));
        await Assert.ThrowsAsync<InvalidRequestException>(() =>
            client.ListAsync(query with { Metadata = [new MetadataMatch { Name = "k", Value = "\udc00" }] })
        );
        await Assert.ThrowsAsync<ArgumentNullException>(() => client.ListAsync(null!));
        Assert.Empty(_grain.Calls);
    }

    private static ConversationListPage Page(string id, string? next) =>
        new() { Conversations = [SomeHeads.Head(version: 1, last: 0) with { Key = ConversationKey.Create("default", id) }], Next = next };
}

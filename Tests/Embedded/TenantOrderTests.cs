using OrleansMemory.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Embedded;

/// <summary>Where calls arrive in the order in which they were made, as they do on this host, the first read of a tenant's settings does not change it.</summary>
public sealed class TenantOrderTests
{
    [Fact]
    public async Task Turns_that_come_before_the_settings_are_known_keep_their_order()
    {
        await using GrainHost host = await GrainHost.InMemoryAsync();
        IConversationGrain conversation = host.Conversation("ordered");

        TurnReceipt[] receipts = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(i => conversation.CommitAsync(Messages.Turn(FormattableString.Invariant($"t{i}"), Messages.User("x")))));

        Assert.Equal(Enumerable.Range(1, 50).Select(version => (long)version), receipts.Select(receipt => receipt.Version));
    }
}

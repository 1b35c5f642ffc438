using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Contracts;

/// <summary>
/// Conditions of turns are decided by what is stored, whichever activation is asked: two hosts on one store stand for two activations of a
/// conversation.
/// </summary>
public abstract class ConversationConditionContract(StoreFixture fixture) : ConversationStoreContract(fixture), IAsyncLifetime
{
    private const string Space = "space";

    // Ten times what an activation holds in memory.
    private const int Length = 2_560;

    private static readonly NewMessage Message = Messages.User("text");

    private GrainHost[] _hosts = [];

    public async ValueTask InitializeAsync() =>
        _hosts = await Task.WhenAll(GrainHost.OverStoreAsync(Store), GrainHost.OverStoreAsync(Store));

    public async ValueTask DisposeAsync()
    {
        foreach (GrainHost host in _hosts)
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task They_are_decided_by_what_is_stored_after_the_activation_is_gone_and_by_one_that_others_have_overtaken()
    {
        IConversationGrain[] both = Both("stored");
        await both[0]
            .CommitAsync(
                Messages.Turn("first", [.. Enumerable.Range(1, Length).Select(i => Message with { Id = $"m{i}" })]) with
                {
                    EntryWrites = [Set("\"old\""), Set("1") with { Key = "far" }],
                }
            );
        await both[0].CommitAsync(new Turn { TurnId = "second", EntryWrites = [Set("\"new\"")] });

        for (int activation = 0; activation < 2; activation++)
        {
            await _hosts[0].DeactivateAsync(both[0]);
            await RefusedAsync(both[0], TurnCondition.MessageAbsent("m1"));
            await RefusedAsync(both[0], TurnCondition.MessageAbsent($"m{Length}"), TurnCondition.MessageAbsent("m7"));
            await RefusedAsync(both[0], Has("\"old\""));
            await RefusedAsync(both[0], TurnCondition.EntryAbsent(Space, "far"));
            await CommittedAsync(both[0], Has("\"new\""), TurnCondition.EntryExists(Space, "far"), TurnCondition.MessageAbsent("m0"));
        }

        // The second activation knows what is stored now. Then the first one goes on without it.
        await RefusedAsync(both[1], TurnCondition.MessageAbsent("m1"));
        await both[0].CommitAsync(Messages.Turn("third", Message with { Id = "m0" }) with { EntryWrites = [Set("\"newest\"")] });
        await RefusedAsync(both[1], TurnCondition.MessageAbsent("m0"));

        await both[0]
            .CommitAsync(
                new Turn
                {
                    TurnId = "fourth",
                    EntryWrites = [Set("\"last\"")],
                    EntryDeletes = [new EntryDelete { Space = Space, Key = "far" }],
                }
            );
        await RefusedAsync(both[1], Has("\"newest\""));
        await both[0].CommitAsync(new Turn { TurnId = "fifth", EntryWrites = [Set("\"very last\"")] });
        await CommittedAsync(both[1], Has("\"very last\""), TurnCondition.EntryAbsent(Space, "far"));
        await both[1].CommitAsync(new Turn { TurnId = "cut", KeepLast = 1 });
        await CommittedAsync(both[0], TurnCondition.MessageAbsent("m1"), TurnCondition.MessageAbsent("m0"));
    }

    [Fact]
    public async Task Of_two_activations_whose_turns_both_ask_that_no_message_has_an_id_one_commits()
    {
        IConversationGrain[] both = Both("rivals");
        await both[0].CommitAsync(Messages.Turn("first", [.. Enumerable.Range(1, Length).Select(i => Message with { Id = $"m{i}" })]));
        for (int round = 0; round < Rounds; round++)
        {
            string id = $"same {round}";
            Task<TurnReceipt>[] rivals =
            [
                .. both.Select(
                    (grain, i) =>
                        grain.CommitAsync(
                            Messages.Turn($"{round}-{i}", Message with { Id = id }) with
                            {
                                Conditions = [TurnCondition.MessageAbsent(id)],
                            }
                        )
                ),
            ];
            await rivals.SettleAsync();
            Assert.Equal(round + 2, (await Assert.Single(rivals, rival => rival.IsCompletedSuccessfully)).Version);
            Assert.IsType<ConditionFailedException>(Assert.Single(rivals, rival => rival.IsFaulted).Exception!.InnerException);
        }

        StoredConversationIds ids = await StoredAsync(Key("rivals"));
        Assert.Equal((Length + Rounds, Length + Rounds), (ids.Messages, ids.Different));
    }

    private IConversationGrain[] Both(string id) => [.. _hosts.Select(host => host.Conversation(id, Tenant))];

    private static EntryWrite Set(string value) =>
        new()
        {
            Space = Space,
            Key = "key",
            Value = value,
        };

    private static TurnCondition Has(string value) => TurnCondition.EntryHasValue(Space, "key", value);

    private static async Task RefusedAsync(IConversationGrain conversation, params TurnCondition[] conditions)
    {
        var failure = await Assert.ThrowsAsync<ConditionFailedException>(() => AskAsync(conversation, conditions));
        Assert.Equal(Enumerable.Range(0, conditions.Length), failure.Failed);
    }

    private static Task CommittedAsync(IConversationGrain conversation, params TurnCondition[] conditions) =>
        AskAsync(conversation, conditions);

    private static Task<TurnReceipt> AskAsync(IConversationGrain conversation, TurnCondition[] conditions) =>
        conversation.CommitAsync(Messages.Turn(Guid.NewGuid().ToString("N"), Message) with { Conditions = [.. conditions] });

    private async Task<StoredConversationIds> StoredAsync(ConversationKey key)
    {
        string[] ids = [.. (await Store.ReadMessagesAsync((await LoadAsync(key)).Lineage, All(), None)).Select(message => message.Id)];
        return new StoredConversationIds(ids.Length, ids.Distinct(StringComparer.Ordinal).Count());
    }

    private readonly record struct StoredConversationIds(int Messages, int Different);
}

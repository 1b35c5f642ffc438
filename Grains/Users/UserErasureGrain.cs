using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMemory.Auditing;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Auditing;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Diagnostics;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Users;

/// <summary>Erases one user: step by step from the store, and after each step from the activations that may still know of it.</summary>
/// <param name="store">Where conversations are durable.</param>
/// <param name="facts">Where long-term memories are durable. Their grains ask it before each recall, so none needs to be told.</param>
/// <param name="timeProvider">The clock of conversations.</param>
/// <param name="instruments">What is measured.</param>
/// <param name="audit">Is told before and after.</param>
/// <param name="logger">Is told of activations that could not be reached.</param>
[GrainType("user-erasure")]
internal sealed partial class UserErasureGrain(
    IConversationStore store,
    IFactStore facts,
    [FromKeyedServices(ConversationClock.ServiceKey)] TimeProvider timeProvider,
    MemoryInstruments instruments,
    AuditTrail audit,
    ILogger<UserErasureGrain> logger
) : Grain, IUserErasureGrain
{
    private const int StepLives = 200;
    private const int StepMemories = 2_000;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;
    private readonly HashSet<ConversationKey> _notNotified = [];
    private UserKey _key;

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = UserKey.Parse(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<ErasureReceipt> EraseAsync(CancellationToken cancellationToken = default) =>
        audit.RunAsync(
            new AuditAction(_key.Tenant, AuditActions.UserErased, AuditSubject.User(_key.UserId)),
            () => EraseAllAsync(cancellationToken),
            static receipt => new AuditCounts(
                ("conversations", receipt.Conversations),
                ("messages", receipt.Messages),
                ("entries", receipt.Entries),
                ("turns", receipt.Turns),
                ("forksCut", receipt.ForksCut),
                ("memories", receipt.Memories)
            )
        );

    private async Task<ErasureReceipt> EraseAllAsync(CancellationToken cancellationToken)
    {
        var receipt = new ErasureReceipt
        {
            Conversations = 0,
            Messages = 0,
            Entries = 0,
            Turns = 0,
            ForksCut = 0,
        };
        var cut = new HashSet<ConversationKey>();
        DateTimeOffset now = timeProvider.Now();
        DateTimeOffset fence = await store.FindErasureFenceAsync(_key, now, cancellationToken);
        UserErasureStep step;
        do
        {
            step = await store.EraseUserAsync(new UserErasure(_key, fence, StepLives), cancellationToken);
            instruments.OnErased(step.Lives);
            cut.UnionWith(step.CutForks);
            receipt = receipt with
            {
                Conversations = receipt.Conversations + step.Lives,
                Messages = receipt.Messages + step.Messages,
                Entries = receipt.Entries + step.Entries,
                Turns = receipt.Turns + step.Turns,
                ForksCut = cut.Count,
                Memories = receipt.Memories + step.Memories,
            };
            await TellAsync([.. step.Erased, .. step.CutForks]);
        } while (step.Lives > 0);

        receipt = receipt with { Memories = receipt.Memories + await EraseMemoriesAsync(cancellationToken) };
        await TellAsync([.. _notNotified]);
        return _notNotified.Count == 0 ? receipt : throw new MemoryUnavailableException(RetryAfter);
    }

    private async Task<long> EraseMemoriesAsync(CancellationToken cancellationToken)
    {
        var scope = MemoryScope.Create(_key.Tenant, user: _key.UserId);
        long memories = 0;
        FactDeletion step;
        do
        {
            step = await facts.ClearAsync(scope, timeProvider.Now(), StepMemories, cancellationToken);
            memories += step.Rows;
        } while (step.More);

        return memories;
    }

    /// <summary>Makes activations forget. Those that cannot be reached are kept in mind: without them there is no receipt.</summary>
    private async Task TellAsync(ImmutableArray<ConversationKey> keys)
    {
        bool[] told = await Task.WhenAll(keys.Select(TellAsync));
        for (int i = 0; i < told.Length; i++)
        {
            _ = told[i] ? _notNotified.Remove(keys[i]) : _notNotified.Add(keys[i]);
        }
    }

    private async Task<bool> TellAsync(ConversationKey key)
    {
        try
        {
            await GrainFactory.GetGrain<IConversationGrain>(key.ToString()).RefreshAsync();
            return true;
        }
        catch (Exception exception)
        {
            LogNotNotified(exception.GetType().Name);
            return false;
        }
    }

    [LoggerMessage(
        EventIds.ErasureNotNotified,
        LogLevel.Warning,
        "An activation could not be told that its conversation was erased ({ErrorType}); it is told again"
    )]
    private partial void LogNotNotified(string errorType);
}

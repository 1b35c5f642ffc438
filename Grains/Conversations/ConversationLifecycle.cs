using System.Collections.Immutable;
using OrleansMemory.Auditing;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Auditing;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Usage;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Conversations;

/// <summary>Forks and deletes a conversation, and forgets what another activation has changed: what must run alone.</summary>
internal sealed class ConversationLifecycle(
    ConversationActivation activation,
    ConversationQuota quota,
    AuditTrail audit,
    IGrainFactory grains
)
{
    /// <inheritdoc cref="IConversationGrain.ForkAsync" />
    public async Task<Head> ForkAsync(ForkRequest request, CancellationToken cancellationToken = default)
    {
        if (request is null)
        {
            throw new InvalidRequestException("fork", "fork is missing.");
        }

        ConversationKey target = ConversationKey.Create(activation.Key.Tenant, request.NewId);
        if (target == activation.Key)
        {
            throw new InvalidRequestException("newId", "newId must differ from the id of the conversation that is forked.");
        }

        await activation.GetPolicyAsync();
        Head fork = await activation.Gate.RunExclusiveAsync(
            () => ForkAloneAsync(target, request.AtSequence, cancellationToken),
            cancellationToken
        );

        // Outside the gate: the grain under the new id may be inside its own, waiting until this one has forgotten something.
        await grains.GetGrain<IConversationGrain>(target.ToString()).RefreshAsync();
        return fork;
    }

    /// <inheritdoc cref="IConversationGrain.DeleteAsync(DeleteRequest, CancellationToken)" />
    public async Task<DeleteReceipt> DeleteAsync(DeleteRequest request, CancellationToken cancellationToken = default)
    {
        if (request is null)
        {
            throw new InvalidRequestException("delete", "delete is missing.");
        }

        if (request.ExpectedVersion < 0)
        {
            throw new InvalidRequestException("expectedVersion", "expectedVersion must be 0 (no conversation) or more.");
        }

        DeleteResult result = await audit.RunAsync(
            new AuditAction(activation.Key.Tenant, AuditActions.ConversationDeleted, AuditSubject.Conversation(activation.Key.Id)),
            () => activation.Gate.RunExclusiveAsync(() => DeleteAloneAsync(request, cancellationToken), cancellationToken),
            static deleted => new AuditCounts(
                ("conversations", deleted.Receipt.Existed ? 1 : 0),
                ("messages", deleted.Receipt.Messages),
                ("entries", deleted.Receipt.Entries),
                ("turns", deleted.Receipt.Turns),
                ("forksCut", deleted.Receipt.ForksCut)
            )
        );

        // Outside the gate: a fork may be inside its own, waiting until this grain has forgotten something.
        await ForgetInForksAsync(result.CutForks);
        return result.ActualVersion is { } actual
            ? throw new VersionConflictException(request.ExpectedVersion ?? 0, actual)
            : result.Receipt;
    }

    /// <inheritdoc cref="IConversationGrain.RefreshAsync" />
    public Task RefreshAsync() =>
        activation.Gate.RunExclusiveAsync(
            async () =>
            {
                // Not before the turns on their way have arrived: what is loaded in between would not have them, and would be read after
                // they are answered.
                await activation.DrainAsync();
                if (activation.Loading.Current is null)
                {
                    // There was nothing to forget: no reason to stay in memory either.
                    activation.Deactivate();
                }

                activation.Loading.Forget();
                return true;
            },
            CancellationToken.None
        );

    private async Task<DeleteResult> DeleteAloneAsync(DeleteRequest request, CancellationToken cancellationToken)
    {
        await activation.DrainAsync();
        DeleteResult result = BoundUser.Current is null
            ? await DeleteStoredAsync(request, cancellationToken)
            : await DeleteOwnAsync(request, cancellationToken);
        if (result.ActualVersion is null)
        {
            activation.DeactivateUnwatched();
        }

        return result;
    }

    /// <summary>Deletes a conversation of the user that the call is bound to: at the version at which it was that user's.</summary>
    private async Task<DeleteResult> DeleteOwnAsync(DeleteRequest request, CancellationToken cancellationToken)
    {
        var backoff = new RetryBackoff(activation.Time);
        while (true)
        {
            if (await activation.FindAsync(cancellationToken) is not { Durable.Head: { } head })
            {
                return new DeleteResult(new DeleteReceipt { Existed = false }, []);
            }

            DeleteResult result = await DeleteStoredAsync(
                request with
                {
                    ExpectedVersion = request.ExpectedVersion ?? head.Version,
                    ExpectedLife = request.ExpectedLife ?? head.CreatedAt,
                },
                cancellationToken
            );
            if (request.ExpectedVersion is not null || result.ActualVersion is null)
            {
                return result;
            }

            // Another activation has committed a turn: whose it is now is looked up anew.
            await backoff.WaitAsync(cancellationToken);
        }
    }

    private async Task<DeleteResult> DeleteStoredAsync(DeleteRequest request, CancellationToken cancellationToken)
    {
        try
        {
            DateTimeOffset? life = request.ExpectedLife is { } expected ? Instants.Kept(expected) : null;
            return await activation.Store.DeleteAsync(
                new DeleteCommit(activation.Key, activation.Now, request.ExpectedVersion, life, request.CutForks),
                cancellationToken
            );
        }
        finally
        {
            activation.Loading.Forget();
        }
    }

    private async Task<Head> ForkAloneAsync(ConversationKey target, long? atSequence, CancellationToken cancellationToken)
    {
        // Which entries are copied, and whether a life under the new id is over, goes by our clock.
        activation.RequireClock();
        var backoff = new RetryBackoff(activation.Time);
        while (true)
        {
            await activation.DrainAsync();
            ConversationState source = (await activation.GetLiveAsync(cancellationToken)).Durable;
            long at = atSequence ?? source.LastSequence;
            DateTimeOffset now = activation.Now;
            if (at < source.FirstSequence - 1 || at > source.LastSequence)
            {
                throw new InvalidRequestException(
                    "atSequence",
                    FormattableString.Invariant(
                        $"atSequence must be {source.FirstSequence - 1} to {source.LastSequence}, the sequences of this log."
                    )
                );
            }

            ForkResult result = await StoreForkAsync(target, source, at, now, cancellationToken);
            switch (result.Status)
            {
                case ForkStatus.Created:
                case ForkStatus.Exists
                    when result.OriginStoreId == source.StoreId
                        && IsSameFork(result.Head!, at, atSequence)
                        && BoundUser.Owns(result.Head!.Settings.UserId):
                    return result.Head!;
                case ForkStatus.Exists:
                    throw new ConversationExistsException(target);
                default:
                    activation.Loading.Forget();
                    await backoff.WaitAsync(cancellationToken);
                    break;
            }
        }
    }

    private async Task<ForkResult> StoreForkAsync(
        ConversationKey target,
        ConversationState source,
        long at,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        MeterRoom room = await quota.ReserveForkAsync(target, source, now, cancellationToken);
        MeterResult used = MeterResult.Nothing;
        try
        {
            ForkResult result = await activation.Store.ForkAsync(
                new ForkCommit
                {
                    SourceStoreId = source.StoreId,
                    SourceVersion = source.Version,
                    Target = target,
                    AtSequence = at,
                    At = now,
                    ExpiresAt = source.Head!.Settings.TimeToLive is { } ttl ? Instants.Plus(now, ttl.Duration) : null,
                },
                cancellationToken
            );
            used = result.Status == ForkStatus.Created ? MeterResult.Other : MeterResult.Nothing;
            return result;
        }
        finally
        {
            room.Settle(used);
        }
    }

    /// <summary>Whether an existing fork is the one asked for. Without a sequence any fork of ours under that id is.</summary>
    private static bool IsSameFork(Head fork, long at, long? asked) => asked is null || fork.Origin?.Sequence == at;

    private Task ForgetInForksAsync(ImmutableArray<ConversationKey> forks) => Task.WhenAll(forks.Select(ForgetInForkAsync));

    private async Task ForgetInForkAsync(ConversationKey fork)
    {
        try
        {
            await grains.GetGrain<IConversationGrain>(fork.ToString()).RefreshAsync();
        }
        catch (Exception exception)
        {
            // The deletion is durable all the same, and the fork's next turn will not find the version it knows.
            ConversationLog.ForkRefreshFailed(activation.Logger, exception.GetType().Name);
        }
    }
}

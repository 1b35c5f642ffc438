using System.Collections.Immutable;
using OrleansMemory.Auditing;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Auditing;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Grains.Usage;
using OrleansMemory.Users;

namespace OrleansMemory.Grains.Conversations;

internal sealed partial class ConversationGrain
{
    /// <inheritdoc />
    public async Task<Head> ForkAsync(ForkRequest request, CancellationToken cancellationToken = default)
    {
        if (request is null)
        {
            throw new InvalidRequestException("fork", "fork is missing.");
        }

        ConversationKey target = ConversationKey.Create(_key.Tenant, request.NewId);
        if (target == _key)
        {
            throw new InvalidRequestException("newId", "newId must differ from the id of the conversation that is forked.");
        }

        await GetPolicyAsync();
        Head fork = await _exclusion.AloneAsync(() => ForkAloneAsync(target, request.AtSequence, cancellationToken), cancellationToken);

        // Outside the gate: the grain under the new id may be inside its own, waiting until this one has forgotten something.
        await GrainFactory.GetGrain<IConversationGrain>(target.ToString()).RefreshAsync();
        return fork;
    }

    /// <inheritdoc />
    public Task<DeleteReceipt> DeleteAsync(CancellationToken cancellationToken = default) => DeleteAsync(DeleteRequest.Whatever, cancellationToken);

    /// <inheritdoc />
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

        DeleteResult result = await _audit.RunAsync(
            new AuditAction(_key.Tenant, AuditActions.ConversationDeleted, AuditSubject.Conversation(_key.Id)),
            () => _exclusion.AloneAsync(() => DeleteAloneAsync(request, cancellationToken), cancellationToken),
            static deleted => new AuditCounts(
                ("conversations", deleted.Receipt.Existed ? 1 : 0),
                ("messages", deleted.Receipt.Messages),
                ("entries", deleted.Receipt.Entries),
                ("turns", deleted.Receipt.Turns),
                ("forksCut", deleted.Receipt.ForksCut)));

        // Outside the gate: a fork may be inside its own, waiting until this grain has forgotten something.
        await ForgetInForksAsync(result.CutForks);
        return result.ActualVersion is { } actual ? throw new VersionConflictException(request.ExpectedVersion ?? 0, actual) : result.Receipt;
    }

    /// <inheritdoc />
    public Task RefreshAsync() => _exclusion.AloneAsync(
        async () =>
        {
            // Not before the turns on their way have arrived: what is loaded in between would not have them, and would be read after they are answered.
            await DrainAsync();
            if (_loading.Current is null)
            {
                // There was nothing to forget: no reason to stay in memory either.
                DeactivateOnIdle();
            }

            _loading.Forget();
            return true;
        },
        CancellationToken.None);

    private async Task<DeleteResult> DeleteAloneAsync(DeleteRequest request, CancellationToken cancellationToken)
    {
        await DrainAsync();
        DeleteResult result = BoundUser.Current is null ? await DeleteStoredAsync(request, cancellationToken) : await DeleteOwnAsync(request, cancellationToken);
        if (result.ActualVersion is null)
        {
            DeactivateUnwatched();
        }

        return result;
    }

    /// <summary>Deletes a conversation of the user that the call is bound to: at the version at which it was that user's.</summary>
    private async Task<DeleteResult> DeleteOwnAsync(DeleteRequest request, CancellationToken cancellationToken)
    {
        var patience = new RetryPatience(_timeProvider);
        while (true)
        {
            if (await FindAsync(cancellationToken) is not { Durable.Head: { } head })
            {
                return new DeleteResult(new DeleteReceipt { Existed = false }, []);
            }

            DeleteResult result = await DeleteStoredAsync(request with { ExpectedVersion = request.ExpectedVersion ?? head.Version, ExpectedLife = request.ExpectedLife ?? head.CreatedAt }, cancellationToken);
            if (request.ExpectedVersion is not null || result.ActualVersion is null)
            {
                return result;
            }

            // Another activation has committed a turn: whose it is now is looked up anew.
            await patience.WaitAsync(cancellationToken);
        }
    }

    private async Task<DeleteResult> DeleteStoredAsync(DeleteRequest request, CancellationToken cancellationToken)
    {
        try
        {
            DateTimeOffset? life = request.ExpectedLife is { } expected ? Instants.Kept(expected) : null;
            return await _store.DeleteAsync(new DeleteCommit(_key, _timeProvider.Now(), request.ExpectedVersion, life, request.CutForks), cancellationToken);
        }
        finally
        {
            _loading.Forget();
        }
    }

    private async Task<Head> ForkAloneAsync(ConversationKey target, long? atSequence, CancellationToken cancellationToken)
    {
        // Which entries are copied, and whether a life under the new id is over, goes by our clock.
        RequireClock();
        var patience = new RetryPatience(_timeProvider);
        while (true)
        {
            await DrainAsync();
            ConversationState source = (await GetLiveAsync(cancellationToken)).Durable;
            long at = atSequence ?? source.LastSequence;
            DateTimeOffset now = _timeProvider.Now();
            if (at < source.FirstSequence - 1 || at > source.LastSequence)
            {
                throw new InvalidRequestException(
                    "atSequence",
                    FormattableString.Invariant($"atSequence must be {source.FirstSequence - 1} to {source.LastSequence}, the sequences of this log."));
            }

            ForkResult result = await StoreForkAsync(target, source, at, now, cancellationToken);
            switch (result.Status)
            {
                case ForkStatus.Created:
                case ForkStatus.Exists when result.OriginStoreId == source.StoreId && IsSameFork(result.Head!, at, atSequence) && BoundUser.Owns(result.Head!.Settings.UserId):
                    return result.Head!;
                case ForkStatus.Exists:
                    throw new ConversationExistsException(target);
                default:
                    _loading.Forget();
                    await patience.WaitAsync(cancellationToken);
                    break;
            }
        }
    }

    private async Task<ForkResult> StoreForkAsync(
        ConversationKey target, ConversationState source, long at, DateTimeOffset now, CancellationToken cancellationToken)
    {
        MeterRoom room = await ReserveForkAsync(target, source, now, cancellationToken);
        MeterResult used = MeterResult.Nothing;
        try
        {
            ForkResult result = await _store.ForkAsync(
                new ForkCommit
                {
                    SourceStoreId = source.StoreId,
                    SourceVersion = source.Version,
                    Target = target,
                    AtSequence = at,
                    At = now,
                    ExpiresAt = source.Head!.Settings.TimeToLive is { } ttl ? Instants.Plus(now, ttl.Duration) : null,
                },
                cancellationToken);
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
            await GrainFactory.GetGrain<IConversationGrain>(fork.ToString()).RefreshAsync();
        }
        catch (Exception exception)
        {
            // The deletion is durable all the same, and the fork's next turn will not find the version it knows.
            LogForkRefreshFailed(exception.GetType().Name);
        }
    }
}

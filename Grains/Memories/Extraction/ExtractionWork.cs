using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansMemory.Errors;
using OrleansMemory.Grains.Clocks;
using OrleansMemory.Grains.Storage;
using OrleansMemory.Memories;
using OrleansMemory.Retries;

namespace OrleansMemory.Grains.Memories.Extraction;

/// <summary>Distils the turns of one scope, a batch a step: read, ask, decide, apply.</summary>
/// <remarks>
/// What is to be done is in the store alone, and the changes are applied together with the mark that the turns are done: a crash in between
/// repeats the call of the model and nothing else. A second activation of the scope loses that race and looks again. No reply, failure or
/// fault of the model gets out of here.
/// </remarks>
/// <param name="scope">The scope.</param>
/// <param name="services">What it works with.</param>
internal sealed partial class ExtractionWork(MemoryScope scope, ExtractionServices services)
{
    private const int RacesAtOnce = 5;

    private readonly IFactStore _store = services.Store;
    private readonly ExtractionOptions _options = services.Options;
    private readonly ILogger _logger = services.Logger;
    private readonly BatchPlan _plan = new(services.Options);
    private readonly PromptWriter _writer = new(services.Options.MaxBatchBytes);
    private string? _fault;
    private int _failures;
    private int _races;

    /// <summary>Does one step.</summary>
    /// <param name="cancellationToken">Ends it; what was applied stays.</param>
    /// <returns>What came of it.</returns>
    public async Task<ExtractionStep> StepAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<MemoryFact> batch = [];
        try
        {
            IReadOnlyList<StoredFact> waiting = await _store.ReadToExtractAsync(scope, 2 * _options.BatchTurns, cancellationToken);
            if (waiting.Count == 0)
            {
                return ExtractionStep.Idle;
            }

            DateTimeOffset now = services.Clock.Now();
            ImmutableArray<MemoryFact> expired = [.. waiting.Select(stored => stored.Fact).Where(turn => turn.ExpiresAt <= now)];
            if (!expired.IsEmpty)
            {
                return await GiveUpAsync(expired, now, cancellationToken);
            }

            batch = _plan.Choose([.. waiting.Select(stored => stored.Fact)]);
            return await DistilAsync(batch, now, cancellationToken);
        }
        catch (Exception failure) when (failure is MemoryException or OrleansException or TimeoutException)
        {
            return Pause(failure.GetType().Name);
        }
        catch (Exception failure) when (!batch.IsEmpty && !cancellationToken.IsCancellationRequested)
        {
            return await OnFailedAsync(batch, (failure as ModelFailedException)?.ErrorType ?? failure.GetType().Name, cancellationToken);
        }
    }

    private async Task<ExtractionStep> DistilAsync(
        ImmutableArray<MemoryFact> turns,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var batch = new ExtractionBatch(scope, turns, await services.Known.FindAsync(scope, turns, now, cancellationToken));
        string reply = await services.Calls.AskAsync(_writer.Write(batch, _fault), cancellationToken);
        ReplyReading reading = ReplyReader.Read(reply);
        _fault = reading.Fault;
        now = services.Clock.Now();
        if (reading.Fault is not null)
        {
            services.Instruments.OnExtractionFailed();
            LogUnreadable(reading.Fault, turns.Length);
            return _plan.OnUnreadable(turns) ? await GiveUpAsync(turns, now, cancellationToken) : ExtractionStep.GoOn();
        }

        Distillation distilled = new Distiller(batch, _options, now).Decide(reading.Changes);
        FactDistillation changes = distilled.Changes;
        if (!await ApplyAsync(changes, cancellationToken))
        {
            return Raced();
        }

        _plan.OnDone(turns);
        if (changes.Added.Length + changes.Revised.Length > 0)
        {
            await services.Embedding.NotifyAsync(scope);
        }

        services.Instruments.OnDistilled(turns.Length, changes.Added.Length + changes.Revised.Length + changes.Retired.Length);
        LogDistilled(turns.Length, changes.Added.Length, changes.Revised.Length, changes.Retired.Length, distilled.LeftOut);
        return ExtractionStep.GoOn(
            new ExtractionReport
            {
                Turns = turns.Length,
                Added = changes.Added.Length,
                Updated = changes.Revised.Length,
                Retired = changes.Retired.Length,
            }
        );
    }

    private async Task<ExtractionStep> OnFailedAsync(
        ImmutableArray<MemoryFact> batch,
        string errorType,
        CancellationToken cancellationToken
    )
    {
        services.Instruments.OnExtractionFailed();
        if (!_plan.OnFailed(batch, services.Clock.Now()))
        {
            return Pause(errorType);
        }

        try
        {
            return await GiveUpAsync(batch, services.Clock.Now(), cancellationToken);
        }
        catch (MemoryException failure)
        {
            return Pause(failure.GetType().Name);
        }
    }

    /// <summary>Marks turns as done without facts. They stay recorded.</summary>
    private async Task<ExtractionStep> GiveUpAsync(
        ImmutableArray<MemoryFact> turns,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var nothing = new FactDistillation
        {
            Scope = scope,
            Turns = [.. turns.Select(turn => turn.Id)],
            At = now,
        };
        _fault = null;
        if (!await _store.ApplyAsync(nothing, cancellationToken))
        {
            return Raced();
        }

        _plan.OnDone(turns);
        services.Instruments.OnGivenUp(turns.Length);
        LogGivenUp(turns.Length);
        return ExtractionStep.GoOn(new ExtractionReport { Turns = turns.Length, GivenUp = turns.Length });
    }

    private async Task<bool> ApplyAsync(FactDistillation changes, CancellationToken cancellationToken)
    {
        bool applied = await _store.ApplyAsync(changes, cancellationToken);
        if (applied)
        {
            (_failures, _races) = (0, 0);
        }

        return applied;
    }

    /// <summary>Another activation was faster, or somebody changed a fact or deleted a turn meanwhile: look again.</summary>
    private ExtractionStep Raced()
    {
        _races++;
        LogRaced();
        return _races % RacesAtOnce == 0 ? Pause("lost races") : ExtractionStep.GoOn();
    }

    private ExtractionStep Pause(string cause)
    {
        TimeSpan pause = Backoff.Grown(_options.RetryDelay, _options.MaxRetryDelay, _failures++);
        LogPaused(cause, pause.TotalSeconds);
        return ExtractionStep.Pause(pause);
    }
}

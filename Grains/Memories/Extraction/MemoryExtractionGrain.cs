using Microsoft.Extensions.Hosting;
using OrleansMemory.Memories;

namespace OrleansMemory.Grains.Memories.Extraction;

/// <summary>
/// Distils the turns of one scope. It waits until there are enough of them or the first has waited long enough, and works one step at a
/// time: what is asked for in between only moves its timer.
/// </summary>
[GrainType("memory-extraction")]
internal sealed class MemoryExtractionGrain : Grain, IMemoryExtractionGrain
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private readonly ExtractionServices _services;
    private readonly ExtractionModel _model;
    private readonly CancellationToken _stopping;
    private ExtractionWork _work = null!;
    private IGrainTimer? _timer;
    private TimerState _state;
    private bool _poked;
    private int _turns;

    public MemoryExtractionGrain(ExtractionServices services, ExtractionModel model, IHostApplicationLifetime lifetime)
    {
        _services = services;
        _model = model;
        _stopping = lifetime.ApplicationStopping;
    }

    private enum TimerState
    {
        /// <summary>Nothing is due.</summary>
        Off,

        /// <summary>It waits for more turns.</summary>
        Gathering,

        /// <summary>It is due at once, works, or waits after a failure: a notification changes nothing.</summary>
        Busy,
    }

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _work = new ExtractionWork(MemoryScope.Parse(this.GetPrimaryKeyString()), _services);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task NotifyAsync(int turns)
    {
        if (_model.IsPresent)
        {
            _poked = true;
            _turns += Math.Clamp(turns, 0, _services.Options.BatchTurns);
            Gather();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task<ExtractionReport> ExtractAsync(CancellationToken cancellationToken = default)
    {
        var report = new ExtractionReport();
        if (!_model.IsPresent)
        {
            return report;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping);
        ExtractionStep step;
        do
        {
            step = await WorkAsync(either.Token);
            report = report with
            {
                Turns = report.Turns + step.Done.Turns,
                Added = report.Added + step.Done.Added,
                Updated = report.Updated + step.Done.Updated,
                Retired = report.Retired + step.Done.Retired,
                GivenUp = report.GivenUp + step.Done.GivenUp,
            };
        } while (step.Next == TimeSpan.Zero);
        Follow(step);
        return report with { IsComplete = step.Next is null };
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping);
        try
        {
            Follow(await WorkAsync(either.Token));
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // The silo stops; another one finds the turns.
        }
    }

    private async Task<ExtractionStep> WorkAsync(CancellationToken cancellationToken)
    {
        _state = TimerState.Busy;
        (_poked, _turns) = (false, 0);
        try
        {
            return await _work.StepAsync(cancellationToken);
        }
        catch
        {
            // Cancelled by a caller or by the end of the silo: the turns still wait.
            _state = TimerState.Off;
            Gather();
            throw;
        }
    }

    private void Follow(ExtractionStep step)
    {
        _state = TimerState.Off;
        if (step.Next is { } next)
        {
            _state = TimerState.Busy;
            Set(next);
        }
        else if (_poked)
        {
            Gather();
        }
        else
        {
            _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void Gather()
    {
        if (_state != TimerState.Busy && _turns >= _services.Options.BatchTurns)
        {
            _state = TimerState.Busy;
            Set(TimeSpan.Zero);
        }
        else if (_state == TimerState.Off)
        {
            _state = TimerState.Gathering;
            Set(_services.Options.Delay);
        }
    }

    private void Set(TimeSpan due)
    {
        if (_stopping.IsCancellationRequested)
        {
            // Every step would be cancelled at once, and the next one set, for as long as the silo waits for this activation to end.
            return;
        }

        // An activation that ends before its time costs the wait for the next sweep.
        DelayDeactivation(due + Margin);
        if (_timer is null)
        {
            _timer = this.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(due, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        }
        else
        {
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }
}

using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansMemory.Client;
using OrleansMemory.Conversations;

namespace OrleansMemory.Tests.Support;

/// <summary>A conversation grain between whose turns something happens: its client ends, or somebody else writes.</summary>
public class CutGrain : DispatchProxy
{
    private IConversationGrain _grain = null!;

    /// <summary>How many turns have been sent.</summary>
    public int Turns { get; private set; }

    /// <summary>What happens before a turn, by its number from 1, goes to the grain.</summary>
    public Func<int, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>What happens after a turn, by its number from 1, and before its caller learns of it.</summary>
    public Func<int, Task> After { get; set; } = _ => Task.CompletedTask;

    /// <summary>Makes a client whose every conversation is this grain.</summary>
    /// <param name="grain">The grain.</param>
    /// <returns>The client, and what happens on its way.</returns>
    public static (ConversationClient Client, CutGrain Cut) Of(IConversationGrain grain)
    {
        var cut = (CutGrain)(object)Create<IConversationGrain, CutGrain>();
        cut._grain = grain;
        IGrainFactory factory = Create<IGrainFactory, OneGrainFactory>();
        ((OneGrainFactory)(object)factory).Grain = cut;
        var client = new ConversationClient(
            factory,
            Options.Create(new ConversationClientOptions()),
            TimeProvider.System,
            NullLogger<ConversationClient>.Instance
        );
        return (client, cut);
    }

    /// <summary>Ends the client at a turn.</summary>
    /// <param name="turn">The turn's number, from 1.</param>
    /// <param name="isCommitted">Whether the turn has been committed by then.</param>
    public void EndsAt(int turn, bool isCommitted)
    {
        Func<int, Task> end = number => number == turn ? throw new CutException() : Task.CompletedTask;
        if (isCommitted)
        {
            After = end;
        }
        else
        {
            Before = end;
        }
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(IConversationGrain.CommitAsync)
            ? CommitAsync((Turn)args![0]!, (CancellationToken)args[1]!)
            : targetMethod.Invoke(_grain, args);

    private async Task<TurnReceipt> CommitAsync(Turn turn, CancellationToken cancellationToken)
    {
        int number = ++Turns;
        await Before(number);
        TurnReceipt receipt = await _grain.CommitAsync(turn, cancellationToken);
        await After(number);
        return receipt;
    }
}

/// <summary>The process of a client ended.</summary>
public sealed class CutException : Exception;

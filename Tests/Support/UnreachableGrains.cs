using System.Reflection;

namespace OrleansMemory.Tests.Support;

/// <summary>A grain factory of a cluster whose every silo is gone: each call fails as Orleans lets it fail.</summary>
public class UnreachableGrains : DispatchProxy
{
    private Func<Exception> _failure = () => new InvalidOperationException();

    /// <summary>Makes a factory.</summary>
    /// <param name="failure">Makes the failure of a call.</param>
    public static IGrainFactory Make(Func<Exception> failure)
    {
        IGrainFactory factory = Create<IGrainFactory, UnreachableGrains>();
        ((UnreachableGrains)(object)factory)._failure = failure;
        return factory;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        object grain = Create(targetMethod.GetGenericArguments()[0], typeof(UnreachableGrain));
        ((UnreachableGrain)grain).Failure = _failure;
        return grain;
    }
}

/// <summary>A grain that no one answers for.</summary>
public class UnreachableGrain : DispatchProxy
{
    public Func<Exception> Failure { get; set; } = () => new InvalidOperationException();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        Type result = targetMethod.ReturnType;
        if (result == typeof(Task))
        {
            return Task.FromException(Failure());
        }

        string maker =
            result.GetGenericTypeDefinition() == typeof(Task<>) ? nameof(Fail)
            : result.GetGenericTypeDefinition() == typeof(ValueTask<>) ? nameof(FailValue)
            : nameof(Break);
        return typeof(UnreachableGrain)
            .GetMethod(maker, BindingFlags.Instance | BindingFlags.NonPublic)!
            .MakeGenericMethod(result.GetGenericArguments())
            .Invoke(this, []);
    }

    private Task<T> Fail<T>() => Task.FromException<T>(Failure());

    private ValueTask<T> FailValue<T>() => ValueTask.FromException<T>(Failure());

    private async IAsyncEnumerable<T> Break<T>()
    {
        await Task.Yield();
        if (Failure() is { } failure)
        {
            throw failure;
        }

        yield break;
    }
}

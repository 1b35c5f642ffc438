using System.Reflection;
using System.Runtime.ExceptionServices;
using OrleansMemory.Conversations;

namespace OrleansMemory.Tests.Support;

/// <summary>A conversation grain that is looked for on whichever host is the current one, as a client of a cluster finds it.</summary>
public class GrainSwitch : DispatchProxy
{
    private Func<IConversationGrain> _current = null!;

    /// <summary>A grain factory whose every conversation is the one of the current host.</summary>
    public static IGrainFactory Factory(Func<IConversationGrain> current)
    {
        IConversationGrain grain = DispatchProxy.Create<IConversationGrain, GrainSwitch>();
        ((GrainSwitch)(object)grain)._current = current;
        IGrainFactory factory = DispatchProxy.Create<IGrainFactory, OneGrainFactory>();
        ((OneGrainFactory)(object)factory).Grain = grain;
        return factory;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        try
        {
            return targetMethod!.Invoke(_current(), args);
        }
        catch (TargetInvocationException failure)
        {
            ExceptionDispatchInfo.Throw(failure.InnerException!);
            throw;
        }
    }
}

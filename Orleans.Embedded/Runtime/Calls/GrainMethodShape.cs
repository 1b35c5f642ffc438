using System.Reflection;
using Orleans.Concurrency;
using Orleans.Runtime.Streams;

namespace Orleans.Runtime.Calls;

/// <summary>How one interface method is called: what carries the call and which member of the reference sends it.</summary>
internal sealed class GrainMethodShape
{
    private GrainMethodShape(MethodInfo method, Type callType, MethodInfo sender)
    {
        Method = method;
        CallType = callType;
        Sender = sender;
    }

    internal MethodInfo Method { get; }

    /// <summary>The class that the generated call derives from.</summary>
    internal Type CallType { get; }

    /// <summary>The member of <see cref="GrainReference"/> that sends it.</summary>
    internal MethodInfo Sender { get; }

    /// <summary>The generated method that calls the grain.</summary>
    internal MethodInfo Invoker => CallType.GetMethod("Call")!;

    /// <summary>The place of the token among the members of the call.</summary>
    internal PropertyInfo Token => CallType.GetProperty("Token", BindingFlags.Instance | BindingFlags.NonPublic)!;

    internal GrainMethod Describe() => new()
    {
        Name = $"{Method.DeclaringType!.FullName}.{Method.Name}",
        AlwaysInterleave = Method.IsDefined(typeof(AlwaysInterleaveAttribute)),
        ReadOnly = Method.IsDefined(typeof(ReadOnlyAttribute)),
        OneWay = Method.IsDefined(typeof(OneWayAttribute)),
        ResponseTimeout = Method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout,
    };

    /// <summary>Reads a method and checks that the host can call it.</summary>
    /// <exception cref="NotSupportedException">It cannot; the message names the method and says why.</exception>
    internal static GrainMethodShape Of(MethodInfo method)
    {
        if (method.IsGenericMethodDefinition) throw Refuse(method, "generic methods are not supported");
        foreach (var parameter in method.GetParameters())
        {
            if (parameter.ParameterType.IsByRef) throw Refuse(method, $"argument '{parameter.Name}' is passed by reference");
            RequireImmutable(method, parameter.ParameterType, parameter, $"argument '{parameter.Name}'");
        }

        if (method.GetParameters().Count(static parameter => parameter.ParameterType == typeof(CancellationToken)) > 1)
        {
            throw Refuse(method, "there can be only one CancellationToken");
        }

        var returned = method.ReturnType;
        if (returned == typeof(Task)) return new(method, typeof(TaskCall), Member(nameof(GrainReference.Send), null));
        if (returned == typeof(ValueTask)) return new(method, typeof(ValueTaskCall), Member(nameof(GrainReference.SendValue), null));
        if (method.IsDefined(typeof(OneWayAttribute))) throw Refuse(method, "a one-way method has no result: it returns Task or ValueTask");
        if (!returned.IsConstructedGenericType) throw Refuse(method, "it returns neither a task nor an IAsyncEnumerable");

        var result = returned.GetGenericArguments()[0];
        var shape = returned.GetGenericTypeDefinition() switch
        {
            var kind when kind == typeof(Task<>) => Of(typeof(TaskCall<>), nameof(GrainReference.Send)),
            var kind when kind == typeof(ValueTask<>) => Of(typeof(ValueTaskCall<>), nameof(GrainReference.SendValue)),
            var kind when kind == typeof(IAsyncEnumerable<>) => Of(typeof(GrainStream<>), nameof(GrainReference.Open)),
            _ => throw Refuse(method, "it returns neither a task nor an IAsyncEnumerable"),
        };
        RequireImmutable(method, result, method.ReturnParameter, "result");
        return shape;

        GrainMethodShape Of(Type callType, string sender) => new(method, callType.MakeGenericType(result), Member(sender, result));
    }

    private static void RequireImmutable(MethodInfo method, Type type, ParameterInfo declaration, string place)
    {
        if (declaration.IsDefined(typeof(ImmutableAttribute)) || Immutability.IsDeclared(type)) return;
        throw Refuse(
            method,
            $"its {place} of type {type} is not immutable by declaration, and this host hands over the object itself, not a copy. "
            + "Use an immutable type (such as ImmutableArray<T>), or put [Immutable] on the type or the place");
    }

    private static NotSupportedException Refuse(MethodInfo method, string why) =>
        new($"{method.DeclaringType!.FullName}.{method.Name} cannot be a grain method: {why}.");

    private static MethodInfo Member(string name, Type? result)
    {
        var member = typeof(GrainReference).GetMethods(BindingFlags.Instance | BindingFlags.NonPublic)
            .Single(candidate => candidate.Name == name && candidate.IsGenericMethodDefinition == result is not null);
        return result is null ? member : member.MakeGenericMethod(result);
    }
}

using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansMemory.Client;
using OrleansMemory.Conversations;

namespace OrleansMemory.Tests.Support;

/// <summary>A conversation grain that answers as it is told, so that failures come when a test wants them.</summary>
public class GrainScript : DispatchProxy
{
    private readonly Dictionary<string, Queue<Func<object?[], object?>>> _answers = [];

    /// <summary>What was called with which arguments, in order.</summary>
    public List<(string Method, object?[] Arguments)> Calls { get; } = [];

    /// <summary>The grain that follows this script.</summary>
    public IConversationGrain Grain => (IConversationGrain)(object)this;

    public static GrainScript Make() => Make<IConversationGrain>();

    /// <summary>A grain of another kind.</summary>
    /// <typeparam name="TGrain">Its interface.</typeparam>
    public static GrainScript Make<TGrain>() => (GrainScript)(object)DispatchProxy.Create<TGrain, GrainScript>()!;

    /// <summary>Says how the next call of a method is answered; the last answer stays.</summary>
    public GrainScript On(string method, Func<object?[], object?> answer)
    {
        if (!_answers.TryGetValue(method, out Queue<Func<object?[], object?>>? queue))
        {
            _answers[method] = queue = new Queue<Func<object?[], object?>>();
        }

        queue.Enqueue(answer);
        return this;
    }

    public GrainScript Returns<T>(string method, T result) => On(method, _ => Task.FromResult(result));

    public GrainScript Fails<T>(string method, Exception failure) => On(method, _ => Task.FromException<T>(failure));

    /// <summary>A client whose every conversation is this grain.</summary>
    public ConversationClient Client(TimeProvider? time = null, Action<ConversationClientOptions>? configure = null)
    {
        var options = new ConversationClientOptions();
        configure?.Invoke(options);
        return new ConversationClient(
            Factory(),
            Options.Create(options),
            time ?? TimeProvider.System,
            NullLogger<ConversationClient>.Instance
        );
    }

    /// <summary>
    /// Makes the client of an app talk to this grain, with the options that the app gave it. The app's own grains stay as they are.
    /// </summary>
    public void UseIn(IServiceCollection services) =>
        services.AddSingleton(provider => new ConversationClient(
            Factory(),
            provider.GetRequiredService<IOptions<ConversationClientOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            NullLogger<ConversationClient>.Instance
        ));

    public IGrainFactory Factory()
    {
        IGrainFactory factory = DispatchProxy.Create<IGrainFactory, OneGrainFactory>();
        ((OneGrainFactory)(object)factory).Grain = this;
        return factory;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        string method = targetMethod!.Name;
        Calls.Add((method, args ?? []));
        Queue<Func<object?[], object?>> queue = _answers[method];
        return (queue.Count > 1 ? queue.Dequeue() : queue.Peek())(args ?? []);
    }
}

public class OneGrainFactory : DispatchProxy
{
    public object? Grain { get; set; }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Grain;
}

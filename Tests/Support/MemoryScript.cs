using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansMemory.Client;
using OrleansMemory.Memories;

namespace OrleansMemory.Tests.Support;

/// <summary>The grains of long-term memory, answering as they are told, so that failures come when a test wants them.</summary>
internal sealed class MemoryScript
{
    /// <summary>Every scope's grain.</summary>
    public GrainScript Scope { get; } = GrainScript.Make<IMemoryGrain>();

    /// <summary>Every tenant's grain.</summary>
    public GrainScript Directory { get; } = GrainScript.Make<IMemoryDirectoryGrain>();

    /// <summary>The keys of the grains that were asked for, in order.</summary>
    public List<string> Keys { get; } = [];

    /// <summary>What was recorded, in order.</summary>
    public IEnumerable<RecordRequest> Recorded =>
        Scope.Calls.Where(call => call.Method == nameof(IMemoryGrain.RecordAsync)).Select(call => (RecordRequest)call.Arguments[0]!);

    /// <summary>What was asked, in order.</summary>
    public IEnumerable<RecallRequest> Asked =>
        Scope.Calls.Where(call => call.Method == nameof(IMemoryGrain.RecallAsync)).Select(call => (RecallRequest)call.Arguments[0]!);

    /// <summary>A grain that records everything, and knows nothing.</summary>
    public static MemoryScript Obliging()
    {
        var script = new MemoryScript();
        script.Scope.On(
            nameof(IMemoryGrain.RecordAsync),
            arguments => Task.FromResult(Receipt(((RecordRequest)arguments[0]!).Memories.Length))
        );
        script.Scope.Returns(nameof(IMemoryGrain.RecallAsync), Found());
        return script;
    }

    public static RecordReceipt Receipt(int count) =>
        new()
        {
            MemoryIds = [.. Enumerable.Range(1, count).Select(i => FormattableString.Invariant($"m{i}"))],
            RecordedAt = DateTimeOffset.UnixEpoch,
        };

    public static RecallResult Found(params MemoryFact[] memories) =>
        new()
        {
            Memories = [.. memories.Select((memory, i) => new RecalledMemory { Memory = memory, Score = 1.0 / (i + 1) })],
            Considered = memories.Length,
        };

    public static MemoryFact Fact(string id, string text) =>
        new()
        {
            Id = id,
            Kind = MemoryKind.Fact,
            Text = text,
            OccurredAt = DateTimeOffset.UnixEpoch,
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
            Version = 1,
        };

    /// <summary>A client of these grains.</summary>
    public ConversationClient Client(Action<ConversationClientOptions>? configure = null)
    {
        var options = new ConversationClientOptions
        {
            RetryDelay = TimeSpan.FromMilliseconds(1),
            MaxRetryDelay = TimeSpan.FromMilliseconds(1),
        };
        configure?.Invoke(options);
        IGrainFactory factory = DispatchProxy.Create<IGrainFactory, MemoryGrains>();
        ((MemoryGrains)(object)factory).Find = (type, key) =>
        {
            Keys.Add(key);
            return type == typeof(IMemoryGrain) ? Scope : Directory;
        };
        return new ConversationClient(factory, Options.Create(options), TimeProvider.System, NullLogger<ConversationClient>.Instance);
    }
}

public class MemoryGrains : DispatchProxy
{
    public Func<Type, string, object> Find { get; set; } = null!;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        Find(targetMethod!.GetGenericArguments().Single(), (string)args![0]!);
}

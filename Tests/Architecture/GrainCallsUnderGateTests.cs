using System.Reflection;
using OrleansMemory.Grains.Conversations;
using OrleansMemory.Tests.Support;
using Xunit;

namespace OrleansMemory.Tests.Architecture;

/// <summary>
/// Two grains that call each other while each keeps others out wait until the response time-out. So nothing that runs inside a
/// conversation's gate calls a grain: every method that the compiled code can reach from there is looked at, through lambdas, state
/// machines and implementations of our interfaces.
/// </summary>
public sealed class GrainCallsUnderGateTests
{
    private static readonly Assembly Grains = typeof(AsyncReaderWriterGate).Assembly;

    private static readonly CodeGraph Graph = new(Grains);

    [Fact]
    public void Nothing_inside_a_gate_calls_a_grain()
    {
        IReadOnlyCollection<MethodBase> work = Work();
        Assert.True(work.Count >= 6, $"Only {work.Count} pieces of work run inside a gate: does the search still find them?");
        IReadOnlyDictionary<MethodBase, MethodBase?> reached = Graph.ReachedFrom(work);
        string[] calls = [.. reached.Keys.Where(IsGrainCall).Select(call => string.Join(" <- ", CodeGraph.PathTo(call, reached)))];
        Assert.Empty(calls);
    }

    [Fact]
    public void The_search_sees_grain_calls_behind_lambdas_state_machines_and_interfaces()
    {
        MethodBase start = typeof(Sample).GetMethod(nameof(Sample.StartAsync))!;
        var graph = new CodeGraph(typeof(Sample).Assembly);
        Assert.Contains(graph.ReachedFrom([start]).Keys, IsGrainCall);
    }

    /// <summary>Everything that is handed to a gate, and the methods that hand it over where a lambda is made elsewhere.</summary>
    private static IReadOnlyCollection<MethodBase> Work()
    {
        MethodInfo[] gates =
        [
            .. typeof(AsyncReaderWriterGate).GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly),
        ];
        return
        [
            .. Graph
                .Methods.Where(method => CodeGraph.CallsOf(method).Any(call => gates.Any(gate => CodeGraph.IsSame(gate, call))))
                .SelectMany(CodeGraph.DelegatesOf)
                .Distinct(),
        ];
    }

    private static bool IsGrainCall(MethodBase method) =>
        (method.DeclaringType is { IsInterface: true } contract && typeof(IAddressable).IsAssignableFrom(contract))
        || (method.Name == nameof(IGrainFactory.GetGrain) && typeof(IGrainFactory).IsAssignableFrom(method.DeclaringType));

    private interface IStep
    {
        Task RunAsync();
    }

    private sealed class Sample(IGrainFactory grains) : IStep
    {
        public static async Task StartAsync(IStep step)
        {
            await Task.Yield();
            Func<Task> run = step.RunAsync;
            await run();
        }

        public async Task RunAsync()
        {
            await Task.Yield();
            _ = new Func<object>(() => grains.GetGrain<IGrainWithStringKey>("x"))();
        }
    }
}

using System.Net.Sockets;
using System.Reflection;
using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Messaging;
using OrleansMemory.Client;
using OrleansMemory.Client.AgentFramework;
using OrleansMemory.Client.Compatibility.Arshai;
using OrleansMemory.Client.Compatibility.AutoGrams;
using OrleansMemory.Client.Compatibility.MassGen;
using OrleansMemory.Client.Compatibility.MemoryStore;
using OrleansMemory.Client.Memories;
using OrleansMemory.Client.Runs;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;
using OrleansMemory.Errors;
using OrleansMemory.Memories;
using OrleansMemory.Tests.AgentFramework;
using OrleansMemory.Tests.Support;
using Polly.Timeout;
using Xunit;

namespace OrleansMemory.Tests.Client;

/// <summary>
/// Whatever Orleans throws when no silo answers, a caller of the client is told one type: every public method of every handle is tried,
/// those of the future too.
/// </summary>
public sealed class UnreachableSilosTests
{
    private const string Export = """
        {"format":"orleans-memory.conversation","formatVersion":1,"settings":{},"version":1,"firstSequence":1,"lastSequence":0,"entries":[],"messages":[]}
        """;

    private static readonly Dictionary<Type, Func<object>> Arguments = new()
    {
        [typeof(string)] = () => "name",
        [typeof(int)] = () => 1,
        [typeof(TimeSpan)] = () => TimeSpan.FromMinutes(1),
        [typeof(CancellationToken)] = () => CancellationToken.None,
        [typeof(Stream)] = () => new MemoryStream(Encoding.UTF8.GetBytes(Export)),
        [typeof(Turn)] = () => new Turn { TurnId = "t", KeepLast = 1 },
        [typeof(ChatMessage)] = () => new ChatMessage(ChatRole.User, "hello"),
        [typeof(IEnumerable<ChatMessage>)] = () => new[] { new ChatMessage(ChatRole.User, "hello") },
        [typeof(ChatRole)] = () => ChatRole.User,
        [typeof(SettingsChange)] = () => new SettingsChange { Values = new ConversationSettings(), Fields = SettingsFields.All },
        [typeof(DeleteRequest)] = () => DeleteRequest.Whatever,
        [typeof(ConversationWindow)] = () => new ConversationWindow(),
        [typeof(MessageSearchQuery)] = () => new MessageSearchQuery { Text = "needle" },
        [typeof(ConversationListQuery)] = () => new ConversationListQuery(),
        [typeof(MemoryListQuery)] = () => new MemoryListQuery(),
        [typeof(MemoryUpdate)] = () => new MemoryUpdate { Text = "new" },
        [typeof(RecallRequest)] = () => new RecallRequest { Query = "where" },
        [typeof(RecordRequest)] = () =>
            new RecordRequest { Memories = [new NewMemory { Kind = MemoryKind.Fact, Text = "a fact that is long enough" }] },
        [typeof(MemoryInput)] = () => new MemoryInput { ConversationId = "c", Data = [new WorkingMemory("text")] },
        [typeof(IEnumerable<int>)] = () => new[] { 0 },
    };

    public static TheoryData<string> Failures => [.. Makers.Keys];

    private static Dictionary<string, Func<Exception>> Makers =>
        new(StringComparer.Ordinal)
        {
            ["silo"] = () => new SiloUnavailableException("no silo"),
            ["rejected"] = Make<OrleansMessageRejectionException>,
            ["dead without knowing"] = () => new OrleansException("Trying to register on invalid silo"),
            ["client"] = Make<ClientNotAvailableException>,
            ["connection"] = () => new ConnectionFailedException("refused", new SocketException()),
            ["busy"] = () => new GatewayTooBusyException("busy"),
            ["aborted"] = () => new EnumerationAbortedException(),
            ["time"] = () => new TimeoutException(),
            ["placement"] = () => new TimeoutRejectedException("The operation didn't complete within the allowed timeout."),
            ["expired"] = () => new OperationCanceledException("Message expired before placement could complete."),
        };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Every_method_tells_one_type_and_keeps_the_cause(string failure)
    {
        ConversationClient client = Client(failure);
        int called = 0;
        foreach ((object handle, MethodInfo method) in Methods(client))
        {
            object? result = method.IsStatic
                ? method.Invoke(null, [handle, .. method.GetParameters().Skip(1).Select(Argument)])
                : method.Invoke(handle, [.. method.GetParameters().Select(Argument)]);
            MemoryUnavailableException told = await Told($"{handle.GetType().Name}.{method.Name}", () => EndAsync(result));
            Assert.NotNull(told.InnerException);
            Assert.Equal(TimeSpan.FromSeconds(1), told.RetryAfter);
            called++;
        }

        Assert.True(called > 60, $"Only {called} methods were found.");
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Runs_programs_agents_and_stores_tell_it_too(string failure)
    {
        ConversationClient client = Client(failure);
        ChatMessage[] hello = [new(ChatRole.User, "hello")];
        ConversationChatClient run = new StrictChatClient().WithConversation(client, options => options.ConversationId = "c");

        await Told("run", () => run.GetResponseAsync(hello));
        await Told("stream", () => run.GetStreamingResponseAsync(hello).ToChatResponseAsync());
        await Told("program", () => MemoryObject.OpenAsync(client.Get("c")));
        var agent = TestAgents.Of(new StrictChatClient(), new ConversationHistoryProvider(client));
        await Told("agent", async () => await agent.RunAsync(hello, (await agent.CreateSessionAsync()).UseConversation("c")));
        await Told("save", () => new GrainMemoryStore(client).SaveAsync("s", "n", "k", 1));
        await Told("load", () => new GrainMemoryStore(client).LoadAsync<int>("s", "n", "k"));
        await Told("all", () => new GrainMemoryStore(client).GetAllAsync<int>("s", "n"));
    }

    // Orleans alone makes these.
    private static Exception Make<T>()
        where T : Exception =>
        (Exception)Activator.CreateInstance(typeof(T), BindingFlags.Instance | BindingFlags.NonPublic, null, ["planned"], null)!;

    private static ConversationClient Client(string failure) =>
        new(
            UnreachableGrains.Make(Makers[failure]),
            Options.Create(new ConversationClientOptions { MaxRetries = 0 }),
            TimeProvider.System,
            NullLogger<ConversationClient>.Instance
        );

    private static IEnumerable<(object Handle, MethodInfo Method)> Methods(ConversationClient client)
    {
        object[] handles =
        [
            client,
            client.Get("c"),
            client.Memories(user: "u"),
            client.TenantMemories(),
            new GrainMemoryManager(client),
            new GrainMemoryStore(client),
            new ConversationMemory(client.Get("c")),
        ];
        return handles
            .SelectMany(handle =>
                handle
                    .GetType()
                    .GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
                    .Where(method => IsAsync(method.ReturnType) && method.GetParameters().All(CanGive))
                    .Select(method => (handle, method.IsGenericMethodDefinition ? method.MakeGenericMethod(typeof(int)) : method))
            )
            .Concat(BroughtByFeatures(client.Get("c")));
    }

    /// <summary>What features of the client bring to a conversation.</summary>
    private static IEnumerable<(object Handle, MethodInfo Method)> BroughtByFeatures(Conversation conversation) =>
        from type in typeof(Conversation).Assembly.GetExportedTypes()
        where type is { IsAbstract: true, IsSealed: true }
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)
        where
            method.GetParameters() is [{ ParameterType: var extended }, .. var rest]
            && extended == typeof(Conversation)
            && IsAsync(method.ReturnType)
            && rest.All(CanGive)
        select ((object)conversation, method);

    private static bool IsAsync(Type type) =>
        typeof(Task).IsAssignableFrom(type)
        || (
            type.IsGenericType
            && (type.GetGenericTypeDefinition() == typeof(ValueTask<>) || type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>))
        );

    private static bool CanGive(ParameterInfo parameter) =>
        parameter.ParameterType.IsGenericParameter || parameter.HasDefaultValue || Arguments.ContainsKey(parameter.ParameterType);

    private static object? Argument(ParameterInfo parameter) =>
        !parameter.HasDefaultValue
            ? parameter.ParameterType == typeof(int)
                ? 1
                : Arguments[parameter.ParameterType]()
            : parameter.ParameterType.IsValueType && parameter.DefaultValue is null
                ? Activator.CreateInstance(parameter.ParameterType)
                : parameter.DefaultValue;

    private static async Task EndAsync(object? result)
    {
        switch (result)
        {
            case Task task:
                await task;
                break;
            default:
                string ending = result!.GetType().Name.StartsWith("ValueTask", StringComparison.Ordinal)
                    ? nameof(AwaitAsync)
                    : nameof(WalkAsync);
                await (Task)
                    typeof(UnreachableSilosTests)
                        .GetMethod(ending, BindingFlags.Static | BindingFlags.NonPublic)!
                        .MakeGenericMethod(Element(result.GetType()))
                        .Invoke(null, [result])!;
                break;
        }
    }

    private static Type Element(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>)
            ? type.GetGenericArguments()[0]
            : type.GetInterfaces()
                .First(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>))
                .GetGenericArguments()[0];

    private static async Task AwaitAsync<T>(ValueTask<T> task) => await task;

    private static async Task WalkAsync<T>(IAsyncEnumerable<T> items)
    {
        await foreach (T item in items)
        {
            return;
        }
    }

    private static async Task<MemoryUnavailableException> Told(string what, Func<Task> call)
    {
        Exception? thrown = await Record.ExceptionAsync(call);
        Assert.True(thrown is MemoryUnavailableException, $"{what}: {thrown?.ToString() ?? "nothing was thrown"}");
        return (MemoryUnavailableException)thrown!;
    }
}

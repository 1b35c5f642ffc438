using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansMemory.Benchmarks.Measuring;
using OrleansMemory.Benchmarks.Reporting;
using OrleansMemory.Benchmarks.Subjects;
using OrleansMemory.Client;
using OrleansMemory.Client.Runs;
using OrleansMemory.Client.Windows;
using OrleansMemory.Conversations;

namespace OrleansMemory.Benchmarks.Runs;

/// <summary>
/// What does a run add to its model's time, on a conversation of 2,000 messages: the window is loaded, and the turn committed?
/// </summary>
internal sealed class RunWithHistory : IBenchmark
{
    // A long chat: more than an activation holds in memory, so that a whole window is read from the store.
    private const int Length = 2_000;

    // A window of the whole history, and one of the size that chats have.
    private static readonly (string Name, ConversationWindowOptions Options)[] Windows =
    [
        ("all messages in the window", new ConversationWindowOptions { MaxTokens = null }),
        ("a window of 100 messages", new ConversationWindowOptions { MaxTokens = null, MaxMessages = 100 }),
    ];

    public string Name => "runs";

    public async Task RunAsync(BenchmarkRun run)
    {
        await using BenchmarkHost host = await BenchmarkHost.StartAsync(await run.Database.CreateSchemaAsync());
        var client = new ConversationClient(
            host.Grains,
            Options.Create(new ConversationClientOptions { DefaultTenant = BenchmarkHost.Key("any").Tenant }),
            TimeProvider.System,
            NullLogger<ConversationClient>.Instance
        );
        using var model = new InstantModel();
        foreach ((string name, ConversationWindowOptions options) in Windows)
        {
            await MeasureAsync(run, host, client, model, name, options);
        }
    }

    private async Task MeasureAsync(
        BenchmarkRun run,
        BenchmarkHost host,
        ConversationClient client,
        InstantModel model,
        string name,
        ConversationWindowOptions window
    )
    {
        string id = ConversationInput.NewId();
        Conversation conversation = client.Get(id);
        await host.FillAsync(id, Length);
        ConversationChatClient bound = model.WithConversation(
            client,
            options =>
            {
                options.ConversationId = id;
                options.Window = new ConversationWindow(window);
            }
        );
        LoopResult[][] loops = await run.AlternateAsync(
            () => run.LoopAsync(1, async _ => await bound.GetResponseAsync([Input()])),
            () => run.LoopAsync(1, async _ => await model.GetResponseAsync([Input()])),
            () => run.LoopAsync(1, async _ => await ReadAndAppendAsync(host.Conversation(id), window.MaxMessages ?? Length))
        );
        foreach ((string quantile, double part) in new[] { ("p50", 0.5), ("p99", 0.99) })
        {
            Samples ran = Samples.Of(loops[0], loop => loop.Milliseconds(part));
            run.Report(
                new Figure(Name, $"a run after {Length} messages, {name}, {quantile}", "ms", ran)
                {
                    Floor = Comparison.Of(
                        "the same pages read and the same turn committed",
                        ran,
                        Samples.Of(loops[2], loop => loop.Milliseconds(part))
                    ),
                }
            );
            run.Report(new Figure(Name, $"the model alone, {quantile}", "ms", Samples.Of(loops[1], loop => loop.Milliseconds(part))));
        }

        // Only to say how long the log is by now: every round of both contenders appends to it.
        Head head = (await conversation.GetHeadAsync())!;
        run.Report(new Figure(Name, $"messages at the end, {name}", "", Samples.Of(head.MessageCount)));
    }

    private static ChatMessage Input() => new(ChatRole.User, "Is that so?");

    /// <summary>What a run needs of the grain, and nothing of what it does with it.</summary>
    private static async Task ReadAndAppendAsync(IConversationGrain grain, int messages)
    {
        var query = new MessageQuery { Limit = Math.Min(messages, 1_000), Order = MessageOrder.Descending };
        for (int left = messages; left > 0; left -= 1_000)
        {
            MessagePage page = await grain.GetMessagesAsync(query);
            query = query with { Before = page.Next };
            if (page.Next is null)
            {
                break;
            }
        }

        await grain.CommitAsync(ConversationInput.Turn(2));
    }
}
